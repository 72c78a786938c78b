"""What we remind of about the training: to do it, and to do it again in time (B17). Numbers are our choice."""

import datetime as dt

from fobwatch.kernel.permission import Permission
from fobwatch.learning.rules.marking import AGAIN_FROM
from fobwatch.people.rules.reminders import Kind

_WHAT = "Do the training"
_HOW = "It takes less than six minutes. You can stop at any time and carry on later."
FIRST = Kind(
    key="learning.first",
    what=_WHAT,
    text=(
        f"Please do the training “The basics”. {_HOW} If you use your own device for work, some kinds of work may"
        " close on it until you have done it."
    ),
    why="you can sign in here and have not done the training yet",
    page="learning:mine",
    first=3,
    every=7,
    most=4,
    seen_with=Permission.SEE_PEOPLE,
)
AGAIN = Kind(
    key="learning.again",
    what=_WHAT,
    text=f"Your training counts until {{day}}. Please do it again before then. {_HOW}",
    why="your training is about to end",
    page="learning:mine",
    first=0,
    every=10,
    most=3,
    seen_with=Permission.SEE_PEOPLE,
)
LATE = Kind(
    key="learning.late",
    what=_WHAT,
    text=(
        f"Your training counted until {{day}}. Please do it again. {_HOW} Until you do, some kinds of work may be"
        " closed on your own device."
    ),
    why="your training has ended",
    page="learning:mine",
    first=0,
    every=7,
    most=4,
    seen_with=Permission.SEE_PEOPLE,
)


def to_train(
    until: dt.datetime | None, *, asked_since: dt.datetime, now: dt.datetime
) -> tuple[Kind, dt.datetime] | None:
    """The kind of reminder that holds now and since when; None where nothing has to be done yet.

    until: to when the last pass counts, None without one. asked_since: from when this member was asked to do it.
    """
    if until is None:
        return FIRST, asked_since
    if now >= until:
        return LATE, until
    return (AGAIN, until - AGAIN_FROM) if now >= until - AGAIN_FROM else None
