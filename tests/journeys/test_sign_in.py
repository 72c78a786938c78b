"""A nurse opens her one-time link, makes a passkey, signs out and in again: in a real browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fobwatch.kernel.clock import now
from fobwatch.people.actions import invitations
from fobwatch.people.models import Membership, PasskeyEvent, SignIn
from tests.cast import TESTER
from tests.journeys.axe import check_axe
from tests.journeys.conftest import DESK, PHONE, Authenticator

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Shot = Callable[[str], Path]


def link_for(member: Membership, purpose: str = "join") -> str:
    made = invitations.invite(membership=member, purpose=purpose, inviter=None, by=TESTER, now=now())
    return f"/join/{made.token}/"


def joined(page: Page, member: Membership) -> None:
    page.goto(link_for(member))
    page.get_by_role("button", name="Make my passkey").click()
    page.wait_for_url(lambda url: "/join/" not in url)


@pytest.mark.parametrize("viewport", [PHONE, DESK], indirect=True)
def test_a_nurse_makes_a_passkey_and_signs_in_with_it(
    page: Page, authenticator: Authenticator, nurse: Membership, shot: Shot
) -> None:
    page.goto(link_for(nurse))
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your sign-in")
    expect(page.get_by_text("Hello Amara Osei")).to_be_visible()
    check_axe(page)
    shot("join")
    page.get_by_role("button", name="Make my passkey").click()
    page.wait_for_url(lambda url: "/join/" not in url)
    assert len(authenticator.credentials()) == 1
    assert PasskeyEvent.objects.get().user_verified

    page.goto("/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    check_axe(page)
    shot("account")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    check_axe(page)
    shot("sign-in")

    page.goto("/account/sessions/")
    assert page.url.endswith("/sign-in/?next=%2Faccount%2Fsessions%2F")
    page.get_by_label("on a shared computer").check()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where you are signed in")
    assert SignIn.objects.get(ended_at=None).shared
    check_axe(page)
    shot("sessions")
