"""Typed values: which operator and value fit which fact, what a parameter may be, which cells a pattern covers."""

import re
from typing import Any

from fobwatch.policy.rules.vocabulary import ACTIONS, CELLS, CLASSES, STAFF_GROUPS, Fact, Kind, version_number

PARAM_KINDS = ("version", "int", "bool", "groups", "text")
_ORDERED = ("<", "<=", ">", ">=")
OPERATORS: dict[Kind, tuple[str, ...]] = {
    Kind.BOOL: ("==", "!="),
    Kind.INT: ("==", "!=", *_ORDERED),
    Kind.VERSION: ("==", "!=", *_ORDERED),
    Kind.CHOICE: ("==", "!=", "in"),
    Kind.SINCE: _ORDERED,
    Kind.UNTIL: _ORDERED,
}
# Whole numbers stay far inside what numpy, JSON and Cedar can hold, also once they are seconds.
MOST = 1_000_000

_PARAM_OF = {
    Kind.BOOL: ("bool",), Kind.INT: ("int",), Kind.VERSION: ("version",), Kind.SINCE: ("int",), Kind.UNTIL: ("int",),
}  # fmt: skip


def param_kinds(fact: Fact, op: str) -> tuple[str, ...]:
    """The kinds of parameter that may stand as the value of this fact."""
    if fact.name == "staff_group" and op == "in":
        return ("groups",)
    return _PARAM_OF.get(fact.kind, ())


def is_whole(value: Any) -> bool:
    """A whole number that we can compare; True and False are none."""
    return type(value) is int and abs(value) <= MOST


def is_version(value: Any) -> bool:
    """A dotted version."""
    try:
        return isinstance(value, str) and version_number(value) >= 0
    except ValueError:
        return False


def is_text(value: Any) -> bool:
    """A text that can be written in UTF-8, which a lone surrogate from JSON cannot."""
    try:
        return isinstance(value, str) and value.encode() is not None
    except UnicodeEncodeError:
        return False


def value_problem(fact: Fact, op: str, value: Any) -> str:
    """What is wrong with a value that this fact is compared with; empty where it fits."""
    if fact.kind is Kind.CHOICE:
        several = value if op == "in" and isinstance(value, list) else [value]
        if (op == "in") != isinstance(value, list) or not several:
            return f"“{op}” on “{fact.name}” needs {'a list of choices' if op == 'in' else 'one choice'}."
        unknown = [str(one) for one in several if one not in fact.choices]
        words = ", ".join(fact.choices)
        return f"“{unknown[0]}” is not a choice of “{fact.name}”. Use one of: {words}." if unknown else ""
    if fact.kind is Kind.BOOL:
        return "" if isinstance(value, bool) else f"“{fact.name}” is compared with true or false."
    if fact.kind is Kind.VERSION:
        return "" if is_version(value) else f'“{fact.name}” is compared with a version in quotes, for example "17.4".'
    return "" if is_whole(value) else f"“{fact.name}” is compared with a whole number."


def param_problem(kind: str, value: Any, minimum: int | None, maximum: int | None) -> str:
    """What is wrong with the value of a parameter, as a sentence for the person who sets it; empty where it fits."""
    if kind == "int":
        low, high = minimum if minimum is not None else 0, maximum if maximum is not None else MOST
        fits = is_whole(value) and low <= value <= high
        return "" if fits else f"Enter a whole number from {low:,} to {high:,}."
    if kind == "version":
        return "" if is_version(value) else "Write a version as numbers with dots between them, for example 17.4 or 14."
    if kind == "bool":
        return "" if isinstance(value, bool) else "Choose yes or no."
    if kind == "groups":
        fits = isinstance(value, list) and all(one in STAFF_GROUPS for one in value) and len(set(value)) == len(value)
        return "" if fits else "Choose from these staff groups, each once: clinical, non-clinical."
    return "" if is_text(value) else "Write some text."


_PATTERN = re.compile(r"(\*|[a-z_]+):(\*|[a-z_]+)")


def cells_of(pattern: str) -> int:
    """The cells that "CLASS:ACTION" covers, as bits in the order of CELLS; 0 where it is not a pattern that we know."""
    found = _PATTERN.fullmatch(pattern)
    if not found or found[1] not in {*CLASSES, "*"} or found[2] not in {*ACTIONS, "*"}:
        return 0
    return sum(
        1 << index
        for index, cell in enumerate(CELLS)
        if found[1] in ("*", cell.split(":")[0]) and found[2] in ("*", cell.split(":")[1])
    )
