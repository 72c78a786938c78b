"""The accessibility check of every page a journey opens: axe-core, WCAG 2.2 A and AA and its best practices."""

import json
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


@cache
def _script() -> str:
    # The page's own security policy would stop a script tag; the debugger's evaluate is not part of the page.
    return AXE.read_text()


def violations(page: Page) -> list[str]:
    """What axe finds wrong on this page: the rule, its words, and the first place."""
    page.evaluate(_script())
    found = page.evaluate("async () => (await axe.run()).violations")
    return [f"{one['id']}: {one['help']}: {json.dumps(one['nodes'][0]['target'])}" for one in found]


def check_axe(page: Page) -> None:
    """Fail when axe finds anything, or when the page scrolls sideways (WCAG 2.2, 1.4.10 Reflow)."""
    assert violations(page) == [], page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} scrolls {wide} px sideways"
