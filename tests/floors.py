"""The floors of branch coverage, from the last run: rules 100 %, everything else 95 %: `python -m tests.floors`."""

import json
import sys
import tempfile
from pathlib import Path

from coverage import Coverage

RULES, OTHERS = 100.0, 95.0


def below(files: dict[str, float]) -> list[str]:
    """A sentence for each file (by its path) whose percentage lies under its floor."""
    found = []
    for path, percent in sorted(files.items()):
        parts = Path(path).with_suffix("").parts
        floor = RULES if "rules" in parts else OTHERS
        if percent < floor:
            found.append(f"{path}: {percent:.1f} % of branches and lines are tested, the floor is {floor:.0f} %.")
    return found


def main() -> int:
    """0 when every file reaches its floor; 1 with a line for each that does not."""
    report = Path(tempfile.mkdtemp()) / "coverage.json"
    coverage = Coverage()
    coverage.load()
    coverage.json_report(outfile=str(report))
    files = json.loads(report.read_text())["files"]
    found = below({path: file["summary"]["percent_covered"] for path, file in files.items()})
    sys.stdout.write(("\n".join(found) or "Every file reaches its floor of coverage.") + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
