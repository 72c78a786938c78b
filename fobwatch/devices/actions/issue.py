"""The organisation issues a device to a member, who then sets it up; and the way back from a wrong turn."""

import datetime as dt

from fobwatch.audit.actions import action
from fobwatch.devices.actions.moves import retire
from fobwatch.devices.models import Device, Registration
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.models import Membership, SignIn

WRONG_DEVICE = "It was set up on a device that is not the one that was issued."


@action("registration.issued", about="result")
def issue_device(*, membership: Membership, label: str, by: Actor, now: dt.datetime) -> Registration:
    """Issue a device of the organisation to a member; it waits until they set it up on that device (B16, B27).

    label: what stands on it, 1 to 80 characters. Sent twice: the device that waits under this label is returned.
    Raises Refused for somebody who has left, and without a label.
    """
    named = label.strip()[:80]
    if not named:
        raise refuse("The device has no name yet.", "Write the number or name that stands on it.")
    if membership.employment_on(now.date()) == "left":
        raise refuse("This person has left, so nothing can be issued to them.", "Choose somebody who works here.")
    Membership.objects.select_for_update().get(pk=membership.pk)
    same = Registration.issued_to(membership).filter(device__label=named).first()
    return same or _waiting(membership, named, now)


@action("registration.put_back", about="result")
def put_back(*, registration: Registration, sign_in: SignIn, by: Actor, now: dt.datetime) -> Registration:
    """Undo a wrong turn: this is not the device that was issued, which waits again for the right one.

    What was seen of the wrong device stays with the removed registration. The person stays signed in. Raises Refused
    once the device is set up: IT then removes it and issues it anew.
    """
    Membership.objects.select_for_update().get(pk=registration.membership_id)
    locked = Registration.objects.select_for_update().get(pk=registration.pk)
    if locked.ownership != "issued" or locked.state != "enrolling":
        raise refuse(
            "This cannot be undone any more.", "Ask your IT team to remove the device and to issue it to you again."
        )
    sign_ins.on_device(sign_in=sign_in, device="", by=by, now=now)
    retire(registration=registration, reason=WRONG_DEVICE, by=by, now=now)
    return _waiting(registration.membership, registration.device.label, now)


def _waiting(membership: Membership, label: str, now: dt.datetime) -> Registration:
    """A device of the organisation that no browser has shown its key for. Issued from now on, and never personal."""
    device = Device.objects.create(person_id=membership.person_id, label=label, created_at=now)
    return Registration.objects.create(
        organisation_id=membership.organisation_id, device=device, membership=membership, ownership="issued",
        state_at=now, created_at=now,
    )  # fmt: skip
