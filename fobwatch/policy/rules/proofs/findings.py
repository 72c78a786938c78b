"""What a proof says: proved, or a counterexample told as a person, or not settled in the time that it had."""

from dataclasses import dataclass
from enum import StrEnum

from fobwatch.policy.rules.row import Row

# What no proof here shows; said wherever proofs are shown.
CANNOT = (
    "A proof is about the rules, not about the world: it takes every fact as it is held. A device that lies to us, or"
    " a person who tells us something wrong, is outside it."
)

# What is taken to be so of every person and device, beside the types of the facts; it is how their sheet is made
# (`access`). Shown with every proof.
ASSUMED = (
    "A device that is not in the register is a marked ward computer, or one that we know nothing about.",
    "A device that is in the register is somebody's own or was issued, never shared.",
    "What the register, the staff list and the session say does not go out of date.",
    "A passkey that has answered did so at a known moment.",
    "No fact is known better than it can be known today.",
    "In an emergency and in a time of grace, rules are read as on the day on which the version is published.",
)


class Status(StrEnum):
    """PROVED holds for every person and device that there can be. BROKEN has an example. UNSETTLED is neither."""

    PROVED = "proved"
    BROKEN = "broken"
    UNSETTLED = "unsettled"


class Weight(StrEnum):
    """How much a broken claim matters.

    MUST: such a policy should not be published. SHOULD: worth a look, and may be meant. KNOW: nothing is wrong.
    """

    MUST = "must"
    SHOULD = "should"
    KNOW = "know"


@dataclass(frozen=True, slots=True)
class Example:
    """One person and device, made up by the solver, for which it is so.

    sentence: who it is, without what they may do: "A clinical member of staff on their own iPhone, …". facts: each
    fact that plays a part, by its plain name and its value in words. row: the same as the engine decides it, at the
    epoch second `now`.
    """

    sentence: str
    facts: tuple[tuple[str, str], ...]
    row: Row
    now: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one claim.

    key: of the claim, the same from run to run; where a claim speaks of one clause, followed by ":" and its id. claim:
    the plain sentence that was to be proved. sentence: the result, in words. seconds: how long it took. cells: the
    kinds of work in which it is broken. clauses: ids of the clauses to blame. note: what else there is to know, such
    as whether it holds in an emergency too; may be empty.
    """

    key: str
    claim: str
    status: Status
    weight: Weight
    sentence: str
    seconds: float = 0.0
    cells: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    example: Example | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Widening:
    """Some cells that a new version opens to somebody to whom the old one closed them; example: that person.

    clauses: ids of the clauses to blame, of either version. sentence: all of it in words.
    """

    cells: tuple[str, ...]
    clauses: tuple[str, ...]
    example: Example
    sentence: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions compared over every person and device that there can be: PROVED is nowhere more permissive."""

    status: Status
    sentence: str
    widenings: tuple[Widening, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that an author wants to hold, made of choices; there is no expression to write.

    how: "never" (nobody like this may ever), "always" (everybody like this may, whatever else is so) or "can" (somebody
    like this who keeps every rule may). who: each a fact of the vocabulary, an operator that fits it and a typed value,
    all of which hold. cells: of CELLS. name: the author's own words, or empty.
    """

    how: str
    who: tuple[tuple[str, str, bool | int | str | tuple[str, ...]], ...]
    cells: tuple[str, ...]
    name: str = ""
