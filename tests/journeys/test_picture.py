"""The picture of the first page of the README: a nurse's home page with one thing to fix.

The picture is committed. Delete it and run this test to take it anew.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from fobwatch.kernel.clock import epoch, now
from fobwatch.people.models import Membership, SignIn
from fobwatch.policy import actions
from tests import cast
from tests.access.policy import confirm, evidence, registered, text, understood
from tests.journeys.axe import check_axe

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PICTURE = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "home.png"


@pytest.fixture
def signed_in(nurse: Membership) -> SignIn:
    """A nurse on her iPhone, of which we do not know whether its lock screen hides messages."""
    by = cast.TESTER
    long_ago = now() - dt.timedelta(days=90)
    draft = actions.adopt(organisation=nurse.organisation, by=by, now=long_ago)
    confirm(nurse, actions.publish(draft=draft, shown=draft.hash, by=by, now=long_ago))
    understood(nurse, now() + dt.timedelta(days=300))
    at = epoch(now())
    facts = evidence(at, {"notifications_hidden": None, "os_version": "26.1"})
    phone = registered(nurse, facts=text(facts))
    session = cast.sign_in(nurse)
    SignIn.objects.filter(pk=session.pk).update(device=phone.device_id)
    return session


@pytest.mark.parametrize("viewport", [{"width": 390, "height": 844}], indirect=True)
def test_the_home_page_says_what_she_may_do_and_what_to_fix(
    page: Page, site: str, signed_in: SignIn, shot: Callable[[str], Path]
) -> None:
    page.context.add_cookies([{"name": settings.SESSION_COOKIE, "value": signed_in.token, "url": site}])
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("One thing to fix on your phone")
    check_axe(page)
    taken = shot("home")
    if not PICTURE.exists():
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)
    assert taken.read_bytes()[:8] == PICTURE.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
