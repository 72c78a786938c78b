"""What is past its time is deleted, table by table, from the top of the ladder down."""

import datetime as dt
from dataclasses import dataclass

from django.apps import apps
from django.db.models import ProtectedError

from fobwatch.audit.actions import past_retention, purge
from fobwatch.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Purged:
    """What became of one table: how many rows went, or why none did although some are past their time."""

    table: str
    rows: int
    kept_because: str = ""


def purge_all(now: dt.datetime, *, only_count: bool = False) -> list[Purged]:
    """Delete what `Privacy.kept` no longer allows; each table is one action, and one entry in the log.

    Tables without rows past their time are left out. Rows that others still lean on stay, and that is said.
    """
    done = []
    for model in reversed(list(apps.get_models())):
        past = past_retention(model, now)
        if past is None:
            continue
        name, count = model._meta.label, past.count()
        if not count:
            continue
        if only_count:
            done.append(Purged(name, count))
            continue
        try:
            done.append(Purged(name, purge(model=model, by=Actor.system("purge"), now=now)))
        except ProtectedError:
            done.append(Purged(name, 0, "Other records still lean on these rows."))
    return done
