"""Members join an organisation, change there, and leave."""

import datetime as dt
from typing import Any

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.people.actions import invitations
from fobwatch.people.models import Membership, Organisation, Passkey, Person
from fobwatch.people.rules import members as rules

FIELDS = (
    "role", "clinical", "job_title", "team", "staff_number", "manager", "employment", "away_from", "away_until",
    "leaves_on",
)  # fmt: skip


@action("membership.added", about="result", details=("role",))
def add(
    *,
    organisation: Organisation,
    name: str,
    email: str,
    role: str,
    clinical: bool,
    job_title: str = "",
    team: str = "",
    staff_number: str = "",
    manager: Membership | None = None,
    giver: Membership,
    by: Actor,
    now: dt.datetime,
) -> Membership:
    """Add somebody to the staff list, and send the first link; who has a passkey already needs none.

    Somebody known from another organisation keeps the name they have. giver: the member who adds them.
    """
    rules.may_give(role=role, before="", to_self=False, held=giver.permissions).or_refuse()
    address = email.strip().lower()
    person = Person.by_email(address) or Person.objects.create(name=name.strip(), email=address, created_at=now)
    if Membership.listed(organisation, address):
        rules.IN_LIST.or_refuse()
    _free(organisation, staff_number, None)
    member = Membership.objects.create(
        organisation=organisation, person=person, role=role, clinical=clinical, job_title=job_title, team=team,
        staff_number=staff_number, manager=_manager(organisation, manager), joined_at=now,
    )  # fmt: skip
    if Passkey.of(person).exists():
        invitations.welcome(membership=member, by=by, now=now)
    else:
        invitations.invite(membership=member, purpose="join", inviter=giver, by=by, now=now)
    return member


@action("membership.changed", about="membership", details=("result",))
def change(
    *, membership: Membership, changes: dict[str, Any], giver: Membership, by: Actor, now: dt.datetime
) -> list[str]:
    """Change what the staff list says about somebody. Returns the names of the fields that changed.

    changes: values for some of FIELDS. The log keeps which fields changed, not what they say.
    """
    told = {name: value for name, value in changes.items() if name in FIELDS}
    rules.may_give(
        role=told.get("role", membership.role), before=membership.role, to_self=giver.pk == membership.pk,
        held=giver.permissions,
    ).or_refuse()  # fmt: skip
    after = {name: told.get(name, getattr(membership, name)) for name in FIELDS}
    rules.dates_fit(**{name: after[name] for name in FIELDS[6:]}).or_refuse()
    _free(membership.organisation, after["staff_number"], membership)
    manager = _manager(membership.organisation, after["manager"])
    if manager and manager.pk == membership.pk:
        rules.OWN_MANAGER.or_refuse()
    changed = [name for name in FIELDS if after[name] != getattr(membership, name)]
    for name in changed:
        setattr(membership, name, after[name])
    if changed:
        membership.save(update_fields=changed)
    return changed


def _manager(organisation: Organisation, manager: Membership | None) -> Membership | None:
    if manager and manager.organisation_id != organisation.pk:
        raise refuse("The line manager works for another organisation.", "Choose somebody from your list.")
    return manager


def _free(organisation: Organisation, number: str, mine: Membership | None) -> None:
    if Membership.number_held(organisation, number, but=mine):
        rules.NUMBER_HELD.or_refuse()
