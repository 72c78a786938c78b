"""Write the pages that the code itself knows: `python -m tests.docs.regenerate`; with --check, only compare."""

import os
import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Write each page and say its name; with --check write nothing, and end with 1 where a page is out of date."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fobwatch.config.settings.test")
    django.setup()
    from fobwatch.web.documents import PAGES

    pages = {ROOT / name: write() for name, write in PAGES.items()}
    old = [page for page, text in pages.items() if not page.exists() or page.read_text(encoding="utf-8") != text]
    for page in old:
        sys.stdout.write(f"{page.relative_to(ROOT)}\n")
        if "--check" not in arguments:
            page.write_text(pages[page], encoding="utf-8")
    if old and "--check" in arguments:
        sys.stdout.write("Out of date. Run: python -m tests.docs.regenerate\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
