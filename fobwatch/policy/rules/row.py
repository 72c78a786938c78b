"""The flat row that is decided upon: every fact as whole numbers, never null."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from fobwatch.policy.rules.form import number
from fobwatch.policy.rules.vocabulary import BY_NAME, FACTS, Fact, Grade, Kind

Row = tuple[int, ...]

NAMES = tuple(fact.name for fact in FACTS)
INDEX = {name: index for index, name in enumerate(NAMES)}
WIDTH = len(FACTS)
GRADES_AT, OBSERVED_AT, EXPIRES_AT = WIDTH, 2 * WIDTH, 3 * WIDTH
# The last second of the year 9999: what is held in the register does not expire.
FOREVER = 253_402_300_799


class Held(NamedTuple):
    """One fact as it is held.

    value: a bool as 0 or 1, a choice by its place, a version as `version_number`, SINCE and UNTIL in epoch seconds.
    grade: a `Grade`; 0 is missing. observed, expires: epoch seconds; from `expires` on the fact counts as missing.
    """

    value: int
    grade: int
    observed: int
    expires: int = FOREVER


MISSING = Held(0, 0, 0)


def held(name: str, value: bool | int | str, grade: Grade, observed: int, expires: int = FOREVER) -> Held:
    """A fact from its plain value: held("os_version", "17.4", …). A moment is given in epoch seconds.

    Raises KeyError for an unknown fact and ValueError for a value that is not of its type.
    """
    fact = BY_NAME[name]
    whole = int(value) if fact.kind in (Kind.SINCE, Kind.UNTIL) else number(fact, value)
    return Held(whole, int(grade), observed, expires)


def pack(facts: Mapping[str, Held]) -> Row:
    """All values, then all grades, all observed moments, all expiries, each in the order of `NAMES`.

    A fact that is not given is missing; a name that is not in the vocabulary is not looked at.
    """
    values, grades, observed, expires = zip(*[facts.get(name, MISSING) for name in NAMES], strict=True)
    row: Row = values + grades + observed + expires
    return row


def unpack(row: Row, name: str) -> Held:
    """One fact of a row as it is held, expired or not."""
    at = INDEX[name]
    return Held(row[at], row[GRADES_AT + at], row[OBSERVED_AT + at], row[EXPIRES_AT + at])


def fresh(row: Row, now: int) -> Row:
    """The row with the grade of whatever has expired set to missing."""
    live = zip(row[GRADES_AT:OBSERVED_AT], row[EXPIRES_AT:], strict=True)
    return row[:GRADES_AT] + tuple([grade if now < expires else 0 for grade, expires in live]) + row[OBSERVED_AT:]


def plain_value(fact: Fact, number: int) -> bool | int | str:
    """A value in the form that other engines read: bools and choices as such, everything else a whole number."""
    if fact.kind is Kind.BOOL:
        return bool(number)
    return fact.choices[number] if fact.kind is Kind.CHOICE else number


def plain_facts(row: Row, names: Iterable[str]) -> dict[str, dict[str, bool | int | str]]:
    """What is held of these facts, for other engines. What is missing is left out; what has expired is not."""
    return {
        name: {"value": plain_value(BY_NAME[name], held.value), "grade": held.grade, "expires": held.expires}
        for name in names
        if (held := unpack(row, name)).grade
    }
