"""Work of devices that nobody waits for: what was begun and never finished is removed, so the register stays true."""

import datetime as dt

from django.db import transaction

from fobwatch.devices import actions
from fobwatch.devices.models import Registration
from fobwatch.devices.rules.waiting import in_vain
from fobwatch.kernel.actor import Actor


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
