"""Events become evidence: one fact each, with its grade, its source, how long it counts, and what it leaves open.

Nothing is made better than it was known: a passkey that may have answered from another phone says nothing about this
one, and what a browser says stays *observed*. How many days each counts is our choice, not a standard; a clause that
needs it fresher compares `verified` or `checked_in`.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from fobwatch.devices.rules.browser import Seen
from fobwatch.devices.rules.support import Support
from fobwatch.policy.rules.vocabulary import BY_NAME, About, Fact, Grade, Kind, version_number

SCREEN_LOCK_DAYS = 30
BROWSER_DAYS = 30
BROWSER_KEY_DAYS = 1
DAY = 86_400
LONGEST_SOURCE = 200
MOST_MINUTES = 1_440

LOCK_LIMIT = "It does not show how soon the screen locks by itself, and the lock may be that of a password manager."
BROWSER_LIMIT = "A browser can be set to say something else."
KEY_LIMIT = "It shows which browser this is, not who is holding it."
DECLARED_LIMIT = "Nobody has checked it."
ENCRYPTED_LIMIT = "It follows from the make and version and the screen lock. We have not looked into the device."
SUPPORT_LIMIT = "It is as right as the system version that we were told."


@dataclass(frozen=True, slots=True)
class Item:
    """One fact about a device.

    value: a whole number as in the vocabulary: 0 or 1, a count, a version number, the place of a choice among the
    choices of its fact, or an epoch second. expires_after: days from the observation, or None while the registration
    lasts. limit: what it does not show. Raises ValueError for a fact or grade that the vocabulary does not have.
    """

    fact: str
    value: int
    grade: Grade
    source: str
    expires_after: int | None = None
    limit: str = ""
    demo: bool = False

    def __post_init__(self) -> None:
        fact = BY_NAME.get(self.fact)
        if fact is None or fact.about is not About.DEVICE or self.grade not in fact.grades:
            raise ValueError(f"There is no evidence of this kind: {self.fact} {self.grade.name}.")
        if not fits(fact, self.value):
            raise ValueError(f"This is not a value of {self.fact}.")
        if not 0 < len(self.source) <= LONGEST_SOURCE:
            raise ValueError(f"Evidence needs a source of at most {LONGEST_SOURCE} characters.")

    @property
    def negative(self) -> bool:
        """Whether it says that something which protects is missing; every yes-or-no fact is a protection."""
        return BY_NAME[self.fact].kind is Kind.BOOL and self.value == 0


@dataclass(frozen=True, slots=True)
class Held:
    """An item and when it was observed, in epoch seconds."""

    item: Item
    at: int

    def fresh(self, now: int) -> bool:
        """Whether it still counts. Stale is not the same as failed: it asks for another check-in."""
        return self.item.expires_after is None or now < self.at + self.item.expires_after * DAY


@dataclass(frozen=True, slots=True)
class PasskeyAnswer:
    """What one answer of a passkey told (WebAuthn Level 3, 6.1).

    attachment: "platform", "cross-platform" or "" as the browser told, which we cannot check. transports: of the
    passkey. attestation_verified: its chain was checked against a root that we hold, when it was made.
    """

    uv: bool
    be: bool
    attachment: str
    transports: tuple[str, ...] = ()
    attestation_verified: bool = False


def fits(fact: Fact, value: int) -> bool:
    """Whether a whole number can be a value of this fact."""
    if fact.kind is Kind.BOOL:
        return value in (0, 1)
    if fact.kind is Kind.CHOICE:
        return 0 <= value < len(fact.choices)
    if fact.name == "auto_lock_minutes":
        return 0 <= value <= MOST_MINUTES
    return value >= 0


def from_passkey(answer: PasskeyAnswer) -> tuple[Item, ...]:
    """The screen lock that answered, if it is this device's (B24, B25).

    Nothing where the phone did not check its owner; where the passkey sits elsewhere (a security key, or another phone
    by a QR code); or where the browser does not say. A synced passkey is never *attested*: its attestation speaks
    of the device on which it was made.
    """
    elsewhere = answer.attachment != "platform" or (bool(answer.transports) and "internal" not in answer.transports)
    if not answer.uv or elsewhere:
        return ()
    if answer.attestation_verified and not answer.be:
        grade, source = Grade.ATTESTED, "Your passkey, held in hardware whose maker's seal we checked, asked for you."
    else:
        grade, source = Grade.OBSERVED, "Your passkey asked for your face, finger or PIN, and you answered."
    return (Item("screen_lock", 1, grade, source, SCREEN_LOCK_DAYS, LOCK_LIMIT),)


def from_browser(seen: Seen) -> tuple[Item, ...]:
    """The kind of device and the system version, so far as the browser told them (B11)."""
    items = []
    if seen.platform is not None:
        place = BY_NAME["platform"].choices.index(seen.platform)
        items.append(Item("platform", place, Grade.OBSERVED, "Your browser told us.", BROWSER_DAYS, BROWSER_LIMIT))
        if seen.version is not None:
            source = seen.how[-1] if seen.how else "Your browser told us."
            items.append(Item("os_version", seen.version, Grade.OBSERVED, source, BROWSER_DAYS, BROWSER_LIMIT))
    return tuple(items)


def from_check_in(now: int) -> Item:
    """That the device checked in at this epoch second."""
    return Item("checked_in", now, Grade.OBSERVED, "Our server saw it check in.")


def from_browser_key() -> Item:
    """That the browser's own key signed our challenge (DESIGN, "Two keys, one phone")."""
    source = "This browser signed our challenge with a key that cannot be copied out of it by a page."
    return Item("browser_key", 1, Grade.ATTESTED, source, BROWSER_KEY_DAYS, KEY_LIMIT)


