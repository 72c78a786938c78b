"""A policy in force, and the helpers that take a training as somebody would."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from fobwatch.kernel.actor import Actor
from fobwatch.learning import actions
from fobwatch.learning.models import Attempt, shipped_modules
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Version
from tests.access.policy import publish_template
from tests.cast import NOW

START = "start"


def actor(member: Membership) -> Actor:
    return Actor(f"membership:{member.pk}", member.organisation_id)


def begin(member: Membership, module: str = START, now: dt.datetime = NOW) -> Attempt:
    return actions.start(membership=member, module=shipped_modules()[module], by=actor(member), now=now)


def finish(attempt: Attempt, *, wrong: int = 0, now: dt.datetime = NOW) -> Attempt:
    """Answer what is left, the first `wrong` questions wrongly."""
    for place in range(attempt.next_place(), len(attempt.asked) + 1):
        one = attempt.questions[place - 1]
        chosen = (one.right + 1) % len(one.choices) if place <= wrong else one.right
        actions.answer(attempt=attempt, place=place, chosen=chosen, by=actor(attempt.membership), now=now)
    attempt.refresh_from_db()
    return attempt


def passed(member: Membership, module: str = START, now: dt.datetime = NOW) -> Attempt:
    return finish(begin(member, module, now), now=now)


def page(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(f"learning:{name}", args=args))
    assert response.status_code == 200, response
    return response.content.decode()


@pytest.fixture
def version(hospital: Organisation) -> Version:
    """The national template in force."""
    return publish_template(hospital)
