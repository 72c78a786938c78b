"""IT support adds, imports, invites; a lost phone; every page of people at 360 and 1280 px, checked by axe."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect

from fobwatch.kernel.clock import now
from fobwatch.people.actions import invitations
from fobwatch.people.models import Letter, Membership, Organisation, Passkey, SignIn
from tests import cast
from tests.cast import TESTER
from tests.journeys.axe import check_axe, hindrances
from tests.journeys.conftest import DESK, PHONE, Authenticator
from tests.journeys.test_sign_in import joined, link_for
from tests.people.phone import Phone

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Shot = Callable[[str], Path]
BOTH = pytest.mark.parametrize("viewport", [PHONE, DESK], indirect=True)
FILE = (
    "Full name,Email,Employee number,Staff group,Team,Line manager,Leave date\n"
    "Amara Osei,amara.osei@fennimore-hospitals.example,F2,clinical,Ward 9,F1,31/01/2027\n"
    "New Boss,boss@fennimore-hospitals.example,F1,non-clinical,Ward 9,,\n"
)


def signed_in(page: Page, site: str, member: Membership) -> None:
    session = cast.sign_in(member)
    page.context.add_cookies([{"name": django_settings.SESSION_COOKIE, "value": session.token, "url": site}])


def looked_at(page: Page, shot: Shot, address: str, name: str) -> list[str]:
    """What hinders somebody on the page at this address; its picture is kept."""
    page.goto(address)
    shot(name)
    return hindrances(page)


@BOTH
def test_every_page_of_it_support_is_accessible(
    page: Page, site: str, it_support: Membership, nurse: Membership, second_it: Membership, shot: Shot
) -> None:
    Phone(origin=site).enrolled(second_it)
    third = cast.member(it_support.organisation, "Asha Ellery", "it_support")
    invitations.invite(membership=second_it, purpose="recover", inviter=third, by=TESTER, now=now())
    link_for(nurse)
    signed_in(page, site, it_support)
    for address, name in (
        ("/staff/", "staff"), ("/staff/?words=zzz", "staff-none"), ("/staff/add/", "staff-add"),
        (f"/staff/{nurse.pk}/", "member"), (f"/staff/{nurse.pk}/change/", "member-change"),
        (f"/staff/{second_it.pk}/link/", "member-link"), ("/staff/approvals/", "approvals"),
        ("/staff/import/", "staff-import"), ("/roles/", "roles"), ("/account/passkeys/", "passkeys-none"),
        ("/account/passkeys/add/", "passkey-add"), ("/account/new-phone/", "new-phone"),
        ("/account/organisations/", "switch"), ("/devices/team/", "refused"), ("/join/nothing/", "join-unknown"),
    ):  # fmt: skip
        assert looked_at(page, shot, address, name) == [], address


@BOTH
def test_every_page_of_a_manager_and_of_governance_is_accessible(
    page: Page, site: str, manager: Membership, nurse: Membership, ig_lead: Membership, shot: Shot
) -> None:
    signed_in(page, site, manager)
    assert looked_at(page, shot, "/devices/team/", "team") == []
    signed_in(page, site, ig_lead)
    assert looked_at(page, shot, "/organisation/", "organisation") == []
    page.get_by_label("Who helps staff in the daytime").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check_axe(page)
    shot("organisation-error")


@BOTH
def test_a_staff_file_is_imported_after_a_look(
    page: Page, site: str, it_support: Membership, nurse: Membership, shot: Shot
) -> None:
    signed_in(page, site, it_support)
    page.goto("/staff/import/")
    wrong = {"name": "staff.csv", "mimeType": "text/csv", "buffer": b"Full name,Email\nAmara,nothing\n"}
    page.get_by_label("Staff file (CSV)").set_input_files(wrong)
    page.get_by_role("button", name="Look at what would change").click()
    expect(page.get_by_text("Nothing was imported: 1 cell needs correcting")).to_be_visible()
    check_axe(page)
    shot("staff-import-wrong")
    page.get_by_label("Staff file (CSV)").set_input_files({**wrong, "buffer": FILE.encode()})
    page.get_by_role("button", name="Look at what would change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What this file would change")
    check_axe(page)
    shot("staff-preview")
    page.get_by_role("button", name="Import all of it").click()
    expect(page.get_by_text("Imported: 1 new, 1 changed, 0 as they were.")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("This file has been imported already.")).to_be_visible()
    assert Membership.objects.filter(person__name="New Boss").count() == 1


@BOTH
def test_a_new_link_after_a_lost_phone(
    page: Page, authenticator: Authenticator, nurse: Membership, it_support: Membership, shot: Shot
) -> None:
    joined(page, nurse)
    made = invitations.invite(membership=nurse, purpose="recover", inviter=it_support, by=TESTER, now=now())
    authenticator.plug()
    page.goto(f"/join/{made.token}/")
    page.get_by_role("button", name="Make my passkey").click()
    expect(page.get_by_text("Tell us where your old phone is.")).to_be_visible()
    page.get_by_label("It is lost, stolen or sold").check()
    check_axe(page)
    shot("recover")
    page.get_by_role("button", name="Make my passkey").click()
    page.wait_for_url(lambda url: "/join/" not in url)
    assert Passkey.objects.exclude(retired_at=None).count() == 1
    assert SignIn.objects.filter(ended_at=None).count() == 1
    assert looked_at(page, shot, "/account/passkeys/", "passkeys") == []
    assert (
        looked_at(page, shot, f"/account/passkeys/{Passkey.objects.get(retired_at=None).pk}/remove/", "passkey-remove")
        == []
    )
    assert looked_at(page, shot, f"/join/{made.token}/", "join-used") == []


@BOTH
def test_a_phone_without_a_screen_lock_is_told_how_to_set_one(
    page: Page, authenticator: Authenticator, nurse: Membership, shot: Shot
) -> None:
    authenticator.session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator.key})
    token = link_for(nurse)
    page.goto(token)
    expect(page.get_by_text("This device has no screen lock that a passkey can use.")).to_be_visible()
    check_axe(page)
    shot("join-no-lock")
    assert looked_at(page, shot, f"{token}phone/", "join-qr") == []
    assert not Passkey.objects.exists()


def test_a_screen_lock_that_does_not_answer_changes_nothing(
    page: Page, authenticator: Authenticator, nurse: Membership
) -> None:
    authenticator.lock(False)
    page.goto(link_for(nurse))
    button = page.get_by_role("button", name="Make my passkey")
    button.click()
    expect(page.get_by_text("The passkey was not used.")).to_be_visible()
    expect(button).to_be_enabled()
    assert not Passkey.objects.exists()
    authenticator.lock(True)
    button.click()
    page.wait_for_url(lambda url: "/join/" not in url)
    assert Passkey.objects.count() == 1


def test_two_tabs_with_the_same_link_make_one_passkey(
    page: Page, authenticator: Authenticator, nurse: Membership
) -> None:
    address = link_for(nurse)
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    page.bring_to_front()
    page.get_by_role("button", name="Make my passkey").click()
    page.wait_for_url(lambda url: "/join/" not in url)
    other.bring_to_front()
    other.get_by_role("button", name="Make my passkey").click()
    expect(other.get_by_text("This link has been used already.")).to_be_visible()
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link was used")
    assert Passkey.objects.count() == SignIn.objects.count() == 1


def test_a_second_passkey_is_added_after_showing_that_it_is_you(
    page: Page, authenticator: Authenticator, nurse: Membership
) -> None:
    joined(page, nurse)
    SignIn.objects.update(verified_at=cast.NOW)
    page.goto("/account/passkeys/add/")
    page.get_by_role("button", name="Show that it").click()
    page.get_by_label("Name of this passkey (optional)").fill("Spare phone")
    authenticator.plug(backup=False)
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Spare phone")).to_be_visible()
    expect(page.get_by_text("On this device only")).to_be_visible()
    assert Passkey.objects.count() == 2


@BOTH
def test_the_demo_lets_a_visitor_be_somebody_and_read_their_e_mails(
    page: Page, site: str, hospital: Organisation, settings, shot: Shot, viewport: dict[str, int]
) -> None:
    settings.FOBWATCH_DEMO = True
    nurse = cast.member(hospital, "Amara Osei", clinical=True)
    link_for(nurse)
    assert Letter.objects.count() == 1
    assert looked_at(page, shot, "/demo/letters/", "letters") == []
    assert looked_at(page, shot, "/demo/?next=/account/", "demo") == []
    page.get_by_role("button", name="Be Amara Osei").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    assert looked_at(page, shot, "/account/sessions/", "sessions-demo") == []


def test_going_back_to_a_form_with_errors_shows_the_form(page: Page, site: str, it_support: Membership) -> None:
    signed_in(page, site, it_support)
    page.goto("/staff/add/")
    page.get_by_role("button", name="Add and send the link").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.wait_for_load_state()
    page.goto("/staff/")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add somebody")
