"""Somebody registers their own device, step by step. Each step is one transaction, so a break loses nothing."""

import datetime as dt
import secrets
from collections.abc import Iterable

from django.conf import settings

from fobwatch.audit.actions import action
from fobwatch.devices.actions.evidence import record_evidence
from fobwatch.devices.models import Device, Registration
from fobwatch.devices.rules import lostcode
from fobwatch.devices.rules.browser import Seen
from fobwatch.devices.rules.evidence import Item
from fobwatch.devices.rules.states import OWNER, may_move
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import Membership, SignIn


@action("registration.started", about="result")
def start_registration(
    *, membership: Membership, sign_in: SignIn, seen: Seen, by: Actor, now: dt.datetime
) -> Registration:
    """Begin to register a device. It is personal from now on, and never becomes the organisation's (B16).

    Pressed twice, or after a break: the registration that has begun is returned. Raises Refused on a shared computer.
    """
    if sign_in.shared:
        raise refuse("This is a shared computer.", "Register your own phone or laptop from that device itself.")
    Membership.objects.select_for_update().get(pk=membership.pk)
    here, waiting = Registration.here(sign_in, membership), Registration.waiting(membership)
    begun = waiting if here is None or here.device.made_up else here
    if begun:
        return begun
    device = Device.objects.filter(pk=sign_in.device, person=membership.person).first() if sign_in.device else None
    if device is None or device.made_up:
        device = Device.objects.create(
            person=membership.person, label=seen.words[:80], platform=seen.platform or "", created_at=now
        )
    return Registration.objects.create(
        organisation=membership.organisation, device=device, membership=membership, ownership="personal",
        platform=seen.platform or "", state_at=now, created_at=now,
    )  # fmt: skip


@action("registration.checklist_answered", about="registration")
def answer_checklist(*, registration: Registration, items: Iterable[Item], by: Actor, now: dt.datetime) -> Registration:
    """Keep what the person told us about their device. It stays "you told us", whatever else we see (W03, W04)."""
    _open(registration)
    return record_evidence(registration=registration, items=items, by=by, now=now)


@action("registration.finished", about="result")
def finish(
    *, registration: Registration, items: Iterable[Item], by: Actor, now: dt.datetime
) -> tuple[Registration, str]:
    """Finish the registration of a device: it may be used for work. Returns it and the lost code; its hash is kept.

    items: the last answers. Sent twice: there is a new code, and the first one no longer works.
    """
    _open(registration)
    if not registration.device.browser_key:
        raise refuse("This browser has no key yet.", "Go back to the step “Prove it's you”.")
    record_evidence(registration=registration, items=items, by=by, now=now)
    if registration.state == "enrolling":
        may_move(registration.state, "active", OWNER).or_refuse()
        registration.state, registration.state_at, registration.step = "active", now, "done"
        registration.save(update_fields=["state", "state_at", "step"])
    return registration, new_lost_code(registration=registration, by=by, now=now)


@action("registration.lost_code_made", about="registration")
def new_lost_code(*, registration: Registration, by: Actor, now: dt.datetime) -> str:
    """Make a new lost code in place of the last one. Returned once; the row keeps its hash (B26)."""
    _open(registration)
    code = lostcode.make(secrets.token_bytes(lostcode.BYTES_NEEDED))
    registration.lost_code_hash = lostcode.hashed(lostcode.normalise(code), settings.SECRET_KEY.encode())
    registration.save(update_fields=["lost_code_hash"])
    return code


def _open(registration: Registration) -> None:
    """Refuse where the device was lost, suspended or removed."""
    if registration.state not in ("enrolling", "active"):
        raise refuse(
            f"This device is {registration.get_state_display().lower()} at the moment, so nothing can be added.",
            "Call your IT help line if you think this is wrong.",
        )
