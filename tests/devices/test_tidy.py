"""What was begun and never got a key is removed in time, and nothing else is."""

import datetime as dt

import pytest

from fobwatch.audit.models import Entry
from fobwatch.devices.jobs import tidy
from fobwatch.devices.models import Registration
from fobwatch.devices.rules.waiting import WAIT_DAYS, in_vain
from fobwatch.people.models import Membership
from fobwatch.web.worker import JOBS
from tests.cast import NOW, member
from tests.devices.conftest import register

MINUTE = dt.timedelta(minutes=1)


def begun(of: Membership, ownership: str, age: dt.timedelta, **more: object) -> Registration:
    fields: dict[str, object] = {"state": "enrolling", "step": "key", **more}
    found = register(of, ownership=ownership, **fields)  # type: ignore[arg-type]
    Registration.objects.filter(pk=found.pk).update(created_at=NOW - age)
    return found


@pytest.mark.parametrize(("ownership", "days"), [("personal", 14), ("issued", 60)])
def test_it_waits_so_long_and_no_longer(nurse: Membership, ownership: str, days: int) -> None:
    kept = begun(nurse, ownership, dt.timedelta(days=days) - MINUTE)
    gone = begun(nurse, ownership, dt.timedelta(days=days) + MINUTE)
    assert tidy(NOW) == 1
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert kept.state == "enrolling"
    assert (gone.state, gone.state_at) == ("retired", NOW)
    assert gone.state_reason == in_vain(ownership)
    assert f"{WAIT_DAYS[ownership]} days" in gone.state_reason
    assert tidy(NOW) == 0


def test_each_removal_is_in_the_log_of_its_organisation(nurse: Membership, outsider: Membership) -> None:
    for one in (nurse, outsider):
        begun(one, "personal", dt.timedelta(days=15))
    assert tidy(NOW) == 2
    entries = Entry.objects.filter(action="registration.retired")
    assert {entry.organisation_id for entry in entries} == {nurse.organisation_id, outsider.organisation_id}
    assert {entry.actor for entry in entries} == {"program:tidy"}


@pytest.mark.parametrize(
    "more",
    [{"step": "checklist"}, {"state": "active", "step": "done"}, {"state": "lost"}, {"state": "retired"}],
)  # fmt: skip
def test_what_got_a_key_or_was_ended_stays_as_it_is(nurse: Membership, more: dict[str, str]) -> None:
    found = begun(nurse, "personal", dt.timedelta(days=400), **more)
    assert tidy(NOW) == 0
    found.refresh_from_db()
    assert (found.state, found.state_reason) == (more.get("state", "enrolling"), "")


def test_a_key_made_at_that_very_moment_saves_it(nurse: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list is read, then a browser makes its key, then its turn comes."""
    first = begun(nurse, "personal", dt.timedelta(days=15))
    second = begun(member(nurse.organisation, "Tom Birch"), "personal", dt.timedelta(days=15))
    real = tidy.__globals__["actions"].retire

    def retire(**told: object) -> object:
        other = second if told["registration"] == first else first
        Registration.objects.filter(pk=other.pk).update(step="checklist")
        return real(**told)

    monkeypatch.setattr("fobwatch.devices.jobs.actions.retire", retire)
    assert tidy(NOW) == 1
    assert sorted(Registration.objects.values_list("state", flat=True)) == ["enrolling", "retired"]


def test_the_worker_does_it_once_a_day() -> None:
    assert JOBS["tidy devices"] == (tidy, 86_400)
