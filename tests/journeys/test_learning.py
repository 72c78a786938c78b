"""A nurse takes the training, does not pass, waits, passes with other questions, and her phone opens: by axe."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from fobwatch.access.models import decide_for, registration_here
from fobwatch.kernel.clock import now
from fobwatch.learning.models import Attempt, Understanding
from fobwatch.people.models import Membership
from fobwatch.policy.models import Version
from tests import cast
from tests.access.policy import confirm, publish_template, registered
from tests.gateway import door
from tests.journeys.axe import check_axe
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Shot = Callable[[str], Path]
BOTH = pytest.mark.parametrize("viewport", [PHONE, DESK], indirect=True)


def come_in(page: Page, site: str, token: str) -> None:
    page.context.clear_cookies()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE, "value": token, "url": site}])


def take(page: Page, *, rightly: bool, look: Callable[[str, str], None]) -> Attempt:
    """Answer from where the page stands to the last question."""
    attempt = Attempt.objects.get(state="open")
    for place in range(attempt.next_place(), len(attempt.asked) + 1):
        one = attempt.questions[place - 1]
        choice = one.right if rightly else (one.right + 1) % len(one.choices)
        page.get_by_role("radio").nth(choice).check()
        page.get_by_role("button", name="Answer").click()
        said = "That is right" if rightly else "Not quite"
        expect(page.get_by_role("heading", level=1)).to_contain_text(said)
        if place == 1:
            look("answered-right" if rightly else "answered-wrong", said)
        page.get_by_role("button", name="See how it went" if place == len(attempt.asked) else "Next question").click()
    attempt.refresh_from_db()
    return attempt


@BOTH
def test_a_nurse_fails_waits_passes_and_her_phone_opens(page: Page, site: str, nurse: Membership, shot: Shot) -> None:
    def look(name: str, heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        page.wait_for_load_state()
        check_axe(page)
        shot(f"training-{name}")

    def opens() -> bool:
        version = Version.in_force(nurse.organisation)
        return decide_for(session, nurse, registration_here(session, nurse), version, now()).may("chat:view")

    Membership.objects.filter(pk=nurse.pk).update(joined_at=now() - dt.timedelta(days=90))
    nurse.refresh_from_db()
    confirm(nurse, publish_template(nurse.organisation))
    session = door.sign_in(nurse, registered(nurse))
    come_in(page, site, session.token)
    assert not opens()

    page.goto("/access/")
    page.get_by_role("link", name="Do the training").click()
    look("mine", "Training")
    page.get_by_role("button", name="Start: The basics").click()
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose an answer")
    look("question-without-an-answer", "Question 1 of 8")
    first = take(page, rightly=False, look=look)
    look("failed", "Not this time")
    page.get_by_role("link", name="Go to your training").click()
    expect(page.get_by_text("Not passed yet.")).to_be_visible()
    expect(page.get_by_role("button", name="The basics")).to_have_count(0)
    look("waiting", "Training")

    Attempt.objects.update(started_at=now() - dt.timedelta(hours=3), ended_at=now() - dt.timedelta(hours=2))
    page.reload()
    page.get_by_role("button", name="Start: The basics").click()
    page.go_back()
    page.get_by_role("button", name="The basics").click()
    second = take(page, rightly=True, look=look)
    assert not {one.key for one in first.questions} & {one.key for one in second.questions}
    look("passed", "You passed")
    assert Understanding.objects.get().membership == nurse
    assert opens()
    page.get_by_role("button", name="See what you can do on this device").click()
    expect(page.get_by_role("link", name="Do the training")).to_have_count(0)


@BOTH
def test_an_author_reads_figures_and_writes_a_question(page: Page, site: str, ig_lead: Membership, shot: Shot) -> None:
    def look(name: str, heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        page.wait_for_load_state()
        check_axe(page)
        shot(f"training-{name}")

    publish_template(ig_lead.organisation)
    come_in(page, site, cast.sign_in(ig_lead).token)
    page.goto("/training/progress/")
    page.get_by_text("The numbers of the chart").click()
    look("progress", "how far we are")
    page.get_by_role("link", name="Questions, and what people get wrong").click()
    look("questions", "what people get wrong")
    page.get_by_role("link", name=re.compile("Let it lock itself")).click()
    look("clause", "Let it lock itself")
    page.get_by_role("button", name="Write a question of your own").click()
    page.get_by_role("button", name="Keep the question").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    look("add-empty", "Write a question")
    for label, text in (
        ("What happens, and what do you ask?", "A phone lies on the tea trolley, awake. What do you do?"),
        ("The right answer", "Lock it, and find its owner"), ("A wrong answer", "Leave it there"),
        ("Another wrong answer", "Read what is on it"), ("Why that is right", "Anybody could read it."),
    ):  # fmt: skip
        page.get_by_label(text=label, exact=True).fill(text)
    page.get_by_role("button", name="Keep the question").click()
    expect(page.get_by_text("A phone lies on the tea trolley")).to_be_visible()
    look("clause-own", "Let it lock itself")
    page.get_by_role("button", name="Ask this no more").click()
    expect(page.get_by_text("A phone lies on the tea trolley")).to_have_count(0)


@BOTH
def test_a_manager_sees_the_training_of_the_team(
    page: Page, site: str, manager: Membership, nurse: Membership, shot: Shot
) -> None:
    publish_template(manager.organisation)
    come_in(page, site, cast.sign_in(manager).token)
    page.goto("/devices/team/")
    page.get_by_role("link", name="Who of your team has the training to do").click()
    expect(page.get_by_role("cell", name=nurse.person.name)).to_be_visible()
    check_axe(page)
    shot("training-team")
