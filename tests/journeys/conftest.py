"""A real browser for the journeys: one Chromium, a fresh context for each test, passkeys by a virtual authenticator.

Live pages are served at http://localhost:PORT, because a passkey belongs to a name. `page` fails a test in whose pages
a script failed. Screenshots go to test-results/.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page
from pytest_django.live_server_helper import LiveServer

from tests.audit.flush import tests_may_empty_the_log

__all__ = ["tests_may_empty_the_log"]

RESULTS = Path(__file__).resolve().parents[2] / "test-results"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.6 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def site(live_server: LiveServer, settings: Any) -> str:
    """The address of the running pages, at localhost; passkeys are made for it."""
    port = urlsplit(live_server.url).port
    settings.ORIGIN = f"http://localhost:{port}"
    return str(settings.ORIGIN)


@pytest.fixture
def viewport(request: pytest.FixtureRequest) -> dict[str, int]:
    """A phone, unless the test says otherwise: `@pytest.mark.parametrize("viewport", [PHONE, DESK], indirect=True)`."""
    return getattr(request, "param", PHONE)


@pytest.fixture
def context(chromium: Browser, site: str, viewport: dict[str, int]) -> Iterator[BrowserContext]:
    """A browser without a past, at the address of the running pages."""
    made = chromium.new_context(viewport=viewport, base_url=site, locale="en-GB", timezone_id="Europe/London")
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page of that browser. A script that fails, or that the page's own policy stops, fails the test."""
    wrong: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
    yield opened
    assert wrong == []


class Authenticator:
    """A phone's passkey store in the browser (CDP WebAuthn): `lock(False)` takes the screen lock away."""

    def __init__(self, session: CDPSession) -> None:
        self.session = session
        self.key = ""

    def plug(self, *, backup: bool = True, lock: bool = True, transport: str = "internal") -> "Authenticator":
        """Begin anew, as a device with or without a screen lock and synced passkeys."""
        if self.key:
            self.session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.key})
        options = {
            "protocol": "ctap2",
            "transport": transport,
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": lock,
            "automaticPresenceSimulation": True,
            "defaultBackupEligibility": backup,
            "defaultBackupState": backup,
        }
        self.key = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
        return self

    def lock(self, verified: bool) -> None:
        """Whether the screen lock answers."""
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.key, "isUserVerified": verified})

    def credentials(self) -> list[dict[str, Any]]:
        """The passkeys it holds."""
        found = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.key})["credentials"]
        return list(found)


@pytest.fixture
def authenticator(page: Page) -> Authenticator:
    """A phone with a screen lock, whose passkeys are synced."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return Authenticator(session).plug()


@pytest.fixture
def shot(page: Page, viewport: dict[str, int]) -> Callable[[str], Path]:
    """`shot("sign-in")` writes test-results/sign-in-360.png, the whole page."""

    def take(name: str) -> Path:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{name}-{viewport['width']}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take
