"""IT marks a ward computer, a nurse signs in there with her passkey, IT withdraws it: in a real browser, by axe."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect

from fobwatch.people.models import Letter, Membership, Organisation, SharedComputer, SignIn
from tests import cast
from tests.access.policy import confirm, publish_template
from tests.access.test_emergencies import kept
from tests.journeys.axe import check_axe
from tests.journeys.conftest import DESK, PHONE, Authenticator
from tests.journeys.test_sign_in import joined

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Shot = Callable[[str], Path]
BOTH = pytest.mark.parametrize("viewport", [PHONE, DESK], indirect=True)
WARD = "Ward 6, desk by the window"


def signed_in(page: Page, site: str, member: Membership) -> None:
    session = cast.sign_in(member)
    page.context.add_cookies([{"name": django_settings.SESSION_COOKIE, "value": session.token, "url": site}])


@BOTH
def test_it_marks_a_computer_and_a_nurse_works_there(
    page: Page, site: str, authenticator: Authenticator, nurse: Membership, it_support: Membership, shot: Shot
) -> None:
    confirm(nurse, publish_template(nurse.organisation))
    joined(page, nurse)

    signed_in(page, site, it_support)
    page.goto("/shared-computers/")
    expect(page.get_by_text("No computer is marked yet.")).to_be_visible()
    check_axe(page)
    shot("shared-computers-none")
    page.get_by_role("button", name="Mark this computer as shared").click()
    check_axe(page)
    shot("shared-computer-mark")
    page.get_by_role("button", name="Mark this computer and sign me out").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check_axe(page)
    page.get_by_label("Where does this computer stand?").fill(WARD)
    page.get_by_role("button", name="Mark this computer and sign me out").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_text(f"This is a shared computer: {WARD}")).to_be_visible()
    expect(page.get_by_label("on a shared computer")).to_have_count(0)
    page.get_by_text("How to sign in on a shared computer").click()
    check_axe(page)
    shot("sign-in-marked")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    assert SignIn.objects.latest("started_at").ward == SharedComputer.objects.get().pk
    page.goto("/access/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This is a shared computer")
    check_axe(page)
    shot("answers-shared")

    signed_in(page, site, it_support)
    page.goto("/shared-computers/")
    check_axe(page)
    shot("shared-computers")
    page.get_by_role("link", name=f"Withdraw {WARD}").click()
    check_axe(page)
    shot("shared-computer-withdraw")
    page.get_by_role("button", name="Withdraw this computer").click()
    expect(page.get_by_text("1 person was signed out there.")).to_be_visible()
    check_axe(page)
    shot("shared-computers-withdrawn")


@BOTH
def test_a_laptop_that_is_only_called_shared_is_told_what_to_do(
    page: Page, site: str, authenticator: Authenticator, nurse: Membership, shot: Shot
) -> None:
    confirm(nurse, publish_template(nurse.organisation))
    joined(page, nurse)
    page.context.clear_cookies()
    page.goto("/sign-in/?next=/access/")
    page.get_by_label("on a shared computer").check()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This computer is not on IT’s list of shared computers")
    check_axe(page)
    shot("answers-unmarked")
    page.goto("/access/why?cell=record:view")
    check_axe(page)
    shot("why-unmarked")


@BOTH
def test_it_invites_everybody_who_has_no_sign_in(
    page: Page, site: str, it_support: Membership, nurse: Membership, porter: Membership, shot: Shot
) -> None:
    signed_in(page, site, it_support)
    page.goto("/staff/")
    check_axe(page)
    shot("staff-uninvited")
    page.get_by_role("link", name="Invite everybody who has no sign-in yet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Send a first link to 2 people?")
    check_axe(page)
    shot("staff-invite")
    page.get_by_role("button", name="Send 2 links").click()
    expect(page.get_by_text("A first link is on its way to 2 people.")).to_be_visible()
    assert Letter.objects.count() == 2
    page.goto("/staff/invite/")
    check_axe(page)
    shot("staff-invite-nobody")


@BOTH
def test_the_only_reviewer_reviews_her_own(
    page: Page, site: str, outsider: Membership, surgery: Organisation, shot: Shot
) -> None:
    Organisation.objects.update(single_approver=True)
    one = kept(outsider)
    signed_in(page, site, outsider)
    page.goto(f"/access/emergencies/{one.pk}")
    check_axe(page)
    shot("review-own")
    page.get_by_label("Yes, it was needed").check()
    page.get_by_role("button", name="Keep this review").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check_axe(page)
    page.get_by_label("How was it used?").fill("Collapse in the waiting room, no other screen free")
    page.get_by_role("button", name="Keep this review").click()
    expect(page.get_by_text("by the same person")).to_be_visible()
    check_axe(page)
    shot("emergencies-own")
