"""The decision about every person and device: the expressions of `compile`, over the variables of a world."""

import functools
import operator
from typing import Any

import z3

from fobwatch.policy.rules.compile import CELL_BIT, Compiled, condition_text
from fobwatch.policy.rules.form import Condition, atoms
from fobwatch.policy.rules.leaf import held_now
from fobwatch.policy.rules.proofs.world import NOW, Bool, World
from fobwatch.policy.rules.row import Row
from fobwatch.policy.rules.vocabulary import DEVICE_STATES, EMPLOYMENTS, Grade

# Whom access gives emergency access at all (`access.rules.emergency.standing`).
EMERGENCY_STATES = ("active", "enrolling", "none")
EMERGENCY_EMPLOYMENTS = ("active", "away", "leaving")


class Decided:
    """A compiled policy over a world.

    holds: by clause, whether it holds, as in the bits of the engine. groups: cells that the same clauses decide, by
    those clauses: (grants, requires) as bits.
    """

    def __init__(self, compiled: Compiled, world: World) -> None:
        self.compiled, self.world = compiled, world
        space, yes = world.space, z3.BoolVal(True, world.context)
        # Names of the vocabulary and whole numbers only: the very text that a single decision and a batch run.
        self.holds: list[Bool] = [eval(text, space) if text else yes for text in compiled.expressions]  # noqa: S307
        groups: dict[tuple[int, int], list[str]] = {}
        for cell in CELL_BIT:
            groups.setdefault(compiled.masks(cell), []).append(cell)
        self.groups = {masks: tuple(cells) for masks, cells in groups.items() if masks[0]}

    def condition(self, condition: Condition | None, grade: int = Grade.DECLARED, *, holds: bool = True) -> Bool:
        """Whether a condition of the policy holds in this world; with holds=False, whether it is known not to."""
        if condition is None:
            return z3.BoolVal(holds, self.world.context)
        text = condition_text(self.compiled.policy, condition, grade, holds=holds)
        return eval(text, self.world.space)  # noqa: S307  as above

    def applies(self, index: int) -> Bool:
        """Whether a clause is not known not to apply."""
        return z3.Not(self.condition(self.compiled.policy.clauses[index].when, holds=False))

    def without_less(self, index: int) -> Bool:
        """Whether the need of a clause is met by evidence of its grade alone, all lesser evidence taken away."""
        clause, space = self.compiled.policy.clauses[index], dict(self.world.space)
        for name, grade in self.world.grade.items():
            space[f"g_{name}"] = z3.If(grade >= int(clause.grade), grade, 0)
        text = condition_text(self.compiled.policy, clause.need, Grade.DECLARED) if clause.need else "now > 0"
        return eval(text, space)  # noqa: S307  as above

    def cells_of(self, index: int) -> tuple[str, ...]:
        """The cells that a clause covers and some grant can open."""
        covered = self.compiled.cells[index]
        return tuple(cell for cells in self.groups.values() for cell in cells if covered & CELL_BIT[cell])

    def granted(self, grants: int) -> Bool:
        """Whether one of some grants holds."""
        return self._any(self.holds[index] for index in bits(grants))

    def closed_by(self, requires: int) -> Bool:
        """Whether one of some requires fails."""
        return self._any(z3.Not(self.holds[index]) for index in bits(requires))

    def allowed(self, masks: tuple[int, int]) -> Bool:
        """Whether the cells of a group are open, strictly: as in a batch, without grace and emergencies."""
        return z3.And(self.granted(masks[0]), z3.Not(self.closed_by(masks[1])))

    def may(self, *cells: str) -> Bool:
        """Whether any of some cells is open, strictly."""
        return self._any(self.allowed(masks) for masks, group in self.groups.items() if set(group) & set(cells))

    def loosest(self, *cells: str) -> Bool:
        """Whether any of some cells can be open while a time of grace runs, in an emergency, or both at once."""
        found = []
        for masks, group in self.groups.items():
            if set(group) & set(cells):
                for aside in (0, self.compiled.break_glass):
                    found.append(self._loose(masks, aside))
        return self._any(found)

    def _loose(self, masks: tuple[int, int], aside: int) -> Bool:
        grants, requires = masks
        graceful = self.compiled.graceful
        granted = [z3.BoolVal(True, self.world.context)] if grants & aside else [self.granted(grants)]
        if aside:
            granted.append(self.emergency())
        kept = [
            z3.Or(self.holds[index], self._grace(index)) if graceful >> index & 1 else self.holds[index]
            for index in bits(requires & ~aside)
        ]
        return z3.And(granted + kept)

    def emergency(self) -> Bool:
        """Whether this person and device may have emergency access at all."""
        return z3.And(
            self.world.among("device_state", *EMERGENCY_STATES),
            self.world.among("employment", *EMERGENCY_EMPLOYMENTS),
        )

    def _grace(self, index: int) -> Bool:
        """Whether a clause may be in its time of grace: never for a lost device, or for what was never known."""
        names = dict.fromkeys(atom.fact for atom in atoms(self.compiled.policy.clauses[index].need))
        known = [self.world.once[name] for name in names]
        lost = self.world.among("device_state", "lost")
        return z3.And(self.world.known("device_state"), z3.Not(lost), *known)

    def _any(self, parts: Any) -> Bool:
        found = list(parts)
        return z3.Or(found) if found else z3.BoolVal(False, self.world.context)


def in_emergency(row: Row) -> bool:
    """Whether the person and device of a row at `NOW` may have emergency access at all."""
    state, employment = (held_now(row, name, NOW) for name in ("device_state", "employment"))
    if state is None or employment is None:
        return False
    return (
        DEVICE_STATES[state.value] in EMERGENCY_STATES and EMPLOYMENTS[employment.value] in EMERGENCY_EMPLOYMENTS
    )  # fmt: skip


def bits(mask: int) -> list[int]:
    """The places of the bits that are set."""
    return [index for index in range(mask.bit_length()) if mask >> index & 1]


def covering(cells: tuple[str, ...]) -> int:
    """Cells as the bits of the engine."""
    return functools.reduce(operator.or_, (CELL_BIT[cell] for cell in cells), 0)
