"""Work of learning that nobody waits for: who is reminded, by day only (`people.rules.reminders`)."""

import datetime as dt
from collections.abc import Iterator

from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import moment
from fobwatch.learning.models import to_train_in
from fobwatch.learning.rules.reminders import AGAIN, FIRST, LATE, to_train
from fobwatch.people.actions import reminders
from fobwatch.people.models import Organisation, Reminder
from fobwatch.people.rules.reminders import Kind, Wanting
from fobwatch.policy.models import Version


def remind(now: dt.datetime) -> int:
    """Remind those who have the training to do, and return how many."""
    by = Actor.system("reminders")
    turns = Reminder.turns(_pending, now=now)
    return sum(reminders.remind(organisation=o, kind=k, wanting=w, by=by, now=now).letters for o, k, w in turns)


def _pending(organisation: Organisation, now: dt.datetime) -> Iterator[tuple[Kind, list[Wanting]]]:
    version = Version.in_force(organisation)
    if version is None or version.published_at is None:
        return
    found: dict[str, list[Wanting]] = {kind.key: [] for kind in (FIRST, AGAIN, LATE)}
    for member, joined, until_epoch in to_train_in(organisation, now):
        until = moment(until_epoch) if until_epoch else None
        wanted = to_train(until, asked_since=max(joined, version.published_at), now=now)
        if wanted is not None:
            kind, since = wanted
            # By the day it ends, so that a pass of next year is a new thing to be reminded of.
            about = f"training:{until:%Y-%m-%d}" if until else "training:first"
            found[kind.key].append(Wanting(member, about, since, until))
    for kind in (FIRST, AGAIN, LATE):
        yield kind, found[kind.key]
