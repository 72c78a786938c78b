"""Versions sort as numbers, and come back as they were written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.policy.rules.vocabulary import CELLS, FACTS, Kind, version_number, version_text

parts = st.tuples(st.integers(0, 99_999), st.integers(0, 999), st.integers(0, 999))


@given(parts, parts)
def test_versions_sort_as_numbers(left, right):
    numbers = [version_number(".".join(map(str, one))) for one in (left, right)]
    assert (numbers[0] < numbers[1]) == (left < right)


@pytest.mark.parametrize("text", ["17", "17.4", "17.4.1", "17.0.1", "0"])
def test_a_version_comes_back_as_written(text):
    assert version_text(version_number(text)) == text


@pytest.mark.parametrize("text", ["", "17.", "17.4.1.2", "17a", "-1", "123456", "1.1000", "1.1.1000", "\u0661"])
def test_it_refuses_what_is_not_a_version(text):
    with pytest.raises(ValueError, match=r"numbers with dots|below 1,000"):
        version_number(text)


def test_every_choice_has_choices_and_every_fact_its_sentence():
    assert all(bool(fact.choices) == (fact.kind is Kind.CHOICE) and fact.missing.endswith(".") for fact in FACTS)
    assert all(fact.grades == tuple(sorted(fact.grades, reverse=True)) for fact in FACTS)
    assert len({fact.name for fact in FACTS}) == len(FACTS) < 64
    assert len(CELLS) <= 32
