"""Seeded requests: mostly good, so that single faults decide; some facts are missing, expired or badly known."""

import random

from fobwatch.policy.rules.row import FOREVER, Held
from fobwatch.policy.rules.vocabulary import FACTS, Grade, Kind, version_number

NOW = 1_800_000_000
_VERSIONS = ("10", "12", "13", "14", "15", "16.7.2", "17.0", "17.4", "18.1", "26.1", "150")
_EDGES = (-86_400, -1, 0, 1, 59 * 60, 30 * 60, 720 * 60, 86_399, 30 * 86_400, 30 * 86_400 + 1, 90 * 86_400)
_USUAL = {
    "ownership": "personal",
    "device_state": "active",
    "staff_group": "clinical",
    "employment": "active",
    "role": "staff",
}


def value_of(fact, dice):
    """A value of the fact's type, near the limits that policies set."""
    if fact.kind is Kind.BOOL:
        return int(dice.random() < 0.985)
    if fact.kind is Kind.CHOICE:
        if fact.name in _USUAL and dice.random() < 0.95:
            return fact.choices.index(_USUAL[fact.name])
        return dice.randrange(len(fact.choices))
    if fact.kind is Kind.VERSION:
        return version_number(dice.choice(_VERSIONS) if dice.random() < 0.3 else "150")
    if fact.kind is Kind.INT:
        return dice.choice((1, 2, 2, 2, 5, 6, 15)) if dice.random() < 0.3 else 2
    edge = dice.choice(_EDGES) if dice.random() < 0.1 else dice.randrange(600)
    return NOW - edge if fact.kind is Kind.SINCE else NOW + edge


def request(dice):
    """The facts held about one device and session."""
    facts = {}
    for fact in FACTS:
        luck = dice.random()
        if luck < 0.008:
            continue
        best = max(fact.grades)
        grade = dice.randint(0, 5) if luck < 0.02 else best
        expires = NOW + dice.choice((-5, -1, 0, 1)) if luck > 0.992 else dice.choice((NOW + 3600, FOREVER))
        facts[fact.name] = Held(value_of(fact, dice), int(Grade(grade)), NOW - dice.randrange(90 * 86_400), expires)
    return facts


def requests(count, seed=2026):
    """`count` requests, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311
    return [request(dice) for _ in range(count)]
