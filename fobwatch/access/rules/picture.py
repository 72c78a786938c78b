"""The picture of a what-if, for a page, a file and a command: counts with their names, nothing about one person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fobwatch.access.rules.whatif import Effect
from fobwatch.policy.rules.batch import Numbers
from fobwatch.policy.rules.batch_leaf import known_not
from fobwatch.policy.rules.compile import CELL_BIT, Compiled
from fobwatch.policy.rules.form import param_words, sentence
from fobwatch.policy.rules.leaf import Tree, leaves
from fobwatch.policy.rules.vocabulary import (
    ACTIONS,
    BY_NAME,
    CELLS,
    CLASSES,
    PLATFORM_WORDS,
    PLATFORMS,
    STAFF_GROUPS,
    About,
    Fact,
)
from fobwatch.policy.rules.words import choice_words

NO_TEAM = "No team recorded"


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work: how many people can see it now and then, lose it, gain it, and of the losers could mend it."""

    kind: str
    label: str
    now: int
    then: int
    lose: int
    gain: int
    mend: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One action of a kind of work that changes for somebody."""

    label: str
    action: str
    now: int
    then: int
    lose: int
    gain: int


@dataclass(frozen=True, slots=True)
class Group:
    """People, or devices, with something in common: how many there are, lose anything, can put it all right, gain."""

    name: str
    of: int
    lose: int
    mend: int
    gain: int


@dataclass(frozen=True, slots=True)
class Blame:
    """One clause, and how many people it takes something from. minutes: about how long its remedy takes.

    grant: it opened the work, and no longer does; nobody can put that right alone. version: it speaks of a system
    version, and no browser tells whether a device can take a newer one.
    """

    clause: str
    title: str
    people: int
    mend: int
    minutes: int
    grant: bool
    version: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """One fact that a clause asks about: of how many devices, of how many it is not known, or known too little."""

    fact: str
    devices: int
    unknown: int
    weak: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that a what-if says. day_lose, day_gain: people who lose or gain on the day of publication itself."""

    people: int
    devices: int
    without: int
    lose: int
    lose_sight: int
    mend: int
    gain: int
    day_lose: int
    day_gain: int
    works: tuple[Work, ...]
    cells: tuple[Cell, ...]
    blame: tuple[Blame, ...]
    platforms: tuple[Group, ...]
    teams: tuple[Group, ...]
    staff_groups: tuple[Group, ...]
    gaps: tuple[Gap, ...]


VIEWS = {kind: CELL_BIT[f"{kind}:view"] for kind in CLASSES}
_SIGHT = sum(VIEWS.values())


def picture(found: Effect) -> Picture:
    """Count the effect of a version."""
    register, lost, gained = found.register, found.lost, found.gained
    wholly = (lost != 0) & (lost & ~found.mends == 0)
    sight = np.uint32(_SIGHT)
    return Picture(
        people=register.people, devices=len(register.person), without=register.without,
        lose=_count(lost), lose_sight=_count(lost & sight), mend=int(np.count_nonzero(wholly)), gain=_count(gained),
        day_lose=_count(found.day_lost), day_gain=_count(found.day_gained),
        works=tuple(_works(found)), cells=tuple(_cells(found)), blame=tuple(blames(found)),
        platforms=tuple(_platforms(found)), teams=_grouped(found, register.team, register.teams, wholly),
        staff_groups=_staff_groups(found, wholly), gaps=tuple(gaps(found)),
    )  # fmt: skip


def _count(masks: Numbers, bit: int = 0) -> int:
    """How many have anything, or have this cell."""
    return int(np.count_nonzero(masks & np.uint32(bit) if bit else masks))


def _works(found: Effect) -> Iterator[Work]:
    for kind, label in CLASSES.items():
        bit = VIEWS[kind]
        yield Work(
            kind, label, _count(found.was, bit), _count(found.becomes, bit), _count(found.lost, bit),
            _count(found.gained, bit), _count(found.lost & found.mends, bit),
        )  # fmt: skip


def _cells(found: Effect) -> Iterator[Cell]:
    for cell in CELLS:
        kind, action = cell.split(":")
        bit = CELL_BIT[cell]
        lose, gain = _count(found.lost, bit), _count(found.gained, bit)
        if lose or gain:
            yield Cell(
                CLASSES[kind], ACTIONS[action], _count(found.was, bit), _count(found.becomes, bit), lose, gain
            )  # fmt: skip


