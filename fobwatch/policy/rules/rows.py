"""A condition as rows of a form, and back: no expression syntax for authors, only choices (R02).

A row is one comparison. Rows with the same letter count together, joined by the other word: all of A, or all of B.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fobwatch.policy.rules.form import Atom, Condition, Group, Value

LETTERS = ("A", "B", "C", "D", "E", "F")
MOST_ROWS = 12
_OTHER = {"all": "any", "any": "all"}


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison; `letter` joins it with others, and is empty where it stands alone."""

    fact: str
    op: str
    value: Value
    letter: str = ""


def rows(condition: Condition | None) -> tuple[str, tuple[Row, ...]] | None:
    """The word that joins them, and the rows; None where a condition has parts within parts within parts."""
    if condition is None:
        return "all", ()
    if isinstance(condition, Atom):
        return "all", (Row(condition.fact, condition.op, condition.value),)
    found: list[Row] = []
    letters = iter(LETTERS)
    for part in condition.parts:
        inner = part.parts if isinstance(part, Group) else (part,)
        letter = ""
        if isinstance(part, Group) and part.how != condition.how:
            letter = next(letters, "")
            if not letter:
                return None
        for one in inner:
            if isinstance(one, Group):
                return None
            found.append(Row(one.fact, one.op, one.value, letter))
    return condition.how, tuple(found)


def condition_data(how: str, given: Iterable[Row]) -> list[Any] | None:
    """The rows as the condition that `check` reads; None where there is none."""
    parts: list[Any] = []
    together: dict[str, list[Any]] = {}
    for row in given:
        atom = [row.fact, row.op, list(row.value) if isinstance(row.value, tuple) else row.value]
        if row.letter in together:
            together[row.letter].append(atom)
        elif row.letter:
            together[row.letter] = [_OTHER[how], atom]
            parts.append(together[row.letter])
        else:
            parts.append(atom)
    # A letter with one row is that row.
    parts = [part[1] if part[0] in _OTHER and len(part) == 2 else part for part in parts]
    if len(parts) > 1:
        return [how, *parts]
    return parts[0] if parts else None
