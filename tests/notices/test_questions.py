"""A question: asked, taken, answered, published, taken back; refused where it must be."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.audit.models import Detail
from fobwatch.audit.models import Entry as LogEntry
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import Refused
from fobwatch.notices import actions
from fobwatch.notices.models import FaqEntry, Question, oldest_wait
from fobwatch.notices.rules import questions as rules
from fobwatch.people.models import Letter, Membership, Organisation
from fobwatch.policy.models import Version
from tests.access.policy import publish_template
from tests.cast import NOW, TESTER
from tests.notices.conftest import actor, answered, asked, published

# --- rules ---


def test_every_state_and_step_is_in_the_tables() -> None:
    assert set(rules.STATE_WORDS) == {key for key, _ in Question._meta.get_field("state").choices}
    for before, after in rules.STEPS.values():
        assert {*before, after} <= set(rules.STATE_WORDS)
    for step in rules.STEPS:
        for state in rules.STATE_WORDS:
            verdict = rules.may(step, state)
            assert verdict or (verdict.reason and verdict.next_step)


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0, "less than an hour"), (1, "1 hour"), (23, "23 hours"), (24, "1 day"), (47, "1 day"), (72, "3 days")],
)
def test_how_long_it_waited_is_said_in_words(hours: int, words: str) -> None:
    assert rules.waited(NOW, NOW + dt.timedelta(hours=hours, minutes=59)) == words


def test_it_is_due_so_many_days_later() -> None:
    assert rules.due(NOW, 5) == NOW + dt.timedelta(days=5)


@given(st.text(max_size=9))
def test_a_few_letters_are_no_question(text: str) -> None:
    assert not rules.text_verdict(text)


def test_nobody_has_more_open_questions_than_can_be_answered() -> None:
    assert rules.may_ask(rules.MOST_OPEN - 1)
    assert not rules.may_ask(rules.MOST_OPEN)


def test_only_the_team_answers() -> None:
    assert rules.of_the_team(frozenset({Permission.ANSWER_QUESTIONS}))
    assert not rules.of_the_team(frozenset({Permission.READ_POLICY}))


# --- asking ---


def test_a_question_goes_to_the_team_by_an_email_that_says_nothing_of_it(nurse: Membership, version: Version) -> None:
    question = asked(nurse, "May I show my rota to my husband?", clause="open-mail")
    assert (question.state, question.clause, question.owner) == ("waiting", "open-mail", None)
    letter = Letter.objects.get()
    assert letter.to == "ig@example.org"
    for word in ("rota", "husband", "Amara", "Osei"):
        assert word not in letter.subject + letter.body
    assert question.pk in letter.body


def test_without_an_address_of_the_team_it_waits_in_the_inbox(hospital: Organisation, nurse: Membership) -> None:
    Organisation.objects.update(ig_email="")
    nurse.organisation.refresh_from_db()
    question = asked(nurse)
    assert list(Question.waiting(hospital)) == [question]
    assert not Letter.objects.exists()


def test_a_rule_that_is_not_in_the_policy_is_not_kept(nurse: Membership, version: Version) -> None:
    assert asked(nurse, clause="made-up").clause == ""


@pytest.mark.parametrize("text", ["too short", "May I text 943 476 5919 about it?", "Can I call Mrs Lindqvist?"])
def test_what_is_no_question_or_names_a_patient_is_refused_and_not_kept(nurse: Membership, text: str) -> None:
    with pytest.raises(Refused):
        asked(nurse, text)
    assert not Question.objects.exists()
    assert not Letter.objects.exists()


def test_the_log_holds_none_of_its_words(nurse: Membership, ig_lead: Membership, version: Version) -> None:
    published(answered(asked(nurse, "Zebras on my phone, may I?"), ig_lead, "Okapis only."), ig_lead)
    said = "".join(row.payload for row in Detail.objects.all()) + "".join(map(str, LogEntry.objects.values_list()))
    assert "question.asked" in said
    assert "Zebra" not in said
    assert "Okapi" not in said


def test_too_many_open_questions_are_refused(nurse: Membership) -> None:
    for _ in range(rules.MOST_OPEN):
        asked(nurse)
    with pytest.raises(Refused, match="open questions already"):
        asked(nurse)


# --- taking and answering ---


def test_a_question_has_an_owner_once_it_is_taken_and_none_once_it_is_given_back(
    question: Question, ig_lead: Membership
) -> None:
    taken = actions.take(question=question, member=ig_lead, by=actor(ig_lead), now=NOW)
    assert (taken.state, taken.owner) == ("taken", ig_lead)
    back = actions.give_back(question=question, member=ig_lead, by=actor(ig_lead), now=NOW)
    assert (back.state, back.owner) == ("waiting", None)
    with pytest.raises(Refused, match="Nobody has taken"):
        actions.give_back(question=question, member=ig_lead, by=actor(ig_lead), now=NOW)


def test_an_answer_names_its_policy_and_the_asker_is_told_without_a_word_of_it(
    question: Question, ig_lead: Membership, nurse: Membership, version: Version
) -> None:
    done = answered(question, ig_lead, "Yes, but never about a zebra.")
    assert (done.state, done.owner, done.answered_by, done.version) == ("answered", ig_lead, ig_lead, version)
    letter = Letter.objects.get(to=nurse.person.email)
    assert "zebra" not in letter.body
    assert f"/ask/questions/{question.pk}/" in letter.body


def test_an_answer_can_be_put_right(question: Question, ig_lead: Membership) -> None:
    answered(question, ig_lead, "Yes.")
    assert answered(question, ig_lead, "No: we were wrong.").answer == "No: we were wrong."


@pytest.mark.parametrize("text", ["", "  ", "Ask Mrs Lindqvist."])
def test_an_empty_answer_or_one_that_names_a_patient_is_refused(
    question: Question, ig_lead: Membership, text: str
) -> None:
    with pytest.raises(Refused):
        answered(question, ig_lead, text)
    question.refresh_from_db()
    assert question.state == "waiting"


def test_what_was_taken_back_is_not_answered(question: Question, nurse: Membership, ig_lead: Membership) -> None:
    actions.withdraw(question=question, member=nurse, by=actor(nurse), now=NOW)
    with pytest.raises(Refused, match="taken back"):
        answered(question, ig_lead)


def test_only_the_asker_takes_it_back_and_only_before_the_answer(
    question: Question, nurse: Membership, porter: Membership, ig_lead: Membership
) -> None:
    with pytest.raises(Refused, match="not your question"):
        actions.withdraw(question=question, member=porter, by=actor(porter), now=NOW)
    answered(question, ig_lead)
    with pytest.raises(Refused, match="its answer already"):
        actions.withdraw(question=question, member=nurse, by=actor(nurse), now=NOW)


@pytest.mark.parametrize("who", ["porter", "it_support", "manager"])
def test_others_neither_take_nor_answer(request: pytest.FixtureRequest, question: Question, who: str) -> None:
    member = request.getfixturevalue(who)
    with pytest.raises(Refused, match="does not include answering"):
        actions.take(question=question, member=member, by=actor(member), now=NOW)
    with pytest.raises(Refused, match="does not include answering"):
        answered(question, member)


def test_another_organisation_neither_answers_nor_publishes(
    question: Question, ig_lead: Membership, outsider: Membership
) -> None:
    with pytest.raises(Refused, match="another organisation"):
        answered(question, outsider)
    answered(question, ig_lead)
    question.refresh_from_db()
    with pytest.raises(Refused, match="another organisation"):
        published(question, outsider)


def test_the_clock_of_the_team_shows_how_many_wait_and_since_when(
    hospital: Organisation, nurse: Membership, ig_lead: Membership
) -> None:
    assert oldest_wait(hospital) == (0, None)
    first = asked(nurse, now=NOW - dt.timedelta(days=2))
    asked(nurse)
    assert oldest_wait(hospital) == (2, NOW - dt.timedelta(days=2))
    answered(first, ig_lead)
    assert oldest_wait(hospital) == (1, NOW)


def test_the_inbox_begins_with_what_waits_longest(nurse: Membership, ig_lead: Membership) -> None:
    done = answered(asked(nurse, now=NOW - dt.timedelta(days=9)), ig_lead)
    new, old = asked(nurse), asked(nurse, now=NOW - dt.timedelta(days=2))
    assert list(Question.inbox(nurse.organisation)) == [old, new, done]


# --- publishing ---


def test_what_is_published_does_not_say_who_asked(entry: FaqEntry, nurse: Membership) -> None:
    assert entry.question == "May I text a colleague about a shift?"
    people = {field.name for field in FaqEntry._meta.fields if field.related_model is Membership}
    assert people == {"published_by"}


def test_it_is_published_once_and_only_with_an_answer(question: Question, ig_lead: Membership) -> None:
    with pytest.raises(Refused, match="no answer yet"):
        published(question, ig_lead)
    done = answered(question, ig_lead)
    published(done, ig_lead)
    with pytest.raises(Refused, match="published already"):
        published(done, ig_lead)


def test_a_published_text_names_no_patient_and_is_not_empty(question: Question, ig_lead: Membership) -> None:
    done = answered(question, ig_lead)
    for text in ("", "About Mrs Lindqvist"):
        with pytest.raises(Refused):
            actions.publish_entry(
                question=done, member=ig_lead, question_text=text, answer_text="Yes.", by=TESTER, now=NOW
            )


def test_a_new_policy_makes_an_answer_doubtful_until_somebody_says_that_it_is_right(
    entry: FaqEntry, hospital: Organisation, version: Version, ig_lead: Membership
) -> None:
    assert not entry.doubtful(version)
    newer = publish_template(hospital)
    assert entry.doubtful(newer)
    assert entry.doubtful(None)
    checked = actions.check_entry(entry=entry, member=ig_lead, by=actor(ig_lead), now=NOW)
    assert not checked.doubtful(newer)


def test_a_retired_answer_is_gone_and_can_be_published_anew(entry: FaqEntry, ig_lead: Membership) -> None:
    question = entry.source
    actions.retire_entry(entry=entry, member=ig_lead, by=actor(ig_lead), now=NOW)
    assert not FaqEntry.shown(ig_lead.organisation).exists()
    assert question is not None
    assert published(question, ig_lead).retired_at is None


@pytest.mark.parametrize("do", [actions.check_entry, actions.retire_entry])
def test_others_do_not_touch_published_answers(
    entry: FaqEntry, porter: Membership, do: Callable[..., FaqEntry]
) -> None:
    with pytest.raises(Refused):
        do(entry=entry, member=porter, by=actor(porter), now=NOW)


def test_sites_that_are_none_are_refused_by_the_action_too(hospital: Organisation) -> None:
    with pytest.raises(Refused, match="is not the address of a site"):
        actions.set_desk(organisation=hospital, values={"sites": "*"}, by=TESTER, now=NOW)
