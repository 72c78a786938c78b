"""The IG lead adopts the policy, sets a detail wrongly and then rightly, publishes; a nurse reads and confirms."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from fobwatch.people.models import Membership
from fobwatch.policy.models import Acknowledgement, Version
from tests.cast import sign_in
from tests.journeys.axe import check_axe
from tests.journeys.conftest import DESK, PHONE
from tests.policy.conftest import actor, approved, approver

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Shot = Callable[[str], Path]


def come_in(page: Page, site: str, member: Membership) -> None:
    page.context.clear_cookies()
    token = sign_in(member).token
    page.context.add_cookies([{"name": settings.SESSION_COOKIE, "value": token, "url": site}])


@pytest.mark.parametrize("viewport", [PHONE, DESK], indirect=True)
def test_a_policy_is_adopted_set_published_and_confirmed(
    page: Page, site: str, ig_lead: Membership, nurse: Membership, shot: Shot
) -> None:
    guardian = approver(ig_lead.organisation)

    def look(name: str) -> None:
        check_axe(page)
        shot(f"policy-{name}")

    come_in(page, site, nurse)
    page.goto("/policy/")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no policy yet")
    look("none")

    come_in(page, site, ig_lead)
    page.goto("/policy/set/")
    look("overview-empty")
    page.get_by_role("button", name="Start from the national template").click()
    look("adopt")
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set the details")
    look("params")
    page.get_by_label("Oldest iPhone system version").fill("newest")
    page.get_by_role("button", name="Save the draft").click()
    problem = page.get_by_role("alert").get_by_role("link")
    expect(problem).to_contain_text("Oldest iPhone system version: write a version as numbers")
    look("params-wrong")
    problem.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("18.2")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Draft of version 1")
    expect(page.get_by_text("An iPhone must run iOS 18.2 or newer.")).to_be_visible()
    look("draft")
    lock = page.get_by_role("group").filter(has_text="What enforces it: Lock your screen")
    lock.locator("summary").click()
    expect(lock.get_by_text("We must see it ourselves.")).to_be_visible()
    page.get_by_text("The 26 items:").click()
    look("draft-open")
    page.get_by_role("button", name="See what would change, and send it for approval").click()
    look("submit")
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_text("It is waiting for approval")).to_have_count(2)
    look("overview-review")

    come_in(page, site, guardian)
    page.goto("/")
    page.get_by_role("link", name="Approve version 1 of the policy").click()
    look("approval")
    page.get_by_role("button", name="Approve version 1").click()
    expect(page.get_by_text("Version 1 is approved.")).to_be_visible()

    come_in(page, site, ig_lead)
    page.goto("/access/publish")
    expect(page.get_by_text("Ruth Kessler approved it")).to_be_visible()
    look("publish-first")
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_text("Version 1 is in force from now on.")).to_be_visible()
    look("overview")

    come_in(page, site, nurse)
    page.goto("/policy/")
    look("read")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Confirm that I have read it")).to_be_hidden()
    expect(page.get_by_role("heading", name="Lock your screen")).to_be_visible()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Confirm that I have read it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have confirmed the policy")
    look("receipt")
    made = Acknowledgement.objects.get()
    assert made.hash == Version.objects.get().hash
    expect(page.get_by_text(made.receipt)).to_be_visible()

    come_in(page, site, ig_lead)
    page.goto("/policy/set/")
    page.get_by_role("button", name="Start a draft").click()
    page.get_by_role("group", name="Who may look at patient records").get_by_label(
        "Clinical staff", exact=True
    ).uncheck()
    page.get_by_role("button", name="Save the draft").click()
    approved(Version.draft_of(ig_lead.organisation), actor(ig_lead))
    page.goto("/access/publish")
    look("publish")
    page.get_by_label("Yes, something important changed").check()
    page.get_by_label("What changed, in a sentence or two").fill("Patient records are closed on own devices for now.")
    page.get_by_role("button", name="Publish version 2").click()
    look("overview-two")

    come_in(page, site, nurse)
    page.goto("/policy/")
    expect(page.get_by_text("Patient records are closed on own devices for now.")).to_be_visible()
    look("read-changed")
    page.goto("/policy/versions/1/")
    look("version")
