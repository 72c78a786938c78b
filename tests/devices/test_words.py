"""A fact and its value in the words of a page."""

import datetime as dt

import pytest

from fobwatch.devices.rules.words import fact_words, value_words
from fobwatch.policy.rules.vocabulary import BY_NAME


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        ("encrypted", 1, "Yes"),
        ("encrypted", 0, "No"),
        ("os_version", 18_007_002, "18.7.2"),
        ("platform", 0, "iPhone"),
        ("ownership", 0, "personal"),
        ("auto_lock_minutes", 1, "1 minute"),
        ("auto_lock_minutes", 5, "5 minutes"),
        ("auto_lock_minutes", 1_440, "Longer, or never"),
        ("checked_in", 0, dt.datetime(1970, 1, 1, tzinfo=dt.UTC)),
        ("os_fixes", 86_400, dt.datetime(1970, 1, 2, tzinfo=dt.UTC)),
    ],
)
def test_each_kind_of_value_has_words(fact: str, value: int, words: object) -> None:
    assert value_words(fact, value) == words


@pytest.mark.parametrize("fact", sorted(BY_NAME))
def test_every_fact_has_a_name_that_begins_a_row(fact: str) -> None:
    assert fact_words(fact)[0].isupper()


def test_a_fact_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        value_words("mood", 1)
