"""Sessions begin, move between organisations, and end."""

import datetime as dt

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.secrets import keyed_hash, new_token
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import Membership, Passkey, Person, SharedComputer, SignIn


@action("sign_in.started", about="result", details=("how", "shared", "computer"))
def start(
    *,
    person: Person,
    membership: Membership | None,
    how: str,
    passkey: Passkey | None = None,
    shared: bool = False,
    computer: SharedComputer | None = None,
    browser: str = "",
    by: Actor,
    now: dt.datetime,
) -> SignIn:
    """Sign somebody in. The clear token is on the result, in memory only; the row keeps its hash.

    shared: what the person said of the computer; it only takes away. computer: the one that the browser is marked as.
    Its mark counts where the organisation of the session made it, and the session is a shared one wherever (ADR 7).
    """
    token = new_token()
    here = membership.organisation_id if membership else ""
    ward = computer.pk if computer and computer.organisation_id == here else ""
    sign_in = SignIn.objects.create(
        token_hash=keyed_hash("sign-in", token), person=person, membership=membership, passkey=passkey, how=how,
        shared=shared or computer is not None, ward=ward, browser=browser, started_at=now, verified_at=now,
        last_seen_at=now,
    )  # fmt: skip
    sign_in.token = token
    return sign_in


@action("sign_in.ended", about="sign_in", details=("because",))
def end(*, sign_in: SignIn, because: str, by: Actor, now: dt.datetime) -> SignIn:
    """End a sign-in. Every gate that leans on it refuses at the next request."""
    if sign_in.ended_at is None:
        sign_in.ended_at, sign_in.ended_because = now, because
        sign_in.save(update_fields=["ended_at", "ended_because"])
    return sign_in


@action("sign_in.ended_everywhere", about="person", details=("because",))
def end_everywhere(
    *, person: Person, because: str, membership: Membership | None = None, by: Actor, now: dt.datetime
) -> int:
    """End all sign-ins of a person, here or in every organisation. membership: where, if not all. Returns how many."""
    found = SignIn.objects.filter(person=person, ended_at__isnull=True)
    if membership is not None:
        found = found.filter(membership=membership)
    return found.update(ended_at=now, ended_because=because)


@action("sign_in.switched", about="sign_in")
def switch(*, sign_in: SignIn, membership: Membership, by: Actor, now: dt.datetime) -> SignIn:
    """Move a sign-in to another organisation of the same person."""
    if membership.person_id != sign_in.person_id or membership.employment_on(now.date()) == "left":
        raise refuse("You do not work for that organisation.", "Choose one of the organisations on this page.")
    sign_in.membership = membership
    sign_in.save(update_fields=["membership"])
    return sign_in


@action("sign_in.verified", about="sign_in")
def verified_again(*, sign_in: SignIn, by: Actor, now: dt.datetime) -> SignIn:
    """Note that a passkey answered again in a sign-in."""
    sign_in.verified_at = now
    sign_in.save(update_fields=["verified_at"])
    return sign_in


@action("sign_in.on_device", about="sign_in", details=("device",))
def on_device(*, sign_in: SignIn, device: str, by: Actor, now: dt.datetime) -> SignIn:
    """Recognise the registered device in a sign-in. Its browser key answered. Never for a shared computer."""
    if sign_in.shared:
        raise refuse("This is a shared computer.", "Register your own phone or laptop from that device itself.")
    sign_in.device = device
    sign_in.save(update_fields=["device"])
    return sign_in


@action("sign_in.limits_set", about="sign_in", details=("idle_minutes", "absolute_minutes"))
def set_limits(*, sign_in: SignIn, idle_minutes: int, absolute_minutes: int, by: Actor, now: dt.datetime) -> SignIn:
    """Set how long a sign-in may last in all, and without use."""
    sign_in.idle_minutes, sign_in.absolute_minutes = idle_minutes, absolute_minutes
    sign_in.save(update_fields=["idle_minutes", "absolute_minutes"])
    return sign_in
