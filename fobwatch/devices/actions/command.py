"""The one gateway for commands to a device. On somebody's own device it knows no personal verb, whoever asks."""

import datetime as dt

from fobwatch.audit.actions import action
from fobwatch.devices.actions.moves import suspend
from fobwatch.devices.actions.sessions import end_sessions
from fobwatch.devices.models import Evidence, Registration, projection
from fobwatch.devices.rules.states import may_command, plain_verb
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse


@action("device.commanded", about="registration", details=("verb",))
def command(*, registration: Registration, verb: str, by: Actor, now: dt.datetime) -> Registration:
    """Send a command to a device. They touch work only: sessions, access, work data, check-in (B16).

    verb: one of `rules.states.WORK_VERBS`. Raises Refused for every other one on a personal device, and on an
    issued device for what only a device manager could do, since none is connected here.
    """
    may_command(verb, registration.ownership).or_refuse()
    plain = plain_verb(verb)
    if plain == plain_verb("cut_off_access"):
        return suspend(registration=registration, reason="Cut off", by=by, now=now)
    if plain in (plain_verb("end_sessions"), plain_verb("remove_work_data")):
        # All work data that Fobwatch puts on a device ends with its sessions: nothing else is stored there.
        end_sessions(registration=registration, because="ended by command", by=by, now=now)
        return registration
    if plain == plain_verb("ask_to_check_in"):
        return _forget_check_in(registration)
    raise refuse(
        "No device manager is connected that could do this.", "Use the device manager of your organisation itself."
    )


def _forget_check_in(registration: Registration) -> Registration:
    """The last check-in no longer counts, so the next decision asks for a new one."""
    locked = Registration.objects.select_for_update().get(pk=registration.pk)
    current = Evidence.objects.filter(registration=locked, current=True)
    current.filter(fact="checked_in").update(current=False)
    registration.facts = projection(current)
    registration.save(update_fields=["facts"])
    return registration
