"""What an attempt asks: short, spread over the policy, never the same set twice, and the same for the same seed."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fobwatch.learning.models import shipped_modules, shipped_questions
from fobwatch.learning.rules.bank import MOST_SECONDS, START, Module, Question, asked
from fobwatch.learning.rules.draw import draw
from fobwatch.policy.models import template
from fobwatch.policy.rules.clause import with_params

POLICY = template()
SEEDS = st.integers(0, 2**62)
BANK = [one for one in shipped_questions() if START in one.modules]
MODULE = shipped_modules()[START]
CLAUSES = [one.id for one in POLICY.clauses]


def made(count: int, words: int = 5) -> list[Question]:
    """Questions about different rules, each of so many words."""
    return [
        Question(f"q{place}", CLAUSES[place % len(CLAUSES)], "word " * words, ("a", "b", "c"), "Because.")
        for place in range(count)
    ]


def keys(drawn: object) -> frozenset[str]:
    return frozenset(one.key for one in drawn)  # type: ignore[attr-defined]


@settings(deadline=None)
@given(seed=SEEDS, size=st.integers(0, 60), words=st.integers(1, 80), asks=st.integers(1, 12))
def test_no_attempt_takes_longer_than_six_minutes(seed: int, size: int, words: int, asks: int) -> None:
    module = Module("m", "M", "", asks)
    drawn = draw(module, made(size, words), POLICY, before=[], seed=seed)
    assert sum(one.seconds for one in drawn) <= MOST_SECONDS
    assert len(drawn) == len(keys(drawn)) <= min(asks, size)


@pytest.mark.parametrize("key", shipped_modules())
def test_even_the_longest_questions_of_a_module_take_less_than_six_minutes(key: str) -> None:
    module = shipped_modules()[key]
    bank = [one for one in shipped_questions() if key in one.modules]
    longest = sorted((asked(one, POLICY, tuple(range(len(one.choices)))).seconds for one in bank), reverse=True)
    assert sum(longest[: module.asks]) <= MOST_SECONDS + max(longest)
    for seed in range(50):
        drawn = draw(module, bank, POLICY, before=[], seed=seed)
        assert len(drawn) == module.asks, "the limit of six minutes cuts this module short"


@settings(deadline=None)
@given(seed=SEEDS)
def test_the_same_seed_draws_the_same_questions_in_the_same_order(seed: int) -> None:
    assert draw(MODULE, BANK, POLICY, before=[], seed=seed) == draw(MODULE, BANK, POLICY, before=[], seed=seed)


@settings(deadline=None)
@given(seed=SEEDS)
def test_an_attempt_asks_about_different_rules_and_first_about_what_matters_most(seed: int) -> None:
    drawn = draw(MODULE, BANK, POLICY, before=[], seed=seed)
    assert len({one.clause for one in drawn}) == MODULE.asks
    assert len({one.section for one in drawn}) == min(MODULE.asks, len({one.section for one in POLICY.clauses}))
    assert set(MODULE.first) <= {one.section for one in drawn}


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_attempts_that_follow_each_other_share_no_question_while_there_are_others(seed: int) -> None:
    first = draw(MODULE, BANK, POLICY, before=[], seed=seed)
    second = draw(MODULE, BANK, POLICY, before=[keys(first)], seed=seed)
    assert not keys(first) & keys(second)


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, module=st.sampled_from(sorted(shipped_modules())))
def test_ten_attempts_have_ten_different_sets(seed: int, module: str) -> None:
    bank = [one for one in shipped_questions() if module in one.modules]
    before: list[frozenset[str]] = []
    for _ in range(10):
        before.append(keys(draw(shipped_modules()[module], bank, POLICY, before=before, seed=seed)))
    assert len(set(before)) == 10


def test_a_bank_without_another_set_gives_the_same_one_again() -> None:
    module, bank = Module("m", "M", "", 3), made(3)
    first = draw(module, bank, POLICY, before=[], seed=1)
    assert keys(draw(module, bank, POLICY, before=[keys(first)], seed=2)) == keys(first)


def test_an_empty_bank_draws_nothing() -> None:
    assert draw(MODULE, [], POLICY, before=[], seed=1) == ()


def test_the_right_choice_stands_at_every_place() -> None:
    drawn = [one for seed in range(60) for one in draw(MODULE, BANK, POLICY, before=[], seed=seed)]
    places = {one.right for one in drawn if len(one.choices) == 4}
    assert places == {0, 1, 2, 3}
    for one in drawn:
        source = next(each for each in BANK if each.key == one.key)
        assert one.choices[one.right] == asked(source, POLICY, tuple(range(len(source.choices)))).choices[0]


def test_questions_hold_the_numbers_of_the_policy_they_are_drawn_for() -> None:
    policy = with_params(POLICY, {"auto_lock_minutes": 9})
    bank = [one for one in BANK if one.clause == "auto-lock"]
    random.Random(1).shuffle(bank)  # noqa: S311
    said = " ".join(part for one in draw(MODULE, bank, policy, before=[], seed=4) for part in (*one.choices, one.why))
    assert "9 minutes" in said
