"""A condition with its numbers filled in: what fails, and since when. For reasons and grace, not for deciding."""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fobwatch.policy.rules.form import Condition, Group, Policy, numbers
from fobwatch.policy.rules.row import EXPIRES_AT, GRADES_AT, INDEX, OBSERVED_AT, Held, Row, unpack
from fobwatch.policy.rules.vocabulary import BY_NAME, Fact, Kind

_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison of a policy, as numbers, and the least grade that it asks for."""

    fact: Fact
    op: str
    chosen: tuple[int, ...]
    grade: int

    def compares(self, value: int, now: int) -> bool:
        """Whether a value fits at `now`, whatever its grade."""
        if self.op == "in":
            return value in self.chosen
        if self.fact.kind is Kind.SINCE:
            value = now - value
        elif self.fact.kind is Kind.UNTIL:
            value = value - now
        return _COMPARE[self.op](value, self.chosen[0])

    def turns(self, value: int) -> int | None:
        """The first second at which passing time alone changes the comparison; None where time plays no part."""
        if self.fact.kind is Kind.SINCE:
            return value + self.chosen[0] + (self.op in ("<=", ">"))
        if self.fact.kind is Kind.UNTIL:
            return value - self.chosen[0] + (self.op in (">=", "<"))
        return None

    def failing_since(self, row: Row, now: int) -> int | None:
        """Since when this does not hold, in epoch seconds; None where it holds.

        What has expired fails from its expiry. What is wrong fails from when it was observed, or from when time
        made it wrong; a wrong value that expires later does not begin anew.
        """
        at = INDEX[self.fact.name]
        value, expires = row[at], row[EXPIRES_AT + at]
        moments = [expires] if now >= expires else []
        if row[GRADES_AT + at] < self.grade or not self.compares(value, now):
            turned = self.turns(value) or 0
            moments.append(max(row[OBSERVED_AT + at], turned if turned <= now else 0))
        return min(moments, default=None)


@dataclass(frozen=True, slots=True)
class Branch:
    """All or any of several."""

    how: str
    parts: tuple["Tree", ...]


Tree = Leaf | Branch


def tree(policy: Policy, condition: Condition, grade: int) -> Tree:
    """The condition with the chosen values filled in."""
    if isinstance(condition, Group):
        return Branch(condition.how, tuple(tree(policy, part, grade) for part in condition.parts))
    return Leaf(BY_NAME[condition.fact], condition.op, numbers(policy, condition), grade)


def leaves(node: Tree | None) -> Iterator[Leaf]:
    """Every comparison, left to right."""
    if isinstance(node, Leaf):
        yield node
    elif node is not None:
        for part in node.parts:
            yield from leaves(part)


def failing_since(node: Tree, row: Row, now: int) -> int | None:
    """Since when a condition fails: `all` from its first failing part, `any` from its last; None where it holds."""
    if isinstance(node, Leaf):
        return node.failing_since(row, now)
    moments = [failing_since(part, row, now) for part in node.parts]
    failing = [moment for moment in moments if moment is not None]
    if node.how == "all":
        return min(failing, default=None)
    return max(failing) if len(failing) == len(moments) else None


def known_not(node: Tree, row: Row, now: int) -> bool:
    """Whether a condition is known not to hold, which a missing fact never shows."""
    if isinstance(node, Leaf):
        held = held_now(row, node.fact.name, now)
        return held is not None and not node.compares(held.value, now)
    parts = [known_not(part, row, now) for part in node.parts]
    return any(parts) if node.how == "all" else all(parts)


def known_once(node: Tree, row: Row) -> bool:
    """Whether every fact of a condition was known at some time, be it out of date now."""
    return all(row[GRADES_AT + INDEX[leaf.fact.name]] for leaf in leaves(node))


def held_now(row: Row, name: str, now: int) -> Held | None:
    """A fact that is known and in time, else None."""
    held = unpack(row, name)
    return held if held.grade > 0 and now < held.expires else None
