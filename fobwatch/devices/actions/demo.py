"""Devices of the demo: they were never in anybody's hand, and everything about them is marked as made up."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings

from fobwatch.audit.actions import action
from fobwatch.devices.actions.evidence import record_evidence
from fobwatch.devices.models import Device, Registration
from fobwatch.devices.rules.evidence import Item, as_demo
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.people.actions.sign_in import on_device
from fobwatch.people.models import Membership, SignIn

MADE_UP = "demo"


@action("demo.device_made", about="result")
def make_demo_device(
    *,
    membership: Membership,
    label: str,
    ownership: str,
    state: str,
    state_reason: str,
    items: Iterable[Item],
    last_seen: int,
    by: Actor,
    now: dt.datetime,
) -> Registration:
    """Make a made-up device for the demo, in any state. Refused outside the demo."""
    _only_in_the_demo()
    device = Device.objects.create(person=membership.person, label=label, browser_key="", created_at=now)
    device.browser_key = f"{MADE_UP}:{device.pk}"
    device.save(update_fields=["browser_key"])
    registration = Registration.objects.create(
        organisation=membership.organisation, device=device, membership=membership, ownership=ownership, state=state,
        state_reason=state_reason, state_at=now, step="done" if state != "enrolling" else "checklist",
        last_seen=last_seen, created_at=now,
    )  # fmt: skip
    record_evidence(registration=registration, items=as_demo(items), by=by, now=now)
    device.platform = registration.platform
    device.save(update_fields=["platform"])
    return registration


@action("demo.device_taken_up", about="registration")
def take_up_demo_device(*, registration: Registration, sign_in: SignIn, by: Actor, now: dt.datetime) -> Registration:
    """Look at the demo as if on a made-up person's device. Refused outside the demo."""
    _only_in_the_demo()
    if sign_in.how != "demo" or not registration.device.browser_key.startswith(MADE_UP):
        raise refuse("Only a persona of the demo can do that.", "Sign in as a persona first.")
    on_device(sign_in=sign_in, device=registration.device_id, by=by, now=now)
    return registration


def _only_in_the_demo() -> None:
    if not settings.FOBWATCH_DEMO:
        raise refuse("This exists in the demo only.", "Register a real device instead.")
