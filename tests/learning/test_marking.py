"""How an attempt is marked, when it may be tried again, how long it counts, and what figures show."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.learning.models import Attempt
from fobwatch.learning.rules.figures import Bar, Counts, Share, Standing, Tally, bars, by_clause, counts, grouped, share
from fobwatch.learning.rules.marking import (
    MOVES,
    STATE_WORDS,
    Terms,
    again_at,
    due,
    may_start,
    needed,
    outcome,
    terms,
    until,
)
from tests.cast import NOW

HOUR = dt.timedelta(hours=1)


def test_a_policy_that_says_nothing_of_learning_has_the_usual_terms() -> None:
    assert terms({}) == Terms(80, 2, 12)
    assert terms({"learning_pass_percent": 60, "learning_retake_hours": 0, "learning_valid_months": 6}) == Terms(
        60, 0, 6
    )
    assert terms({"learning_pass_percent": "60", "learning_valid_months": True}) == Terms()


@pytest.mark.parametrize(("percent", "asked", "enough"), [(80, 8, 7), (80, 5, 4), (100, 8, 8), (50, 5, 3), (0, 5, 1)])
def test_the_pass_mark_is_rounded_up(percent: int, asked: int, enough: int) -> None:
    assert needed(Terms(percent), asked) == enough
    assert outcome(Terms(percent), right=enough, asked=asked) == "passed"
    assert outcome(Terms(percent), right=enough - 1, asked=asked) == "failed"


def test_every_state_is_in_the_table_and_has_words() -> None:
    named = {state for after in MOVES.values() for state in after} | set(MOVES)
    assert named == set(MOVES) == set(STATE_WORDS)
    assert {state for state, _ in Attempt._meta.get_field("state").choices} == named


@pytest.mark.parametrize(
    ("hours", "passed", "said"),
    [(1, HOUR, ""), (1, HOUR / 2, "30 minutes from now"), (4, HOUR, "3 hours from now"), (0, HOUR * 0, "")],
)
def test_the_next_try_waits_as_long_as_the_policy_says(hours: int, passed: dt.timedelta, said: str) -> None:
    verdict = may_start(Terms(retake_hours=hours), failed_at=NOW, now=NOW + passed)
    assert verdict.ok is (said == "")
    assert said in verdict.reason


def test_the_last_minute_of_a_wait_is_one_minute() -> None:
    verdict = may_start(Terms(retake_hours=1), failed_at=NOW, now=NOW + HOUR - dt.timedelta(seconds=5))
    assert "1 minute from now" in verdict.reason
    assert again_at(Terms(), NOW) == NOW + 2 * HOUR


def test_without_an_attempt_that_was_not_passed_nobody_waits() -> None:
    assert may_start(Terms(), failed_at=None, now=NOW)


@pytest.mark.parametrize(
    ("passed", "months", "ends"),
    [("2026-11-22", 12, "2027-11-22"), ("2027-08-31", 6, "2028-02-29"), ("2026-12-31", 1, "2027-01-31")],
)
def test_a_pass_counts_to_the_same_day_some_months_later(passed: str, months: int, ends: str) -> None:
    at = dt.datetime.fromisoformat(f"{passed}T10:00:00+00:00")
    assert until(Terms(valid_months=months), at).isoformat() == f"{ends}T10:00:00+00:00"


@given(months=st.integers(1, 36), day=st.dates(dt.date(2026, 1, 1), dt.date(2060, 1, 1)))
def test_a_longer_term_never_ends_sooner(months: int, day: dt.date) -> None:
    at = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    assert until(Terms(valid_months=months), at) < until(Terms(valid_months=months + 1), at)


@pytest.mark.parametrize(("days", "is_due"), [(None, True), (-1, True), (29, True), (30, True), (31, False)])
def test_training_is_due_a_month_before_it_ends(days: int | None, is_due: bool) -> None:
    epoch = None if days is None else int((NOW + dt.timedelta(days=days)).timestamp())
    assert due(epoch, NOW) is is_due


# --- figures ---


def test_there_is_no_figure_before_five_people_have_answered_one_question() -> None:
    few = [Tally("a", "lock", 4, 40, 40), Tally("b", "lock", 3, 3, 0)]
    assert share(few) == Share(43, None)
    assert share(few).words == "Fewer than 5 people so far"
    assert share([]).words == "No answers yet"
    assert not share(few).badly_written


def test_a_rule_that_many_get_wrong_stands_out() -> None:
    rows = [Tally("a", "lock", 5, 5, 2), Tally("b", "lost", 10, 10, 1), Tally("c", "lock", 1, 1, 0)]
    found = by_clause(rows)
    assert found["lock"] == Share(6, 33)
    assert found["lost"].words == "10% wrong"
    assert share(rows[:1]).badly_written
    assert not found["lost"].badly_written


def test_counts_tell_lapsed_from_never() -> None:
    rows = [Standing("Ward", True, 200), Standing("Ward", False, 100), Standing("", True, None)]
    assert counts(rows, 100) == Counts(3, 1, 1, 1)
    assert counts([], 100).percent == 0
    assert counts(rows, 100).percent == 33


def test_groups_have_their_own_counts_and_no_team_comes_last() -> None:
    rows = [Standing("", True, None)] * 5 + [Standing("ward b", True, 200)] * 6 + [Standing("Ward A", False, 200)] * 5
    teams, groups = grouped(rows, 100)
    assert list(teams) == ["Ward A", "ward b", "No team"]
    assert teams["ward b"] == Counts(6, 6, 0, 0)
    assert groups == {"Clinical staff": Counts(11, 6, 0, 5), "Non-clinical staff": Counts(5, 5, 0, 0)}


def test_a_small_team_is_not_shown_by_itself() -> None:
    big, small = [Standing("Ward A", True, 200)] * 5, [Standing("Audit", True, None)]
    assert list(grouped([*big, *small], 100)[0]) == ["Ward A"]
    pooled = grouped([*big, *small, *[Standing("IT", False, 200)] * 4], 100)[0]
    assert pooled["Teams of fewer than 5"] == Counts(5, 4, 0, 1)
    assert "Audit" not in pooled


def test_a_bar_is_as_high_as_its_share_and_bars_do_not_touch() -> None:
    first, second = bars({"1 Nov": 25, "8 Nov": 100})
    assert first == Bar("1 Nov", 25, 5.0, 40.0, 75.0, 25.0)
    assert (second.y, second.height) == (0.0, 100.0)
    assert first.x + first.width < second.x
    assert bars({}) == ()
