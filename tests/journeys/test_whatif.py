"""An author moves a slider by keyboard, sees whom it stops, puts the value in the draft; and works without a script."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from fobwatch.kernel.clock import now
from fobwatch.people.models import Membership
from fobwatch.policy import actions
from fobwatch.policy.models import Version
from tests.access.policy import confirm, publish_template, registered, understood
from tests.journeys.axe import check_axe
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.test_policy import come_in
from tests.policy.conftest import actor, approved

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Shot = Callable[[str], Path]
STOPPED = "Publishing this would stop 1 person from seeing at least one kind of work."


@pytest.fixture
def draft(ig_lead: Membership, nurse: Membership, porter: Membership) -> Version:
    version = publish_template(ig_lead.organisation)
    for one, phone in ((nurse, "18.2"), (porter, "26.1")):
        confirm(one, version)
        understood(one, now() + dt.timedelta(days=300))
        registered(one, changes={"os_version": phone})
    return actions.start_draft(organisation=version.organisation, by=actor(ig_lead), now=now())


@pytest.mark.parametrize("viewport", [PHONE, DESK], indirect=True)
def test_the_picture_moves_with_the_slider(
    page: Page, site: str, ig_lead: Membership, draft: Version, shot: Shot, browse: Callable[..., Client]
) -> None:
    come_in(page, site, ig_lead)
    page.goto("/policy/set/draft/")
    page.get_by_role("button", name="See whom it would affect").click()
    expect(page.get_by_text("Publishing this would take nothing away from anybody.")).to_be_visible()
    check_axe(page)
    shot("what-if-nothing")
    page.get_by_label("Try another value for").select_option(label="Oldest iPhone system version")
    page.get_by_role("button", name="Choose").click()
    slider = page.get_by_role("slider", name="Oldest iPhone system version")
    expect(slider).to_have_attribute("aria-valuetext", "18.0")
    slider.focus()
    page.get_by_text("By staff group", exact=True).click()
    slider.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "19")
    expect(page.locator("[data-says]")).to_have_text(STOPPED)
    expect(page.get_by_role("status")).to_have_text(STOPPED)
    expect(page).to_have_url(f"{site}/access/what-if?param=min_ios&value=19")
    expect(page.get_by_label("An iPhone must run iOS")).to_have_value("19")
    expect(page.get_by_role("region", name="People, by staff group")).to_be_visible()
    expect(slider).to_be_focused()
    check_axe(page)
    shot("what-if")
    page.get_by_role("link", name="See who").click()
    expect(page.get_by_text("Amara Osei")).to_be_visible()
    check_axe(page)
    shot("what-if-people")
    page.go_back()
    page.get_by_role("button", name="Put this value in the draft").click()
    expect(page.get_by_text("It is in the draft: oldest iphone system version, 19.")).to_be_visible()
    fresh = Version.draft_of(draft.organisation)
    assert fresh.policy.values["min_ios"] == "19"
    approved(fresh, actor(ig_lead))
    page.goto("/access/publish")
    expect(page.get_by_text(STOPPED)).to_be_visible()
    check_axe(page)
    shot("publish-effect")


def test_without_a_script_it_is_a_form(chromium: Browser, site: str, ig_lead: Membership, draft: Version) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=site, viewport=PHONE)
    page = context.new_page()
    come_in(page, site, ig_lead)
    page.goto("/access/what-if?param=min_ios")
    expect(page.get_by_role("slider")).to_have_count(0)
    page.get_by_label("An iPhone must run iOS").fill("newest")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("alert")).to_contain_text("Oldest iPhone system version: Write a version as numbers")
    page.get_by_label("An iPhone must run iOS").fill("26")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_text(STOPPED)).to_be_visible()
    context.close()
