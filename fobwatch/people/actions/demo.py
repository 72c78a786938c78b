"""Sign-in as a made-up person: in the demo only."""

import datetime as dt

from django.conf import settings

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.models import Membership, SharedComputer, SignIn
from fobwatch.people.rules.demo import PERSONAS


@action("demo.signed_in", about="membership")
def sign_in(
    *, membership: Membership, browser: str, computer: SharedComputer | None = None, by: Actor, now: dt.datetime
) -> SignIn:
    """Sign in as a made-up person of the demo. Only as a persona, and in the demo settings."""
    if not settings.FOBWATCH_DEMO or membership.person.email not in {one.email for one in PERSONAS}:
        raise refuse("There are no made-up people here.", "Sign in with your passkey.")
    return sign_ins.start(
        person=membership.person, membership=membership, how="demo", computer=computer, browser=browser, by=by, now=now
    )
