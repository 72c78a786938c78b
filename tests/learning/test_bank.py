"""The shipped bank: enough questions, whole, true of any policy that is made of the template, and short."""

from collections import Counter
from itertools import product

import pytest

from fobwatch.learning.models import shipped_modules, shipped_questions
from fobwatch.learning.rules.bank import (
    MOST_WORDS,
    START,
    Module,
    Question,
    asked,
    minutes,
    offered,
    problem,
    questions,
    suits,
    usable,
)
from fobwatch.policy.models import template
from fobwatch.policy.rules.clause import parse, to_data, with_params
from fobwatch.policy.rules.form import Param, Policy
from fobwatch.policy.rules.readability import report

ONE = Question("k", "auto-lock", "What now?", ("Right", "Wrong", "Worse"), "Because.")
EXTREMES = ("minimum", "maximum")


def changed(**values: object) -> Question:
    fields = {name: getattr(ONE, name) for name in ("key", "clause", "text", "choices", "why", "modules", "when")}
    return Question(**{**fields, **values})


def at(param: Param, end: str) -> object:
    return getattr(param, end) if param.kind == "int" else param.value


def policies() -> list[Policy]:
    """The template as it is, and with every number at its least and at its most."""
    made = template()
    return [made, *(with_params(made, {one.name: at(one, end) for one in made.params}) for end in EXTREMES)]


def test_every_rule_of_the_template_has_at_least_three_questions() -> None:
    counts = Counter(one.clause for one in shipped_questions())
    assert {one.id for one in template().clauses} <= set(counts)
    assert min(counts.values()) >= 3


def test_every_question_is_about_a_rule_of_the_template_and_of_a_known_module() -> None:
    for one in shipped_questions():
        assert one.clause in {clause.id for clause in template().clauses}, one.key
        assert set(one.modules) <= set(shipped_modules()), one.key
        assert one.names() <= set(template().values), one.key


def test_every_question_can_be_asked_under_the_template_as_it_is() -> None:
    assert usable(shipped_questions(), template()) == shipped_questions()


@pytest.mark.parametrize("key", shipped_modules())
def test_a_module_has_twice_the_questions_that_one_attempt_asks(key: str) -> None:
    bank = [one for one in shipped_questions() if key in one.modules]
    assert len(bank) >= 2 * shipped_modules()[key].asks


def test_the_choices_of_a_question_differ_whatever_the_numbers_of_the_policy_are() -> None:
    for policy, one in product(policies(), shipped_questions()):
        if one not in usable([one], policy):
            continue
        shown = asked(one, policy, tuple(range(len(one.choices))))
        assert len(set(shown.choices)) == len(shown.choices), (one.key, shown.choices)
        assert "{" not in "".join((shown.text, *shown.choices, shown.why)), one.key


def test_the_longest_choice_is_not_the_way_to_pass() -> None:
    longest = sum(len(one.choices[0]) == max(map(len, one.choices)) for one in shipped_questions())
    assert longest <= 0.45 * len(shipped_questions())


def test_the_questions_are_as_easy_to_read_as_the_policy_should_be() -> None:
    assert report([part for one in shipped_questions() for part in one.parts]).grade <= 6


def test_no_two_questions_ask_the_same() -> None:
    assert max(Counter(one.text for one in shipped_questions()).values()) == 1


def test_a_question_goes_with_its_rule_and_with_its_details() -> None:
    made = template()
    bank = [
        ONE,
        changed(clause="not-there"),
        changed(text="After {no_such} minutes?"),
        changed(when={"absence_weeks": 9}),
    ]
    assert usable(bank, made) == (ONE,)
    assert usable(bank, with_params(made, {"absence_weeks": 9})) == (ONE, bank[3])


def test_a_question_says_what_this_policy_says() -> None:
    made = with_params(template(), {"auto_lock_minutes": 3})
    one = changed(choices=("Within {auto_lock_minutes} minutes", "Never", "Later"))
    assert asked(one, made, (2, 0, 1)).choices == ("Later", "Within 3 minutes", "Never")
    assert asked(one, made, (2, 0, 1)).right == 1


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (ONE, ""),
        (changed(why=" "), "need words"),
        (changed(choices=("Right", "Wrong")), "two or three wrong ones"),
        (changed(choices=("Right", "a", "b", "c", "d")), "two or three wrong ones"),
        (changed(choices=("Right", "right ", "Wrong")), "say the same"),
        (changed(text="word " * MOST_WORDS), "so that the training stays short"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(one: Question, said: str) -> None:
    assert (said in problem(one)) if said else problem(one) == ""


def test_a_wrong_question_in_the_file_is_named() -> None:
    row = {"text": "Now?", "right": "a", "wrong": ["b"], "why": "c"}
    with pytest.raises(ValueError, match="auto-lock-1: A question has one right choice"):
        questions({"question": {"auto-lock": [row]}})


def test_modules_follow_what_the_policy_opens_to_a_staff_group() -> None:
    def keys(group: str, *, manages: bool = False, **values: object) -> set[str]:
        made = with_params(template(), values)
        return {one.key for one in offered(shipped_modules(), made, staff_group=group, manages=manages)}

    assert keys("clinical") == {"start", "messages", "records", "photographs"}
    assert keys("non_clinical") == {"start", "messages"}
    assert keys("non_clinical", manages=True, chat_groups=[]) == {"start", "managers"}
    gone = Module("gone", "Gone", "", 3, opened_by="no_such_param")
    assert offered({"gone": gone}, template(), staff_group="clinical", manages=True) == ()


def test_nobody_is_asked_about_what_is_opened_to_others_only() -> None:
    def asked_of(one: Question, policy: Policy, group: str, team: str = "") -> bool:
        return suits(one, policy, staff_group=group, role="staff", team=team)

    picture = changed(clause="take-photographs")
    assert asked_of(picture, template(), "clinical")
    assert not asked_of(picture, template(), "non_clinical")
    assert asked_of(ONE, template(), "non_clinical")
    data = to_data(template())
    rule = next(one for one in data["clause"] if one["id"] == "keep-nothing")
    rule["audience"] = {"teams": ["Community nursing"]}
    visits = changed(clause="keep-nothing")
    assert asked_of(visits, parse(data), "clinical", "Community nursing")
    assert not asked_of(visits, parse(data), "clinical", "Theatres")


@pytest.mark.parametrize("key", shipped_modules())
def test_a_module_says_less_than_six_minutes(key: str) -> None:
    bank = [one for one in shipped_questions() if key in one.modules]
    assert 1 <= minutes(shipped_modules()[key], bank, template()) <= 6
    assert minutes(shipped_modules()[START], [], template()) == 0
