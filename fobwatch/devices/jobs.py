"""Work of devices that nobody waits for: what was begun is reminded of, and removed where it waits in vain.

So the register stays true. Whoever keeps the support table is reminded of it too.
"""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from fobwatch.devices import actions
from fobwatch.devices.models import Registration, support_table
from fobwatch.devices.rules.reminders import SUPPORT, UNFINISHED
from fobwatch.devices.rules.support import TOLD_AHEAD, next_end
from fobwatch.devices.rules.waiting import in_vain
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.permission import Permission
from fobwatch.people.actions import reminders
from fobwatch.people.models import Membership, Organisation, Reminder
from fobwatch.people.rules.reminders import LONDON, Kind, Wanting


def tidy(now: dt.datetime) -> int:
    """Remove each registration that waited in vain for a key (`rules.waiting`), and return how many.

    Each in its own transaction and looked at again under lock: somebody may make the key at this very moment.
    """
    gone = 0
    for key in list(Registration.in_vain(now).values_list("pk", flat=True)):
        with transaction.atomic():
            found = Registration.in_vain(now).select_for_update().filter(pk=key).first()
            if found is None:
                continue
            by = Actor.system("tidy", found.organisation_id)
            actions.retire(registration=found, reason=in_vain(found.ownership), by=by, now=now)
            gone += 1
    return gone


def remind(now: dt.datetime) -> int:
    """Remind those who have a device half set up, and those who keep the support table, and return how many."""
    by = Actor.system("reminders")
    turns = Reminder.turns(_pending, now=now)
    return sum(reminders.remind(organisation=o, kind=k, wanting=w, by=by, now=now).letters for o, k, w in turns)


def _pending(organisation: Organisation, now: dt.datetime) -> Iterator[tuple[Kind, list[Wanting]]]:
    rows = Registration.within(organisation).filter(state="enrolling").values_list("membership", "pk", "created_at")
    yield UNFINISHED, [Wanting(of, f"registration:{pk}", begun) for of, pk, begun in rows]
    if end := next_end(support_table(organisation), now.date()):
        since = dt.datetime.combine(end - TOLD_AHEAD, dt.time(), LONDON)
        holders = Membership.holders(organisation, Permission.MANAGE_SUPPORT_TABLE, day=now.date())
        yield SUPPORT, [Wanting(of, f"support:{end}", since, end) for of in holders.values_list("pk", flat=True)]