def blames(found: Effect) -> list[Blame]:
    """The clauses to blame, the one that takes from most people first."""
    rows = [
        *_blamed(found, found.new, found.closing, found.closing & found.by_hand, grant=False),
        *_blamed(found, found.stands.compiled, found.ungranted, np.zeros_like(found.ungranted), grant=True),
    ]
    return sorted(rows, key=lambda one: -one.people)


def _blamed(found: Effect, compiled: Compiled, masks: Numbers, by_hand: Numbers, *, grant: bool) -> Iterator[Blame]:
    people, hands = found.register.by_person(masks), found.register.by_person(by_hand)
    words = param_words(compiled.policy)
    for index, clause in enumerate(compiled.policy.clauses):
        count = int(np.count_nonzero(people & np.uint64(1 << index)))
        if count:
            asks = {leaf.fact.name for leaf in leaves(compiled.needs[index])}
            yield Blame(
                clause.id, sentence(clause.title, words), count, int(np.count_nonzero(hands & np.uint64(1 << index))),
                clause.minutes, grant, "os_version" in asks,
            )  # fmt: skip


def _grouped(found: Effect, of: Numbers, names: Sequence[str], wholly: Numbers) -> tuple[Group, ...]:
    """People by what they have in common, those who lose most first, then the largest."""
    size = len(names)
    tallies = [
        np.bincount(of[which], minlength=size) for which in (slice(None), found.lost != 0, wholly, found.gained != 0)
    ]
    groups = [Group(names[at], *(int(tally[at]) for tally in tallies)) for at in range(size)]
    return tuple(sorted((one for one in groups if one.of), key=lambda one: (-one.lose, -one.of, one.name)))


def _staff_groups(found: Effect, wholly: Numbers) -> tuple[Group, ...]:
    names = [f"{choice_words(one).capitalize()} staff" for one in STAFF_GROUPS]
    return _grouped(found, found.register.columns["staff_group"].value[found.register.first], names, wholly)


def _platforms(found: Effect) -> Iterator[Group]:
    """Devices by make. A device loses what no longer opens on it, whatever else its person has."""
    column = found.register.columns["platform"]
    live = (column.grade > 0) & (found.stands.now < column.expires)
    of = np.where(live, column.value, len(PLATFORMS))
    names = [*(PLATFORM_WORDS[one] for one in PLATFORMS), "Not known"]
    wholly = (found.device_lost != 0) & (found.device_lost & ~found.device_mends == 0)
    tallies = [
        np.bincount(of[which], minlength=len(names))
        for which in (slice(None), found.device_lost != 0, wholly, found.device_gained != 0)
    ]
    for at, name in enumerate(names):
        if tallies[0][at]:
            yield Group(name, *(int(tally[at]) for tally in tallies))


def gaps(found: Effect) -> Iterator[Gap]:
    """The facts about devices that the new version asks for, and of how many devices we do not hold them.

    Only devices to which the clause may apply are counted: nobody asks an iPhone for its antivirus.
    """
    columns, size, now = found.stands.columns, len(found.register.person), found.stands.now
    applies: dict[Tree | None, Numbers] = {None: np.ones(size, bool)}
    asked: dict[str, tuple[Fact, Numbers, int]] = {}
    for index, clause in enumerate(found.new.policy.clauses):
        when, need = found.new.whens[index], found.new.needs[index]
        if clause.kind != "require" or need is None:
            continue
        if when not in applies and when is not None:
            applies[when] = ~known_not(when, columns, size, now)
        for leaf in leaves(need):
            if leaf.fact.about is About.DEVICE:
                _, before, grade = asked.get(leaf.fact.name, (leaf.fact, np.zeros(size, bool), 0))
                asked[leaf.fact.name] = (leaf.fact, before | applies[when], max(grade, leaf.grade))
    for name in (name for name in BY_NAME if name in asked):
        fact, devices, grade = asked[name]
        column = columns[name]
        known = (column.grade > 0) & (now < column.expires)
        weak = devices & known & (column.grade < grade)
        yield Gap(fact.plain, _count(devices), _count(devices & ~known), _count(weak))
