"""Taking a training: resumable, answered once, marked with the last answer, and kept as evidence."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from fobwatch.audit.models import Detail, Entry
from fobwatch.kernel.clock import epoch
from fobwatch.kernel.verdict import Refused
from fobwatch.learning import actions
from fobwatch.learning.actions.attempts import _move
from fobwatch.learning.actions.demo import make_demo_attempt
from fobwatch.learning.models import (
    Answer,
    Attempt,
    OwnQuestion,
    Understanding,
    progress,
    shipped_modules,
    standings,
    understood,
)
from fobwatch.learning.models.questions import bank_for
from fobwatch.learning.rules.bank import START, Module
from fobwatch.learning.rules.figures import Counts, Standing
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Version
from tests.access.policy import publish_template
from tests.cast import NOW, TESTER, member
from tests.learning.conftest import actor, begin, finish, passed

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
OWN: dict[str, Any] = {
    "clause": "auto-lock", "text": "Our ward phone sleeps after {auto_lock_minutes} minutes. Why?",
    "choices": ["So that no visitor reads it", "To save power", "It is broken"], "why": "Visitors walk by all day.",
}  # fmt: skip


def own(author: Membership, now: dt.datetime = NOW, **changed: object) -> OwnQuestion:
    return actions.add_question(author=author, **{**OWN, **changed}, by=actor(author), now=now)


# --- taking it ---


def test_what_was_begun_is_carried_on_with_the_same_questions(version: Version, nurse: Membership) -> None:
    first = begin(nurse)
    actions.answer(attempt=first, place=1, chosen=0, by=actor(nurse), now=NOW)
    again = begin(nurse, now=NOW + DAY)
    assert again.pk == first.pk
    assert again.asked == first.asked
    assert again.next_place() == 2
    assert Attempt.objects.count() == 1


def test_an_answer_stands_whatever_is_sent_afterwards(version: Version, nurse: Membership) -> None:
    attempt = begin(nurse)
    first = actions.answer(attempt=attempt, place=1, chosen=1, by=actor(nurse), now=NOW)
    again = actions.answer(attempt=attempt, place=1, chosen=0, by=actor(nurse), now=NOW + HOUR)
    assert (again.pk, again.chosen, again.at) == (first.pk, 1, NOW)
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(("place", "chosen"), [(2, 0), (99, 0), (0, 0), (1, 4), (1, -1)])
def test_it_takes_only_the_next_question_and_a_choice_that_is_there(
    version: Version, nurse: Membership, place: int, chosen: int
) -> None:
    attempt = begin(nurse)
    with pytest.raises(Refused, match="not the question that comes next"):
        actions.answer(attempt=attempt, place=place, chosen=chosen, by=actor(nurse), now=NOW)
    assert not Answer.objects.exists()


def test_the_last_answer_marks_the_attempt_and_a_pass_is_kept_as_evidence(version: Version, nurse: Membership) -> None:
    attempt = passed(nurse)
    assert (attempt.state, attempt.ended_at) == ("passed", NOW)
    kept = Understanding.objects.get()
    assert (kept.membership, kept.module, kept.version, kept.at) == (nurse, START, version, NOW)
    assert kept.until_epoch == epoch(NOW.replace(year=2027))
    assert Understanding.until(nurse) == kept.until_epoch
    assert Understanding.untils(nurse) == {START: kept.until_epoch}


def test_one_wrong_answer_is_forgiven_and_two_are_not(version: Version, nurse: Membership, porter: Membership) -> None:
    assert finish(begin(nurse), wrong=1).state == "passed"
    assert finish(begin(porter), wrong=2).state == "failed"
    assert Understanding.until(porter) == 0


def test_after_a_fail_the_next_try_waits_and_asks_something_else(version: Version, nurse: Membership) -> None:
    first = finish(begin(nurse), wrong=8)
    with pytest.raises(Refused, match="2 hours from now") as refused:
        begin(nurse)
    assert "other questions" in refused.value.verdict.next_step
    second = begin(nurse, now=NOW + 2 * HOUR)
    keys = [{one.key for one in attempt.questions} for attempt in (first, second)]
    assert not keys[0] & keys[1]
    assert finish(second, now=NOW + 2 * HOUR).state == "passed"


def test_a_fail_takes_no_pass_away(version: Version, nurse: Membership) -> None:
    passed(nurse)
    finish(begin(nurse, now=NOW + HOUR), wrong=8, now=NOW + HOUR)
    assert Understanding.until(nurse) == epoch(NOW.replace(year=2027))


def test_nothing_is_answered_once_it_has_ended(version: Version, nurse: Membership) -> None:
    attempt = passed(nurse)
    Answer.objects.filter(place=8).delete()
    with pytest.raises(Refused, match="has ended"):
        actions.answer(attempt=attempt, place=8, chosen=0, by=actor(nurse), now=NOW)


def test_what_was_begun_under_another_version_is_replaced(
    hospital: Organisation, version: Version, nurse: Membership
) -> None:
    old = begin(nurse)
    publish_template(hospital)
    new = begin(nurse, now=NOW + HOUR)
    old.refresh_from_db()
    assert (old.state, old.ended_at) == ("overtaken", NOW + HOUR)
    assert (new.state, new.version) == ("open", Version.in_force(hospital))


def test_without_a_policy_there_is_nothing_to_learn(nurse: Membership) -> None:
    with pytest.raises(Refused, match="no policy in force"):
        begin(nurse)


def test_a_module_without_questions_says_so(version: Version, nurse: Membership) -> None:
    empty = Module("empty", "Empty", "", 3)
    with pytest.raises(Refused, match="no questions for this training"):
        actions.start(membership=nurse, module=empty, by=actor(nurse), now=NOW)
    assert not Attempt.objects.exists()


def test_two_open_attempts_cannot_be_kept(version: Version, nurse: Membership) -> None:
    first = begin(nurse)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(
            organisation=nurse.organisation, membership=nurse, module=START, version=version, seed=1, asked=first.asked,
            started_at=NOW,
        )  # fmt: skip


def test_an_attempt_moves_only_as_the_table_says(version: Version, nurse: Membership) -> None:
    attempt = passed(nurse)
    with pytest.raises(ValueError, match="does not go from passed to failed"):
        _move(attempt, "failed", NOW)


def test_the_log_names_no_answer_and_no_mark(version: Version, nurse: Membership) -> None:
    finish(begin(nurse), wrong=8)
    assert {one.action for one in Entry.objects.all()} >= {"learning.started", "learning.answered"}
    said = " ".join(Detail.objects.values_list("payload", flat=True))
    assert "chosen" not in said
    assert "failed" not in said


# --- what is asked ---


def test_questions_about_what_others_may_do_are_not_asked(
    version: Version, nurse: Membership, porter: Membership
) -> None:
    module = shipped_modules()[START]
    clauses = {one.clause for one in bank_for(porter, module, version)}
    assert not clauses & {"open-record", "take-photographs"}
    assert {"open-record", "take-photographs", "open-mail"} <= {
        one.clause for one in bank_for(nurse, module, version)
    }  # fmt: skip


def test_a_question_of_our_own_is_asked_until_it_is_withdrawn(
    version: Version, ig_lead: Membership, nurse: Membership
) -> None:
    question = own(ig_lead)
    module = shipped_modules()[START]
    assert f"own-{question.pk}" in {one.key for one in bank_for(nurse, module, version)}
    actions.withdraw_question(question=question, by=actor(ig_lead), now=NOW)
    actions.withdraw_question(question=question, by=actor(ig_lead), now=NOW + HOUR)
    assert question.withdrawn_at == NOW
    assert f"own-{question.pk}" not in {one.key for one in bank_for(nurse, module, version)}


def test_a_question_of_another_organisation_is_never_asked(
    version: Version, surgery: Organisation, outsider: Membership, nurse: Membership
) -> None:
    publish_template(surgery)
    theirs = own(outsider)
    keys = {one.key for one in bank_for(nurse, shipped_modules()[START], version)}
    assert f"own-{theirs.pk}" not in keys


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"clause": "no-such-rule"}, "no such rule"),
        ({"choices": ["Yes", "No", "yes "]}, "say the same"),
        ({"text": "After {no_such_detail} minutes?"}, "“{no_such_detail}” is not a detail of your policy"),
        ({"text": "word " * 120}, "110"),
    ],
)
def test_a_question_that_could_not_be_asked_is_refused(
    version: Version, ig_lead: Membership, changed: dict[str, object], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        own(ig_lead, **changed)
    assert not OwnQuestion.objects.exists()


def test_without_a_policy_no_question_is_kept(ig_lead: Membership) -> None:
    with pytest.raises(Refused, match="no such rule"):
        own(ig_lead)


# --- counts ---


def test_understood_counts_those_who_work_here(
    version: Version, hospital: Organisation, nurse: Membership, porter: Membership, outsider: Membership
) -> None:
    member(hospital, "Gone Girl", employment="left", leaves_on=NOW.date() - DAY)
    passed(nurse)
    assert understood(hospital, NOW) == Counts(of=2, understood=1, lapsed=0, never=1)
    assert understood(hospital, NOW - HOUR) == Counts(of=2, understood=0, lapsed=0, never=2)
    assert understood(hospital, NOW.replace(year=2020)).of == 0, "before anybody worked here"
    later = NOW.replace(year=2027) + HOUR
    assert understood(hospital, later) == Counts(of=2, understood=0, lapsed=1, never=1)
    passed(porter, now=later)
    assert understood(hospital, later) == Counts(of=2, understood=1, lapsed=1, never=0)


def test_other_modules_do_not_count_as_understanding(version: Version, nurse: Membership) -> None:
    passed(nurse, "photographs")
    assert Understanding.until(nurse) == 0
    assert understood(nurse.organisation, NOW).understood == 0


def test_standings_hold_no_name(version: Version, nurse: Membership) -> None:
    assert standings(nurse.organisation, NOW) == [Standing("Ward 6", True, None)]


def test_progress_shows_each_week_as_it_was(version: Version, nurse: Membership, porter: Membership) -> None:
    week = dt.timedelta(weeks=1)
    passed(nurse)
    passed(porter, now=NOW + week)
    found = progress(nurse.organisation, NOW + week, weeks=2)
    assert [one.understood for one in found.values()] == [0, 1, 2]
    assert list(found) == [(NOW - week).date(), NOW.date(), (NOW + week).date()]


def test_figures_are_of_the_last_year_and_of_this_organisation(
    version: Version, nurse: Membership, surgery: Organisation, outsider: Membership
) -> None:
    publish_template(surgery)
    passed(nurse)
    passed(outsider)
    tallies = Answer.tallies(nurse.organisation, NOW)
    assert sum(one.answers for one in tallies) == 8
    assert {(one.people, one.answers, one.wrong) for one in tallies} == {(1, 1, 0)}
    assert Answer.tallies(nurse.organisation, NOW + 366 * DAY) == []
    assert [one.clause for one in Answer.tallies(nurse.organisation, NOW, clause=tallies[0].clause)] == [
        tallies[0].clause
    ]  # fmt: skip


# --- the demo ---


def test_the_demo_makes_attempts_with_hard_rules(version: Version, nurse: Membership, settings: Any) -> None:
    settings.FOBWATCH_DEMO = True
    module = shipped_modules()[START]
    made = make_demo_attempt(
        membership=nurse, version=version, module=module, seed=3, hard=("report-loss",), by=TESTER, now=NOW
    )
    wrong = {one.clause for one in Answer.objects.filter(attempt=made, right=False)}
    assert wrong <= {"report-loss"}
    assert made.state == "passed"
    settings.FOBWATCH_DEMO = False
    with pytest.raises(Refused, match="in the demo only"):
        make_demo_attempt(membership=nurse, version=version, module=module, seed=3, hard=(), by=TESTER, now=NOW)


def test_rows_name_themselves_without_a_person(version: Version, nurse: Membership, ig_lead: Membership) -> None:
    attempt = passed(nurse)
    rows = [attempt, Answer.objects.all()[0], Understanding.mine(nurse)[0], own(ig_lead)]
    for row in rows:
        assert nurse.person.name not in str(row)
        assert row.pk in str(row)
