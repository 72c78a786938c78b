"""What is past its time is deleted, table by table, from the top of the ladder down."""

import datetime as dt
from dataclasses import dataclass

from django.apps import apps
from django.db import models
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
        name, count, why = model._meta.label, past.count(), _why_some_stay(model, now)
        if not count and not why:
            continue
        if only_count or not count:
            done.append(Purged(name, count, why))
            continue
        try:
            done.append(Purged(name, purge(model=model, by=Actor.system("purge"), now=now), why))
        except ProtectedError:
            done.append(Purged(name, 0, "Other records still lean on these rows."))
    return done


def _why_some_stay(model: type[models.Model], now: dt.datetime) -> str:
    """A sentence where rows are past their time and others lean on them; "" where there are none."""
    held = past_retention(model, now, leaned_on=True)
    count = held.count() if held is not None else 0
    return f"{count:,} past their time stay: other records still lean on them." if count else ""
