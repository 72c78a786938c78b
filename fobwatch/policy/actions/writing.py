"""The text of the policy is written: adopted from the template, set, changed, thrown away."""

import datetime as dt
from collections.abc import Mapping

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import Organisation
from fobwatch.policy.models import Step, Version, hold, hold_version, template
from fobwatch.policy.rules.clause import Policy, from_json, with_params
from fobwatch.policy.rules.form import Value


@action("policy.adopted", about="result")
def adopt(*, organisation: Organisation, by: Actor, now: dt.datetime) -> Version:
    """Begin a policy from the national template, as a draft (R02)."""
    hold(organisation)
    if Version.within(organisation).exists():
        raise refuse(
            "Your organisation has a policy already.", "Open “Set the policy” and carry on with the one that is there."
        )
    return _draft(organisation, template(), by, now)


@action("policy.draft_started", about="result")
def start_draft(*, organisation: Organisation, by: Actor, now: dt.datetime) -> Version:
    """Begin the next version, from the one in force."""
    hold(organisation)
    if Version.draft_of(organisation):
        raise refuse("There is a draft already.", "Carry on with it, or discard it first.")
    current = Version.in_force(organisation)
    if current is None:
        raise refuse("There is no version in force to start from.", "Adopt the national template first.")
    return _draft(organisation, from_json(current.content), by, now, owner=current.owner_id)


@action("policy.params_set", about="draft", details=("values",), document="draft")
def set_params(*, draft: Version, values: Mapping[str, Value], shown: str, by: Actor, now: dt.datetime) -> Version:
    """Set details of the draft.

    shown: the hash of the draft that the author saw. Raises PolicyErrors with one problem per wrong parameter, and
    Refused where the draft is not that one any more.
    """
    hold_version(draft, "changed", shown)
    draft.write(with_params(from_json(draft.content), values))
    draft.save()
    Step.take(draft, "changed", by=by, now=now, note="The details")
    return draft


@action("policy.draft_discarded", about="draft", document="draft")
def discard_draft(*, draft: Version, shown: str, by: Actor, now: dt.datetime) -> None:
    """Throw the draft away. What is in force stays."""
    hold_version(draft, "changed", shown)
    Version.within(draft.organisation).filter(pk=draft.pk).delete()


def _draft(
    organisation: Organisation, policy: Policy, by: Actor, now: dt.datetime, owner: str | None = None
) -> Version:
    newest = Version.within(organisation).order_by("-number").first()
    draft = Version(
        organisation=organisation,
        number=newest.number + 1 if newest else 1,
        owner_id=owner,
        created_at=now,
    )
    draft.write(policy)
    draft.save()
    Step.take(draft, "started", by=by, now=now)
    return draft
