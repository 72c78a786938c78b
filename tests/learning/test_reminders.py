"""Who is reminded of the training: those who have it to do, by day, and without a word about marks."""

import datetime as dt

import pytest

from fobwatch.kernel.clock import epoch
from fobwatch.learning.jobs import remind
from fobwatch.learning.models import Understanding
from fobwatch.learning.rules.marking import AGAIN_FROM
from fobwatch.learning.rules.reminders import AGAIN, FIRST, LATE, to_train
from fobwatch.people.models import Letter, Membership, Organisation, Reminder
from fobwatch.policy import actions as policy
from fobwatch.policy.models import Version
from tests import cast
from tests.cast import NOW
from tests.learning.conftest import actor, begin, finish, passed
from tests.policy.conftest import put_in_force

DAY = dt.timedelta(days=1)
# NOW is a Friday; the Wednesday after it.
WEDNESDAY = NOW + 5 * DAY


@pytest.fixture
def version(hospital: Organisation, ig_lead: Membership) -> Version:
    """In force since that Friday."""
    draft = policy.adopt(organisation=hospital, by=actor(ig_lead), now=NOW)
    return put_in_force(draft, actor(ig_lead))


@pytest.fixture
def nurse(version: Version, nurse: Membership) -> Membership:
    """Has been here before, so that she can sign in."""
    cast.sign_in(nurse, how="demo")
    return nurse


def kinds() -> list[str]:
    return list(Reminder.objects.order_by("at").values_list("kind", flat=True))


def until(member: Membership, moment: dt.datetime) -> None:
    passed(member)
    Understanding.objects.update(until_epoch=epoch(moment))


@pytest.mark.parametrize(
    ("until", "kind", "since"),
    [
        (None, FIRST, NOW - DAY), (NOW - DAY, LATE, NOW - DAY), (NOW, LATE, NOW),
        (NOW + DAY, AGAIN, NOW + DAY - AGAIN_FROM), (NOW + AGAIN_FROM, AGAIN, NOW),
        (NOW + AGAIN_FROM + DAY, None, None),
    ],
)  # fmt: skip
def test_the_kind_follows_from_when_it_ends(until: dt.datetime | None, kind: object, since: object) -> None:
    found = to_train(until, asked_since=NOW - DAY, now=NOW)
    assert found == ((kind, since) if kind else None)


def test_who_never_did_it_is_reminded_after_some_days_and_not_at_night(nurse: Membership) -> None:
    assert remind(NOW) == 0
    assert remind(WEDNESDAY.replace(hour=3)) == 0
    assert remind(WEDNESDAY) == 1
    assert remind(WEDNESDAY) == 0
    assert kinds() == [FIRST.key]
    assert "/training/" in Letter.objects.get().body


def test_who_passed_is_left_alone_until_it_is_about_to_end(nurse: Membership) -> None:
    passed(nurse)
    assert remind(WEDNESDAY) == 0
    Understanding.objects.update(until_epoch=epoch(WEDNESDAY + 20 * DAY))
    assert remind(WEDNESDAY) == 1
    Understanding.objects.update(until_epoch=epoch(WEDNESDAY - DAY))
    assert remind(WEDNESDAY) == 1
    assert set(kinds()) == {AGAIN.key, LATE.key}


def test_who_did_not_pass_gets_the_same_letter_as_who_never_tried(nurse: Membership) -> None:
    finish(begin(nurse), wrong=8)
    assert remind(WEDNESDAY) == 1
    assert "pass" not in Letter.objects.get().body.lower()


def test_without_a_policy_nobody_is_reminded(nurse: Membership, version: Version) -> None:
    Version.objects.filter(pk=version.pk).update(state="superseded")
    assert remind(WEDNESDAY) == 0


def test_who_cannot_sign_in_yet_is_not_asked_to(version: Version, porter: Membership) -> None:
    assert remind(WEDNESDAY) == 0
