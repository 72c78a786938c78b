"""One policy before the solver: what every claim is proved with, and how an answer becomes a finding."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from fobwatch.policy.rules.compile import CELL_BIT, Compiled, compile_policy
from fobwatch.policy.rules.decide import decide
from fobwatch.policy.rules.form import Clause, Policy
from fobwatch.policy.rules.proofs.decided import Decided, bits, covering, in_emergency
from fobwatch.policy.rules.proofs.findings import Example, Finding, Status, Weight
from fobwatch.policy.rules.proofs.person import example
from fobwatch.policy.rules.proofs.prover import Prover, Unsettled
from fobwatch.policy.rules.proofs.words import doing, named, work_told
from fobwatch.policy.rules.proofs.world import NOW, Bool, World
from fobwatch.policy.rules.vocabulary import CELLS

PROVED = "This holds for every person and every device that there can be."


@dataclass(frozen=True, slots=True)
class Claim:
    """What is to be proved: its key, the sentence, how much it matters."""

    key: str
    sentence: str
    weight: Weight

    def proved(self, sentence: str = PROVED, *, note: str = "") -> Finding:
        """It holds."""
        return Finding(self.key, self.sentence, Status.PROVED, self.weight, sentence, note=note)

    def broken(
        self, sentence: str, *, of: str = "", cells: Iterable[str] = (), clauses: Iterable[str] = (),
        shown: Example | None = None, note: str = "",
    ) -> Finding:  # fmt: skip
        """It does not hold. of: the id of the clause, or the name of the fact, that this finding is about."""
        key = f"{self.key}:{of}" if of else self.key
        return Finding(
            key, self.sentence, Status.BROKEN, self.weight, sentence, cells=tuple(cells), clauses=tuple(clauses),
            example=shown, note=note,
        )  # fmt: skip

    def unsettled(self, seconds: float) -> Finding:
        """Nobody knows."""
        text = f"This was not proved in {seconds:g} seconds. It may hold or not."
        return Finding(self.key, self.sentence, Status.UNSETTLED, self.weight, text)


class Case:
    """A policy, a world and a solver that knows what is true of every person and device."""

    def __init__(self, policy: Policy, prover: Prover) -> None:
        # As on the day on which it is published, when every time of grace begins.
        self.policy, self.prover = replace(policy, effective=NOW), prover
        self.compiled: Compiled = compile_policy(self.policy)
        self.world = World(prover.context)
        self.decided = Decided(self.compiled, self.world)
        prover.suppose(*self.world.rules())

    def clause(self, index: int) -> Clause:
        """A clause by its place."""
        return self.policy.clauses[index]

    def names(self, indexes: Iterable[int]) -> tuple[str, ...]:
        """The ids of some clauses."""
        return tuple(self.clause(index).id for index in indexes)

    def example(self, *facts: Bool) -> Example:
        """The most ordinary person for whom these are so. Raises Unsettled."""
        return example(self.prover, self.compiled, self.world, *facts)

    def open_to(self, shown: Example, cells: Iterable[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """Which of some cells the engine opens to an example, and the grants by which it does."""
        held = self.compiled.bits(shown.row, NOW)
        closed = self.compiled.closed(~held & self.compiled.requires)
        opened = tuple(cell for cell in cells if self.compiled.opened(held) & ~closed & CELL_BIT[cell])
        return opened, self.grants_of(shown, opened)

    def open_loosely(self, shown: Example, cells: Iterable[str]) -> tuple[str, ...]:
        """Which of some cells the engine opens to an example in a time of grace, an emergency or both."""
        allowed = decide(self.compiled, shown.row, NOW, NOW).allowed
        if in_emergency(shown.row):
            allowed |= decide(self.compiled, shown.row, NOW, NOW, self.compiled.break_glass).allowed
        return tuple(cell for cell in cells if allowed & CELL_BIT[cell])

    def grants_of(self, shown: Example, cells: Iterable[str]) -> tuple[int, ...]:
        """The grants that hold for an example and cover one of some cells."""
        wanted, held = covering(tuple(cells)), self.compiled.bits(shown.row, NOW)
        return tuple(index for index in bits(held & self.compiled.grants) if self.compiled.cells[index] & wanted)

    def closing(self, shown: Example, cells: Iterable[str]) -> tuple[int, ...]:
        """The requires that fail for an example and cover one of some cells."""
        wanted = covering(tuple(cells))
        failing = bits(~self.compiled.bits(shown.row, NOW) & self.compiled.requires)
        return tuple(index for index in failing if self.compiled.cells[index] & wanted)

    def told(self, shown: Example, opened: tuple[str, ...], grants: tuple[int, ...]) -> str:
        """That an example may do some work, and why."""
        verb = "opens" if len(grants) == 1 else "open"
        return (
            f"{doing(shown.sentence, f'may {work_told(opened)}')}. {named(self.compiled, self.names(grants))} {verb}"
            " it, and no rule closes it."
        )


Proof = Callable[[Case, Claim], list[Finding]]


def settle(case: Case, claim: Claim, proof: Proof) -> list[Finding]:
    """Prove one claim: at least one finding, with the time that it took."""
    began = case.prover.clock()
    try:
        found = proof(case, claim)
    except Unsettled:
        found = [claim.unsettled(case.prover.seconds)]
    took = case.prover.clock() - began
    return [replace(one, seconds=took if place == 0 else 0.0) for place, one in enumerate(found)]


ALL = tuple(CELLS)
