"""Systems are connected, their addresses registered to cells, and sessions carried to them."""

import datetime as dt

from fobwatch.access.models import compiled_policy
from fobwatch.access.rules.limits import limits
from fobwatch.audit.actions import action
from fobwatch.gateway.models import GateSession, GateTicket, Route, System
from fobwatch.gateway.rules.asked import HOST, plain_path
from fobwatch.gateway.rules.words import host_and_port
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import epoch
from fobwatch.kernel.secrets import keyed_hash, new_token
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import Membership, Organisation, SignIn
from fobwatch.policy.models import Acknowledgement, Version

TICKET_SECONDS = 60


@action("system.connected", about="result", details=("host", "when_down", "when_down_because"))
def connect_system(
    *, organisation: Organisation, name: str, host: str, scheme: str = "https", when_down: str,
    when_down_because: str, by: Actor, now: dt.datetime,
) -> System:  # fmt: skip
    """Connect a system, so that it asks here before it lets anybody in. All is closed until it is registered.

    host: a name, with a port only where it is not the usual one. when_down_because: why that was chosen; needed.
    """
    found = host_and_port(host)
    if found is None or not HOST.fullmatch(found[0]):
        raise refuse("That is not a host name.", "Write it without https:// and without a path: notes.example.org")
    if System.objects.filter(host=found[0]).exists():
        raise refuse("A system with this host name is connected already.", "Look for it in the list of systems.")
    _need_reason(when_down_because)
    return System.objects.create(
        organisation=organisation, name=name, host=found[0], port=found[1], scheme=scheme, when_down=when_down,
        when_down_because=when_down_because.strip(), chosen_by=_member(by), created_at=now,
    )  # fmt: skip


@action("system.changed", about="system", details=("name", "when_down", "when_down_because"))
def change_system(
    *, system: System, name: str, when_down: str, when_down_because: str, by: Actor, now: dt.datetime
) -> System:
    """Change the name of a system, or what it does when Fobwatch does not answer."""
    _need_reason(when_down_because)
    system.name, system.when_down, system.when_down_because = name, when_down, when_down_because.strip()
    system.chosen_by = _member(by)
    system.save(update_fields=["name", "when_down", "when_down_because", "chosen_by"])
    return system


@action("system.disconnected", about="system", details=("reason",))
def disconnect_system(*, system: System, reason: str, by: Actor, now: dt.datetime) -> None:
    """Disconnect a system: from now on nobody is let in to it. Its addresses and open sessions go too."""
    GateSession.objects.filter(system=system).delete()
    GateTicket.objects.filter(system=system).delete()
    Route.objects.filter(system=system).delete()
    System.objects.filter(pk=system.pk).delete()


@action("route.registered", about="system", details=("prefix", "methods", "cell"))
def register_route(
    *, system: System, prefix: str, methods: str = "any", cell: str, by: Actor, now: dt.datetime
) -> Route:
    """Say which kind of work an address of a system holds (B14)."""
    plain = plain_path(prefix if prefix.startswith("/") else f"/{prefix}")
    if plain is None or "?" in prefix or "#" in prefix or not plain.isascii():
        raise refuse("The gate cannot match that path.", "Write a plain path, for example /notes or /api/v2/rota.")
    if Route.objects.filter(system=system, prefix=plain, methods=methods).exists():
        raise refuse("That path is registered already.", "Remove the old line first, or choose another path.")
    return Route.objects.create(
        organisation=system.organisation, system=system, prefix=plain, methods=methods, cell=cell
    )


@action("route.removed", about="system", details=("prefix", "methods", "cell"))
def remove_route(
    *, system: System, route: Route, prefix: str, methods: str, cell: str, by: Actor, now: dt.datetime
) -> None:
    """Close an address of a system, unless a shorter one still covers it."""
    Route.objects.filter(pk=route.pk, system=system).delete()


@action("gate.ticket_given", about="system")
def give_ticket(
    *, system: System, sign_in: SignIn, path: str, bound_to: str, by: Actor, now: dt.datetime
) -> GateTicket:
    """Send somebody who is signed in here on to another system. By a ticket, once. The clear token is on the result."""
    _works_there(system, sign_in, now)
    ticket = GateTicket(
        system=system, sign_in=sign_in, path=path, created_at=now, bound_to=bound_to,
        expires_at=now + dt.timedelta(seconds=TICKET_SECONDS),
    )  # fmt: skip
    ticket.token = new_token()
    ticket.token_hash = keyed_hash("ticket", ticket.token)
    ticket.save(force_insert=True)
    return ticket


@action("gate.arrived", about="system")
def arrive(*, ticket: GateTicket, system: System, nonce: str, by: Actor, now: dt.datetime) -> GateSession:
    """Let somebody who is signed in here in to another system. For a ticket, once. The clear token is on the result.

    nonce: of the browser that began; only there is the ticket of use.
    """
    used = GateTicket.objects.filter(pk=ticket.pk, used_at__isnull=True, expires_at__gt=now).update(used_at=now)
    same_browser = bool(nonce) and keyed_hash("gate-nonce", nonce) == ticket.bound_to
    sign_in = ticket.sign_in
    if not (used and ticket.system_id == system.pk and same_browser and sign_in.open_at(now)):
        raise refuse("This way in has been used or is too old.", "Open the system again from its start.")
    idle, absolute = _limits(system, sign_in)
    expires = epoch(sign_in.started_at) + absolute * 60
    if expires <= epoch(now):
        raise refuse(
            "You have been signed in for longer than this system allows.", "Sign out of Fobwatch, and in again."
        )
    member, version = _works_there(system, sign_in, now), Version.in_force(system.organisation)
    read = Acknowledgement.of(member, version) if version else None
    session = GateSession.begun(
        system, sign_in, member, read, now=epoch(now), expires=expires, idle=idle * 60, token=new_token()
    )
    session.save(force_insert=True)
    return session


def _works_there(system: System, sign_in: SignIn, now: dt.datetime) -> Membership:
    """Who this is where the system belongs. Raises Refused for somebody who does not work there."""
    people = Membership.objects.select_related("person")
    member = people.filter(organisation=system.organisation_id, person=sign_in.person_id).first()
    if member is None or member.employment_on(now.date()) == "left":
        raise refuse("That system belongs to an organisation that you do not work for.", "Go back to your home page.")
    return member


def _limits(system: System, sign_in: SignIn) -> tuple[int, int]:
    """Idle and absolute minutes: the stricter of the session's and of the policy where the system belongs."""
    version = Version.in_force(system.organisation)
    idle, absolute = sign_in.idle_minutes, sign_in.absolute_minutes
    if version:
        theirs = limits(compiled_policy(version.pk, version.hash))
        idle, absolute = min(idle, theirs[0]), min(absolute, theirs[1])
    return idle, absolute


def _need_reason(text: str) -> None:
    if not text.strip():
        raise refuse("Say why you chose this.", "One sentence is enough. It is kept with your name.")


def _member(by: Actor) -> Membership | None:
    kind, _, key = by.ref.partition(":")
    return Membership.objects.filter(pk=key).first() if kind == "membership" else None
