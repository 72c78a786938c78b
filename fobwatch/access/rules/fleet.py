"""A synthetic fleet of devices, to see what a policy would do nationally. Every share in it is made up.

Nothing here was counted anywhere. The same seed makes the same fleet.
"""

import numpy as np

from fobwatch.access.rules.whatif import Register
from fobwatch.policy.rules.batch import Column, Numbers
from fobwatch.policy.rules.row import FOREVER
from fobwatch.policy.rules.vocabulary import BY_NAME, FACTS, PLATFORMS, About, Fact, Grade, Kind, version_number

SEED = 2026
DAY = 86_400
AREAS = tuple(f"Area {number}" for number in range(1, 43))
SYNTHETIC = "This fleet is synthetic: every share in it is made up, and nothing in it was counted anywhere."

_PLATFORM_SHARES = (0.45, 0.07, 0.34, 0.09, 0.04, 0.005, 0.005)
# Of each make, the versions that it runs and how many of a hundred run each.
_VERSIONS: dict[str, dict[str, float]] = {
    "ios": {"16.7": 5, "17.6": 9, "18.0": 6, "18.3": 12, "18.6": 30, "26.0": 18, "26.1": 20},
    "ipados": {"16.7": 9, "17.7": 11, "18.3": 20, "18.6": 30, "26.1": 30},
    "android": {"11": 5, "12": 8, "13": 15, "14": 27, "15": 30, "16": 15},
    "windows": {"10": 22, "11": 78},
    "macos": {"13.7": 8, "14.7": 17, "15.6": 45, "26.1": 30},
    "chromeos": {"138": 5, "142": 10, "145": 85},
    "linux": {"22": 30, "24": 70},
}
_USUAL = {"role": "staff", "employment": "active", "device_state": "active", "ownership": "personal"}
_WRONG, _UNKNOWN, _UNUSUAL = 0.03, 0.06, 0.06


def fleet(count: int, now: int, seed: int = SEED) -> Register:
    """`count` devices as they might stand at `now` (epoch seconds), in the smallest columns that hold them."""
    dice = np.random.default_rng(seed)
    person = np.cumsum(np.r_[True, dice.random(count - 1) < 0.88]) - 1
    seen = now - (dice.exponential(9 * DAY, count)).astype(np.int64)
    told = seen - dice.integers(0, 60 * DAY, count)
    lives = {Grade.OBSERVED: (seen, seen + 60 * DAY), Grade.DECLARED: (told, told + 180 * DAY)}
    for_ever = np.broadcast_to(np.int64(FOREVER), count), np.broadcast_to(np.int64(1), count)
    platform = dice.choice(len(PLATFORMS), count, p=_PLATFORM_SHARES).astype(np.int8)
    columns = {}
    for fact in FACTS:
        value = _values(fact.name, platform, person, seen, now, dice)
        best = max(fact.grades)
        if fact.about is About.DEVICE:
            grade = np.where(dice.random(count) < _UNKNOWN, 0, int(best)).astype(np.int8)
            observed, expires = lives.get(best, lives[Grade.OBSERVED])
        else:
            grade = np.full(count, int(best), np.int8)
            expires, observed = for_ever
        columns[fact.name] = Column(value, grade, expires, observed)
    team = dice.integers(0, len(AREAS), int(person[-1]) + 1)
    return Register(columns, person, team, AREAS)


def _values(
    name: str, platform: Numbers, person: Numbers, seen: Numbers, now: int, dice: np.random.Generator
) -> Numbers:
    """The values of one fact. What is a person's is the same on each of their devices."""
    fact, count = BY_NAME[name], len(platform)
    if name == "platform":
        found: Numbers = platform
    elif fact.kind is Kind.VERSION:
        found = _versions(platform, dice)
    elif fact.kind is Kind.SINCE:
        found = seen
    elif fact.about is About.PERSON:
        found = _drawn(fact, int(person[-1]) + 1, now, dice)[person]
    else:
        found = _drawn(fact, count, now, dice)
    return found


def _drawn(fact: Fact, size: int, now: int, dice: np.random.Generator) -> Numbers:
    if fact.kind is Kind.UNTIL:
        return now + dice.integers(-90 * DAY, 900 * DAY, size)
    if fact.kind is Kind.INT:
        return dice.choice(np.array([1, 2, 5, 10], np.int32), size, p=[0.3, 0.4, 0.25, 0.05])
    if fact.kind is Kind.BOOL:
        return (dice.random(size) >= _WRONG).astype(np.int8)
    found = dice.integers(0, len(fact.choices), size).astype(np.int8)
    if fact.name in _USUAL:
        found[dice.random(size) >= _UNUSUAL] = fact.choices.index(_USUAL[fact.name])
    return found


def _versions(platform: Numbers, dice: np.random.Generator) -> Numbers:
    found = np.zeros(len(platform), np.int32)
    for place, make in enumerate(PLATFORMS):
        rows = np.flatnonzero(platform == place)
        shares = np.array([*_VERSIONS[make].values()], float)
        numbers = np.array([version_number(one) for one in _VERSIONS[make]], np.int32)
        found[rows] = dice.choice(numbers, len(rows), p=shares / shares.sum())
    return found
