"""Time of grace for a whole register at once, as `decide` gives it to one device whose session has just begun."""

from collections.abc import Mapping

import numpy as np

from fobwatch.policy.rules.batch import Column, Numbers, Standing, covered
from fobwatch.policy.rules.batch_leaf import compares
from fobwatch.policy.rules.compile import Compiled
from fobwatch.policy.rules.leaf import Leaf, Tree, leaves
from fobwatch.policy.rules.row import FOREVER
from fobwatch.policy.rules.vocabulary import DEVICE_STATES

_LOST = DEVICE_STATES.index("lost")
# What holds fails never: later than any moment.
_NEVER = FOREVER + 1


def graced_cells(compiled: Compiled, columns: Mapping[str, Column], now: int, standing: Standing) -> Numbers:
    """The open cells of each device with grace, as uint32. standing: of `stand`, for the same columns and moment."""
    state, graceful = columns.get("device_state"), compiled.graceful & compiled.requires
    if state is None or not graceful:
        return standing.cells
    failing = ~standing.bits & np.uint64(compiled.requires)
    may = (state.grade > 0) & (now < state.expires) & (state.value != _LOST)
    rows = np.flatnonzero(may & (failing & np.uint64(graceful) != 0))
    fails = failing[rows]
    for index, node in enumerate(compiled.needs):
        if node is None or not graceful >> index & 1:
            continue
        here = np.flatnonzero(failing[rows] >> np.uint64(index) & np.uint64(1))
        here = here[_known_once(node, columns, rows[here])]
        if not len(here):
            continue
        since = _failing_since(node, columns, rows[here], now)
        deadline = np.maximum(np.where(since == 0, now, since), compiled.policy.effective) + compiled.grace[index]
        fails[here[now < deadline]] &= ~np.uint64(1 << index)
    cells = standing.cells.copy()
    cells[rows] = covered(compiled.opens, standing.bits[rows]) & ~covered(compiled.closes, fails)
    return cells


def _known_once(node: Tree, columns: Mapping[str, Column], rows: Numbers) -> Numbers:
    """Which of these rows once knew every fact of a condition, be it out of date now."""
    known = np.ones(len(rows), bool)
    for leaf in leaves(node):
        column = columns.get(leaf.fact.name)
        known &= False if column is None or column.observed is None else column.grade[rows] > 0
    return known


def _failing_since(node: Tree, columns: Mapping[str, Column], rows: Numbers, now: int) -> Numbers:
    """Since when a condition fails, in epoch seconds; later than any moment where it holds."""
    if isinstance(node, Leaf):
        return _leaf_since(node, columns, rows, now)
    parts = [_failing_since(part, columns, rows, now) for part in node.parts]
    together = np.minimum if node.how == "all" else np.maximum
    found: Numbers = together.reduce(parts)
    return found


def _leaf_since(leaf: Leaf, columns: Mapping[str, Column], rows: Numbers, now: int) -> Numbers:
    column = columns[leaf.fact.name]
    value, expires = column.value[rows].astype(np.int64), column.expires[rows]
    after = leaf.turns(0)
    at = np.zeros_like(value) if after is None else value + after
    # Only rows in which it was known come here, and such a column says since when.
    observed = np.zeros_like(value) if column.observed is None else column.observed[rows]
    wrong = np.maximum(observed, np.where(at <= now, at, 0))
    fails = (column.grade[rows] < leaf.grade) | ~compares(leaf, value, now)
    found: Numbers = np.minimum(np.where(now >= expires, expires, _NEVER), np.where(fails, wrong, _NEVER))
    return found
