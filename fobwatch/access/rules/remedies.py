"""Who could put right what a policy closes: by the clauses' own remedies, for a whole register at once."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from fobwatch.policy.rules.batch import Column, Numbers
from fobwatch.policy.rules.batch_leaf import OUTCOMES, outcomes, row_at
from fobwatch.policy.rules.compile import Compiled
from fobwatch.policy.rules.decide import Decision
from fobwatch.policy.rules.leaf import leaves
from fobwatch.policy.rules.reasons import Cause, cause, failing_leaves, reason
from fobwatch.policy.rules.vocabulary import PLATFORMS, About

# Beyond this, keys of 64 bits could run over: what was found so far is numbered anew.
_WIDE = 1 << 50
# What a person can change: their device and their session, not the register or the list of staff.
_THEIRS = (About.DEVICE, About.SESSION)


class Remedies(NamedTuple):
    """Of the clauses that close something for each device, as masks: those that its person can put right alone, and
    of these, those for which something only has to be told or seen."""

    by_hand: Numbers
    told: Numbers


def remedies(compiled: Compiled, columns: Mapping[str, Column], closing: Numbers, now: int) -> Remedies:
    """What could be put right of `closing`, the mask of failing clauses of each device (uint64).

    Devices on which every comparison of a clause comes out the same, and which are of the same make, are asked once.
    """
    found = Remedies(np.zeros_like(closing), np.zeros_like(closing))
    for index in range(len(compiled.cells)):
        bit = np.uint64(1 << index)
        rows = np.flatnonzero(closing & bit)
        if not len(rows):
            continue
        _, first, alike = np.unique(_key(compiled, index, columns, rows, now), return_index=True, return_inverse=True)
        answers = np.array([_answer(compiled, index, row_at(columns, int(rows[one])), now) for one in first])
        by_hand, told = answers[alike].T
        found.by_hand[rows[by_hand]] |= bit
        found.told[rows[told]] |= bit
    return found


def _key(compiled: Compiled, index: int, columns: Mapping[str, Column], rows: Numbers, now: int) -> Numbers:
    """A number per row, the same for all rows in which the clause fails in the same way."""
    platform = columns.get("platform")
    if platform is None:
        key = np.zeros(len(rows), np.int64)
    else:
        live = (platform.grade[rows] > 0) & (now < platform.expires[rows])
        key = np.where(live, platform.value[rows].astype(np.int64) + 1, 0)
    most = len(PLATFORMS) + 1
    for node in (compiled.whens[index], compiled.needs[index]):
        for leaf in leaves(node):
            key = key * OUTCOMES + outcomes(leaf, columns, rows, now)
            most *= OUTCOMES
            if most > _WIDE:
                kinds, key = np.unique(key, return_inverse=True)
                most = len(kinds)
    return key


def _answer(compiled: Compiled, index: int, row: tuple[int, ...], now: int) -> tuple[bool, bool]:
    """Whether the person can put this clause right alone, and whether it only has to be told or seen."""
    decision = Decision(compiled, row, now, 0, 0)
    failing = failing_leaves(decision, index)
    theirs = all(
        leaf.fact.about in (About.DEVICE, About.SESSION) or leaf.fact.name in ("policy_read", "understands")
        for leaf in failing
    )
    by_hand = theirs and reason(decision, index, 0).curable
    return by_hand, by_hand and all(cause(decision, leaf) is not Cause.FAILING for leaf in failing)
