"""The whole way: a link, a passkey, a phone, one thing to fix, a real nginx that refuses and then lets in."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from fobwatch.config.wsgi import application
from fobwatch.gateway.actions import connect_system, register_route
from fobwatch.gateway.rules.cookies import gate_cookie, nonce_cookie
from fobwatch.gateway.rules.proxies import Front, nginx
from fobwatch.kernel.clock import now
from fobwatch.people.actions.invitations import invite
from fobwatch.people.models import Membership
from fobwatch.policy import actions as policy
from tests import cast
from tests.access.policy import understood
from tests.browser import chromium_path
from tests.gateway import nginx as real
from tests.journeys.axe import check_axe
from tests.journeys.conftest import PHONE, RESULTS, Authenticator
from tests.journeys.enrolling import Walk, as_a_phone

pytestmark = [
    pytest.mark.journey,
    pytest.mark.nginx,
    pytest.mark.django_db(transaction=True),
    # The reference server does not close the files that it serves; the one that we ship does.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
NOTES = "notes.fennimore-hospitals.example"


@pytest.fixture
def fobwatch(settings: Any, hospital: object) -> Iterator[str]:
    """Fobwatch as it is served, gate and pages, with a policy in force for two months."""
    then = now() - dt.timedelta(days=60)
    draft = policy.adopt(organisation=hospital, by=cast.TESTER, now=then)
    policy.publish(draft=draft, shown=draft.hash, by=cast.TESTER, now=then)
    with real.serving(real.fobwatch_server(application)) as port:
        settings.ORIGIN = f"http://localhost:{port}"
        yield settings.ORIGIN


@pytest.fixture
def notes(fobwatch: str, hospital: object, tmp_path: Path) -> Iterator[int]:
    """The port of nginx in front of the ward notes, with the configuration that Fobwatch hands out."""
    system = connect_system(
        organisation=hospital, name="Ward notes", host=NOTES, scheme="http", when_down="closed",
        when_down_because="Paper notes", by=cast.TESTER, now=now(),
    )  # fmt: skip
    register_route(system=system, prefix="/", cell="record:view", by=cast.TESTER, now=now())
    port = real.free_port()
    with real.serving(real.echo_server()) as behind:
        front = Front(
            host=NOTES, name="Ward notes", fobwatch=fobwatch.replace("localhost", "127.0.0.1"), origin=fobwatch,
            upstream=f"127.0.0.1:{behind}", open_when_down=False, help_line="01632 960 100",
            cookies=(gate_cookie(secure=False), nonce_cookie(secure=False)),
        )  # fmt: skip
        config = nginx(front, listen=f"127.0.0.1:{port}", log=f"{tmp_path}/open.log")
        with real.running(tmp_path, config, port):
            yield port


@pytest.fixture
def phone(chromium: Browser, fobwatch: str, notes: int) -> Iterator[Page]:
    """A phone's browser that finds the notes by their name."""
    there = chromium.browser_type.launch(
        executable_path=chromium_path(),
        args=["--no-sandbox", f"--host-resolver-rules=MAP {NOTES}:80 127.0.0.1:{notes}"],
    )
    page = there.new_context(viewport=PHONE, base_url=fobwatch, locale="en-GB", timezone_id="Europe/London").new_page()
    page.set_default_timeout(10_000)
    as_a_phone(page.context.new_cdp_session(page))
    yield page
    there.close()


def test_from_the_link_to_the_notes_and_out_again(phone: Page, fobwatch: str, nurse: Membership) -> None:
    session = phone.context.new_cdp_session(phone)
    session.send("WebAuthn.enable")
    Authenticator(session).plug()
    walk = Walk(phone)
    understood(nurse, now() + dt.timedelta(days=300))
    token = invite(membership=nurse, purpose="join", inviter=None, by=cast.TESTER, now=now()).token

    phone.goto(f"http://{NOTES}/patients/7")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Sign in")

    walk.join(f"/join/{token}/")
    walk.begin()
    walk.answer()

    phone.goto(f"http://{NOTES}/patients/7?tab=letters")
    expect(phone.get_by_role("heading", level=1)).to_have_text("You cannot open Patient records on this phone yet")
    check_axe(phone)
    phone.screenshot(path=RESULTS / "spine-refused-360.png", full_page=True)
    phone.get_by_role("link", name="Read the policy and confirm it").click()
    phone.get_by_role("button", name="Confirm that I have read it").click()

    phone.goto(f"http://{NOTES}/patients/7?tab=letters")
    seen = json.loads(phone.inner_text("body"))
    assert seen["path"] == "/patients/7?tab=letters"
    assert seen["headers"]["x-fobwatch-email"] == nurse.person.email
    assert "fobwatch" not in seen["headers"].get("cookie", "")

    phone.goto("/devices/lost/")
    phone.get_by_role("button", name="I lost this one").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("cut off")
    phone.goto(f"http://{NOTES}/patients/7")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Sign in")
