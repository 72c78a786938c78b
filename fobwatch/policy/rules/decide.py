"""One decision: which cells are open, by which clauses, with what grace, and until when (B02, B10, B14)."""

from typing import NamedTuple

from fobwatch.policy.rules.compile import ALL_CELLS, CELL_BIT, Compiled
from fobwatch.policy.rules.leaf import failing_since, held_now, known_not, known_once, leaves
from fobwatch.policy.rules.row import FOREVER, Row, unpack
from fobwatch.policy.rules.vocabulary import DEVICE_STATES

_LOST = DEVICE_STATES.index("lost")


class Decision(NamedTuple):
    """What was decided; it never changes, and is never kept to enforce from later.

    allowed: a bit per cell, in the order of CELLS. bits: a bit per clause that holds, before grace and break-glass.
    graced: clauses that fail but are still in their time of grace, each with its deadline in epoch seconds.
    aside: the clauses that break-glass set aside.
    """

    compiled: Compiled
    row: Row
    now: int
    allowed: int
    bits: int
    graced: tuple[tuple[int, int], ...] = ()
    aside: int = 0

    def may(self, cell: str) -> bool:
        """Whether this cell is open. An unknown cell is closed."""
        return self.allowed & CELL_BIT.get(cell, 0) != 0

    @property
    def failing(self) -> int:
        """The require clauses that close what they cover: not held, without grace."""
        failing = ~self.bits & self.compiled.requires
        for index, _ in self.graced:
            failing &= ~(1 << index)
        return failing

    @property
    def expires(self) -> int | None:
        """The earliest moment at which time alone could change this, epoch seconds; None where it cannot.

        A piece of evidence expires, an age passes its limit, a time of grace ends.
        """
        moments = [deadline for _, deadline in self.graced]
        for name in (*self.compiled.names, "device_state"):
            held = unpack(self.row, name)
            if held.grade:
                moments.append(held.expires)
        for node in (*self.compiled.whens, *self.compiled.needs):
            turning = (leaf.turns(unpack(self.row, leaf.fact.name).value) for leaf in leaves(node))
            moments += [turn for turn in turning if turn is not None]
        return min((moment for moment in moments if self.now < moment < FOREVER), default=None)


def decide(
    compiled: Compiled, row: Row, now: int, started: int | None = None, aside: int = 0, within: int = ALL_CELLS
) -> Decision:
    """Decide every cell at `now` (epoch seconds) for one row of facts.

    started: when the session began, for the protection of a shift. aside: clauses that break-glass sets aside, as
    bits; only those that the policy allows count, and only for the cells in `within`.
    """
    bits = compiled.bits(row, now)
    opened = compiled.opened(bits)
    failing = ~bits & compiled.requires
    if not failing and not aside:
        return Decision(compiled, row, now, opened, bits)
    graced = _grace(compiled, row, now, started, failing) if failing & compiled.graceful else ()
    for index, _ in graced:
        failing &= ~(1 << index)
    allowed = opened & ~compiled.closed(failing)
    aside &= compiled.break_glass
    if aside:
        allowed |= within & compiled.opened(bits | aside) & ~compiled.closed(failing & ~aside)
    return Decision(compiled, row, now, allowed, bits, graced, aside)


def _grace(compiled: Compiled, row: Row, now: int, started: int | None, failing: int) -> tuple[tuple[int, int], ...]:
    """The failing clauses that may still pass, and until when; never for a lost device or what was never known."""
    state = held_now(row, "device_state", now)
    if state is None or state.value == _LOST:
        return ()
    graced = []
    todo = failing & compiled.graceful
    while todo:
        index = (todo & -todo).bit_length() - 1
        todo &= todo - 1
        node = compiled.needs[index]
        if node is None or not known_once(node, row):
            continue
        since = failing_since(node, row, now)
        deadline = max(since or now, compiled.policy.effective) + compiled.grace[index]
        if started is not None and deadline > started:
            deadline = max(deadline, started + compiled.shift)
        if now < deadline:
            graced.append((index, deadline))
    return tuple(graced)


def _obliges(decision: Decision, index: int) -> bool:
    """Whether a clause that sets obligations speaks to this row: a grant that holds, a require that may apply."""
    if decision.compiled.grants >> index & 1:
        return (decision.bits | decision.aside) >> index & 1 == 1
    when = decision.compiled.whens[index]
    return when is None or not known_not(when, decision.row, decision.now)


def obligations(decision: Decision, cell: str) -> dict[str, bool | int]:
    """What the other system must keep to for this cell: of numbers the least, of flags any. Empty where it is closed.

    A clause obliges where it covers the cell and is not known not to apply; a grant, where it holds.
    """
    found: dict[str, bool | int] = {}
    if not decision.may(cell):
        return found
    for index, pairs in decision.compiled.sets[cell]:
        if not _obliges(decision, index):
            continue
        for name, value in pairs:
            found[name] = True if value is True else min(value, found.get(name, value))
    return found
