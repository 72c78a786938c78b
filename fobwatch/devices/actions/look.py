"""Somebody looked at a device: its owner can see who."""

import datetime as dt

from fobwatch.audit.actions import action
from fobwatch.devices.models import Registration
from fobwatch.kernel.actor import Actor


@action("registration.looked_at", about="registration")
def look(*, registration: Registration, by: Actor, now: dt.datetime) -> Registration:
    """Open somebody's device in the register. The look itself is what is recorded (B27)."""
    return registration
