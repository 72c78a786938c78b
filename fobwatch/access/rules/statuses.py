"""The short answers of many devices: what `explain` says of each kind of work, without its sentences, and remembered.

An answer depends on how each comparison of the policy comes out, on the kind of device and on grace. Devices in which
all of these are the same have the same answers, and a register holds few different ones.
"""

from fobwatch.policy.rules.compile import Compiled
from fobwatch.policy.rules.decide import Decision
from fobwatch.policy.rules.explain import explain
from fobwatch.policy.rules.leaf import leaves
from fobwatch.policy.rules.row import EXPIRES_AT, GRADES_AT, INDEX, Row

MOST = 4_096
Words = tuple[str, ...]


class Statuses:
    """The answers under one compiled policy, remembered. Safe between threads: an answer may be worked out twice."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._leaves = [
            (INDEX[leaf.fact.name], leaf.grade, leaf.compares)
            for node in (*compiled.whens, *compiled.needs)
            for leaf in leaves(node)
        ]
        self._known: dict[tuple[object, ...], Words] = {}

    def of(self, decision: Decision) -> Words:
        """One word for each kind of work, in the order of CLASSES: yes, view_only, not_yet or no."""
        key = (
            decision.bits,
            decision.allowed,
            decision.aside,
            tuple([index for index, _ in decision.graced]),
            *self._standing(decision.row, decision.now),
        )
        words = self._known.get(key)
        if words is None:
            if len(self._known) >= MOST:
                self._known.clear()
            words = tuple(answer.status.name.lower() for answer in explain(decision).answers)
            self._known[key] = words
        return words

    def _standing(self, row: Row, now: int) -> list[int]:
        """How each comparison comes out: unknown, out of date, wrong, or right, each also where known too little."""
        platform = INDEX["platform"]
        found = [row[platform] if row[GRADES_AT + platform] and now < row[EXPIRES_AT + platform] else -1]
        for at, grade, compares in self._leaves:
            held = row[GRADES_AT + at]
            if not held:
                found.append(0)
            elif now >= row[EXPIRES_AT + at]:
                found.append(1)
            else:
                found.append(2 + compares(row[at], now) + 2 * (held >= grade))
        return found
