"""When a reminder is due, and what it can say."""

import datetime as dt
import itertools
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.urls import resolve, reverse
from hypothesis import example, given
from hypothesis import strategies as st

import fobwatch
from fobwatch.kernel.clock import moment
from fobwatch.kernel.permission import Permission
from fobwatch.people.rules import reminders as rules
from fobwatch.people.rules.reminders import INVITED, LONDON, SUBJECT, Kind, daytime, due, last_daytime, words

PACKAGE = Path(fobwatch.__file__).parent
TABLES = [import_module(f"fobwatch.{path.parts[-3]}.rules.reminders") for path in PACKAGE.glob("*/rules/reminders.py")]
KINDS = list({id(one): one for table in TABLES for one in vars(table).values() if isinstance(one, Kind)}.values())
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MOMENTS = st.integers(1_704_067_200, 1_956_528_000).map(moment)


def kind(**more: object) -> Kind:
    fields: dict[str, object] = {
        "key": "test.kind", "what": "What", "text": "Since {since}, until {day}.", "why": "we test", "page": "",
        "first": 2, "every": 3, "most": 2, "seen_with": Permission.SEE_PEOPLE,
    }  # fmt: skip
    return Kind(**{**fields, **more})  # type: ignore[arg-type]


def london(text: str, fold: int = 0) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("2026-11-20T07:59:59", False), ("2026-11-20T08:00:00", True), ("2026-11-20T17:59:59", True),
        ("2026-11-20T18:00:00", False), ("2026-11-21T12:00:00", False), ("2026-11-22T12:00:00", False),
        ("2026-11-23T08:00:00", True), ("2026-07-01T08:00:00", True), ("2026-07-01T07:59:59", False),
        # The Fridays before and the Mondays after the clocks change.
        ("2026-03-27T17:59:59", True), ("2026-03-30T08:00:00", True), ("2026-03-30T07:59:59", False),
        ("2026-10-23T08:00:00", True), ("2026-10-26T07:59:59", False), ("2026-10-26T08:00:00", True),
    ],
)  # fmt: skip
def test_reminders_are_written_on_a_working_day_of_the_london_clock(text: str, yes: bool) -> None:
    assert daytime(london(text)) is yes


@given(MOMENTS)
@example(london("2026-03-29T00:30:00"))
@example(london("2026-03-29T03:30:00"))
@example(london("2026-10-25T01:30:00"))
@example(london("2026-10-25T01:30:00", fold=1))
def test_quiet_hours_hold_on_every_day_of_every_year(at: dt.datetime) -> None:
    local = at.astimezone(LONDON)
    assert daytime(at) == (local.isoweekday() <= 5 and 8 <= local.hour < 18)
    last = last_daytime(at)
    assert daytime(last)
    assert last <= at
    assert at - last < 4 * DAY
    assert not daytime(last + dt.timedelta(seconds=1)) or last == at


@given(MOMENTS, st.integers(0, 30), st.integers(1, 30), st.integers(1, 6))
@example(london("2026-03-27T09:00:00"), 2, 3, 3)
@example(london("2026-10-23T09:00:00"), 2, 3, 3)
def test_each_goes_in_its_time_and_they_end(since: dt.datetime, first: int, every: int, most: int) -> None:
    """An hourly worker over as long as it takes: spaced in elapsed days, by day only, never more than the most."""
    one, sent, hour = kind(first=first, every=every, most=most), [], since
    for _ in range((first + every * most + 7 * (most + 1)) * 24):
        if due(one, since=since, sent=len(sent), last=sent[-1] if sent else None, now=hour):
            sent.append(hour)
        hour += HOUR
    assert len(sent) == most
    assert all(map(daytime, sent))
    assert sent[0] >= since + first * DAY
    assert all(later - earlier >= every * DAY for earlier, later in itertools.pairwise(sent))
    # No later than the weekend makes it.
    assert sent[0] - since <= first * DAY + 3 * DAY


@pytest.mark.parametrize(
    ("sent", "last", "now", "yes"),
    [
        (0, None, "2026-11-18T11:59:59", False), (0, None, "2026-11-18T12:00:00", True),
        (1, "2026-11-17T12:00:00", "2026-11-20T11:59:59", False),
        (1, "2026-11-17T12:00:00", "2026-11-20T12:00:00", True),
        (2, "2026-11-17T12:00:00", "2026-11-30T12:00:00", False), (0, None, "2026-11-22T12:00:00", False),
    ],
)  # fmt: skip
def test_the_first_waits_the_next_is_spaced_and_it_ends(sent: int, last: str | None, now: str, yes: bool) -> None:
    since = london("2026-11-16T12:00:00")
    assert due(kind(), since=since, sent=sent, last=london(last) if last else None, now=london(now)) is yes


@pytest.mark.parametrize("more", [{"text": "Hello {name}"}, {"text": "{}"}])
def test_no_other_text_gets_into_a_reminder(more: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="nothing else"):
        kind(**more)


@pytest.mark.parametrize("more", [{"first": -1}, {"every": 0}, {"most": 0}])
def test_a_kind_waits_and_ends(more: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="ends"):
        kind(**more)


def test_each_kind_has_its_own_name_and_a_page_without_an_id() -> None:
    assert len({one.key for one in KINDS}) == len(KINDS) >= 7
    for one in KINDS:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", one.key)
        assert len(one.why) <= 240
        assert len(one.what) <= 80
        if one.page:
            assert not resolve(reverse(one.page)).kwargs, one.key


@pytest.mark.parametrize("one", KINDS, ids=lambda one: one.key)
def test_the_subject_is_the_same_for_all_and_no_kind_speaks_of_a_patient(one: Kind) -> None:
    text = rules.sentence(one, since="Monday 2 March 2026", day="Friday 6 March 2026")
    said = words(one, text=text, organisation="Org", address="", number=1, help_line="")
    assert said.subject == SUBJECT
    assert "patient" not in said.body.lower()
    assert "{" not in said.body
    assert f"reminder 1 of at most {one.most}" in said.body
    assert "Ask your organisation's IT team" in said.body


def test_an_invitation_is_reminded_of_before_it_expires() -> None:
    """Whatever the weekday on which it was sent, at least one reminder comes while the link works."""
    for day in range(7):
        sent_at = london("2026-11-16T09:00:00") + day * DAY
        hours = [sent_at + n * HOUR for n in range(7 * 24)]
        assert any(due(INVITED, since=sent_at, sent=0, last=None, now=hour) for hour in hours)


def test_the_page_and_the_help_line_stand_in_the_body() -> None:
    said = words(
        kind(), text="It waits.", organisation="Org", address="https://x/policy/", number=2, help_line="Desk: 1"
    )
    assert "https://x/policy/" in said.body
    assert "Questions? Desk: 1" in said.body
    assert "IT team" not in said.body
