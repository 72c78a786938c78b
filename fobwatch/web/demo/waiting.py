"""What waits in the demo for a visitor: a link that needs a second person, and a work phone for its holder."""

import datetime as dt
from collections.abc import Iterable

from fobwatch.devices.actions import issue_device
from fobwatch.kernel.actor import Actor
from fobwatch.people.actions.demo import make_passkey
from fobwatch.people.actions.invitations import invite
from fobwatch.people.models import Membership


def leave_waiting(staff: Iterable[Membership], *, by: Actor, now: dt.datetime) -> None:
    """The personas who open doors for others hold a passkey; Imran has lost his phone, and Nia asks for a new link.

    Grace's own phone is too old, so IT issues her one. staff: the hospital's members, personas among them.
    """
    named = {one.person.name: one for one in staff}
    for name in ("Imran Qureshi", "Nia Pritchard", "Owen Marsh"):
        make_passkey(membership=named[name], by=by, now=now)
    invite(membership=named["Imran Qureshi"], purpose="recover", inviter=named["Nia Pritchard"], by=by, now=now)
    issue_device(membership=named["Grace Lindqvist"], label="Work phone 214 (demo)", by=by, now=now)
