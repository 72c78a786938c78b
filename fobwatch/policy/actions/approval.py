"""A version goes into review, and somebody who did not write it approves it or sends it back (B22, P26)."""

import datetime as dt

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Step, Version, acting, hold, hold_version
from fobwatch.policy.rules.workflow import may_approve


@action("policy.submitted", about="draft", details=("note",), document="draft")
def submit(*, draft: Version, shown: str, note: str = "", by: Actor, now: dt.datetime) -> Version:
    """Send a draft for approval; from now on its text stays as it is.

    shown: the hash that the author saw. note: what the approver should know.
    """
    hold(draft.organisation)
    hold_version(draft, "submitted", shown)
    draft.enforceable().or_refuse()
    current = Version.in_force(draft.organisation)
    if current and current.hash == draft.hash:
        raise refuse("This draft says exactly what is in force.", "Change something first, or discard the draft.")
    return _moved(draft, "review", "submitted", by=by, now=now, note=note)


@action("policy.sent_back", about="draft", details=("note",), document="draft")
def send_back(*, draft: Version, shown: str, note: str, by: Actor, now: dt.datetime) -> Version:
    """Send a version back to its authors, with what they should change."""
    hold_version(draft, "sent_back", shown)
    member = acting(by, draft.organisation)
    if member is None or Permission.APPROVE_POLICY not in member.permissions:
        may_approve(permitted=False, is_author=False, alone=False, reason="").or_refuse()
    if not note.strip():
        raise refuse("Nobody would know what to change.", "Write in a sentence or two what you would like changed.")
    return _moved(draft, "draft", "sent_back", by=by, now=now, note=note)


@action("policy.approved", about="draft", details=("reason",), document="draft")
def approve(*, draft: Version, shown: str, reason: str = "", by: Actor, now: dt.datetime) -> Step:
    """Approve a version that somebody else wrote, as it stands (B22).

    shown: the hash of the text that the approver read. reason: why one person alone does both, in a practice or care
    provider that has nobody else; it is kept in the log.
    """
    hold_version(draft, "approved", shown)
    member = acting(by, draft.organisation)
    wrote = member is not None and Step.wrote(draft, member)
    may_approve(
        permitted=member is not None and Permission.APPROVE_POLICY in member.permissions,
        is_author=wrote,
        alone=member is not None and Step.alone_here(member, now.date()),
        reason=reason,
    ).or_refuse()
    draft.state = "approved"
    draft.save()
    return Step.take(draft, "approved", by=by, now=now, note=reason.strip(), alone=wrote)


@action("policy.taken_back", about="draft", document="draft")
def take_back(*, draft: Version, by: Actor, now: dt.datetime) -> Version:
    """Take a version back to change it. An approval and a set start are gone with it."""
    hold(draft.organisation)
    hold_version(draft, "taken_back")
    draft.starts_at, draft.material, draft.change_note = None, True, ""
    return _moved(draft, "draft", "taken_back", by=by, now=now)


@action("policy.owner_named", about="organisation", details=("owner",))
def name_owner(*, organisation: Organisation, owner: Membership, by: Actor, now: dt.datetime) -> Membership:
    """Say who answers for the policy, in force and on its way: a member who works here (B23, P26)."""
    if owner.organisation_id != organisation.pk or owner.employment_on(now.date()) == "left":
        raise refuse("This person does not work here.", "Choose somebody who works here.")
    hold(organisation)
    Version.within(organisation).exclude(state="superseded").update(owner=owner)
    return owner


def _moved(draft: Version, state: str, step: str, *, by: Actor, now: dt.datetime, note: str = "") -> Version:
    draft.state = state
    draft.save()
    Step.take(draft, step, by=by, now=now, note=note.strip())
    return draft
