"""The demo: made once, by actions, all of it fictional, marked, and intact in the log."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client, override_settings
from pytest_django.fixtures import Settings as SettingsWrapper
from pytest_django.plugin import DjangoDbBlocker

from fobwatch.audit.jobs import verify_log
from fobwatch.devices.actions.demo import make_demo_device, take_up_demo_device
from fobwatch.devices.models import Evidence, Registration
from fobwatch.devices.rules.reminders import UNFINISHED
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import now
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Membership, Organisation, Person, Reminder
from fobwatch.people.rules.demo import PERSONAS
from fobwatch.people.rules.reminders import INVITED, SUBJECT, daytime
from fobwatch.policy.models import Acknowledgement, Version
from fobwatch.policy.rules.reminders import CONFIRM_LATE
from fobwatch.web.demo import seed
from tests import cast


@pytest.fixture(scope="class")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[str]]:
    """The demo, made once for the tests here: each undoes what it does, and then all of it is undone."""
    said: list[str] = []
    with django_db_blocker.unblock(), override_settings(FOBWATCH_DEMO=True), transaction.atomic():
        assert seed.make(said.append)
        yield said
        transaction.set_rollback(True)


@pytest.fixture
def demo(made: list[str], db: None) -> list[str]:
    return list(made)


class TestWhatIsMade:
    def test_it_is_made_once_and_is_what_the_issue_asks_for(self, demo: list[str]) -> None:
        assert len(demo) == 1
        assert not seed.make(demo.append)
        hospital = Organisation.objects.get(slug="fennimore-hospitals")
        surgery = Organisation.objects.get(slug="copper-lane-surgery")
        assert Membership.objects.filter(organisation=hospital).count() == 300
        assert Membership.objects.filter(organisation=surgery).count() == 6
        states = Counter(Registration.objects.filter(organisation=hospital).values_list("state", flat=True))
        assert set(states) == {"enrolling", "active", "suspended", "lost", "retired"}
        assert sum(states.values()) == pytest.approx(420, abs=5)
        assert Version.in_force(hospital)
        assert 0 < Acknowledgement.objects.filter(organisation=hospital).count() < 300
        assert verify_log().intact

    def test_some_are_reminded_and_the_page_of_letters_shows_it(self, demo: list[str]) -> None:
        kinds = set(Reminder.objects.values_list("kind", flat=True))
        assert {INVITED.key, CONFIRM_LATE.key, UNFINISHED.key} <= kinds
        assert all(daytime(at) for at in Reminder.objects.values_list("at", flat=True))
        page = Client().get("/demo/letters/").content.decode()
        assert SUBJECT in page
        assert "with your first sign-in link" in page

    def test_everything_in_it_is_made_up_and_says_so(self, demo: list[str]) -> None:
        assert not Evidence.objects.filter(demo=False).exists()
        assert all("(demo)" in name for name in Organisation.objects.values_list("name", flat=True))
        assert not Person.objects.exclude(email__endswith=".example").exists()
        phones = Organisation.objects.values_list("help_phone", "night_phone")
        assert all(re.fullmatch(r"01632 960 \d{3}", phone) for pair in phones for phone in pair if phone)

    def test_each_persona_is_there(self, demo: list[str]) -> None:
        known = set(Person.objects.values_list("email", flat=True))
        assert {persona.email for persona in PERSONAS} <= known


def test_no_demo_device_is_made_or_taken_up_elsewhere(nurse: Membership) -> None:
    by = Actor.system("test")
    with pytest.raises(Refused):
        make_demo_device(
            membership=nurse, label="x", ownership="personal", state="active", state_reason="", items=(), last_seen=0,
            by=by, now=now(),
        )  # fmt: skip
    assert not Registration.objects.exists()


def test_only_a_persona_looks_through_a_made_up_device(nurse: Membership, settings: SettingsWrapper) -> None:
    settings.FOBWATCH_DEMO = True
    by = Actor.system("test")
    made = make_demo_device(
        membership=nurse, label="Phone", ownership="personal", state="active", state_reason="", items=(), last_seen=0,
        by=by, now=now(),
    )  # fmt: skip
    with pytest.raises(Refused):
        take_up_demo_device(registration=made, sign_in=cast.sign_in(nurse), by=by, now=now())
    persona = cast.sign_in(nurse, how="demo")
    take_up_demo_device(registration=made, sign_in=persona, by=by, now=now())
    persona.refresh_from_db()
    assert persona.device == made.device_id
