"""What one attempt asks: drawn by a seed, spread over the policy, short enough, and not what was asked before."""

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from fobwatch.learning.rules.bank import MOST_SECONDS, Asked, Module, Question, asked
from fobwatch.policy.rules.form import Policy, param_words

# How often another draw is tried where one gave a set that this member has had.
TRIES = 40


def draw(
    module: Module, bank: Sequence[Question], policy: Policy, *, before: Sequence[Collection[str]], seed: int
) -> tuple[Asked, ...]:
    """The questions of an attempt, in their order, the choices of each in theirs.

    bank: the questions that this member may be asked. before: the keys of each earlier attempt, so that what was seen
    least comes first, and no set comes twice while the bank has another. At most `module.asks`, and at most six
    minutes of reading.
    """
    had = {frozenset(keys) for keys in before}
    seen = Counter(key for keys in before for key in keys)
    dice = random.Random(seed)  # noqa: S311  a draw that can be repeated, no secret
    drawn = _once(module, bank, policy, seen, dice)
    for _ in range(TRIES):
        if frozenset(one.key for one in drawn) not in had:
            break
        drawn = _once(module, bank, policy, Counter(), dice)
    return drawn


def _once(
    module: Module, bank: Iterable[Question], policy: Policy, seen: Counter[str], dice: random.Random
) -> tuple[Asked, ...]:
    """Round by round one question from each section, of a clause not asked about yet, the least seen first."""
    filled = param_words(policy)
    left = [_in_order(one, policy, filled, dice) for one in bank]
    dice.shuffle(left)
    sections = list(dict.fromkeys(one.section for one in left))
    sections.sort(key=lambda name: module.first.index(name) if name in module.first else len(module.first))
    chosen: list[Asked] = []
    while len(chosen) < module.asks:
        before = len(chosen)
        for section in sections:
            used = Counter(one.clause for one in chosen)
            room = MOST_SECONDS - sum(one.seconds for one in chosen)
            fitting = [one for one in left if one.section == section and one.seconds <= room]
            if fitting and len(chosen) < module.asks:
                best = min(fitting, key=lambda one: (used[one.clause], seen[one.key]))
                chosen.append(best)
                left.remove(best)
        if len(chosen) == before:
            break
    dice.shuffle(chosen)
    return tuple(chosen)


def _in_order(one: Question, policy: Policy, filled: Mapping[str, str], dice: random.Random) -> Asked:
    order = list(range(len(one.choices)))
    dice.shuffle(order)
    return asked(one, policy, tuple(order), filled)
