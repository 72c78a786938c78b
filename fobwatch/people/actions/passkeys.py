"""Passkeys are made, answer, get a new name, and are retired (DESIGN 6)."""

import datetime as dt

from django.utils.text import Truncator

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import Refused, refuse
from fobwatch.people.actions import invitations
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.models import Invitation, Membership, Passkey, PasskeyEvent, Person, SharedComputer, SignIn
from fobwatch.people.rules import passkeys as rules
from fobwatch.people.rules.ceremony import Answered, NewPasskey


@action("passkey.made", about="result")
def make(*, person: Person, new: NewPasskey, label: str, by: Actor, now: dt.datetime) -> Passkey:
    """Keep a new passkey of somebody. With the answer that made it. Refused where it is known already."""
    if Passkey.objects.filter(credential_id=new.credential_id).exists():
        raise refuse("This passkey is registered already.", "Sign in with it.")
    passkey = Passkey.objects.create(
        person=person, credential_id=new.credential_id, public_key=new.public_key, sign_count=new.sign_count,
        aaguid=new.aaguid, transports=",".join(new.transports), attachment=new.attachment,
        attestation_format=new.attestation_format, attestation_verified=new.attestation_verified,
        backup_eligible=new.be, backed_up=new.bs, label=_label(label), created_at=now, last_used_at=now,
    )  # fmt: skip
    PasskeyEvent.objects.create(
        passkey=passkey, kind="made", at=now, user_verified=new.uv, backup_eligible=new.be, backed_up=new.bs,
        sign_count=new.sign_count, attachment=new.attachment,
    )  # fmt: skip
    return passkey


@action("passkey.made_from_invitation", about="invitation", details=("old_phone_lost",))
def join(
    *, invitation: Invitation, new: NewPasskey, browser: str, old_phone_lost: bool = False,
    computer: SharedComputer | None = None, by: Actor, now: dt.datetime,
) -> SignIn:  # fmt: skip
    """Use a one-time link to make a passkey and sign in. Refused, nothing happens at all.

    After a lost phone every other session ends; the old passkeys are retired where the person says the phone is lost.
    A first link makes no passkey for somebody who has one: it would be a new link without a second person's approval.
    """
    person = invitation.membership.person
    invitations.use(invitation=invitation, by=by, now=now)
    if invitation.purpose == "join" and Passkey.of(person).exists():
        raise refuse("You have a passkey already.", "Sign in with it, and add more under your name.")
    if invitation.membership.employment_on(now.date()) == "left":
        raise Refused(rules.NO_PLACE)
    if invitation.purpose == "recover":
        sign_ins.end_everywhere(person=person, because="recovered", by=by, now=now)
        for old in Passkey.of(person) if old_phone_lost else ():
            retire(passkey=old, because="lost", understood=True, by=by, now=now)
    passkey = make(person=person, new=new, label=browser, by=by, now=now)
    return sign_ins.start(
        person=person, membership=invitation.membership, how="passkey", passkey=passkey, computer=computer,
        browser=browser, by=by, now=now,
    )  # fmt: skip


@action("passkey.signed_in", about="passkey")
def sign_in(
    *, passkey: Passkey, answered: Answered, shared: bool, browser: str, computer: SharedComputer | None = None,
    by: Actor, now: dt.datetime,
) -> SignIn:  # fmt: skip
    """Sign in with a passkey. It has just proved itself; the person begins where they worked last.

    On a shared computer it is the organisation that marked it, where the person works for that one too.
    """
    places = Membership.working(passkey.person, now.date())
    if not places:
        raise Refused(rules.NO_PLACE)
    last = SignIn.last_place(passkey.person)
    place = next((one for one in places if one.pk == last), places[0])
    if computer:
        place = next((one for one in places if one.organisation_id == computer.organisation_id), place)
    _keep(passkey, answered, kind="sign_in", now=now)
    return sign_ins.start(
        person=passkey.person, membership=place, how="passkey", passkey=passkey, shared=shared,
        computer=computer, browser=browser, by=by, now=now,
    )  # fmt: skip


@action("passkey.checked_again", about="passkey")
def check_again(*, sign_in: SignIn, passkey: Passkey, answered: Answered, by: Actor, now: dt.datetime) -> SignIn:
    """Somebody showed again, with their passkey, that it is them. A step-up in this session."""
    if passkey.person_id != sign_in.person_id:
        raise Refused(rules.NOT_YOURS)
    _keep(passkey, answered, kind="step_up", now=now)
    return sign_ins.verified_again(sign_in=sign_in, by=by, now=now)


@action("passkey.added", about="sign_in")
def add(*, sign_in: SignIn, new: NewPasskey, label: str, by: Actor, now: dt.datetime) -> Passkey:
    """Add another passkey to an account. The session was checked a moment ago."""
    if rules.must_check_again(how=sign_in.how, verified_at=sign_in.verified_at, now=now):
        raise Refused(rules.CHECK_FIRST)
    return make(person=sign_in.person, new=new, label=label, by=by, now=now)


@action("passkey.named", about="passkey")
def name(*, passkey: Passkey, label: str, by: Actor, now: dt.datetime) -> Passkey:
    """Give a passkey another name."""
    passkey.label = _label(label)
    passkey.save(update_fields=["label"])
    return passkey


@action("passkey.retired", about="passkey", details=("because",))
def retire(
    *,
    passkey: Passkey,
    because: str,
    understood: bool = False,
    keep: SignIn | None = None,
    by: Actor,
    now: dt.datetime,
) -> Passkey:
    """Stop a passkey for good, and end the sign-ins that began with it. keep: the one sign-in that stays.

    because: "removed", "lost" or "copied". The last one goes only where the person says that they understood.
    """
    others = Passkey.of(passkey.person).exclude(pk=passkey.pk).count()
    rules.may_retire(others=others, understood=understood).or_refuse()
    if Passkey.objects.filter(pk=passkey.pk, retired_at=None).update(retired_at=now):
        for session in SignIn.objects.filter(passkey=passkey, ended_at=None).exclude(pk=keep.pk if keep else ""):
            sign_ins.end(sign_in=session, because=f"passkey {because}", by=by, now=now)
    passkey.retired_at = now
    return passkey


@action("passkey.copied", about="passkey")
def cut_off_copy(*, passkey: Passkey, by: Actor, now: dt.datetime) -> Passkey:
    """Stop a passkey that seems to have been copied, and end all sign-ins of its holder. Its counter says so."""
    sign_ins.end_everywhere(person=passkey.person, because="passkey copied", by=by, now=now)
    return retire(passkey=passkey, because="copied", understood=True, by=by, now=now)


def _label(text: str) -> str:
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return Truncator(" ".join(plain.split())).chars(80) or "Passkey"


def _keep(passkey: Passkey, answered: Answered, *, kind: str, now: dt.datetime) -> None:
    """Keep what a passkey answered. Refused where it was retired, or answered elsewhere, since it was looked up."""
    unchanged = Passkey.objects.filter(pk=passkey.pk, sign_count=passkey.sign_count, retired_at=None)
    if not unchanged.update(sign_count=answered.new_count, backed_up=answered.bs, last_used_at=now):
        raise Refused(rules.USED_AT_ONCE)
    passkey.sign_count, passkey.backed_up, passkey.last_used_at = answered.new_count, answered.bs, now
    PasskeyEvent.objects.create(
        passkey=passkey, kind=kind, at=now, user_verified=answered.uv, backup_eligible=answered.be,
        backed_up=answered.bs, sign_count=answered.new_count, attachment=answered.attachment,
    )  # fmt: skip