def from_declaration(fact: str, value: int, fresh_days: int) -> Item:
    """What the person told us (W03, W04, T05 to T09).

    fresh_days: from the checklist. Raises ValueError where this fact cannot be declared, or the value does not fit.
    """
    return Item(fact, int(value), Grade.DECLARED, "You told us.", fresh_days, DECLARED_LIMIT)


def from_platform(seen: Seen, screen_lock: bool) -> tuple[Item, ...]:
    """Encryption that comes with the make, once a screen lock has been seen, since its keys hang on that lock.

    Apple Platform Security, "Data Protection overview" (iPhone and iPad); Android Compatibility Definition 9.9 (devices
    that were sold with Android 10 or later; we cannot see with which one a device was sold). Checked 2026-11-22;
    for the device at hand both are unverified, and the source says so.
    """
    if not screen_lock:
        return ()
    if seen.platform in ("ios", "ipados"):
        source = "An iPhone or iPad with a passcode encrypts its storage, says Apple. Unverified for this one."
    elif seen.platform == "android" and seen.version is not None and seen.version >= version_number("10"):
        source = "Android 10 or later encrypts its storage, says Google. Unverified for this one."
    else:
        return ()
    return (Item("encrypted", 1, Grade.OBSERVED, source, BROWSER_DAYS, ENCRYPTED_LIMIT),)


def from_support(support: Support, grade: Grade = Grade.OBSERVED) -> tuple[Item, ...]:
    """Until when the version gets security fixes: the end of that day, UTC. Nothing where no line covers it.

    grade: that of the system version it is looked up for; a declared version gives a declared end.
    """
    if support.until is None:
        return ()
    end = dt.datetime.combine(support.until + dt.timedelta(days=1), dt.time(), dt.UTC)
    source = f"{support.source[:120]}, {'checked' if support.verified else 'unverified'} {support.checked}"
    return (Item("os_fixes", int(end.timestamp()), grade, source, BROWSER_DAYS, SUPPORT_LIMIT),)


def as_demo(items: Iterable[Item]) -> tuple[Item, ...]:
    """The same items, marked as made up for the demo."""
    return tuple(replace(item, demo=True) for item in items)


def best(current: Held | None, new: Held, now: int) -> Held:
    """Which of two pieces of evidence about one fact stands at epoch second `now`.

    In this order: what no longer counts gives way; the demo never covers what is real; of two, the newer one that
    is known as well or better; a person's own word that a protection is missing, however well the other was known.
    """
    if current is None or not new.fresh(now):
        return current or new
    if not current.fresh(now):
        return new
    if new.item.demo != current.item.demo:
        return current if new.item.demo else new
    stronger = new.item.grade >= current.item.grade or new.item.negative
    return new if new.at >= current.at and stronger else current
