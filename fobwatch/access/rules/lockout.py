"""A version that would lock everybody out, its author included, is caught before it is published, and named."""

from collections.abc import Sequence

import numpy as np

from fobwatch.access.rules.picture import blames
from fobwatch.access.rules.whatif import Effect
from fobwatch.kernel.verdict import Verdict

NEXT = "Change it in the draft. Or put it right on your own device first, then come back to this page."


def may_publish(found: Effect, publisher: int | None, authors: Sequence[int]) -> Verdict:
    """Whether somebody keeps something of what they can do now: anybody, the publisher, and one of the authors.

    publisher, authors: numbers of people in the register; None where the publisher has no device. Nobody loses what
    they never had: a first version, or a register in which nothing is open, is never refused. What comes back as soon
    as something is told or seen counts as kept; what has to be changed on a device does not, because that may fail.
    """
    had, keeps = found.was != 0, (found.becomes | found.told) & found.was != 0
    if not had.any():
        return Verdict.yes()
    if not keeps.any():
        everybody = "everybody, you included, loses" if publisher is not None and had[publisher] else "everybody loses"
        return _no(found, f"If you publish this, {everybody} all access from their own devices.", np.flatnonzero(had))
    if publisher is not None and had[publisher] and not keeps[publisher]:
        return _no(found, "If you publish this, you lose all access from your own devices.", np.array([publisher]))
    among = np.array([one for one in authors if had[one]], np.int64)
    if len(among) and not keeps[among].any():
        return _no(found, "If you publish this, everybody who may publish a policy here loses all access.", among)
    return Verdict.yes()


def _no(found: Effect, what: str, people: np.typing.NDArray[np.int64]) -> Verdict:
    """The refusal, with the clauses that take access from these people."""
    chosen = np.isin(found.register.person, people)
    closing = int(np.bitwise_or.reduce(found.closing[chosen]))
    ungranted = int(np.bitwise_or.reduce(found.ungranted[chosen]))
    titles = [
        one.title
        for one in blames(found)
        for policy, mask in (((found.stands.compiled, ungranted) if one.grant else (found.new, closing)),)
        if mask >> [clause.id for clause in policy.policy.clauses].index(one.clause) & 1
    ]
    named = ", ".join(f"“{title}”" for title in titles[:4])
    return Verdict.no(f"{what} What takes it away: {named}.", NEXT)
