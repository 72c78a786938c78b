"""What would change if one policy took the place of another: who loses and who gains which work, and why (B20, R02).

Columns in, counts out. People are counted, not devices: who keeps a kind of work on another device has not lost it.
What is counted is so once every time of grace has run out; what the day itself brings is said beside it.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fobwatch.access.rules.remedies import remedies
from fobwatch.policy.rules.batch import Column, Numbers, Standing, blame, covered, stand
from fobwatch.policy.rules.batch_grace import graced_cells
from fobwatch.policy.rules.compile import Compiled, compile_policy
from fobwatch.policy.rules.form import Policy
from fobwatch.policy.rules.row import FOREVER
from fobwatch.policy.rules.vocabulary import Grade


@dataclass(frozen=True, slots=True)
class Register:
    """The devices of an organisation as columns, those of one person beside each other.

    person: the number of each device's person, ascending from 0. team: of each person, the place in `teams`.
    without: how many more people work here, without a device.
    """

    columns: Mapping[str, Column]
    person: Numbers
    team: Numbers
    teams: tuple[str, ...]
    without: int = 0

    @property
    def people(self) -> int:
        """How many people have a device here."""
        return len(self.team)

    def by_person(self, masks: Numbers) -> Numbers:
        """A mask of each device as one of each person: what any of their devices has."""
        if not len(masks):
            return masks
        found: Numbers = np.bitwise_or.reduceat(masks, self.first)
        return found

    @property
    def first(self) -> Numbers:
        """The first device of each person."""
        return np.flatnonzero(np.diff(self.person, prepend=-1))


NOTHING = compile_policy(Policy("", "", 12, (), ()))
"""What stands where no version is in force: nothing is open."""


def taking_effect(compiled: Compiled, moment: int) -> Compiled:
    """The policy as it would be if it took effect at a moment: time of grace counts from there."""
    return dataclasses.replace(compiled, policy=dataclasses.replace(compiled.policy, effective=moment))


def signed_in(register: Register, now: int) -> Mapping[str, Column]:
    """The columns as if each person had just signed in on each device: the passkey and the browser's key answered."""
    size = len(register.person)
    grade, ends = np.full(size, int(Grade.ATTESTED), np.int8), np.full(size, FOREVER)
    moment = np.full(size, now)
    found = {
        **register.columns,
        "passkey_verified": Column(np.ones(size, np.int8), grade, ends, moment),
        "verified": Column(moment, grade, ends, moment),
    }
    key = found.get("browser_key")
    if key is not None:
        found["browser_key"] = key._replace(expires=np.where(key.grade > 0, FOREVER, key.expires))
    return found


@dataclass(frozen=True, slots=True)
class Before:
    """How a register stands under the version in force at a moment: the same for each step of a slider.

    cells: with the time of grace, by device.
    """

    compiled: Compiled
    register: Register
    now: int
    columns: Mapping[str, Column]
    standing: Standing
    cells: Numbers


def standing_under(compiled: Compiled, register: Register, now: int) -> Before:
    """How a register stands at `now` (epoch seconds). Raises as `decide_batch` does."""
    columns = signed_in(register, now)
    standing = stand(compiled, columns, now)
    return Before(compiled, register, now, columns, standing, graced_cells(compiled, columns, now, standing))


@dataclass(frozen=True, slots=True)
class Effect:
    """What a new version does, in masks of cells (uint32) of each person, but for those that say device.

    was, becomes: what they can do with any of their devices. mends: of what they lose, what comes back once they put
    right what they can. told: what comes back as soon as something is told or seen. day_lost, day_gained: on the day
    itself, with the time of grace. closing, ungranted: the clauses to blame, by device (`batch.blame`).
    """

    stands: Before
    new: Compiled
    was: Numbers
    becomes: Numbers
    mends: Numbers
    told: Numbers
    day_lost: Numbers
    day_gained: Numbers
    device_lost: Numbers
    device_gained: Numbers
    device_mends: Numbers
    closing: Numbers
    ungranted: Numbers
    by_hand: Numbers

    @property
    def register(self) -> Register:
        """The devices and people that were asked."""
        return self.stands.register

    @property
    def lost(self) -> Numbers:
        """What each person would lose."""
        return self.was & ~self.becomes

    @property
    def gained(self) -> Numbers:
        """What each person would gain."""
        return self.becomes & ~self.was


def effect(stands: Before, new: Compiled) -> Effect:
    """What changes when `new` takes the place of what stands, at that moment. Raises as `decide_batch` does."""
    old, register, now, columns, before = stands.compiled, stands.register, stands.now, stands.columns, stands.standing
    new = taking_effect(new, now)
    after = stand(new, columns, now)
    was, becomes = register.by_person(before.cells), register.by_person(after.cells)
    lost = before.cells & ~after.cells
    # What another device of the same person still opens is not lost to the person, and no clause is to blame for it.
    missed = lost & (was & ~becomes)[register.person]
    closing, _ = blame(old, new, before.bits, after.bits, lost)
    cures = remedies(new, columns, closing, now)
    mends, told = _back(new, after, closing, cures.by_hand, lost), _back(new, after, closing, cures.told, lost)
    day_before = register.by_person(stands.cells)
    day_after = register.by_person(graced_cells(new, columns, now, after))
    blamed, ungranted = blame(old, new, before.bits, after.bits, missed)
    return Effect(
        stands, new, was, becomes,
        mends=register.by_person(mends & missed), told=register.by_person(told & missed),
        day_lost=day_before & ~day_after, day_gained=day_after & ~day_before,
        device_lost=lost, device_gained=after.cells & ~before.cells, device_mends=mends,
        closing=blamed, ungranted=ungranted, by_hand=cures.by_hand,
    )  # fmt: skip


def _back(new: Compiled, after: Standing, closing: Numbers, cured: Numbers, lost: Numbers) -> Numbers:
    """The cells of `lost` that come back once the clauses of `cured` hold."""
    found = np.zeros_like(lost)
    rows = np.flatnonzero(lost)
    open_then = covered(new.opens, after.bits[rows]) & ~covered(new.closes, closing[rows] & ~cured[rows])
    found[rows] = lost[rows] & open_then
    return found
