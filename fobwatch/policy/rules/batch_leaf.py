"""One comparison of a policy over a whole register: what fits, how it comes out, what is known not to hold."""

from collections.abc import Mapping

import numpy as np

from fobwatch.policy.rules.batch import Column, Numbers
from fobwatch.policy.rules.leaf import Leaf, Tree
from fobwatch.policy.rules.row import FOREVER, NAMES, Row
from fobwatch.policy.rules.vocabulary import Kind

_COMPARE = {
    "==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip
# How a comparison comes out: missing, out of date, known too little or well enough, each wrong or right.
OUTCOMES = 6


def compares(leaf: Leaf, values: Numbers, now: int) -> Numbers:
    """Whether each value fits at `now`, whatever its grade: `Leaf.compares` for a column."""
    if leaf.op == "in":
        within = np.zeros(len(values), bool)
        for one in leaf.chosen:
            within |= values == one
        return within
    if leaf.fact.kind is Kind.SINCE:
        values = now - values
    elif leaf.fact.kind is Kind.UNTIL:
        values = values - now
    found: Numbers = _COMPARE[leaf.op](values, leaf.chosen[0])
    return found


def outcomes(leaf: Leaf, columns: Mapping[str, Column], rows: Numbers, now: int) -> Numbers:
    """How the comparison comes out for each of these rows, as a whole number below `OUTCOMES`."""
    column = columns.get(leaf.fact.name)
    if column is None:
        return np.zeros(len(rows), np.int64)
    grade = column.grade[rows]
    fits = compares(leaf, column.value[rows], now)
    found = 2 + fits.astype(np.int64) + 2 * (grade >= leaf.grade)
    found[now >= column.expires[rows]] = 1
    found[grade == 0] = 0
    return found


def known_not(node: Tree, columns: Mapping[str, Column], length: int, now: int) -> Numbers:
    """For which devices a condition is known not to hold, which a missing fact never shows."""
    if isinstance(node, Leaf):
        column = columns.get(node.fact.name)
        if column is None:
            return np.zeros(length, bool)
        wrong: Numbers = (column.grade > 0) & (now < column.expires) & ~compares(node, column.value, now)
        return wrong
    parts = [known_not(part, columns, length, now) for part in node.parts]
    together = np.logical_or if node.how == "all" else np.logical_and
    found: Numbers = together.reduce(parts)
    return found


def row_at(columns: Mapping[str, Column], place: int) -> Row:
    """One device as the flat row that `decide` takes. A fact without a column is missing."""
    held = [columns.get(name) for name in NAMES]
    values = [int(one.value[place]) if one else 0 for one in held]
    grades = [int(one.grade[place]) if one else 0 for one in held]
    observed = [int(one.observed[place]) if one and one.observed is not None else 0 for one in held]
    expires = [int(one.expires[place]) if one else FOREVER for one in held]
    return (*values, *grades, *observed, *expires)
