"""A fact and its value in the words of a page."""

import datetime as dt

from fobwatch.devices.rules.evidence import MOST_MINUTES
from fobwatch.policy.rules.vocabulary import BY_NAME, PLATFORM_WORDS, Kind, version_text


def value_words(fact: str, value: int) -> str | dt.datetime:
    """The value in plain words; a moment where the fact is one. Raises KeyError for a fact that does not exist."""
    kind = BY_NAME[fact].kind
    if kind is Kind.BOOL:
        return "Yes" if value else "No"
    if kind is Kind.VERSION:
        return version_text(value)
    if kind is Kind.CHOICE:
        choice = BY_NAME[fact].choices[value]
        return PLATFORM_WORDS.get(choice, choice)
    if kind in (Kind.SINCE, Kind.UNTIL):
        return dt.datetime.fromtimestamp(value, dt.UTC)
    return "Longer, or never" if value >= MOST_MINUTES else f"{value} minute{'' if value == 1 else 's'}"


_TITLES = {
    "os_fixes": "Security fixes until",
    "checked_in": "Last check-in",
    "auto_lock_minutes": "Screen locks after",
    "browser_key": "This browser's own key answered",
}


def fact_words(fact: str) -> str:
    """The name of a fact at the head of a row."""
    plain = BY_NAME[fact].plain
    return _TITLES.get(fact, plain[0].upper() + plain[1:])
