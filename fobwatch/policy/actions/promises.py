"""What the policy is to keep, in an organisation's own claims: added and taken away."""

import datetime as dt

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import Organisation
from fobwatch.policy.models import hold
from fobwatch.policy.models.promise import MOST, Promise
from fobwatch.policy.rules.proofs import Invariant
from fobwatch.policy.rules.proofs.form import problems


@action("policy.promise_added", about="result", details=("claim",))
def add_promise(*, organisation: Organisation, claim: Invariant, by: Actor, now: dt.datetime) -> Promise:
    """Want one more claim to be proved before each version. Raises Refused where it makes no sense or is there."""
    hold(organisation)
    wrong = problems(claim)
    if wrong:
        raise refuse(wrong[0], "Choose again.")
    data, kept = Promise.written(claim), Promise.within(organisation)
    if kept.filter(data=data).exists():
        raise refuse("You have this claim already.", "Look for it in the list.")
    if kept.count() >= MOST:
        raise refuse(f"There are {MOST} claims of your own already.", "Take one away that you do not need.")
    return Promise._default_manager.create(organisation=organisation, data=data, added_at=now)


@action("policy.promise_removed", about="promise")
def remove_promise(*, promise: Promise, by: Actor, now: dt.datetime) -> None:
    """Take a claim away. What was proved with it stays in the log."""
    Promise.within(promise.organisation).filter(pk=promise.pk).delete()
