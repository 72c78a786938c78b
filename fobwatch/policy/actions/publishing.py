"""A version comes in force, now or from a day, and staff confirm that they have read it."""

import datetime as dt

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import epoch
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Acknowledgement, Step, Version, acting, hold, hold_version
from fobwatch.policy.rules.workflow import may_start

ITSELF = "Put in force by Fobwatch itself, when it was set up."


@action("policy.published", about="draft", details=("change_note", "material"), document="draft")
def publish(
    *,
    draft: Version,
    shown: str,
    change_note: str = "",
    material: bool = True,
    by: Actor,
    now: dt.datetime,
) -> Version:
    """Put an approved version in force from this moment; the version before is replaced (B10).

    shown: the hash that the publisher saw. material: whether staff have to confirm anew; if not, what they confirmed
    of the version before counts for this one. Of two at once, one is refused; nothing is ever half in force. The
    program itself publishes what was set to start; and, when it sets up a demo, a first version that nobody approved.
    """
    publisher = _publisher(by, draft.organisation)
    hold(draft.organisation)
    before = Version.within(draft.organisation).select_for_update(no_key=True).filter(state="published").first()
    if publisher is None and not Version.history(draft.organisation).exists():
        _set_up(draft, shown, by, now)
    hold_version(draft, "published", shown)
    draft.enforceable().or_refuse()
    if before:
        before.state = "superseded"
        before.save()
        Step.take(before, "superseded", by=by, now=now)
    draft.state, draft.material, draft.change_note = "published", material or before is None, change_note
    draft.published_at, draft.published_by, draft.effective_epoch = now, publisher or _set_by(draft), epoch(now)
    draft.save()
    Step.take(draft, "published", by=by, now=now, note=change_note)
    if before and not material:
        _carry(before, draft)
    return draft


@action("policy.scheduled", about="draft", details=("starts_at", "change_note", "material"), document="draft")
def schedule(
    *, draft: Version, shown: str, starts_at: dt.datetime, change_note: str = "", material: bool = True, by: Actor,
    now: dt.datetime,
) -> Version:  # fmt: skip
    """Set the moment from which an approved version is in force; the worker puts it in force then (B10)."""
    if _publisher(by, draft.organisation) is None:
        raise refuse("Nobody would answer for this start.", "Ask a member of staff to set it.")
    hold(draft.organisation)
    hold_version(draft, "scheduled", shown)
    may_start(starts_at, now).or_refuse()
    draft.enforceable().or_refuse()
    draft.starts_at, draft.material, draft.change_note = starts_at, material, change_note
    draft.save()
    Step.take(draft, "scheduled", by=by, now=now, note=change_note)
    return draft


@action("policy.acknowledged", about="result", document="version")
def acknowledge(
    *, membership: Membership, version: Version, shown: str, by: Actor, now: dt.datetime
) -> Acknowledgement:
    """Confirm that the member has read this very text (B10, B17).

    shown: the hash of the text that was on the page. A second time gives the first receipt back.
    """
    # The lock of the version's row keeps a publication from slipping in between.
    current = Version.within(membership.organisation).select_for_update(no_key=True).filter(pk=version.pk).first()
    if current is None or current.state != "published" or current.hash != shown:
        raise refuse("The policy changed while you were reading.", "Read it again, then confirm it.")
    found, _ = Acknowledgement.within(membership.organisation).get_or_create(
        membership=membership,
        version=current,
        defaults={"organisation": membership.organisation, "hash": current.hash, "at": now},
    )
    return found


def _publisher(by: Actor, organisation: Organisation) -> Membership | None:
    """The member who publishes; None for the program itself. Raises Refused without the permission."""
    if by.ref.startswith("program:"):
        return None
    member = acting(by, organisation)
    if member is None or Permission.PUBLISH_POLICY not in member.permissions:
        raise refuse(
            "Your role here does not include publishing the policy.", "Ask your information governance lead to do it."
        )
    return member


def _set_up(draft: Version, shown: str, by: Actor, now: dt.datetime) -> None:
    """The program walks the way of a first version by itself, so that a demo and a test have one."""
    fresh = Version.within(draft.organisation).filter(pk=draft.pk, state="draft", hash=shown).first()
    if fresh is None:
        return
    for state, step in (("review", "submitted"), ("approved", "approved")):
        fresh.state = state
        fresh.save()
        Step.take(fresh, step, by=by, now=now, note=ITSELF)


def _set_by(draft: Version) -> Membership | None:
    """Who set the start of a version that the program puts in force."""
    step = Step.of(draft).filter(kind="scheduled").first()
    return step.member if step else None


def _carry(before: Version, after: Version) -> None:
    rows = Acknowledgement.within(before.organisation).filter(version=before)
    Acknowledgement._default_manager.bulk_create([row.carry_to(after) for row in rows.iterator()], batch_size=500)
