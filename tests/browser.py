"""Where Chromium is: Debian's, or the one that Playwright fetched."""

import os
import shutil
from pathlib import Path

HOW = (
    "The browser tests need Chromium, and found none. On Debian: apt-get install chromium."
    " Elsewhere: .venv/bin/playwright install chromium"
)


def chromium_path() -> str:
    """The executable, for `chromium.launch(executable_path=…)`. Raises RuntimeError with how to get it."""
    for name in ("chromium", "chromium-browser"):
        found = shutil.which(name)
        if found:
            return found
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    fetched = sorted(home.glob("chromium-*/chrome-linux*/chrome")) + sorted(
        home.glob("chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
    )
    if not fetched:
        raise RuntimeError(HOW)
    return str(fetched[-1])
