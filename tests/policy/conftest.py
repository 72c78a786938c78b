"""A hospital with a policy in force, and one with a draft."""

from collections.abc import Callable

import pytest

from fobwatch.kernel.actor import Actor
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy import actions
from fobwatch.policy.models import Acknowledgement, Version
from tests import cast
from tests.cast import NOW

Confirm = Callable[[Membership, Version], Acknowledgement]


def actor(member: Membership) -> Actor:
    return Actor(f"membership:{member.pk}", member.organisation_id)


def changed(version: Version, by: Actor, **values: object) -> Version:
    """The next draft, with other values."""
    draft = actions.start_draft(organisation=version.organisation, by=by, now=NOW)
    return actions.set_params(draft=draft, values=values, shown=draft.hash, by=by, now=NOW)


def approver(organisation: Organisation) -> Membership:
    """Somebody who may approve and who writes nothing: the Caldicott Guardian."""
    found = Membership.objects.filter(organisation=organisation, role="caldicott_guardian").first()
    return found or cast.member(organisation, "Ruth Kessler", "caldicott_guardian", clinical=True)


def approved(draft: Version, by: Actor) -> Version:
    """The draft sent for approval, and approved by the Caldicott Guardian."""
    actions.submit(draft=draft, shown=draft.hash, by=by, now=NOW)
    actions.approve(draft=draft, shown=draft.hash, by=actor(approver(draft.organisation)), now=NOW)
    return draft


def put_in_force(draft: Version, by: Actor, **more: object) -> Version:
    """The whole way of a draft."""
    if draft.state == "draft":
        approved(draft, by)
    return actions.publish(draft=draft, shown=draft.hash, by=by, now=NOW, **more)


def confirmed(member: Membership, version: Version) -> Acknowledgement:
    return actions.acknowledge(membership=member, version=version, shown=version.hash, by=actor(member), now=NOW)


@pytest.fixture
def lead(ig_lead: Membership) -> Actor:
    return actor(ig_lead)


@pytest.fixture
def draft(hospital: Organisation, lead: Actor) -> Version:
    return actions.adopt(organisation=hospital, by=lead, now=NOW)


@pytest.fixture
def first(draft: Version, lead: Actor) -> Version:
    """Version 1, in force."""
    return put_in_force(draft, lead)
