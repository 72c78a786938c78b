"""Small actions for the tests of `@action`, registered once."""

import datetime as dt

from django.db import transaction

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse

NOW = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC)
BY = Actor("membership:m1", "org1", "s1")
SYSTEM = Actor.system("test", "org1")


@action("test.done", about="thing", details=("why",))
def do(*, thing: object, why: object = "because", by: Actor, now: dt.datetime) -> object:
    """Do a small thing (B16).

    More about it.
    """
    if why == "no":
        raise refuse("You cannot do this.", "Ask.")
    return thing


@action("test.made", about="result")
def make(*, result_id: str, by: Actor, now: dt.datetime) -> tuple[str, str]:
    """Make a small thing."""
    return f"thing:{result_id}", "the clear token"


@action("test.both", about="thing", details=("thing",))
def both(*, thing: str, second: str, by: Actor, now: dt.datetime) -> None:
    """Do two small things."""
    do(thing=thing, by=by, now=now)
    do(thing=thing, why=second, by=by, now=now)


@action("test.read", about="thing", document="version")
def read(*, thing: str, version: object, by: Actor, now: dt.datetime) -> None:
    """Read a document."""


def undone(thing: str) -> None:
    """An action within something that fails afterwards."""
    with transaction.atomic():
        do(thing=thing, by=BY, now=NOW)
        raise RuntimeError


def log(count: int) -> None:
    """So many entries."""
    for n in range(count):
        do(thing=f"thing:{n}", why=f"reason {n}", by=BY, now=NOW + dt.timedelta(seconds=n))
