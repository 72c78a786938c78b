"""Who a counterexample is: as ordinary as can be, so that what stands out is what matters, told in a sentence."""

from collections.abc import Iterator

import z3

from fobwatch.policy.rules.compile import Compiled
from fobwatch.policy.rules.leaf import leaves
from fobwatch.policy.rules.proofs.findings import Example
from fobwatch.policy.rules.proofs.prover import Prover
from fobwatch.policy.rules.proofs.words import USUAL_LEFT, USUAL_MINUTES, VERSIONS, facts_told, told
from fobwatch.policy.rules.proofs.world import NOW, Bool, World
from fobwatch.policy.rules.row import NAMES
from fobwatch.policy.rules.vocabulary import BY_NAME, PLATFORMS, Fact, Kind, version_number

# Who comes first to mind.
USUAL = {
    "staff_group": "clinical", "ownership": "personal", "platform": "ios", "device_state": "active", "role": "staff",
    "employment": "active",
}  # fmt: skip
# What a person is like before what their device is like.
_FIRST = ("staff_group", "ownership", "device_state", "platform", "employment", "role")
_ORDER = (*_FIRST, *(name for name in NAMES if name not in _FIRST))


def example(prover: Prover, compiled: Compiled, world: World, *facts: Bool) -> Example:
    """The most ordinary person and device for whom these facts are so. Raises Unsettled where time runs out.

    The facts must be possible: ask first. Each fact is made as usual as the others allow, the first ones first.
    """
    chosen: list[Bool] = []
    with prover.within(*facts):
        for name in _ORDER:
            for option in _options(compiled, world, BY_NAME[name]):
                if prover.possible(*chosen, option):
                    chosen.append(option)
                    break
        prover.possible(*chosen)
        row = world.row(prover.model())
    return Example(told(row, NOW), facts_told(row, NOW), row, NOW)


def _options(compiled: Compiled, world: World, fact: Fact) -> Iterator[Bool]:
    """What a fact may be, the most ordinary first: right and well known, less well known, wrong, missing."""
    value, grade = world.value[fact.name], world.grade[fact.name]
    best, *less = (grade == int(one) for one in fact.grades)
    wanted = [value == number for number in _numbers(compiled, fact)]
    usual = _usual(world, fact) if fact.kind is Kind.VERSION else wanted.pop(0)
    once = world.once[fact.name]
    for known in (best, *less):
        yield z3.And(usual, known)
    for known in (best, *less):
        for other in wanted:
            yield z3.And(other, known)
    yield best
    yield z3.And(grade == 0, z3.Not(once))
    yield grade == 0


def _usual(world: World, fact: Fact) -> Bool:
    """The usual version of each make of device."""
    platform = world.value["platform"]
    versions = [
        z3.And(platform == place, world.value[fact.name] == version_number(VERSIONS[make]))
        for place, make in enumerate(PLATFORMS)
    ]
    return z3.Or(versions)


def _numbers(compiled: Compiled, fact: Fact) -> list[int]:
    """Values to try, the most ordinary first: those that a policy compares with, and those just beside them."""
    if fact.kind is Kind.BOOL:
        return [1, 0]
    if fact.kind is Kind.CHOICE:
        first = fact.choices.index(USUAL[fact.name]) if fact.name in USUAL else 0
        return [first, *(place for place in range(len(fact.choices)) if place != first)]
    compared = {
        number
        for node in (*compiled.whens, *compiled.needs)
        for leaf in leaves(node)
        if leaf.fact is fact
        for number in leaf.chosen
    }
    if fact.kind is Kind.VERSION:
        near = [number + step for number in sorted(compared) for step in (0, -1_000_000, -1_000, 1_000_000)]
        return [number for number in near if number >= 0]
    unit = fact.unit
    near = [number + step for number in sorted(compared) for step in (0, unit, -unit)]
    if fact.kind is Kind.SINCE:
        return [NOW, *(NOW - number for number in near if number >= 0)]
    if fact.kind is Kind.UNTIL:
        return [NOW + USUAL_LEFT, *(NOW + number for number in near)]
    return [USUAL_MINUTES, *(number for number in near if number >= 0)]
