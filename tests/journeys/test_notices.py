"""May I …? is searched, asked, answered and published; a patient reads the notice; staff read what is theirs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from fobwatch.notices import actions
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Version
from tests.access.policy import publish_template
from tests.cast import NOW, TESTER, sign_in
from tests.journeys.axe import check_axe
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
BOTH = pytest.mark.parametrize("viewport", [PHONE, DESK], indirect=True)
Shot = Callable[[str], Path]


@pytest.fixture
def version(hospital: Organisation) -> Version:
    return publish_template(hospital)


def come_in(page: Page, site: str, member: Membership) -> None:
    page.context.clear_cookies()
    token = sign_in(member).token
    page.context.add_cookies([{"name": settings.SESSION_COOKIE, "value": token, "url": site}])


@BOTH
def test_from_may_i_to_an_answer_that_all_can_read(
    page: Page, site: str, nurse: Membership, porter: Membership, ig_lead: Membership, version: Version, shot: Shot
) -> None:
    def look(name: str) -> None:
        # The script of the menu must have put away what does not fit.
        page.wait_for_load_state()
        check_axe(page)
        shot(f"notices-{name}")

    come_in(page, site, nurse)
    page.goto("/ask/")
    look("ask")
    page.get_by_label("May I …?").fill("photgraph of a wound on whatsapp")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the policy says")
    expect(page.get_by_text("Do not use other apps to send messages about patients.")).to_be_visible()
    expect(page.get_by_role("heading", name="Clinical photographs")).to_be_visible()
    assert "whatsapp" not in page.url
    look("found")
    page.get_by_label("May I …?").fill("parking my bike")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("That is not a yes.")).to_be_visible()
    look("nothing")
    page.get_by_label("Your question").fill("May I text Mrs Lindqvist about her bike?")
    page.get_by_role("button", name="Ask the IG team").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_contain_text("This may hold the name of a patient.")
    look("refused")
    page.get_by_label("Your question").fill("May I open the bike shed with my own phone?")
    page.get_by_role("button", name="Send your question").click()
    expect(page.get_by_text("Your question is with the IG team.")).to_be_visible()
    look("asked")

    come_in(page, site, ig_lead)
    page.goto("/")
    page.get_by_role("link", name="Answer a question from staff.").click()
    look("inbox")
    page.get_by_role("link", name="May I open the bike shed").click()
    page.get_by_role("button", name="I look into it").click()
    look("taken")
    page.get_by_label("The answer").fill("Yes. The app of the shed holds nothing about patients.")
    page.get_by_role("button", name="Send the answer").click()
    page.get_by_role("button", name="Publish it to all staff").click()
    look("publish")
    page.get_by_role("button", name="Publish to all staff").click()
    expect(page.get_by_text("All staff can read this answer now.")).to_be_visible()
    look("answers-team")

    come_in(page, site, porter)
    page.goto("/ask/")
    page.get_by_label("May I …?").fill("bike shed")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("Asked before: May I open the bike shed with my own phone?")).to_be_visible()
    look("asked-before")

    come_in(page, site, nurse)
    page.goto("/ask/")
    page.get_by_role("link", name="May I open the bike shed").click()
    expect(page.get_by_text("The app of the shed holds nothing about patients.")).to_be_visible()
    look("answered")


@BOTH
def test_a_patient_reads_the_notice_and_an_author_sets_its_contacts(
    page: Page, site: str, hospital: Organisation, ig_lead: Membership, version: Version, shot: Shot
) -> None:
    come_in(page, site, ig_lead)
    page.goto("/ask/patients/")
    page.get_by_label("Phone for questions of patients").fill("01632 960 120")
    page.get_by_label("Sites that may show the notice in a frame").fill("everybody")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_contain_text("is not the address of a site")
    check_axe(page)
    page.get_by_label("Sites that may show the notice in a frame").fill("https://www.example.org")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The notice for patients says so from now on.")).to_be_visible()
    check_axe(page)
    shot("notices-patients")

    page.context.clear_cookies()
    for name in ("", "fragment/"):
        page.goto(f"/notice/{hospital.slug}/{name}")
        expect(page.get_by_role("heading", level=1)).to_contain_text("How staff may use their own phones")
        expect(page.get_by_text("Staff ask you first. You can say no.")).to_be_visible()
        expect(page.get_by_role("link", name="01632 960 120")).to_be_visible()
        check_axe(page)
        shot(f"notices-notice-{name.strip('/') or 'page'}")
    expect(page.get_by_text("Imran")).to_have_count(0)


@BOTH
def test_staff_read_what_concerns_them_on_their_device(
    page: Page, site: str, porter: Membership, version: Version, shot: Shot
) -> None:
    come_in(page, site, porter)
    page.goto("/policy/")
    page.get_by_label("Show me how to do it on").select_option("Android phone or tablet")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("An iPhone must run iOS")).to_have_count(0)
    lock = page.get_by_role("group").filter(has_text="How to do it: Android phone or tablet, Lock your screen")
    lock.locator("summary").click()
    expect(lock.get_by_text("Tap “Screen lock” and choose PIN or Password.")).to_be_visible()
    check_axe(page)
    shot("notices-mine")
    with page.expect_download() as taken:
        page.get_by_role("link", name="These rules as a PDF in large print").click()
    assert taken.value.suggested_filename.endswith("-large-print.pdf")
    for name, heading in (("easy", "The policy in easy words"), ("duties", "Who has to do what")):
        page.goto(f"/policy/{name}/")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        check_axe(page)
        shot(f"notices-{name}")


def test_a_site_that_was_not_named_cannot_show_the_notice(
    page: Page, site: str, hospital: Organisation, version: Version
) -> None:
    """The browser itself keeps the fragment out of a frame, and lets it in where the site was named."""
    path = f"/notice/{hospital.slug}/fragment/"
    # Chromium keeps a site on the network from framing one on this machine: the fragment is served under another name.
    page.context.route(
        "https://fobwatch.example.org/notice/**", lambda route: route.fulfill(response=route.fetch(url=f"{site}{path}"))
    )
    inside = f"https://fobwatch.example.org{path}"
    shown = page.frame_locator("iframe").get_by_text("Staff ask you first.")
    page.context.route("https://www.example.org/**", lambda route: route.fulfill(
        content_type="text/html", body=f'<!DOCTYPE html><title>T</title><iframe src="{inside}"></iframe>'
    ))  # fmt: skip
    actions.set_desk(organisation=hospital, values={"sites": "https://www.example.org"}, by=TESTER, now=NOW)
    page.goto("https://www.example.org/")
    expect(shown).to_be_visible()
    actions.set_desk(organisation=hospital, values={"sites": "https://www.example.net"}, by=TESTER, now=NOW)
    refused = page.context.new_page()
    refused.goto("https://www.example.org/")
    expect(refused.frame_locator("iframe").get_by_text("Staff ask you first.")).to_have_count(0)
