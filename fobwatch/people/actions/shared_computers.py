"""Shared computers are marked by IT, on the computer itself, and withdrawn (ADR 7)."""

import datetime as dt

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.secrets import keyed_hash, new_token
from fobwatch.kernel.verdict import refuse
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.models import Membership, SharedComputer, SignIn
from fobwatch.people.rules import shared_computers as rules


@action("shared_computer.marked", about="result", details=("label",))
def mark(
    *, label: str, marker: Membership, sign_in: SignIn, here: SharedComputer | None, by: Actor, now: dt.datetime
) -> SharedComputer:
    """Mark a computer as shared, and end the sign-in on it. The clear token is on the result.

    here: the computer that the browser is marked as already, whoever marked it.
    """
    organisation, place = marker.organisation, " ".join(label.split())
    marked_here = here.label if here and here.organisation_id == organisation.pk else ""
    rules.may_mark(
        permitted=Permission.MANAGE_DEVICES in marker.permissions, own_device=bool(sign_in.device),
        marked_here=marked_here,
    ).or_refuse()  # fmt: skip
    if not SignIn.objects.select_for_update().filter(pk=sign_in.pk, ended_at=None).exists():
        raise refuse("You have been signed out meanwhile.", "Sign in again, and look at the list first.")
    if SharedComputer.objects.filter(organisation=organisation, label=place, withdrawn_at=None).exists():
        raise refuse(
            "A computer with this name is on the list already.",
            "Choose another name. If its cookies were cleared, withdraw the old line first.",
        )
    computer = SharedComputer(organisation=organisation, label=place, marked_by=marker, marked_at=now)
    computer.token = new_token()
    computer.cookie_hash = keyed_hash("shared", computer.token)
    computer.save(force_insert=True)
    sign_ins.end(sign_in=sign_in, because="computer marked as shared", by=by, now=now)
    return computer


@action("shared_computer.withdrawn", about="computer", details=("result",))
def withdraw(*, computer: SharedComputer, withdrawer: Membership, by: Actor, now: dt.datetime) -> int:
    """Take a computer off the list of shared ones, and end the sign-ins on it. Returns how many those were."""
    theirs = withdrawer.organisation_id == computer.organisation_id
    if not theirs or Permission.MANAGE_DEVICES not in withdrawer.permissions:
        raise refuse("Your role does not include withdrawing shared computers.", "Ask a colleague in IT support.")
    still = SharedComputer.objects.filter(pk=computer.pk, withdrawn_at=None)
    if not still.update(withdrawn_at=now, withdrawn_by=withdrawer):
        raise refuse("This computer was withdrawn already.", "Nothing needs to be done.")
    open_there = SignIn.objects.filter(ward=computer.pk, ended_at=None)
    return open_there.update(ended_at=now, ended_because="shared computer withdrawn")
