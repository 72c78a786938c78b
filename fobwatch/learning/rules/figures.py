"""What figures may show: how often a question is answered wrongly, and how many have passed. Never who."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

# A figure about fewer people could be about one whom everybody knows; our choice.
FEWEST_PEOPLE = 5
NO_TEAM, SMALL_TEAMS = "No team", "Teams of fewer than 5"
# From this share of wrong answers on, the fault is more likely in the words than in the readers; our choice.
BADLY_WRITTEN = 40


class Tally(NamedTuple):
    """How one question was answered: its key, its clause, how many people, how many answers, how many wrong."""

    key: str
    clause: str
    people: int
    answers: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Share:
    """Answers to a question or to all of a clause. percent: wrong ones in a hundred; None while too few answered."""

    answers: int = 0
    percent: int | None = None

    @property
    def badly_written(self) -> bool:
        """Whether so many go wrong that the words should be looked at."""
        return self.percent is not None and self.percent >= BADLY_WRITTEN

    @property
    def words(self) -> str:
        """The figure as it is read."""
        if self.percent is None:
            return f"Fewer than {FEWEST_PEOPLE} people so far" if self.answers else "No answers yet"
        return f"{self.percent}% wrong"


def share(rows: Iterable[Tally]) -> Share:
    """One figure of some tallies; without a number while fewer than five people answered any one of them."""
    told = list(rows)
    answers = sum(one.answers for one in told)
    if max((one.people for one in told), default=0) < FEWEST_PEOPLE:
        return Share(answers)
    return Share(answers, round(100 * sum(one.wrong for one in told) / answers))


def by_clause(rows: Iterable[Tally]) -> dict[str, Share]:
    """A figure for each clause that was asked about."""
    found: dict[str, list[Tally]] = {}
    for one in rows:
        found.setdefault(one.clause, []).append(one)
    return {clause: share(tallies) for clause, tallies in found.items()}


class Counts(NamedTuple):
    """How many of those who work here have passed and still count, whose pass has lapsed, and who never passed."""

    of: int
    understood: int
    lapsed: int
    never: int

    @property
    def percent(self) -> int:
        """How many in a hundred have passed, rounded down, so that 100 means everybody."""
        return 100 * self.understood // self.of if self.of else 0


class Standing(NamedTuple):
    """Where one member stands, without their name: until is the epoch second to which their pass counts, or None."""

    team: str
    clinical: bool
    until: int | None


def counts(rows: Iterable[Standing], now: int) -> Counts:
    """The counts of some members at a moment, epoch seconds."""
    told = list(rows)
    understood = sum(one.until is not None and one.until > now for one in told)
    never = sum(one.until is None for one in told)
    return Counts(len(told), understood, len(told) - understood - never, never)


def _place(team: str) -> tuple[bool, str]:
    """Teams by name, those without a name of their own last."""
    return team in (SMALL_TEAMS, NO_TEAM), team.casefold()


def grouped(rows: Iterable[Standing], now: int) -> tuple[dict[str, Counts], dict[str, Counts]]:
    """The counts by team and by staff group. Teams of fewer than five are one line, and none where that is too few."""
    told = [one._replace(team=one.team or NO_TEAM) for one in rows]
    sizes = Counter(one.team for one in told)
    told = [one._replace(team=one.team if sizes[one.team] >= FEWEST_PEOPLE else SMALL_TEAMS) for one in told]
    sizes = Counter(one.team for one in told)
    teams = sorted(filter(lambda team: sizes[team] >= FEWEST_PEOPLE, sizes), key=_place)
    groups = {"Clinical staff": True, "Non-clinical staff": False}
    return (
        {team: counts((one for one in told if one.team == team), now) for team in teams},
        {name: counts((one for one in told if one.clinical is clinical), now) for name, clinical in groups.items()},
    )


class Bar(NamedTuple):
    """One bar of the chart, in its own units: 100 wide and 100 high."""

    label: str
    percent: int
    x: float
    width: float
    y: float
    height: float


def bars(shares: Mapping[str, int]) -> tuple[Bar, ...]:
    """Bars from left to right, one for each label, as high as its share in a hundred."""
    step = 100 / max(len(shares), 1)
    return tuple(
        Bar(label, percent, round(place * step + step * 0.1, 2), round(step * 0.8, 2), 100.0 - percent, float(percent))
        for place, (label, percent) in enumerate(shares.items())
    )
