"""Sign-in as a made-up person: in the demo only."""

import datetime as dt

from django.conf import settings

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.people.actions import passkeys
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.models import Membership, Passkey, SharedComputer, SignIn
from fobwatch.people.rules.ceremony import NewPasskey
from fobwatch.people.rules.demo import MADE_UP, PERSONAS, made_up_key


@action("demo.signed_in", about="membership")
def sign_in(
    *, membership: Membership, browser: str, computer: SharedComputer | None = None, by: Actor, now: dt.datetime
) -> SignIn:
    """Sign in as a made-up person of the demo. Only as a persona, and in the demo settings."""
    _only_a_persona(membership)
    return sign_ins.start(
        person=membership.person, membership=membership, how="demo", computer=computer, browser=browser, by=by, now=now
    )


@action("demo.passkey_made", about="result")
def make_passkey(*, membership: Membership, by: Actor, now: dt.datetime) -> Passkey:
    """Give a made-up person of the demo a passkey that nobody holds. It opens nothing: there is no key behind it.

    Somebody without one is a newcomer, whose links need nobody's approval. Only as a persona, and in the demo settings.
    """
    _only_a_persona(membership)
    new = NewPasskey(
        credential_id=made_up_key(membership.pk), public_key=b"", sign_count=0, aaguid="", be=False, bs=False, uv=False,
        attestation_format="none", attestation_verified=False, transports=(), attachment="",
    )  # fmt: skip
    return passkeys.make(person=membership.person, new=new, label=MADE_UP, by=by, now=now)


def _only_a_persona(membership: Membership) -> None:
    if not settings.FOBWATCH_DEMO or membership.person.email not in {one.email for one in PERSONAS}:
        raise refuse("There are no made-up people here.", "Sign in with your passkey.")
