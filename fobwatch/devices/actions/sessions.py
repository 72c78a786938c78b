"""Sessions of one device in one organisation end."""

import datetime as dt

from fobwatch.audit.actions import action
from fobwatch.devices.models import Registration
from fobwatch.kernel.actor import Actor
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.models import SignIn


@action("registration.sessions_ended", about="registration", details=("because",))
def end_sessions(*, registration: Registration, because: str, by: Actor, now: dt.datetime) -> int:
    """End the sign-ins on a device in this organisation. Returns how many sessions ended."""
    found = SignIn.objects.filter(
        device=registration.device_id, membership=registration.membership_id, ended_at__isnull=True
    )
    for sign_in in found:
        sign_ins.end(sign_in=sign_in, because=because, by=by, now=now)
    return len(found)
