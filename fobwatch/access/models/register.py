"""The register as IT sees it: one query of plain values, and the engine over each row."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from fobwatch.access.models.outcome import Outcome
from fobwatch.access.models.policies import compiled_policy, statuses_under
from fobwatch.access.rules.register import as_if_signed_in, mark
from fobwatch.access.rules.sheet import DAY, Sheet, iso, row
from fobwatch.devices.models import Registration
from fobwatch.kernel.clock import epoch
from fobwatch.learning.models import Understanding
from fobwatch.people.models import Organisation
from fobwatch.policy.models import Acknowledgement, Version
from fobwatch.policy.rules.decide import decide

CHUNK = 2_000
COLUMNS = (
    "id", "device__label", "platform", "ownership", "state", "last_seen", "facts", "membership__person__name",
    "membership__team", "membership__role", "membership__clinical", "membership__employment", "membership__away_from",
    "membership__away_until", "membership__leaves_on", "membership__joined_at", "understands",
    "read",
)  # fmt: skip
# How long ago a device was last seen, in whole days: at least, and fewer than.
SEEN = {"day": (0, 1), "week": (1, 7), "month": (7, 30), "longer": (30, 36_500), "never": (-1, -1)}


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the register is wanted. Empty: all. failing: the id of a clause; search: of a person or a device."""

    state: str = ""
    platform: str = ""
    failing: str = ""
    seen: str = ""
    search: str = ""


class Line(NamedTuple):
    """One device of the register. answers: a word for each kind of work, in the order of CLASSES."""

    id: str
    person: str
    team: str
    label: str
    platform: str
    ownership: str
    state: str
    last_seen: int
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of the register. after: where the next one begins; empty at the end."""

    lines: list[Line] = field(default_factory=list)
    after: str = ""


def chosen(organisation: Organisation, filters: Filters, now: dt.datetime) -> "QuerySet[Registration]":
    """The registrations that the database can choose by itself: all filters but the failing clause."""
    found = Registration.within(organisation)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.platform:
        found = found.filter(platform=filters.platform)
    if filters.seen == "never":
        found = found.filter(last_seen=0)
    elif filters.seen in SEEN:
        least, most = SEEN[filters.seen]
        found = found.filter(last_seen__gt=max(epoch(now) - most * DAY, 0), last_seen__lte=epoch(now) - least * DAY)
    if filters.search:
        found = found.filter(
            Q(membership__person__name__icontains=filters.search) | Q(device__label__icontains=filters.search)
        )
    return found


def count(organisation: Organisation, filters: Filters, now: dt.datetime) -> int:
    """How many devices the filters choose, before the failing clause."""
    return chosen(organisation, filters, now).count()


def listed(
    organisation: Organisation, version: Version | None, filters: Filters, now: dt.datetime, *,
    size: int, after: tuple[int, str] | None = None,
) -> Slice:  # fmt: skip
    """One page, the last seen first. With a failing clause it reads on in chunks until the page is full."""
    lines: list[Line] = []
    for line in _lines(organisation, version, filters, now, after=after, chunk=CHUNK if filters.failing else size + 1):
        if len(lines) == size:
            return Slice(lines, mark(lines[-1].last_seen, lines[-1].id))
        lines.append(line)
    return Slice(lines)


def pages(organisation: Organisation, version: Version | None, filters: Filters, now: dt.datetime) -> Iterator[Line]:
    """Every line that the filters choose, read in chunks: for a file that is streamed."""
    return _lines(organisation, version, filters, now, after=None, chunk=CHUNK)


def _lines(
    organisation: Organisation, version: Version | None, filters: Filters, now: dt.datetime, *,
    after: tuple[int, str] | None, chunk: int,
) -> Iterator[Line]:  # fmt: skip
    read: Any = Value(False)
    if version is not None:
        read = Exists(Acknowledgement._default_manager.filter(version=version.pk, membership=OuterRef("membership_id")))
    wanted = chosen(organisation, filters, now).annotate(
        read=read, understands=Understanding.newest("membership_id")
    ).order_by("-last_seen", "id")  # fmt: skip
    judge = _Judge(version, filters.failing, epoch(now))
    while True:
        here = wanted
        if after:
            seen, key = after
            here = wanted.filter(Q(last_seen__lt=seen) | Q(last_seen=seen, id__gt=key), last_seen__lte=seen)
        rows = list(here.values_list(*COLUMNS)[:chunk])
        for values in rows:
            if (line := judge.line(values)) is not None:
                yield line
        if len(rows) < chunk:
            return
        after = (rows[-1][5], rows[-1][0])


class _Judge:
    """Decides the rows of one listing."""

    def __init__(self, version: Version | None, failing: str, now: int) -> None:
        self.now, self.bit = now, 0
        self.compiled = compiled_policy(version.pk, version.hash) if version else None
        self.statuses = statuses_under(version.pk, version.hash) if version else None
        for index, clause in enumerate(self.compiled.policy.clauses if self.compiled else ()):
            if failing and clause.id == failing:
                self.bit = 1 << index
        self.nothing = bool(failing) and not self.bit

    def line(self, values: tuple[Any, ...]) -> Line | None:
        """The line of a row; None where the clause that is asked for does not fail."""
        if self.nothing:
            return None
        key, label, platform, ownership, state, last_seen, facts, person, team, *member, read = values
        answers: tuple[str, ...] = ("no",) * 5
        if self.compiled and self.statuses:
            sheet = register_sheet(member, ownership, state, facts, read_at=int(bool(read)), now=self.now)
            flat = as_if_signed_in(row(sheet, self.now))
            if self.bit and self.compiled.bits(flat, self.now) & self.bit:
                return None
            answers = self.statuses.of(decide(self.compiled, flat, self.now, self.now))
        return Line(key, person, team, label, platform, ownership, state, last_seen, answers)


def register_sheet(
    member: list[Any] | tuple[Any, ...], ownership: str, state: str, facts: str, *, read_at: int, now: int
) -> Sheet:
    """The sheet of a registered device as if its person had just signed in on it with a passkey.

    member: role, clinical, employment, its three dates, when they joined, and to when the training counts.
    """
    role, clinical, employment, *dates, joined, understands = member
    away_from, away_until, leaves_on = map(iso, dates)
    return Sheet(
        role, clinical, employment, away_from, away_until, leaves_on, ownership, state, facts, read_at, "passkey",
        now, now, epoch(joined), understands or 0,
    )  # fmt: skip


def register_outcome(registration: Registration, version: Version | None, now: dt.datetime) -> Outcome:
    """The answers for one registered device, with reasons, as if its person had just signed in on it."""
    member, moment = registration.membership, epoch(now)
    read = version is not None and member.acknowledgements.filter(version=version).exists()
    columns = (
        member.role, member.clinical, member.employment, member.away_from, member.away_until, member.leaves_on,
        member.joined_at, Understanding.until(member),
    )  # fmt: skip
    sheet = register_sheet(
        columns, registration.ownership, registration.state, registration.facts, read_at=int(read), now=moment
    )
    if version is None:
        return Outcome(member, registration, None, sheet, moment)
    compiled = compiled_policy(version.pk, version.hash)
    flat = as_if_signed_in(row(sheet, moment))
    return Outcome(member, registration, version, sheet, moment, compiled, flat, decide(compiled, flat, moment, moment))
