"""The form of an author's own claim: its words, what is wrong with it, and plain data; without the solver."""

from typing import Any

from fobwatch.policy.rules.form import value_words
from fobwatch.policy.rules.proofs.findings import Invariant
from fobwatch.policy.rules.proofs.words import listed, work_told
from fobwatch.policy.rules.values import OPERATORS, value_problem
from fobwatch.policy.rules.vocabulary import BY_NAME, CELLS, Kind
from fobwatch.policy.rules.words import choice_words

HOWS = {
    "never": "Nobody like this may ever",
    "always": "Everybody like this may always",
    "can": "Somebody like this who keeps every rule can",
}
MOST_CHOICES = 6
_OPS = {"==": "is", "!=": "is not", "<": "below", "<=": "at most", ">": "above", ">=": "at least"}


def problems(one: Invariant) -> list[str]:
    """What is wrong with an author's own claim, as sentences; empty where it can be proved."""
    found = [] if one.how in HOWS else [f"“{one.how}” is none of: {', '.join(HOWS)}."]
    if not one.cells:
        found.append("Choose at least one kind of work.")
    found += [f"“{cell}” is not a kind of work that we know." for cell in one.cells if cell not in CELLS]
    if len(one.who) > MOST_CHOICES:
        found.append(f"Choose at most {MOST_CHOICES} facts.")
    for name, op, value in one.who:
        fact = BY_NAME.get(name)
        if fact is None:
            found.append(f"“{name}” is not a fact that we know.")
        elif op not in OPERATORS[fact.kind]:
            found.append(f"“{op}” does not fit the fact “{fact.plain}”.")
        elif wrong := value_problem(fact, op, list(value) if isinstance(value, tuple) else value):
            found.append(wrong)
    return found


def claim_words(one: Invariant) -> str:
    """The claim as a sentence: "Nobody like this may ever print documents: role: auditor."."""
    who = listed([_fact_told(*choice) for choice in one.who]) or "anybody"
    return f"{HOWS.get(one.how, one.how)} {work_told(one.cells, 'or' if one.how == 'never' else 'and')}: {who}."


def _fact_told(name: str, op: str, value: bool | int | str | tuple[str, ...]) -> str:
    fact = BY_NAME[name]
    if fact.kind is Kind.CHOICE:
        values = value if isinstance(value, tuple) else (str(value),)
        return f"{fact.plain}: {'not ' if op == '!=' else ''}{listed([choice_words(each) for each in values], 'or')}"
    if fact.kind is Kind.BOOL:
        return f"{fact.plain}: {'yes' if (value is True) == (op == '==') else 'no'}"
    return f"{fact.plain} {_OPS[op]} {value_words(value)}"


def to_data(one: Invariant) -> dict[str, Any]:
    """The claim as plain data, for JSON."""
    who = [[name, op, list(value) if isinstance(value, tuple) else value] for name, op, value in one.who]
    return {"how": one.how, "who": who, "cells": list(one.cells), "name": one.name}


def from_data(data: dict[str, Any]) -> Invariant:
    """What `to_data` wrote."""
    who = tuple((name, op, tuple(value) if isinstance(value, list) else value) for name, op, value in data["who"])
    return Invariant(data["how"], who, tuple(data["cells"]), data["name"])
