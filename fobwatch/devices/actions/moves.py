"""A registration changes state. Whatever the state, nothing on the device itself is erased, locked or found."""

import datetime as dt

from django.conf import settings

from fobwatch.audit.actions import action
from fobwatch.devices.actions.sessions import end_sessions
from fobwatch.devices.models import Device, Registration
from fobwatch.devices.rules import lostcode
from fobwatch.devices.rules.states import IT, LOST_CODE, OWNER, SYSTEM, may_move
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.people.actions import sign_in as sign_ins


@action("registration.suspended", about="registration", details=("reason",))
def suspend(*, registration: Registration, reason: str, by: Actor, now: dt.datetime) -> Registration:
    """Stop this device's access to work here until it is restored; nothing on the device is touched (B16)."""
    mover = SYSTEM if by.ref.startswith("program:") else IT
    return _move(registration, "suspended", mover, reason=reason, by=by, now=now)


@action("registration.restored", about="registration", details=("reason",))
def restore(*, registration: Registration, reason: str, by: Actor, now: dt.datetime) -> Registration:
    """Give a suspended or lost device its access to work back. Its owner signs in again and shows its key."""
    return _move(registration, "active", IT, reason=reason, by=by, now=now)


@action("registration.marked_lost", about="registration", details=("reason",))
def mark_lost(*, registration: Registration, reason: str, by: Actor, now: dt.datetime) -> Registration:
    """Mark a device as lost: it is cut off here, and its owner's sign-ins here end (B26). By IT."""
    _move(registration, "lost", IT, reason=reason, by=by, now=now)
    member = registration.membership
    sign_ins.end_everywhere(person=member.person, membership=member, because="phone lost", by=by, now=now)
    return registration


@action("device.reported_lost", about="device")
def report_lost(*, device: Device, by: Actor, now: dt.datetime) -> int:
    """The owner lost this device: it is cut off in every organisation, and all their sign-ins end (B26).

    Returns how many registrations were cut off. Reported twice, it does nothing more.
    """
    done = _lost_everywhere(device, OWNER, now=now)
    sign_ins.end_everywhere(person=device.person, because="phone lost", by=by, now=now)
    return done


@action("device.reported_lost_by_code", about="result")
def report_lost_by_code(*, code: str, by: Actor, now: dt.datetime) -> Device:
    """Somebody used the lost code: the device is cut off everywhere. Without signing in, once, and nothing else (B26).

    code: as typed. The page counts tries before it calls this. Raises Refused for a code that is not in use.
    """
    hashed = lostcode.hashed(lostcode.normalise(code), settings.SECRET_KEY.encode())
    found = Registration.objects.select_related("device__person").filter(lost_code_hash=hashed).first()
    if found is None:
        raise refuse(
            "This lost code is not in use. It may have been used already, or replaced by a newer one.",
            "Look at the code again, or call your IT help line. They can cut the phone off too.",
        )
    _lost_everywhere(found.device, LOST_CODE, now=now)
    sign_ins.end_everywhere(person=found.device.person, because="phone lost", by=by, now=now)
    return found.device


@action("registration.lost", about="registration")
def _lost_here(*, registration: Registration, mover: str, by: Actor, now: dt.datetime) -> Registration:
    """Cut a lost device off in one organisation. Each keeps its own entry, and learns nothing of the others."""
    return _move(registration, "lost", mover, reason="", by=by, now=now)


def _lost_everywhere(device: Device, mover: str, *, now: dt.datetime) -> int:
    """Cut off every registration of a device that can still be lost; its lost codes are used up by that."""
    found = list(Registration.objects.filter(device=device, state__in=Registration.LIVE))
    for registration in found:
        ref = f"membership:{registration.membership_id}" if mover == OWNER else "anonymous:lost-code"
        _lost_here(registration=registration, mover=mover, by=Actor(ref, registration.organisation_id), now=now)
    return len(found)


@action("registration.retired", about="registration", details=("reason",))
def retire(*, registration: Registration, reason: str, by: Actor, now: dt.datetime) -> Registration:
    """Remove a device from work here, by its owner or IT. Its record stays as long as the policy says.

    Where no other registration is left, the browser's key and cookie are forgotten too.
    """
    owner = by.ref == f"membership:{registration.membership_id}"
    mover = OWNER if owner else SYSTEM if by.ref.startswith("program:") else IT
    _move(registration, "retired", mover, reason=reason, by=by, now=now)
    device = registration.device
    if not Registration.objects.filter(device=device).exclude(state="retired").exists():
        device.browser_key = device.cookie_hash = ""
        device.save(update_fields=["browser_key", "cookie_hash"])
    return registration


def _move(
    registration: Registration, after: str, mover: str, *, reason: str, by: Actor, now: dt.datetime
) -> Registration:
    """Move a registration under lock, if the rules let this mover; leaving `active` ends its sessions here."""
    locked = Registration.objects.select_for_update().get(pk=registration.pk)
    may_move(locked.state, after, mover).or_refuse()
    registration.state, registration.state_at, registration.state_reason = after, now, reason[:200]
    if after in ("lost", "retired"):
        registration.lost_code_hash = ""
    registration.save(update_fields=["state", "state_at", "state_reason", "lost_code_hash"])
    if after != "active":
        end_sessions(registration=registration, because=f"device {after}", by=by, now=now)
    return registration
