"""A hospital with the template in force, a question, and its answer."""

import pytest

from fobwatch.kernel.actor import Actor
from fobwatch.notices import actions
from fobwatch.notices.models import FaqEntry, Question
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Version
from tests.access.policy import publish_template
from tests.cast import NOW, TESTER


def actor(member: Membership) -> Actor:
    return Actor(f"membership:{member.pk}", member.organisation_id)


def asked(member: Membership, text: str = "May I text a colleague about a shift?", **more: object) -> Question:
    fields: dict[str, object] = {"member": member, "text": text, "by": actor(member), "now": NOW}
    return actions.ask(**{**fields, **more})


def answered(question: Question, member: Membership, text: str = "Yes, in our own message service.") -> Question:
    return actions.answer(question=question, member=member, text=text, by=actor(member), now=NOW)


def published(question: Question, member: Membership) -> FaqEntry:
    return actions.publish_entry(
        question=question, member=member, question_text=question.text, answer_text=question.answer, by=TESTER, now=NOW
    )


@pytest.fixture
def version(hospital: Organisation) -> Version:
    return publish_template(hospital)


@pytest.fixture
def question(nurse: Membership, version: Version) -> Question:
    return asked(nurse)


@pytest.fixture
def entry(question: Question, ig_lead: Membership) -> FaqEntry:
    return published(answered(question, ig_lead), ig_lead)
