"""Who is reminded of a device that is half set up, and who of the support table."""

import datetime as dt

import pytest

from fobwatch.devices.jobs import remind
from fobwatch.devices.models import Registration, SupportedRelease
from fobwatch.devices.rules.reminders import SUPPORT, UNFINISHED
from fobwatch.devices.rules.support import TRUSTED_WITHOUT_END, Release, next_end
from fobwatch.people.models import Letter, Membership, Organisation, Reminder
from tests.cast import NOW
from tests.devices.conftest import register

DAY = dt.timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _nothing_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped lines have dates of their own, and end some day."""
    monkeypatch.setattr("fobwatch.devices.models.support.shipped", tuple)


def begun(of: Membership, days: int, **more: object) -> Registration:
    found = register(of, **{"state": "enrolling", "step": "checklist", **more})  # type: ignore[arg-type]
    Registration.objects.filter(pk=found.pk).update(created_at=NOW - days * DAY)
    return found


def test_who_began_and_did_not_finish_is_reminded(nurse: Membership) -> None:
    found = begun(nurse, 3)
    assert remind(NOW) == 1
    letter, row = Letter.objects.get(), Reminder.objects.get()
    assert (row.kind, row.about, letter.to) == (UNFINISHED.key, f"registration:{found.pk}", nurse.person.email)
    assert "/devices/" in letter.body
    assert found.pk not in letter.body
    assert "iPhone" not in letter.subject + letter.body
    assert remind(NOW) == 0


@pytest.mark.parametrize(("days", "state"), [(1, "enrolling"), (9, "active"), (9, "retired"), (9, "lost")])
def test_what_is_fresh_finished_or_gone_is_not_reminded_of(nurse: Membership, days: int, state: str) -> None:
    begun(nurse, days, state=state)
    assert remind(NOW) == 0


def test_each_organisation_reminds_its_own(nurse: Membership, outsider: Membership) -> None:
    begun(nurse, 3)
    begun(outsider, 3)
    assert remind(NOW) == 2
    rows = Reminder.objects.values_list("organisation", "membership__organisation")
    assert {one == other for one, other in rows} == {True}


def test_who_keeps_the_support_table_hears_of_a_line_that_ends(
    hospital: Organisation, it_support: Membership, nurse: Membership, outsider: Membership
) -> None:
    SupportedRelease.objects.create(
        organisation=hospital, platform="ios", version="26", source="x", fixes_until=TODAY + 20 * DAY, checked_on=TODAY
    )
    assert remind(NOW) == 1
    letter = Letter.objects.get()
    assert letter.to == it_support.person.email
    assert "until Thursday 10 December 2026" in letter.body
    assert Reminder.objects.get().kind == SUPPORT.key


def line(version: str = "26", *, until: int | None = None, checked: int = 0) -> Release:
    end = None if until is None else TODAY + until * DAY
    return Release("ios", version, end, "x", TODAY + checked * DAY)


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        ([], None), ([line(until=31)], None), ([line(until=30)], 30), ([line(until=0)], 0), ([line(until=-1)], None),
        ([line(checked=-59)], None), ([line(checked=-60)], 30), ([line(checked=-100)], -10),
        ([line(until=20), line("18", until=10)], 10),
        # The organisation's own line stands first, and hides the shipped one of the same version.
        ([line(checked=0), line(checked=-80)], None),
    ],
)  # fmt: skip
def test_a_line_is_told_of_thirty_days_ahead(lines: list[Release], days: int | None) -> None:
    assert TRUSTED_WITHOUT_END == 90 * DAY
    assert next_end(lines, TODAY) == (None if days is None else TODAY + days * DAY)


def test_the_worker_reminds_every_hour() -> None:
    from fobwatch.people.jobs import remind as of_people
    from fobwatch.policy.jobs import remind as of_policy
    from fobwatch.web.worker import JOBS

    hourly = {job for job, seconds in JOBS.values() if seconds == 3_600}
    assert {remind, of_people, of_policy} <= hourly


def test_nobody_is_told_without_a_line_or_a_device(hospital: Organisation, it_support: Membership) -> None:
    assert remind(NOW) == 0
