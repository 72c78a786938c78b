"""What is done to a policy: adopt it, set its details, publish it, confirm it."""

import datetime as dt
import hashlib
from collections.abc import Mapping

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import epoch
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Acknowledgement, Version, template
from fobwatch.policy.rules.clause import Policy, PolicyErrors, canonical, from_json, with_params
from fobwatch.policy.rules.form import Value

CHANGED = "The draft changed while you had it open."
LOOK_AGAIN = "Open it again, see what is different, and make your change once more."


@action("policy.adopted", about="result")
def adopt(*, organisation: Organisation, by: Actor, now: dt.datetime) -> Version:
    """Begin a policy from the national template, as a draft (R02)."""
    _lock(organisation)
    if Version.within(organisation).exists():
        raise refuse(
            "Your organisation has a policy already.", "Open “Set the policy” and carry on with the one that is there."
        )
    return _draft(organisation, template(), now)


@action("policy.draft_started", about="result")
def start_draft(*, organisation: Organisation, by: Actor, now: dt.datetime) -> Version:
    """Begin the next version, from the one in force."""
    _lock(organisation)
    if Version.draft_of(organisation):
        raise refuse("There is a draft already.", "Carry on with it, or discard it first.")
    current = Version.in_force(organisation)
    if current is None:
        raise refuse("There is no version in force to start from.", "Adopt the national template first.")
    return _draft(organisation, from_json(current.content), now)


@action("policy.params_set", about="draft", details=("values",), document="draft")
def set_params(*, draft: Version, values: Mapping[str, Value], shown: str, by: Actor, now: dt.datetime) -> Version:
    """Set details of the draft.

    shown: the hash of the draft that the author saw. Raises PolicyErrors with one problem per wrong parameter, and
    Refused where the draft is not that one any more.
    """
    _lock_draft(draft, shown)
    _write(draft, with_params(from_json(draft.content), values))
    draft.save()
    return draft


@action("policy.draft_discarded", about="draft", document="draft")
def discard_draft(*, draft: Version, shown: str, by: Actor, now: dt.datetime) -> None:
    """Throw the draft away. What is in force stays."""
    _lock_draft(draft, shown)
    Version.within(draft.organisation).filter(pk=draft.pk).delete()


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
    """Put the draft in force from this moment; the version before is replaced (B10).

    shown: the hash that the publisher saw. material: whether staff have to confirm anew; if not, what they confirmed
    of the version before counts for this one. Of two at once, one is refused; nothing is ever half in force.
    """
    publisher = _publisher(by, draft.organisation)
    _lock(draft.organisation)
    _lock_draft(draft, shown)
    before = Version.within(draft.organisation).select_for_update(no_key=True).filter(state="published").first()
    if before and before.hash == draft.hash:
        raise refuse("This draft says exactly what is in force.", "Change something first, or discard the draft.")
    _enforceable(draft)
    if before:
        before.state = "superseded"
        before.save()
    draft.state, draft.material, draft.change_note = "published", material or before is None, change_note
    draft.published_at, draft.published_by, draft.effective_epoch = now, publisher, epoch(now)
    draft.save()
    if before and not material:
        _carry(before, draft)
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


def _lock(organisation: Organisation) -> None:
    """One author at a time in an organisation, until the transaction ends.

    `no_key`, here and below: a row that refers to the organisation or the version can be added meanwhile, or PostgreSQL
    would see a deadlock with somebody who confirms.
    """
    Organisation._default_manager.select_for_update(no_key=True).get(pk=organisation.pk)


def _lock_draft(draft: Version, shown: str) -> None:
    """Read the draft again under a lock. Raises Refused where it is gone, published or not what was shown."""
    fresh = Version.within(draft.organisation).select_for_update(no_key=True).filter(pk=draft.pk).first()
    if fresh is None:
        raise refuse("This draft was discarded.", "Nothing needs to be done. What is in force stays in force.")
    if fresh.state != "draft":
        raise refuse("This version is published already, and a published version never changes.", "Start a new draft.")
    if fresh.hash != shown:
        raise refuse(CHANGED, LOOK_AGAIN)
    draft.content, draft.hash, draft.state = fresh.content, fresh.hash, fresh.state


def _write(draft: Version, policy: Policy) -> None:
    text = canonical(policy)
    draft.content, draft.hash = text.decode(), hashlib.sha256(text).hexdigest()


def _draft(organisation: Organisation, policy: Policy, now: dt.datetime) -> Version:
    newest = Version.within(organisation).order_by("-number").first()
    draft = Version(
        organisation=organisation,
        number=newest.number + 1 if newest else 1,
        template_version=policy.template_version,
        created_at=now,
    )
    _write(draft, policy)
    draft.save()
    return draft


def _publisher(by: Actor, organisation: Organisation) -> Membership | None:
    """The member who publishes; None for the program itself. Raises Refused without the permission."""
    kind, _, key = by.ref.partition(":")
    if kind == "program":
        return None
    member = Membership.within(organisation).filter(pk=key).first() if kind == "membership" else None
    if member is None or Permission.PUBLISH_POLICY not in member.permissions:
        raise refuse(
            "Your role here does not include publishing the policy.", "Ask your information governance lead to do it."
        )
    return member


def _enforceable(draft: Version) -> None:
    """Refuse to put in force what cannot be read back, or what does not have its hash."""
    try:
        from_json(draft.content)
    except PolicyErrors as wrong:
        raise refuse(
            "This draft cannot be enforced as it is: " + " ".join(one.sentence for one in wrong.problems[:3]),
            "Discard it and start a new draft.",
        ) from wrong
    if hashlib.sha256(draft.content.encode()).hexdigest() != draft.hash:
        raise refuse("The text of this draft is not what was kept.", "Discard it and start a new draft.")


def _carry(before: Version, after: Version) -> None:
    rows = Acknowledgement.within(before.organisation).filter(version=before)
    Acknowledgement._default_manager.bulk_create([row.carry_to(after) for row in rows.iterator()], batch_size=500)
