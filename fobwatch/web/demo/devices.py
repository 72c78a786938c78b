"""The fictional devices of the demo: which, whose, in which state, and what is known of each."""

import random
from collections.abc import Sequence
from typing import NamedTuple

from fobwatch.devices.rules.evidence import BROWSER_DAYS, SCREEN_LOCK_DAYS, Item, from_browser_key
from fobwatch.policy.rules.vocabulary import BY_NAME, Grade, version_number

SEEN = "Made up for the demo, as a browser would tell it."
SAID = "Made up for the demo, as a person would tell it."
MODELS = {
    "ios": (
        ("iPhone 17", "26.1"), ("iPhone 16", "26.0"), ("iPhone 15", "18.7"), ("iPhone SE", "18.6"),
        ("iPhone 12", "17.4"),
    ),
    "ipados": (("iPad Air", "26.0"), ("iPad", "18.6")),
    "android": (("Pixel 9", "16"), ("Galaxy S24", "15"), ("Galaxy A54", "14"), ("Fairphone 5", "14"), ("Moto G", "12")),
    "windows": (("Windows laptop", "11"), ("Windows laptop", "10")),
    "macos": (("MacBook Air", "26.0"), ("MacBook Pro", "15.6")),
    "chromeos": (("Chromebook", "146"),),
    "linux": (("Linux laptop", "6.12"),),
}  # fmt: skip
SHARES = {"ios": 46, "android": 31, "windows": 9, "macos": 6, "ipados": 6, "chromeos": 1, "linux": 1}
STATES = {"active": 78, "enrolling": 6, "suspended": 3, "lost": 3, "retired": 10}
REASONS = {
    "suspended": ("Away for a long time", "Version too old, asked to update"), "lost": ("Reported by its owner",),
    "retired": ("New phone", "Removed by its owner", "Left the trust"),
}  # fmt: skip
ANSWERS = (
    "unaltered", "antivirus", "non_admin", "not_shared", "notifications_hidden", "contacts_reviewed", "remote_wipe_on",
    "encrypted",
)  # fmt: skip
PHONES = {"ios", "ipados", "android"}


class Made(NamedTuple):
    """One device to be. days_ago: when it was last seen and everything about it observed."""

    owner: int
    label: str
    ownership: str
    state: str
    reason: str
    days_ago: float
    items: tuple[Item, ...]


def evidence(
    platform: str, version: str, *, lock: bool = True, no: Sequence[str] = (), unsaid: Sequence[str] = ()
) -> tuple[Item, ...]:
    """What is known of a device: `no` are answers that say no, `unsaid` questions without an answer.

    When it checked in is added when it is made.
    """
    place = BY_NAME["platform"].choices.index(platform)
    told = platform not in ("macos", "ipados", "linux")
    items = [
        Item("platform", place, Grade.OBSERVED, SEEN, BROWSER_DAYS),
        Item("os_version", version_number(version), Grade.OBSERVED if told else Grade.DECLARED,
             SEEN if told else SAID, BROWSER_DAYS if told else 90),
        from_browser_key(),
    ]  # fmt: skip
    if lock:
        items.append(Item("screen_lock", 1, Grade.OBSERVED, SEEN, SCREEN_LOCK_DAYS))
    if "auto_lock_minutes" not in unsaid:
        items.append(Item("auto_lock_minutes", 15 if "auto_lock_minutes" in no else 2, Grade.DECLARED, SAID, 180))
    for fact in ANSWERS:
        applies = (fact != "encrypted" or platform not in PHONES) and (
            platform in PHONES or fact not in ("notifications_hidden", "contacts_reviewed", "remote_wipe_on")
        )
        if applies and fact not in unsaid:
            items.append(Item(fact, int(fact not in no), Grade.DECLARED, SAID, 90))
    return tuple(items)


def fleet(owners: int, size: int) -> list[Made]:
    """`size` devices for `owners` people by a fixed seed; the oldest sighting first."""
    rng = random.Random(1402)  # noqa: S311  a fixed demo, no secret
    made = [_one(rng, owner) for owner in _owners(rng, owners, size)]
    return sorted(made, key=lambda one: -one.days_ago)


def _owners(rng: random.Random, owners: int, size: int) -> list[int]:
    """Whose each device is: most people have one, some two or three, some none."""
    with_one = rng.sample(range(owners), min(owners, int(size * 0.62)))
    return with_one + [rng.choice(with_one) for _ in range(size - len(with_one))]


def _one(rng: random.Random, owner: int) -> Made:
    platform = rng.choices(list(SHARES), list(SHARES.values()))[0]
    state = rng.choices(list(STATES), list(STATES.values()))[0]
    model, version = rng.choice(MODELS[platform])
    draw = rng.random()
    days = rng.uniform(0, 1) if draw < 0.55 else rng.uniform(1, 29) if draw < 0.88 else rng.uniform(30, 54)
    no = [fact for fact in (*ANSWERS, "auto_lock_minutes") if rng.random() < 0.05]
    unsaid = [fact for fact in ANSWERS if rng.random() < (0.6 if state == "enrolling" else 0.03)]
    return Made(
        owner, model, "issued" if rng.random() < 0.1 else "personal", state,
        rng.choice(REASONS.get(state, ("",))), days,
        evidence(platform, version, lock=rng.random() > 0.04, no=no, unsaid=unsaid),
    )  # fmt: skip
