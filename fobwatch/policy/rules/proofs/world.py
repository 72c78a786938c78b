"""One person and device as variables of the solver, and what is true of every person and device.

Each fact has a value and a grade, as the engine reads them: the grade is 0 where the fact is missing or out of date.
Whether it was ever known is kept beside it, since a time of grace asks for that.
"""

from collections.abc import Iterator
from typing import Any

import z3

from fobwatch.policy.rules.row import FOREVER, NAMES, Held, Row, pack
from fobwatch.policy.rules.vocabulary import BY_NAME, DEVICE_STATES, FACTS, OWNERSHIPS, About, Fact, Grade, Kind

# A moment for everything that is proved; only differences from it count.
NOW = 1_800_000_000
# Nothing is older, later or longer than this, in seconds or units; far beyond any value of a policy (`values.MOST`).
MOST = 10**12
Bool = Any
_NONE, _SHARED = DEVICE_STATES.index("none"), OWNERSHIPS.index("shared")


class World:
    """The facts of one person and device. Names of the variables end with `mark`, so that several can be compared."""

    def __init__(self, context: z3.Context, mark: str = "") -> None:
        self.context = context
        self.value = {name: z3.Int(f"v_{name}{mark}", context) for name in NAMES}
        self.grade = {name: z3.Int(f"g_{name}{mark}", context) for name in NAMES}
        self.once = {name: z3.Bool(f"o_{name}{mark}", context) for name in NAMES}

    @property
    def space(self) -> dict[str, Any]:
        """The names that an emitted expression speaks of."""
        values = {f"v_{name}": one for name, one in self.value.items()}
        grades = {f"g_{name}": one for name, one in self.grade.items()}
        return {**values, **grades, "now": NOW, "__builtins__": {}}

    def known(self, name: str) -> Bool:
        """Whether a fact is known and in time."""
        return self.grade[name] >= 1

    def among(self, name: str, *choices: str | bool, least: Grade = Grade.DECLARED) -> Bool:
        """Whether a fact is known, at least so well, to be one of some choices; of a bool, True or False."""
        fact = BY_NAME[name]
        numbers = [fact.choices.index(one) if isinstance(one, str) else int(one) for one in choices]
        return z3.And(self.grade[name] >= int(least), z3.Or([self.value[name] == number for number in numbers]))

    def rules(self) -> list[Bool]:
        """What is true of every person and device: their types, and how they hang together (`findings.ASSUMED`)."""
        return [*self.typed(), *self._register()]

    def typed(self, *names: str) -> Iterator[Bool]:
        """What is true of the values and grades of some facts by their types; of all where none is named."""
        for fact in [BY_NAME[name] for name in names] or FACTS:
            value, grade, once = self.value[fact.name], self.grade[fact.name], self.once[fact.name]
            low, high = _bounds(fact)
            yield z3.And(value >= low, value <= high)
            yield z3.Or([grade == 0, *(grade == int(one) for one in fact.grades)])
            known = grade >= 1
            yield z3.Implies(known, once) if fact.about is About.DEVICE else known == once

    def _register(self) -> Iterator[Bool]:
        state, ownership = self.value["device_state"], self.value["ownership"]
        outside = z3.And(self.known("device_state"), state == _NONE)
        inside = z3.And(self.known("device_state"), state != _NONE)
        yield z3.Implies(outside, z3.Or(self.grade["ownership"] == 0, ownership == _SHARED))
        yield z3.Implies(z3.And(self.known("ownership"), ownership == _SHARED), outside)
        yield z3.Implies(inside, z3.And(self.known("ownership"), ownership != _SHARED))
        nothing = [z3.Not(self.once[fact.name]) for fact in FACTS if fact.about is About.DEVICE]
        yield z3.Implies(outside, z3.And(nothing))
        answered = z3.And(self.known("passkey_verified"), self.value["passkey_verified"] == 1)
        yield answered == self.known("verified")

    def row(self, model: z3.ModelRef) -> Row:
        """The row of what the solver found, as the engine decides it at `NOW`; all of it seen just now."""
        held = {}
        for name in NAMES:
            value, grade, once = (
                model.eval(part[name], model_completion=True) for part in (self.value, self.grade, self.once)
            )
            if grade.as_long():
                held[name] = Held(value.as_long(), grade.as_long(), NOW, FOREVER)
            elif z3.is_true(once):
                held[name] = Held(value.as_long(), int(BY_NAME[name].grades[0]), NOW, NOW)
        return pack(held)


def _bounds(fact: Fact) -> tuple[int, int]:
    """The least and the greatest value of a fact; what has happened is not in the future."""
    if fact.kind is Kind.BOOL:
        return 0, 1
    if fact.kind is Kind.CHOICE:
        return 0, len(fact.choices) - 1
    return 0, NOW if fact.kind is Kind.SINCE else MOST
