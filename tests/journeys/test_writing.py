"""The IG lead writes a rule on its page: a detail in the sentence, a row, words; a colleague writes the same rule."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from fobwatch.people.models import Membership
from fobwatch.policy import actions
from fobwatch.policy.models import Version
from fobwatch.policy.rules.clause import clause_data, clause_digest
from tests import cast
from tests.cast import NOW, sign_in
from tests.journeys.axe import check_axe
from tests.journeys.conftest import DESK, PHONE
from tests.policy.conftest import actor, changed, put_in_force

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
RULE = "/policy/set/draft/rules/encrypted/"


def begun(ig_lead: Membership) -> Version:
    by = actor(ig_lead)
    first = put_in_force(actions.adopt(organisation=ig_lead.organisation, by=by, now=NOW), by)
    return changed(first, by, min_ios="18.2")


def theirs(ig_lead: Membership) -> None:
    """A colleague adds words to the same rule."""
    colleague = cast.member(ig_lead.organisation, "Sally Brook", "ig_lead")
    draft = Version.draft_of(ig_lead.organisation)
    clause = draft.policy.clause("encrypted")
    actions.set_clause(
        draft=draft, clause=clause.id, written={**clause_data(clause), "addition": "Ask IT for help."}, values={},
        shown=clause_digest(draft.policy, clause), by=actor(colleague), now=NOW,
    )  # fmt: skip


def come_in(page: Page, site: str, member: Membership) -> None:
    page.context.add_cookies([{"name": settings.SESSION_COOKIE, "value": sign_in(member).token, "url": site}])


@pytest.mark.parametrize("viewport", [PHONE, DESK], indirect=True)
def test_a_rule_is_written_and_nobodys_words_are_lost(
    page: Page, site: str, ig_lead: Membership, shot: Callable[[str], Path]
) -> None:
    def look(name: str) -> None:
        check_axe(page)
        shot(f"writing-{name}")

    begun(ig_lead)
    come_in(page, site, ig_lead)
    page.goto("/policy/set/draft/")
    look("draft")
    page.get_by_role("link", name=re.compile("Change this rule.*Keep your iPhone up to date")).click()
    field = page.get_by_label("Oldest iPhone system version")
    expect(field).to_have_value("18.2")
    look("rule")
    field.fill("18.3")
    page.get_by_label("What you add here").press_sequentially("Ask the XYZ.")
    expect(page.get_by_role("region", name="How the words read")).to_contain_text("Nobody explains XYZ")
    page.get_by_label("What you add here").fill("")
    page.get_by_role("button", name="Save this rule", exact=True).click()
    expect(page.get_by_text("is saved. Nothing changes for staff")).to_be_visible()

    page.goto(RULE)
    page.get_by_role("group").filter(has_text="Choose facts.").locator("summary").click()
    page.get_by_label("One more row about").nth(1).select_option(label="screen lock (proved, seen or you told us)")
    page.get_by_role("button", name=re.compile("Add a row.*What it asks")).click()
    expect(page.get_by_role("group", name="screen lock (proved, seen or you told us)")).to_be_visible()
    look("row")
    theirs(ig_lead)
    page.get_by_label("What you add here").fill("Mine, typed on the train.")
    page.get_by_role("button", name="Save this rule", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else changed this rule while you had it open.")
    expect(page.get_by_label("What you add here")).to_have_value("Mine, typed on the train.")
    look("overtaken")
    page.get_by_role("button", name="Save mine over theirs", exact=True).click()
    kept = Version.draft_of(ig_lead.organisation).policy.clause("encrypted")
    assert kept.addition == "Mine, typed on the train."
    assert [one.fact for one in kept.need.parts] == ["encrypted", "screen_lock"]

    page.goto("/policy/set/draft/rules/add/")
    look("add")
    page.goto("/policy/versions/compare/")
    expect(page.get_by_role("heading", name=re.compile("Encrypt.*Changed"))).to_be_visible()
    look("compare")


def test_a_rule_is_written_without_javascript(chromium: Browser, site: str, ig_lead: Membership) -> None:
    begun(ig_lead)
    context = chromium.new_context(viewport=PHONE, base_url=site, java_script_enabled=False)
    page = context.new_page()
    come_in(page, site, ig_lead)
    page.goto(RULE)
    page.get_by_role("group").filter(has_text="Choose facts.").locator("summary").click()
    page.get_by_label("One more row about").nth(1).select_option("antivirus")
    page.get_by_role("button", name=re.compile("Add a row.*What it asks")).click()
    page.get_by_role("button", name="Save this rule", exact=True).click()
    expect(page.get_by_text("is saved. Nothing changes for staff")).to_be_visible()
    kept = Version.draft_of(ig_lead.organisation).policy.clause("encrypted")
    assert [one.fact for one in kept.need.parts] == ["encrypted", "antivirus"]
    context.close()
