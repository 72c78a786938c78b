"""Who is reminded to confirm the policy, and who to review it."""

import datetime as dt
from dataclasses import replace

import pytest

from fobwatch.kernel.actor import Actor
from fobwatch.people.models import Letter, Membership, Organisation, Reminder
from fobwatch.people.rules.reminders import LONDON
from fobwatch.policy.jobs import remind
from fobwatch.policy.models import Version, template
from fobwatch.policy.rules.reminders import (
    CONFIRM,
    CONFIRM_LATE,
    REVIEW,
    REVIEW_LATE,
    confirm_by,
    to_confirm,
    to_review,
)
from tests import cast
from tests.cast import NOW
from tests.policy.conftest import changed, confirmed, put_in_force

DAY = dt.timedelta(days=1)
# A Wednesday and the Monday after it, at noon; NOW is a Friday, and the template gives seven days.
WEDNESDAY, LATE = NOW + 5 * DAY, NOW + 10 * DAY


@pytest.fixture
def nurse(hospital: Organisation) -> Membership:
    """Has been here before, so that she can sign in."""
    found = cast.member(hospital, "Amara Osei", clinical=True)
    cast.sign_in(found, how="demo")
    return found


def sent() -> dict[str, set[str]]:
    """Who was reminded, by kind."""
    found: dict[str, set[str]] = {}
    for kind, to in Reminder.objects.values_list("kind", "letter__to"):
        found.setdefault(kind, set()).add(to)
    return found


def test_it_is_reminded_of_before_grace_ends_and_after(first: Version, nurse: Membership) -> None:
    assert remind(NOW) == 0, "not on the first day"
    assert remind(WEDNESDAY) == 1
    assert sent() == {CONFIRM.key: {nurse.person.email}}
    assert "by Friday 27 November 2026" in Letter.objects.get().body
    assert "/policy/" in Letter.objects.get().body
    assert remind(WEDNESDAY + dt.timedelta(hours=1)) == 0
    assert remind(LATE) == 1
    assert set(sent()) == {CONFIRM.key, CONFIRM_LATE.key}


def test_who_has_confirmed_is_left_alone(first: Version, nurse: Membership) -> None:
    confirmed(nurse, first)
    assert remind(WEDNESDAY) == 0


def test_a_new_version_begins_anew(first: Version, nurse: Membership, lead: Actor) -> None:
    confirmed(nurse, first)
    put_in_force(changed(first, lead, grace_days=3), lead, change_note="x")
    assert remind(LATE) == 1


def test_who_cannot_sign_in_yet_is_not_asked_to(first: Version, porter: Membership) -> None:
    assert remind(WEDNESDAY) == 0


def test_for_who_came_later_it_begins_when_they_came(first: Version, nurse: Membership) -> None:
    Membership.objects.filter(pk=nurse.pk).update(joined_at=WEDNESDAY - DAY)
    assert remind(WEDNESDAY) == 0
    assert remind(LATE) == 1


def test_each_organisation_is_reminded_of_its_own(first: Version, nurse: Membership, outsider: Membership) -> None:
    cast.sign_in(outsider, how="demo")
    assert remind(WEDNESDAY) == 1, "there is no policy in force in the other"
    assert set(Reminder.objects.values_list("organisation", flat=True)) == {first.organisation_id}


def test_the_review_is_announced_to_its_writers_and_then_said_to_be_late(
    first: Version, ig_lead: Membership, nurse: Membership
) -> None:
    confirmed(nurse, first)
    due = first.review_on
    assert due == dt.date(2027, 11, 20)
    noon = dt.datetime.combine(due, dt.time(12), LONDON)
    assert remind(noon - 61 * DAY) == 0
    assert remind(noon - 57 * DAY) == 1
    assert sent() == {REVIEW.key: {ig_lead.person.email}}
    body = Letter.objects.get().body
    assert "by Saturday 20 November 2027" in body
    assert "/policy/set/" in body
    assert remind(noon + 2 * DAY) == 1
    assert set(sent()) == {REVIEW.key, REVIEW_LATE.key}


def test_nothing_is_due_without_a_policy(hospital: Organisation, nurse: Membership, draft: Version) -> None:
    assert remind(WEDNESDAY) == 0


def test_the_time_to_confirm_is_the_grace_of_the_clause_that_wants_it() -> None:
    policy = replace(template(), effective=1_000_000)
    start = dt.datetime.fromtimestamp(1_000_000, dt.UTC)
    end = confirm_by(policy)
    assert end == start + 7 * DAY
    assert to_confirm(policy, end - dt.timedelta(seconds=1)) == (CONFIRM, start)
    assert to_confirm(policy, end) == (CONFIRM_LATE, end)


def test_a_policy_that_nobody_has_to_confirm_reminds_nobody(
    first: Version, nurse: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = replace(template(), clauses=tuple(one for one in template().clauses if one.id != "trained-and-read"))
    assert confirm_by(without) is None
    assert to_confirm(without, NOW) is None
    monkeypatch.setattr(Version, "policy", without)
    assert remind(WEDNESDAY) == 0


@pytest.mark.parametrize(
    ("moment", "kind"),
    [
        (dt.datetime(2026, 3, 29, 23, 59, tzinfo=LONDON), REVIEW),
        (dt.datetime(2026, 3, 30, tzinfo=LONDON), REVIEW_LATE),
    ],
)  # fmt: skip
def test_the_day_of_the_review_is_a_day_of_the_london_clock(moment: dt.datetime, kind: object) -> None:
    """The clocks change on this very day."""
    assert to_review(dt.date(2026, 3, 29), moment)[0] is kind
