"""The accessibility check of every page a journey opens: axe-core, WCAG 2.2 A and AA and its best practices."""

import json
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"

# The header folds its menu once it has been drawn.
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@cache
def _script() -> str:
    # The page's own security policy would stop a script tag; the debugger's evaluate is not part of the page.
    return AXE.read_text()


def violations(page: Page) -> list[str]:
    """What axe finds wrong on this page: the rule, its words, and the first place."""
    page.evaluate(_script())
    found = page.evaluate("async () => (await axe.run()).violations")
    return [f"{one['id']}: {one['help']}: {json.dumps(one['nodes'][0]['target'])}" for one in found]


def hindrances(page: Page) -> list[str]:
    """What axe finds, and whether the page scrolls sideways (WCAG 2.2, 1.4.10 Reflow); empty where all is well."""
    page.wait_for_load_state("load")
    page.evaluate(DRAWN)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return violations(page) + ([f"scrolls {wide} px sideways"] if wide > 0 else [])


def check_axe(page: Page) -> None:
    """Fail when anything hinders somebody on this page."""
    found = hindrances(page)
    assert not found, f"{page.url}: {found}"
