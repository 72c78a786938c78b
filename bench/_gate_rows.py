"""The rows of `bench/forward_auth.py`: one trust, its staff, devices with evidence, and sessions at the gate."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from fobwatch.devices.actions import report_lost as report
from fobwatch.devices.models import Device, Registration
from fobwatch.gateway.models import GateSession, Route, System
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import epoch
from fobwatch.kernel.secrets import keyed_hash
from fobwatch.people.models import Membership, Organisation, Person, SignIn
from fobwatch.policy.models import Acknowledgement, Version, template
from fobwatch.policy.rules.clause import canonical, digest
from fobwatch.policy.rules.row import Held, held
from fobwatch.policy.rules.vocabulary import BY_NAME

BATCH = 2_000
FACTS: dict[str, Any] = {
    "platform": "ios", "os_version": "26.1", "screen_lock": True, "auto_lock_minutes": 2, "encrypted": True,
    "unaltered": True, "not_shared": True, "notifications_hidden": True, "contacts_reviewed": True,
    "remote_wipe_on": True, "browser_key": True,
}  # fmt: skip


def evidence(at: int) -> str:
    """Good evidence about a phone, each fact in its best grade."""
    told = {**FACTS, "os_fixes": at + 300 * 86_400, "checked_in": at}
    facts: dict[str, Held] = {
        name: held(name, value, BY_NAME[name].grades[0], at, at + 30 * 86_400) for name, value in told.items()
    }
    return json.dumps({name: list(one) for name, one in facts.items()}, separators=(",", ":"))


def make(host: str, *, devices: int, sessions: int, staff: int, now: dt.datetime) -> list[str]:
    """Everything by bulk; the clear tokens of the gate sessions."""
    trust = Organisation.objects.create(name="Bench", kind="trust", slug="bench", created_at=now)
    members = _members(trust, staff, now)
    phones = _phones(trust, members, devices, now)
    system = _system(trust, host, now)
    tokens = [f"token-{n:08}-abcdefghijklmnopqrstuvwxyz" for n in range(sessions)]
    _sessions(system, members, phones, tokens, now)
    return tokens


def _members(trust: Organisation, staff: int, now: dt.datetime) -> list[Membership]:
    """The staff, who have all confirmed the template as the policy in force."""
    policy = template()
    version = Version.objects.create(
        organisation=trust, number=1, state="published", content=canonical(policy).decode(), hash=digest(policy),
        template_version=policy.template_version, created_at=now, published_at=now, effective_epoch=epoch(now),
    )  # fmt: skip
    people = [Person(name=f"P {n}", email=f"p{n}@bench.example", created_at=now) for n in range(staff)]
    members = [Membership(organisation=trust, person=one, clinical=True, joined_at=now) for one in people]
    read = [
        Acknowledgement(organisation=trust, membership=one, version=version, hash=version.hash, receipt=f"R{n}", at=now)
        for n, one in enumerate(members)
    ]
    _write(people, members, read)
    return members


def _phones(trust: Organisation, members: list[Membership], devices: int, now: dt.datetime) -> list[Device]:
    """Their phones, in turn, each checked at another moment, as they are: what was read for one helps no other."""
    owners = [members[n % len(members)] for n in range(devices)]
    phones = [Device(person=one.person, label="Phone", platform="ios", created_at=now) for one in owners]
    seen = epoch(now)
    registered = [
        Registration(
            organisation=trust, device=phone, membership=owner, ownership="personal", state="active", state_at=now,
            created_at=now, facts=evidence(seen - n % 40_000), platform="ios", last_seen=seen,
        )
        for n, (phone, owner) in enumerate(zip(phones, owners, strict=True))
    ]  # fmt: skip
    _write(phones, registered)
    return phones


def _system(trust: Organisation, host: str, now: dt.datetime) -> System:
    """One system behind the gate, with a few paths."""
    system = System.objects.create(organisation=trust, name="Notes", host=host, created_at=now)
    prefixes = ("", "/record", "/record/view", "/letters", "/images")
    _write([Route(organisation=trust, system=system, prefix=one, cell="record:view") for one in prefixes])
    return system


def _sessions(
    system: System, members: list[Membership], phones: list[Device], tokens: list[str], now: dt.datetime
) -> None:
    """For each token one member, signed in by passkey on their first phone, and let through the gate."""
    opened = [
        SignIn(
            token_hash=keyed_hash("sign-in", str(n)), person=members[n].person, membership=members[n], how="passkey",
            device=phones[n].pk, started_at=now, verified_at=now, last_seen_at=now,
        )
        for n in range(len(tokens))
    ]  # fmt: skip
    seen = epoch(now)
    read = {one.membership_id: one for one in Acknowledgement.objects.all()}
    inside = [
        GateSession.begun(
            system, one, member, read[member.pk], now=seen, expires=seen + 46_800, idle=46_800, token=token
        )
        for token, one, member in zip(tokens, opened, members, strict=False)
    ]  # fmt: skip
    _write(opened, inside)


def _write(*tables: Sequence[Any]) -> None:
    for rows in tables:
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)


def spread(now: dt.datetime) -> None:
    """As in the middle of a day: each session was last noted at some moment of the past minute."""
    for second, first in enumerate("0123456789abcdef"):
        GateSession.objects.filter(token_hash__startswith=first).update(last_seen=epoch(now) - second * 60 // 16)


def settle() -> None:
    """Let the database know its tables and tidy them, as it does by itself after a while, not in the middle."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "ANALYZE")


def report_lost(token: str, now: dt.datetime) -> None:
    """The owner of the device in this gate session reports it lost."""
    session = GateSession.objects.select_related("sign_in").get(token_hash=keyed_hash("gate", token))
    device = Device.objects.get(pk=session.sign_in.device)
    report(device=device, by=Actor("person:bench"), now=now)
