"""IT issues a laptop, the nurse takes a wrong turn on her own phone, turns back, and registers both rightly."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from fobwatch.devices.models import Registration
from fobwatch.people.models import Membership
from tests.cast import sign_in
from tests.devices.test_issue import issue
from tests.journeys.axe import check_axe
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.enrolling import SIGHT, Walk, as_a_phone

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Shot = Callable[[str], Path]
BOTH = pytest.mark.parametrize("viewport", [PHONE, DESK], indirect=True)
ASKED = "Fennimore Hospitals issued you Laptop F1234. Is this that device?"


def come_in(page: Page, site: str, member: Membership) -> None:
    page.context.clear_cookies(name=settings.SESSION_COOKIE)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE, "value": sign_in(member).token, "url": site}])


@pytest.fixture
def look(page: Page, shot: Shot) -> Callable[[str], None]:
    """Check the page that stands there, and keep a picture of it."""

    def check(name: str) -> None:
        check_axe(page)
        shot(f"issue-{name}")

    return check


@BOTH
def test_it_issues_and_withdraws(
    page: Page, site: str, nurse: Membership, it_support: Membership, look: Callable[[str], None]
) -> None:
    come_in(page, site, it_support)
    page.goto(reverse("access:register"))
    look("register")
    page.get_by_role("button", name="Issue a device").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Issue a device")
    page.get_by_label("Who gets it?").fill("Nobody Known")
    page.get_by_role("button", name="Issue this device").click()
    expect(page.get_by_role("alert")).to_contain_text("Nobody who works here fits")
    look("form-wrong")
    page.goto(reverse("people:member", args=[nurse.pk]))
    look("member")
    page.get_by_role("button", name="Issue a device").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Issue a device to Amara Osei")
    look("form")
    page.get_by_label("Name or number of the device").fill("Laptop F1234")
    page.get_by_role("button", name="Issue this device").dblclick()
    expect(page.get_by_text("Laptop F1234 waits for Amara Osei to set it up.")).to_be_visible()
    look("issued")
    page.get_by_role("button", name="Withdraw").click()
    look("withdraw")
    page.get_by_label("Why?").fill("Given to somebody else")
    page.get_by_role("button", name="Withdraw this device").click()
    expect(page.get_by_text("Reason: Given to somebody else")).to_be_visible()
    assert Registration.objects.get().state == "retired"


@BOTH
def test_she_turns_back_from_either_answer(
    page: Page, site: str, nurse: Membership, look: Callable[[str], None]
) -> None:
    made, walk = issue(nurse), Walk(page)
    as_a_phone(page.context.new_cdp_session(page))
    come_in(page, site, nurse)
    page.goto(reverse("devices:start"))
    walk.at(ASKED)
    look("asked")
    walk.button("Continue")
    expect(page.get_by_role("alert")).to_contain_text("Choose which device this is.")
    look("asked-unanswered")
    page.get_by_label("No, this is my own device").check()
    walk.button("Continue")
    walk.at("Use your own phone for work")
    look("own")
    page.get_by_role("link", name="Back", exact=True).click()
    walk.at(ASKED)
    page.get_by_label("Yes, this is Laptop F1234").check()
    walk.button("Continue")
    walk.at(SIGHT)
    look("sight")
    walk.button("Continue")
    walk.at("How it locks")
    page.goto(reverse("devices:start"))
    look("wrong-device")
    walk.button("This is not Laptop F1234")
    walk.at(ASKED)
    page.get_by_label("No, this is my own device").check()
    walk.button("Continue")
    walk.begin()
    walk.answer()
    own = Registration.objects.get(state="active")
    assert own.ownership == "personal"
    assert Registration.issued_to(nurse).get().device.label == made.device.label
    page.goto(reverse("devices:mine"))
    look("mine")


def test_two_issued_devices_are_told_apart(
    page: Page, site: str, nurse: Membership, look: Callable[[str], None]
) -> None:
    issue(nurse)
    phone, walk = issue(nurse, "Phone F2"), Walk(page)
    as_a_phone(page.context.new_cdp_session(page))
    come_in(page, site, nurse)
    page.goto(reverse("devices:start"))
    look("two")
    page.get_by_label("Yes, this is Phone F2").check()
    walk.button("Continue")
    walk.button("Continue")
    walk.at("How it locks")
    walk.answer()
    phone.refresh_from_db()
    assert (phone.state, phone.ownership, phone.device.label) == ("active", "issued", "Phone F2")
    assert Registration.issued_to(nurse).get().device.label == "Laptop F1234"
