"""The live register of an organisation as columns, for what-if: loaded once, and kept while nothing changes."""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Exists, OuterRef, Value

from fobwatch.access.models.policies import compiled_policy
from fobwatch.access.models.register import register_sheet
from fobwatch.access.rules.sheet import DAY, iso, iso_day
from fobwatch.access.rules.sheet import employment_on as stands_on
from fobwatch.access.rules.sheet import row as row_of
from fobwatch.access.rules.whatif import NOTHING, Before, Effect, Register, effect, standing_under
from fobwatch.audit.models import Entry
from fobwatch.devices.models import Registration
from fobwatch.kernel.clock import epoch
from fobwatch.kernel.permission import Permission
from fobwatch.learning.models import Understanding
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Acknowledgement, Version
from fobwatch.policy.rules.batch import Column, Numbers
from fobwatch.policy.rules.compile import Compiled
from fobwatch.policy.rules.row import EXPIRES_AT, GRADES_AT, NAMES, OBSERVED_AT

MOST_KEPT = 4
MOST_PATCHED = 500
MINUTE = 60
FIELDS = (
    "id", "membership_id", "ownership", "state", "facts", "membership__role", "membership__clinical",
    "membership__employment", "membership__away_from", "membership__away_until", "membership__leaves_on",
    "membership__joined_at", "understands", "membership__team", "read",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The register of one organisation at a moment, without a name in it, and how it stands under what is in force.

    members: the id of the membership of each person. places: of each registration, its row. authors: the numbers of
    those who may publish a policy. version: None where nothing is in force yet. at: the minute for which it stands,
    epoch seconds.
    """

    register: Register
    members: tuple[str, ...]
    places: Mapping[str, int]
    authors: tuple[int, ...]
    version: Version | None
    stands: Before
    at: int

    def effect(self, new: Compiled) -> Effect:
        """What changes when `new` takes the place of what is in force."""
        return effect(self.stands, new)

    def number(self, member: Membership) -> int | None:
        """The number of a person in the register; None for somebody without a device."""
        return self.members.index(member.pk) if member.pk in self.members else None


class _Kept(NamedTuple):
    """What is remembered of an organisation: where its log stood, what else tells one register from another."""

    seq: int
    mark: tuple[Any, ...]
    snapshot: Snapshot


_kept: "OrderedDict[str, _Kept]" = OrderedDict()
_lock = threading.Lock()
# What these do stands in no column of the register; they are most of what a busy day writes.
_HARMLESS = (
    "access.decided", "access.limits_stamped", "device_key.answered", "gate.arrived", "gate.ticket_given",
    "learning.answered", "learning.started",
    "passkey.checked_again", "passkey.signed_in", "registration.looked_at", "sign_in.ended", "sign_in.limits_set",
    "sign_in.on_device", "sign_in.started", "sign_in.switched", "sign_in.verified",
)  # fmt: skip


def snapshot(organisation: Organisation, version: Version | None, now: dt.datetime) -> Snapshot:
    """The register as it stands now. Kept in this process by organisation until anything there is written.

    Every action writes to the log in its own transaction, so the entries of an organisation tell whether anything has
    changed. They are read before the register: what is written in between only makes the next call read again. Where
    only devices changed that are in the snapshot, only they are read anew.
    """
    entries = Entry.within(organisation).exclude(action__in=_HARMLESS)
    last = entries.values_list("seq", flat=True).first()
    seq = -1 if last is None else last
    mark = _mark(organisation, version, now)
    with _lock:
        before = _kept.get(organisation.pk)
    made = _again(before, organisation, seq, mark, now) if before else None
    made = made or load(organisation, version, now)
    with _lock:
        _kept[organisation.pk] = _Kept(seq, mark, made)
        _kept.move_to_end(organisation.pk)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def _mark(organisation: Organisation, version: Version | None, now: dt.datetime) -> tuple[Any, ...]:
    """What else would make it another register: how many devices there are, what is in force, the day."""
    devices = Registration.within(organisation).count()
    return (devices, version.hash if version else "", epoch(now) // DAY)


def _again(
    before: _Kept, organisation: Organisation, seq: int, mark: tuple[Any, ...], now: dt.datetime
) -> Snapshot | None:
    """The snapshot before, with what little has changed; None where it has to be loaded anew."""
    known = before.snapshot
    if before.mark != mark or seq < before.seq:
        return None
    changed: tuple[str, ...] = ()
    if seq > before.seq:
        entries = Entry.within(organisation).filter(seq__gt=before.seq).exclude(action__in=_HARMLESS)
        objects = list(entries.values_list("object", flat=True)[: MOST_PATCHED + 1])
        changed = tuple({one.removeprefix("registration:") for one in objects})
        only = all(one.startswith("registration:") for one in objects)
        if not only or len(objects) > MOST_PATCHED or not known.places.keys() >= set(changed):
            return None
    return _patched(known, organisation, changed, now)


def _patched(
    known: Snapshot, organisation: Organisation, changed: tuple[str, ...], now: dt.datetime
) -> Snapshot | None:
    """The snapshot with these devices read anew, as it stands at the minute of `now`."""
    moment = epoch(now) // MINUTE * MINUTE
    if not changed and known.at == moment:
        return known
    register = known.register
    if changed:
        rows = _rows(organisation, known.version, changed)
        if len(rows) != len(changed):
            return None
        fresh, at = _columns(rows, moment), np.array([known.places[one[0]] for one in rows])
        register = replace(
            register, columns={name: _with(column, at, fresh[name]) for name, column in register.columns.items()}
        )
    return replace(known, register=register, stands=standing_under(known.stands.compiled, register, moment), at=moment)


def _with(column: Column, at: Numbers, fresh: Column) -> Column:
    parts = [part.copy() for part in column if part is not None]
    for part, new in zip(parts, fresh, strict=True):
        part[at] = new
    return Column(*parts)


def load(organisation: Organisation, version: Version | None, now: dt.datetime) -> Snapshot:
    """Read the register anew: a statement for the devices, one for how many people there are, one for the authors.

    Devices that were taken out, and those of people who have left, do not count.
    """
    moment = epoch(now) // MINUTE * MINUTE
    rows = [one for one in _rows(organisation, version) if _stands(one, moment) != "left"]
    members = tuple(dict.fromkeys(one[1] for one in rows))
    numbers = {key: place for place, key in enumerate(members)}
    of_team = {one[1]: one[13] for one in rows}
    teams = tuple(dict.fromkeys(of_team.values()))
    place = {name: at for at, name in enumerate(teams)}
    working = Membership.within(organisation).filter(Membership.employed(now.date())).count()
    register = Register(
        columns=_columns(rows, moment),
        person=np.array([numbers[one[1]] for one in rows], np.int64),
        team=np.array([place[of_team[key]] for key in members], np.int64),
        teams=teams,
        without=max(working - len(members), 0),
    )
    old = compiled_policy(version.pk, version.hash) if version else NOTHING
    places = {one[0]: place for place, one in enumerate(rows)}
    holders = Membership.holders(organisation, Permission.PUBLISH_POLICY, day=now.date())
    authors = tuple(numbers[key] for key in holders.values_list("pk", flat=True) if key in numbers)
    return Snapshot(register, members, places, authors, version, standing_under(old, register, moment), moment)


def _rows(
    organisation: Organisation, version: Version | None, only: tuple[str, ...] | None = None
) -> list[tuple[Any, ...]]:
    """One row per device, those of one person beside each other. Before the first version all count as having read."""
    read: Any = Value(True)
    if version is not None:
        read = Exists(Acknowledgement._default_manager.filter(version=version.pk, membership=OuterRef("membership_id")))
    found = Registration.within(organisation).exclude(state="retired")
    found = found.annotate(read=read, understands=Understanding.newest("membership_id"))
    found = found if only is None else found.filter(pk__in=only)
    return list(found.order_by("membership_id", "id").values_list(*FIELDS))


def _stands(row: tuple[Any, ...], now: int) -> str:
    away_from, away_until, leaves_on = map(iso, row[8:11])
    return stands_on(row[7], away_from, away_until, leaves_on, iso_day(now // DAY))


def _columns(rows: list[tuple[Any, ...]], now: int) -> dict[str, Column]:
    """The same facts, by the same function, as a page and the gate decide upon."""
    flat = [
        row_of(register_sheet(one[5:13], *one[2:5], read_at=int(one[14]), now=now), now) for one in rows
    ]  # fmt: skip
    table = np.array(flat, np.int64).reshape(len(rows), 4 * len(NAMES)).T
    return {
        name: Column(*(np.ascontiguousarray(table[start + at]) for start in (0, GRADES_AT, EXPIRES_AT, OBSERVED_AT)))
        for at, name in enumerate(NAMES)
    }
