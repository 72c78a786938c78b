"""What can I do on this device? One plain answer per kind of work, with reasons and fixes (B02, B14, R01).

A reason is a clause that closes something the policy would open. Where no grant covers the person, the missing grant
is named instead: a fix would be useless.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from fobwatch.policy.rules.compile import CELL_BIT
from fobwatch.policy.rules.decide import Decision, obligations
from fobwatch.policy.rules.reasons import Cause, Reason, cause, failing_leaves, reason
from fobwatch.policy.rules.row import unpack
from fobwatch.policy.rules.vocabulary import CELLS, CLASSES
from fobwatch.policy.rules.words import choice_words

Duties = dict[str, dict[str, bool | int]]


class Status(StrEnum):
    """The answer for one kind of work. NOT_YET can be put right by the person, NO cannot."""

    YES = "yes"
    VIEW_ONLY = "view only"
    NOT_YET = "not yet"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer for one kind of work.

    actions: what is open. reasons: ids of the clauses that close the rest. missing_grant: the sentence where the
    policy does not open it to this person at all. obligations: by action.
    """

    kind: str
    label: str
    status: Status
    actions: tuple[str, ...]
    reasons: tuple[str, ...]
    missing_grant: str
    minutes: int
    obligations: dict[str, dict[str, bool | int]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All answers, each reason once however many kinds of work it closes, and warnings whose grace is running."""

    answers: tuple[Answer, ...]
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...]

    @property
    def minutes(self) -> int:
        """About how long everything that can be put right takes."""
        return sum(reason.minutes for reason in (*self.reasons, *self.warnings) if reason.steps)


def explain(decision: Decision) -> Explanation:
    """The answers to one decision, for the person it is about."""
    compiled = decision.compiled
    opened = compiled.opened(decision.bits | decision.aside)
    found: dict[int, Reason] = {}
    for index, covers in enumerate(compiled.cells):
        closes = covers & opened & ~decision.allowed
        if decision.failing >> index & 1 and closes:
            found[index] = reason(decision, index, closes)
    missing: dict[str, str] = {}
    for kind, bits in KIND_BITS.items():
        if not opened & bits:
            nearest = _nearest_grant(decision, bits)
            if nearest is None:
                missing[kind] = missing_grant(decision, kind)
            else:
                found[nearest] = reason(decision, nearest, compiled.cells[nearest] & ~opened)
    reasons = _once([one for _, one in sorted(found.items())])
    warned = [
        (reason(decision, index, compiled.cells[index] & decision.allowed, end)) for index, end in decision.graced
    ]
    answers = tuple(_answer(decision, kind, reasons, missing.get(kind, "")) for kind in CLASSES)
    return Explanation(answers, reasons, tuple(one for one in warned if one.cells))


KIND_BITS = {kind: sum(bit for cell, bit in CELL_BIT.items() if cell.startswith(f"{kind}:")) for kind in CLASSES}


def _once(reasons: list[Reason]) -> tuple[Reason, ...]:
    """Reasons that say the same and ask for the same are one: "we cannot see what kind of device this is"."""
    said: dict[tuple[object, ...], Reason] = {}
    for one in reasons:
        key = (one.cause, one.sentences, one.steps)
        before = said.get(key)
        cells = {*one.cells, *(before.cells if before else ())}
        said[key] = replace(before or one, cells=tuple(cell for cell in CELLS if cell in cells))
    return tuple(said.values())


def _answer(decision: Decision, kind: str, reasons: tuple[Reason, ...], missing: str) -> Answer:
    mine = tuple(cell for cell in CELLS if cell.startswith(f"{kind}:"))
    here = [one for one in reasons if set(one.cells) & set(mine)]
    actions = tuple(cell.split(":")[1] for cell in mine if decision.may(cell))
    duties = {action: found for action in actions if (found := obligations(decision, f"{kind}:{action}"))}
    return Answer(
        kind=kind,
        label=CLASSES[kind],
        status=_status(actions, here, duties),
        actions=actions,
        reasons=tuple(one.clause for one in here),
        missing_grant=missing,
        minutes=sum(one.minutes for one in here if one.steps),
        obligations=duties,
    )


def _status(actions: tuple[str, ...], here: list[Reason], duties: Duties) -> Status:
    if not actions:
        closing = [[one for one in here if cell in one.cells] for cell in CELLS]
        return Status.NOT_YET if any(ones and all(one.curable for one in ones) for ones in closing) else Status.NO
    viewing = all(action == "view" or duties.get(action, {}).get("view_only") for action in actions)
    return Status.VIEW_ONLY if viewing else Status.YES


def _nearest_grant(decision: Decision, bits: int) -> int | None:
    """The first grant over these cells that fails for want of knowledge or has its own steps; None where none does."""
    for index, clause in enumerate(decision.compiled.policy.clauses):
        if clause.kind != "grant" or not decision.compiled.cells[index] & bits:
            continue
        failing = failing_leaves(decision, index)
        if clause.fix or (failing and all(cause(decision, leaf) is not Cause.FAILING for leaf in failing)):
            return index
    return None


def missing_grant(decision: Decision, kind: str) -> str:
    """The sentence that names what this policy does not open, and to whom: no fix would help."""
    work = CLASSES[kind][0].lower() + CLASSES[kind][1:]
    compiled = decision.compiled
    grants = [index for index, cells in enumerate(compiled.cells) if cells & KIND_BITS[kind]]
    wrong = {
        leaf.fact.name: leaf.fact
        for index in grants
        if compiled.grants >> index & 1
        for leaf in failing_leaves(decision, index)
        if cause(decision, leaf) is Cause.FAILING
    }
    for name, words in _TO_WHOM.items():
        if name in wrong:
            value = wrong[name].choices[unpack(decision.row, name).value]
            return f"The policy here does not open {work} {words(choice_words(value))}."
    return f"The policy here does not open {work}{' in your case' if wrong else ''}."


_TO_WHOM: dict[str, Callable[[str], str]] = {
    "staff_group": lambda words: f"to {words} staff",
    "ownership": lambda words: f"on {words} devices",
    "role": lambda words: f"to the role of {words}",
    "platform": lambda words: f"on this kind of device: {words}",
}
