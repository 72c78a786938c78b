"""One-time links: sent, approved by a second person, withdrawn, used once."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.urls import reverse

from fobwatch.audit.actions import action
from fobwatch.design.environment import moment_words
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.secrets import keyed_hash, new_token
from fobwatch.kernel.verdict import refuse
from fobwatch.people.actions import letters
from fobwatch.people.models import Invitation, Letter, Membership, Organisation, Passkey
from fobwatch.people.rules import invitations as rules
from fobwatch.people.rules.letters import Words, added_words, join_words, recover_words

AT_ONCE = 500


@action("invitation.made", about="result", details=("membership", "purpose", "exception_reason"))
def invite(
    *,
    membership: Membership,
    purpose: str,
    inviter: Membership | None,
    exception_reason: str = "",
    by: Actor,
    now: dt.datetime,
) -> Invitation:
    """Make a one-time link and send it by e-mail; an earlier one that was not used stops working.

    purpose: "join" or "recover". A new link for a privileged role waits for a second person, or needs an exception
    with its reason in an organisation that has only one. Where it is open, the clear token is on the result, in memory
    only. inviter: None for the command line, which sets up the first person.
    """
    rules.may_send(
        purpose=purpose,
        to_self=inviter is not None and inviter.person_id == membership.person_id,
        has_passkey=Passkey.of(membership.person).exists(),
        left=membership.employment_on(now.date()) == "left",
    ).or_refuse()
    elsewhere = Membership.privileged_elsewhere(membership)
    # Somebody who had a passkey once is no newcomer, whatever the link is called.
    again = purpose == "recover" or Passkey.had_one(membership.person)
    guarded = again and inviter is not None and (membership.privileged or elsewhere)
    if guarded and exception_reason.strip():
        rules.may_be_an_exception(
            single_approver=membership.organisation.single_approver, privileged_elsewhere=elsewhere,
            reason=exception_reason,
        ).or_refuse()  # fmt: skip
    _unused(membership).update(withdrawn_at=now)
    token = new_token()
    invitation = Invitation.objects.create(
        organisation=membership.organisation, membership=membership, purpose=purpose, invited_by=inviter,
        token_hash=keyed_hash("invitation", token), created_at=now, expires_at=now + rules.LIFETIMES[purpose],
        needs_approval=guarded, exception_reason=exception_reason.strip() if guarded else "",
    )  # fmt: skip
    if not invitation.waiting:
        _send(invitation, token, by=by, now=now)
    return invitation


@action("invitation.made_for_all", about="organisation", details=("result",))
def invite_everybody(*, organisation: Organisation, inviter: Membership, by: Actor, now: dt.datetime) -> int:
    """Send a first link to everybody who works here, never had a passkey, and holds no link. Returns how many.

    Written in bulk, under one lock for each organisation: pressed twice, the second finds nobody. One entry stands in
    the log for all of them; who they are, and who invited them, is on the links.
    """
    if Permission.MANAGE_PEOPLE not in inviter.permissions or inviter.organisation_id != organisation.pk:
        raise refuse("Your role does not include inviting people.", "Ask a colleague who keeps the staff list.")
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    until = now + rules.LIFETIMES["join"]
    made, sent = [], []
    for member in Invitation.nobody_yet(organisation, now=now).exclude(pk=inviter.pk):
        token = new_token()
        made.append(Invitation(
            organisation=organisation, membership=member, purpose="join", invited_by=inviter, created_at=now,
            token_hash=keyed_hash("invitation", token), expires_at=until,
        ))  # fmt: skip
        words = _words(organisation, "join", token, until)
        sent.append(Letter(
            organisation=organisation, to=member.person.email, subject=words.subject, body=words.body, created_at=now,
            next_at=now,
        ))  # fmt: skip
    Invitation.objects.bulk_create(made, batch_size=AT_ONCE)
    Letter.objects.bulk_create(sent, batch_size=AT_ONCE)
    return len(made)


@action("invitation.approved", about="invitation", details=("approver",))
def approve(*, invitation: Invitation, approver: Membership, by: Actor, now: dt.datetime) -> Invitation:
    """Approve a new link for a privileged role, as the second person; the link is sent now."""
    invited = invitation.membership.person_id
    invited_by = invitation.invited_by
    rules.may_approve(
        permitted=Permission.APPROVE_PRIVILEGED in approver.permissions
        and approver.organisation_id == invitation.organisation_id,
        is_inviter=invited_by is None or invited_by.person_id == approver.person_id,
        is_invited=invited == approver.person_id,
        state=invitation.state(now),
    ).or_refuse()
    token = new_token()
    waiting = Invitation.objects.filter(pk=invitation.pk, approved_at=None, withdrawn_at=None)
    until = now + rules.LIFETIMES[invitation.purpose]
    changed = waiting.update(
        approved_by=approver, approved_at=now, expires_at=until, token_hash=keyed_hash("invitation", token)
    )
    if not changed:
        raise refuse("Somebody else has just decided about this link.", "Reload the page.")
    invitation.refresh_from_db()
    _send(invitation, token, by=by, now=now)
    return invitation


@action("invitation.withdrawn", about="invitation")
def withdraw(*, invitation: Invitation, by: Actor, now: dt.datetime) -> Invitation:
    """Make a link that was not used stop working."""
    if not Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None).update(withdrawn_at=now):
        raise refuse("This link was used or withdrawn already.", "Reload the page to see where it stands.")
    invitation.withdrawn_at = now
    return invitation


@action("invitation.used", about="invitation")
def use(*, invitation: Invitation, by: Actor, now: dt.datetime) -> Invitation:
    """Use up a one-time link. Once, whoever comes at the same moment."""
    rules.may_use(invitation.state(now)).or_refuse()
    still = Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None)
    if not still.update(used_at=now):
        raise refuse("This link has been used already.", "If it was you, sign in. If not, call your IT team now.")
    invitation.used_at = now
    return invitation


@action("invitation.not_needed", about="membership")
def welcome(*, membership: Membership, by: Actor, now: dt.datetime) -> Membership:
    """Tell somebody who has a passkey already, from another organisation, that they can sign in here too."""
    organisation = membership.organisation
    words = added_words(organisation=organisation.name, address=settings.ORIGIN, help_line=organisation.help_line)
    letters.queue(organisation=organisation, to=membership.person.email, words=words, by=by, now=now)
    return membership


def _unused(membership: Membership) -> "models.QuerySet[Invitation]":
    return Invitation.objects.filter(membership=membership, used_at=None, withdrawn_at=None)


def _send(invitation: Invitation, token: str, *, by: Actor, now: dt.datetime) -> None:
    invitation.token = token
    words = _words(invitation.organisation, invitation.purpose, token, invitation.expires_at)
    letters.queue(
        organisation=invitation.organisation, to=invitation.membership.person.email, words=words, by=by, now=now
    )


def _words(organisation: Organisation, purpose: str, token: str, until: dt.datetime) -> Words:
    words = join_words if purpose == "join" else recover_words
    return words(
        organisation=organisation.name, address=settings.ORIGIN + reverse("people:join", args=[token]),
        until=moment_words(until), help_line=organisation.help_line,
    )  # fmt: skip
