"""Reminders by e-mail: when one is due, what it may say, and the working day outside which none is written.

An app that reminds has a table of `Kind` in its own rules, and a job that says whom it waits for (`Wanting`).
"""

import datetime as dt
from dataclasses import dataclass
from string import Formatter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from fobwatch.kernel.permission import Permission
from fobwatch.people.rules.letters import Words, signed

# Our choice, unverified: what is not urgent rings no phone at night, before an early shift or on a weekend. Bank
# holidays are not known here. Nobody is cut off by a reminder that waits: decisions do not depend on it.
LONDON = ZoneInfo("Europe/London")
BEGINS, ENDS = dt.time(8), dt.time(18)
WORKING_DAYS = range(5)

# The same for every kind: a lock screen shows a subject, and whoever looks over a shoulder learns nothing from it.
SUBJECT = "A reminder from your organisation"
_FIELDS = {"since", "day"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of reminder: its words, and how often.

    key: "app.name", as the log and the table name it. what: a heading, for the lists of those sent. text: what waits,
    in constant words with at most {since} and {day}; no other text can get into a reminder. why: why this person gets
    it. page: the name of the page where it is done, one whose address holds no id; "" where there is none. first: days
    after it began to wait; every: days between two; most: how many at most. seen_with: who may see on the staff list
    that it was sent.
    Raises ValueError where the text wants another field, or the numbers would never stop or never wait.
    """

    key: str
    what: str
    text: str
    why: str
    page: str
    first: int
    every: int
    most: int
    seen_with: Permission

    def __post_init__(self) -> None:
        wanted = {name for _, name, _, _ in Formatter().parse(self.text) if name is not None}
        if not wanted <= _FIELDS:
            raise ValueError(f"A reminder holds {{since}} and {{day}} and nothing else: {self.key}")
        if self.first < 0 or self.every < 1 or self.most < 1:
            raise ValueError(f"A reminder waits at least a day for the next, and ends: {self.key}")


class Wanting(NamedTuple):
    """Somebody for whom something waits. about: what, as a reference. since: from when. day: the {day} of the text."""

    member_id: str
    about: str
    since: dt.datetime
    day: dt.datetime | dt.date | None = None


class Sent(NamedTuple):
    """How many were reminded of what: the log keeps it."""

    kind: str
    letters: int


INVITED = Kind(
    key="people.invited",
    what="First sign-in link",
    text=(
        "On {since} we sent you an e-mail with your first sign-in link. You have not used it yet. The link works until"
        " {day}. Look for that e-mail, in the junk folder too. We put no sign-in link in a reminder. If you can't find"
        " the e-mail, ask for a new one. It is your choice: if you don't want to use your own phone, do nothing."
    ),
    why="somebody in your organisation sent you a first sign-in link, and it has not been used",
    page="",
    first=3,
    every=2,
    most=2,
    seen_with=Permission.SEE_PEOPLE,
)


def daytime(now: dt.datetime) -> bool:
    """Whether a reminder may be written now: 8am to 6pm in Europe/London, Monday to Friday."""
    local = now.astimezone(LONDON)
    return local.weekday() in WORKING_DAYS and BEGINS <= local.time() < ENDS


def last_daytime(now: dt.datetime) -> dt.datetime:
    """The latest moment up to now at which a reminder might have been written: for the demo, made at any hour."""
    if daytime(now):
        return now
    day = now.astimezone(LONDON).date()
    while True:
        end = dt.datetime.combine(day, ENDS, LONDON).astimezone(dt.UTC) - dt.timedelta(seconds=1)
        if end <= now and daytime(end):
            return end
        day -= dt.timedelta(days=1)


def due(kind: Kind, *, since: dt.datetime, sent: int, last: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether the next reminder of this kind is due: `sent` went already, the newest at `last`; None if none did."""
    if sent >= kind.most or not daytime(now):
        return False
    wait = dt.timedelta(days=kind.first if last is None else kind.every)
    return now >= (since if last is None else last) + wait


def sentence(kind: Kind, *, since: str, day: str) -> str:
    """What waits, with its dates in words."""
    return kind.text.format(since=since, day=day)


def words(kind: Kind, *, text: str, organisation: str, address: str, number: int, help_line: str) -> Words:
    """The e-mail. address: of the page where it is done; "" where there is none. number: counts from 1."""
    begin = f"This is a reminder from {organisation}."
    end = f"This is reminder {number} of at most {kind.most}. You get it because {kind.why}."
    parts = [begin, text, *(["Open this page:", address] if address else []), end]
    ask = "" if help_line else "Questions? Ask your organisation's IT team."
    return Words(SUBJECT, signed(organisation, help_line, *parts, *([ask] if ask else [])))
