"""A policy comes in from another organisation, as a draft (R02, R06)."""

import dataclasses
import datetime as dt

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import Organisation
from fobwatch.policy.actions.writing import _draft
from fobwatch.policy.models import Version, hold
from fobwatch.policy.rules.clause import from_json


@action("policy.imported", about="result", document="result")
def bring_in(*, organisation: Organisation, content: bytes, by: Actor, now: dt.datetime) -> Version:
    """Make a draft of a policy file that another organisation gave.

    content: the JSON as downloaded there. Raises PolicyErrors with everything that is wrong, each with its clause, and
    Refused where a draft is here already: it is never overwritten. What is in force stays in force.
    """
    policy = from_json(content)
    hold(organisation)
    if Version.draft_of(organisation):
        raise refuse(
            "There is a draft already, and we do not overwrite it.",
            "Publish it or discard it first. Then bring in the file again.",
        )
    current = Version.in_force(organisation)
    # When it took effect elsewhere means nothing here.
    fresh = dataclasses.replace(policy, effective=0)
    return _draft(organisation, fresh, by, now, owner=current.owner_id if current else None)
