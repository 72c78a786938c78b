"""Why a clause does not hold, in the words of the person, and the steps that put it right on this device (R01)."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from enum import StrEnum

from fobwatch.policy.rules.compile import CELL_BIT
from fobwatch.policy.rules.decide import Decision
from fobwatch.policy.rules.form import FIELD, Clause, param_words, sentence
from fobwatch.policy.rules.leaf import Leaf, Tree, failing_since, held_now
from fobwatch.policy.rules.row import unpack
from fobwatch.policy.rules.vocabulary import BY_NAME, PLATFORMS, About
from fobwatch.policy.rules.words import fact_words, grade_words

_LONDON = zoneinfo.ZoneInfo("Europe/London")
# What is not known is seen or told on the device itself; about how many minutes that takes.
CHECK_AGAIN = ("Open “What can I do on this device?” on this device.", "Press “Check again”, and answer what it asks.")
CHECK_MINUTES = 1


class Cause(StrEnum):
    """Why a clause does not hold: it is wrong, never known, out of date, or known less well than asked."""

    FAILING = "failing"
    MISSING = "missing"
    STALE = "stale"
    GRADE = "grade"


@dataclass(frozen=True, slots=True)
class Reason:
    """One clause that closes something, with its sentence and the steps that put it right here.

    minutes: about how long the steps take. cells: what it closes that a grant opens. until: the deadline of its grace
    in epoch seconds where it only warns, else None.
    """

    clause: str
    title: str
    cause: Cause
    sentences: tuple[str, ...]
    steps: tuple[str, ...]
    minutes: int
    cells: tuple[str, ...]
    until: int | None = None

    @property
    def curable(self) -> bool:
        """Whether the person can put it right: there are steps, or it only has to be told, seen or refreshed."""
        return bool(self.steps) or self.cause is not Cause.FAILING


def day(seconds: int) -> str:
    """The London date of a moment: "27 November 2026"."""
    moment = dt.datetime.fromtimestamp(seconds, _LONDON)
    return f"{moment.day} {moment:%B %Y}"


def cause(decision: Decision, leaf: Leaf) -> Cause:
    """Why one comparison that does not hold does not hold."""
    held = unpack(decision.row, leaf.fact.name)
    if held.grade == 0:
        return Cause.MISSING
    if decision.now >= held.expires:
        return Cause.STALE
    return Cause.GRADE if leaf.compares(held.value, decision.now) else Cause.FAILING


def _at_fault(decision: Decision, node: Tree) -> list[Leaf]:
    """The comparisons that keep a condition from holding. Of alternatives, those that only have to be made known."""
    if failing_since(node, decision.row, decision.now) is None:
        return []
    if isinstance(node, Leaf):
        return [node]
    parts = [found for part in node.parts if (found := _at_fault(decision, part))]
    if node.how == "any":
        unknown = [part for part in parts if all(cause(decision, leaf) is not Cause.FAILING for leaf in part)]
        parts = unknown or parts
    return [leaf for part in parts for leaf in part]


def failing_leaves(decision: Decision, index: int) -> list[Leaf]:
    """The comparisons that make clause `index` fail.

    A grant needs both its conditions. A require whose `when` is not known waits for that first: its need may not
    even apply.
    """
    compiled = decision.compiled
    when, need = (_at_fault(decision, node) if node else [] for node in (compiled.whens[index], compiled.needs[index]))
    return when + need if compiled.grants >> index & 1 else when or need


def reason(decision: Decision, index: int, cells: int, until: int | None = None) -> Reason:
    """Why clause `index` fails and what to do, for the cells of the mask."""
    clause = decision.compiled.policy.clauses[index]
    failing = failing_leaves(decision, index)
    causes = {leaf.fact.name: cause(decision, leaf) for leaf in failing}
    sentences = dict.fromkeys(_unknown(decision, leaf) for leaf in failing if causes[leaf.fact.name] != Cause.FAILING)
    wrong = Cause.FAILING in causes.values()
    if wrong:
        sentences[_fails(decision, clause)] = None
    asked_again = not wrong and any(leaf.fact.about is About.DEVICE for leaf in failing)
    return Reason(
        clause=clause.id,
        title=sentence(clause.title, param_words(decision.compiled.policy)),
        cause=Cause.FAILING if wrong else next(iter(causes.values())),
        sentences=tuple(sentences),
        steps=CHECK_AGAIN if asked_again else _steps(decision, clause),
        minutes=CHECK_MINUTES if asked_again else clause.minutes,
        cells=tuple(cell for cell, bit in CELL_BIT.items() if cells & bit),
        until=until,
    )


def _unknown(decision: Decision, leaf: Leaf) -> str:
    held, why = unpack(decision.row, leaf.fact.name), cause(decision, leaf)
    if why is Cause.STALE:
        return f"What we know about this is out of date since {day(held.expires)}: {leaf.fact.plain}."
    return leaf.fact.missing if why is Cause.MISSING else grade_words(leaf.fact, held.grade, leaf.grade)


def _fails(decision: Decision, clause: Clause) -> str:
    """The clause's own sentence with what is held in words; a grant without one says what it would allow."""
    policy = decision.compiled.policy
    text, words = clause.fails or clause.text, param_words(policy)
    for name in FIELD.findall(text):
        if name in BY_NAME:
            held = held_now(decision.row, name, decision.now)
            unknown = "device" if name == "platform" else "not known"
            words[name] = fact_words(BY_NAME[name], held.value, decision.now) if held else unknown
    return sentence(text, words)


def _steps(decision: Decision, clause: Clause) -> tuple[str, ...]:
    """The steps for the platform that this is, or those for any."""
    held = held_now(decision.row, "platform", decision.now)
    steps = clause.fix.get(PLATFORMS[held.value] if held else "any") or clause.fix.get("any", ())
    words = param_words(decision.compiled.policy)
    return tuple(sentence(step, words) for step in steps)
