"""An author sees what a draft can never do, adds a claim of their own, and reads of a person for whom it goes wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fobwatch.people.models import Membership
from fobwatch.policy import actions
from fobwatch.policy.views import proofs
from tests.cast import NOW
from tests.journeys.axe import check_axe
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.test_policy import come_in
from tests.policy.conftest import actor, changed, put_in_force

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Shot = Callable[[str], Path]


@pytest.mark.parametrize("viewport", [PHONE, DESK], indirect=True)
def test_an_author_proves_a_draft_and_adds_a_claim(
    page: Page, site: str, ig_lead: Membership, shot: Shot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "SECONDS", 300.0)
    lead = actor(ig_lead)
    first = put_in_force(actions.adopt(organisation=ig_lead.organisation, by=lead, now=NOW), lead)
    changed(first, lead, min_ios="17.0")
    come_in(page, site, ig_lead)
    page.goto("/policy/set/")
    page.get_by_role("link", name="See what version 2 can never do").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What version 2 can never do")
    expect(page.get_by_text("More permissive", exact=True)).to_be_visible()
    page.get_by_role("button", name="Add a claim of your own").click()
    check_axe(page)
    shot("proofs-claim")
    page.get_by_label("Nobody like this may ever do it").check()
    page.get_by_label("Patient records").check()
    page.get_by_label("View").check()
    page.get_by_label("Make of device").select_option("android")
    page.get_by_label("System version below").fill("15")
    page.get_by_role("button", name="Add this claim").click()
    expect(page.get_by_role("heading", name="What does not hold")).to_be_visible()
    expect(page.get_by_text("Android phone or tablet, with version 14, may view patient records.")).to_be_visible()
    page.get_by_text("Everything about this person and device: Nobody like this").click()
    expect(page.get_by_text("14 (seen)")).to_be_visible()
    check_axe(page)
    shot("proofs")
    page.get_by_role("button", name="Take away claim 1").click()
    expect(page.get_by_role("heading", name="What does not hold")).to_have_count(0)
