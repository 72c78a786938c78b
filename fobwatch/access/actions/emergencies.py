"""Break-glass: a clinician opens one kind of work in an emergency; it is short, and reviewed afterwards by name."""

import datetime as dt

from django.conf import settings

from fobwatch.access.models import Emergency, compiled_policy, sheet_of
from fobwatch.access.rules import emergency as rules
from fobwatch.access.rules.sheet import row
from fobwatch.audit.actions import action
from fobwatch.devices.models import Registration
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import epoch
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import Membership, SignIn
from fobwatch.policy.models import Version


@action("emergency.started", about="result", details=("kind",))
def start_emergency(
    *, member: Membership, sign_in: SignIn, registration: Registration | None, version: Version | None, kind: str,
    reason: str, by: Actor, now: dt.datetime,
) -> Emergency:  # fmt: skip
    """Open one kind of work in an emergency, for as long as the policy says.

    It sets aside only clauses that the policy allows it to, and never opens a lost or paused device. The reason stays
    out of the log.
    """
    _may(member, Permission.BREAK_GLASS)
    rules.reason_verdict(reason).or_refuse()
    if version is None:
        raise refuse("No policy is in force here yet, so nothing can be opened.", "Call the help line below.")
    if Emergency.open_in(sign_in, member, now).filter(kind=kind).exists():
        raise refuse("Your emergency access to this is open already.", "Go on with your work.")
    sheet, compiled = sheet_of(member, registration, version, sign_in), compiled_policy(version.pk, version.hash)
    found = row(sheet, epoch(now), demo=settings.FOBWATCH_DEMO)
    rules.may_start(compiled, found, epoch(now), sheet.started, kind).or_refuse()
    return Emergency.objects.create(
        organisation=member.organisation, membership=member, registration=registration, sign_in=sign_in.pk, kind=kind,
        reason=reason.strip(), started_at=now, until_epoch=epoch(now) + rules.minutes(compiled) * 60,
    )  # fmt: skip


@action("emergency.ended", about="emergency")
def end_emergency(*, emergency: Emergency, member: Membership, by: Actor, now: dt.datetime) -> Emergency:
    """End emergency access before its time."""
    if emergency.membership_id != member.pk:
        raise refuse("This is not your emergency access.", "Only the person who opened it can end it early.")
    if emergency.until_epoch > epoch(now):
        emergency.until_epoch = epoch(now)
        emergency.save(update_fields=["until_epoch"])
    return emergency


@action("emergency.reviewed", about="emergency", details=("outcome", "exception"))
def review_emergency(
    *, emergency: Emergency, reviewer: Membership, outcome: str, note: str, exception: bool = False, by: Actor,
    now: dt.datetime,
) -> Emergency:  # fmt: skip
    """Review emergency access after it has ended, by somebody else, with a note where something follows.

    exception: the reviewer knows that it is their own, and that nobody else here may review it; the log says so.
    """
    _may(reviewer, Permission.REVIEW_BREAK_GLASS)
    locked = Emergency.objects.select_for_update().get(pk=emergency.pk, organisation=reviewer.organisation)
    rules.may_review(
        own=locked.membership_id == reviewer.pk, alone=exception and Emergency.alone(reviewer, now),
        open_now=locked.until_epoch > epoch(now),
        reviewed=locked.reviewed_at is not None, outcome=outcome, note=note,
    ).or_refuse()  # fmt: skip
    locked.reviewed_by, locked.reviewed_at = reviewer, now
    locked.review_outcome, locked.review_note = outcome, note.strip()
    locked.save(update_fields=["reviewed_by", "reviewed_at", "review_outcome", "review_note"])
    return locked


def _may(member: Membership, permission: Permission) -> None:
    """Refuse somebody whose role does not include this, whatever page they came from."""
    if permission not in member.permissions:
        raise refuse(
            "Your role here does not include this.",
            "If your work needs it, ask the person who looks after staff accounts in your organisation.",
        )
