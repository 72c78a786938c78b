"""The sheet that is decided upon: one row of plain values, the same for a page and for the gate, made into facts.

Both read the same columns and call `row`, so that they decide alike. What is missing, or not of its type, closes.
"""

import datetime as dt
import functools
import json
from array import array
from typing import NamedTuple

from fobwatch.policy.rules.row import (
    EXPIRES_AT,
    FOREVER,
    GRADES_AT,
    INDEX,
    NAMES,
    OBSERVED_AT,
    WIDTH,
    Held,
    Row,
    unpack,
)
from fobwatch.policy.rules.vocabulary import BY_NAME, FACTS, About, Grade

DAY = 86_400
# The first second there is: what the register holds has been so for as long as anybody asks.
ALWAYS = 1


class Sheet(NamedTuple):
    """What is known of a member, a session and a device at the moment of a request, as one SQL row gives it.

    employment, away_from, away_until, leaves_on: as the membership keeps them; dates as ISO text, None without one.
    ownership: of the registration; without one "shared" in a session on a computer that the organisation has on its
    list of shared ones, else "" (ADR 7).
    device_state: of the registration, "none" without one. facts: the JSON text of the registration, "{}" without one.
    read_at: when the version in force was confirmed; 0 where it was not. how: how the session began. verified: when
    the passkey last answered. started: when the session began. joined: when they came; who comes late has as many
    days to read as those who were there. understands: to when the training counts; 0 for who never passed it, and is to
    do it from the day they came. Moments are epoch seconds.
    """

    role: str
    clinical: bool | int
    employment: str
    away_from: str | None
    away_until: str | None
    leaves_on: str | None
    ownership: str
    device_state: str
    facts: str
    read_at: int
    how: str
    verified: int
    started: int
    joined: int = ALWAYS
    understands: int = 0


_BLANK: list[int] = [0] * EXPIRES_AT + [FOREVER] * WIDTH
_DEVICE = {fact.name: INDEX[fact.name] for fact in FACTS if fact.about is About.DEVICE}
_WHOLE = [int, int, int, int]
_KNOWN = int(Grade.ATTESTED)
_ROLE, _GROUP, _EMPLOYMENT = INDEX["role"], INDEX["staff_group"], INDEX["employment"]
_OWNERSHIP, _STATE = INDEX["ownership"], INDEX["device_state"]
_ROLES, _EMPLOYMENTS, _OWNERSHIPS, _STATES = (
    {choice: place for place, choice in enumerate(BY_NAME[name].choices)}
    for name in ("role", "employment", "ownership", "device_state")
)
_READ, _PASSKEY, _VERIFIED = INDEX["policy_read"], INDEX["passkey_verified"], INDEX["verified"]
_UNDERSTANDS = INDEX["understands"]
_CLINICAL = tuple(BY_NAME["staff_group"].choices.index(group) for group in ("non_clinical", "clinical"))


@functools.lru_cache(maxsize=8)
def iso_day(days: int) -> str:
    """The ISO text of a day in UTC, counted from 1970, as `Membership.employment_on` is asked at the door."""
    return dt.date.fromordinal(dt.date(1970, 1, 1).toordinal() + days).isoformat()


def iso(date: dt.date | None) -> str | None:
    """A date as the sheet keeps it."""
    return date.isoformat() if date else None


def employment_on(
    employment: str, away_from: str | None, away_until: str | None, leaves_on: str | None, day: str
) -> str:
    """Where an employment stands on a day: `Membership.employment_on` on ISO texts, which sort as their dates do."""
    if employment == "left" or (leaves_on and day > leaves_on):
        return "left"
    if leaves_on:
        return "leaving"
    if away_from and away_from <= day and (not away_until or day <= away_until):
        return "away"
    return "active" if employment == "away" and away_until and day > away_until else employment


def row(sheet: Sheet, now: int, *, demo: bool = False) -> Row:
    """The flat row of a sheet at `now` (epoch seconds), for `decide`.

    demo: whether this installation is the demo; only there does the sign-in of a persona count as a passkey's answer.
    """
    flat = _device(sheet.facts).tolist()
    stands = employment_on(sheet.employment, sheet.away_from, sheet.away_until, sheet.leaves_on, iso_day(now // DAY))
    for at, place in (
        (_OWNERSHIP, _OWNERSHIPS.get(sheet.ownership)),
        (_STATE, _STATES.get(sheet.device_state)),
        (_ROLE, _ROLES.get(sheet.role)),
        (_EMPLOYMENT, _EMPLOYMENTS.get(stands)),
        (_GROUP, _CLINICAL[bool(sheet.clinical)]),
    ):
        if place is not None:
            flat[at], flat[GRADES_AT + at], flat[OBSERVED_AT + at] = place, _KNOWN, ALWAYS
    read, answered = sheet.read_at, sheet.how == "passkey" or (demo and sheet.how == "demo")
    flat[_READ], flat[GRADES_AT + _READ], flat[OBSERVED_AT + _READ] = int(read > 0), _KNOWN, read or sheet.joined
    flat[_UNDERSTANDS], flat[GRADES_AT + _UNDERSTANDS] = sheet.understands or sheet.joined, _KNOWN
    flat[OBSERVED_AT + _UNDERSTANDS] = ALWAYS
    flat[_PASSKEY], flat[GRADES_AT + _PASSKEY] = int(answered), _KNOWN
    flat[OBSERVED_AT + _PASSKEY] = sheet.verified if answered else ALWAYS
    if answered:
        flat[_VERIFIED], flat[GRADES_AT + _VERIFIED] = sheet.verified, _KNOWN
        flat[OBSERVED_AT + _VERIFIED] = sheet.verified
    return tuple(flat)


@functools.lru_cache(maxsize=32_768)
def _device(text: str) -> "array[int]":
    """The row of this evidence alone: only facts about the device, so that no evidence can claim a role.

    Kept by the text itself, which each request reads anew from the database: what changed there is another text, so
    nothing out of date can be answered. A page of another system asks some dozens of times in a row. 2 kB each.
    """
    flat = _BLANK.copy()
    try:
        held = json.loads(text)
    except ValueError:
        return array("q", flat)
    for name, parts in held.items() if isinstance(held, dict) else ():
        at = _DEVICE.get(name)
        if at is None or not isinstance(parts, list) or [*map(type, parts)] != _WHOLE:
            continue
        flat[at], flat[GRADES_AT + at], flat[OBSERVED_AT + at], expires = parts
        # The projection writes 0 for what has no end.
        flat[EXPIRES_AT + at] = expires or FOREVER
    try:
        return array("q", flat)
    except OverflowError:  # no evidence of ours: a number that no fact can be
        return array("q", _BLANK)


def facts(sheet: Sheet, now: int, *, demo: bool = False) -> dict[str, Held]:
    """The facts of a sheet by name, without those that are missing, for a page to show; arguments as of `row`."""
    flat = row(sheet, now, demo=demo)
    return {name: unpack(flat, name) for name in NAMES if flat[GRADES_AT + INDEX[name]]}
