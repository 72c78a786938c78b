"""An organisation begins: the installation's own doing, before anybody can sign in."""

import datetime as dt
from collections.abc import Iterable, Mapping

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import Membership, Organisation, Person
from fobwatch.people.rules.recruits import Recruit


@action("organisation.founded", about="result", details=("kind",))
def found_organisation(
    *, name: str, kind: str, slug: str, contacts: Mapping[str, object], by: Actor, now: dt.datetime
) -> Organisation:
    """Begin an organisation in this installation."""
    if Organisation.objects.filter(slug=slug).exists():
        raise refuse("There is an organisation with this short name already.", "Choose another short name.")
    return Organisation.objects.create(name=name, kind=kind, slug=slug, created_at=now, **contacts)


@action("organisation.staff_added", about="organisation", details=("result",))
def add_staff(*, organisation: Organisation, people: Iterable[Recruit], by: Actor, now: dt.datetime) -> int:
    """Add many members at once; managers of a team become the line managers of its members. Returns how many."""
    recruits = list(people)
    known = {person.email: person for person in Person.objects.filter(email__in=[one.email for one in recruits])}
    fresh = [Person(name=one.name, email=one.email, created_at=now) for one in recruits if one.email not in known]
    known |= {person.email: person for person in Person.objects.bulk_create(fresh)}
    Membership.objects.bulk_create(
        Membership(
            organisation=organisation, person=known[one.email], role=one.role, clinical=one.clinical,
            job_title=one.job, team=one.team, staff_number=one.number, employment=one.employment,
            away_from=one.away_from, leaves_on=one.leaves_on, joined_at=now,
        )
        for one in recruits
    )  # fmt: skip
    for manager in Membership.objects.filter(organisation=organisation, role="manager"):
        Membership.objects.filter(organisation=organisation, team=manager.team).exclude(pk=manager.pk).update(
            manager=manager
        )
    return len(recruits)
