"""Evidence is written: rows that are followed, never changed, and the projection that a decision reads."""

import datetime as dt
from collections.abc import Iterable

from fobwatch.audit.actions import action
from fobwatch.devices.models import Evidence, Registration, projection, support_table
from fobwatch.devices.rules import evidence as rules
from fobwatch.devices.rules.browser import Seen
from fobwatch.devices.rules.evidence import Held, Item
from fobwatch.devices.rules.support import fixes_until
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import epoch
from fobwatch.people.models import SignIn
from fobwatch.policy.rules.vocabulary import BY_NAME


@action("evidence.recorded", about="registration")
def record_evidence(*, registration: Registration, items: Iterable[Item], by: Actor, now: dt.datetime) -> Registration:
    """Record new facts about a device. And what follows from them: end of security fixes, encryption (B11, W03).

    Weaker evidence does not cover stronger that still counts; it is kept as history. The projection on the
    registration is written in the same transaction. The log keeps no values: they end with the evidence itself.
    """
    return _write(registration, list(items), now=now)


@action("device.checked_in", about="registration")
def check_in(*, registration: Registration, seen: Seen, sign_in: SignIn, by: Actor, now: dt.datetime) -> Registration:
    """A device checked in, and its browser told us what it is. Only from a session in which its key answered."""
    # Behind a made-up device of the demo stands another browser, which says nothing about it.
    told = () if registration.device.made_up else rules.from_browser(seen)
    items = [*told, rules.from_check_in(epoch(now))]
    registration.last_seen = epoch(now)
    registration.save(update_fields=["last_seen"])
    return _write(registration, _marked(items, sign_in), now=now)


def _marked(items: Iterable[Item], sign_in: SignIn) -> list[Item]:
    """The items; from a demo persona, marked as made up."""
    return list(rules.as_demo(items)) if sign_in.how == "demo" else list(items)


def _write(registration: Registration, items: list[Item], *, now: dt.datetime) -> Registration:
    """Write rows and projection under the lock of the registration's row."""
    locked = Registration.objects.select_for_update().get(pk=registration.pk)
    before = {row.fact: row for row in Evidence.objects.filter(registration=locked, current=True)}
    held = {fact: row.held() for fact, row in before.items()}
    rows = _settle(held, items, epoch(now), {})
    rows = _settle(held, _derived(locked, held, set(rows)), epoch(now), rows)
    replaced = [fact for fact, (_, stands) in rows.items() if stands]
    Evidence.objects.filter(registration=locked, current=True, fact__in=replaced).update(current=False)
    Evidence.objects.bulk_create(
        _row(locked, row.item, now, stands, before.get(fact)) for fact, (row, stands) in rows.items()
    )
    registration.facts = projection(Evidence.objects.filter(registration=locked, current=True))
    platform = held.get("platform")
    if platform:
        registration.platform = BY_NAME["platform"].choices[platform.item.value]
    registration.save(update_fields=["facts", "platform"])
    return registration


def _settle(
    held: dict[str, Held], items: Iterable[Item], now: int, settled: dict[str, tuple[Held, bool]]
) -> dict[str, tuple[Held, bool]]:
    """Which items stand: `held` is brought up to date; what is new comes back by fact, with whether it stands.

    Of two about one fact in one go, only the one that stands is kept. settled: what was found in this go before.
    """
    for item in items:
        new = Held(item, now)
        stands = rules.best(held.get(item.fact), new, now) is new
        if stands:
            held[item.fact] = new
        if stands or item.fact not in settled:
            settled[item.fact] = (new, stands)
    return settled


def _derived(registration: Registration, held: dict[str, Held], changed: set[str]) -> list[Item]:
    """What follows from what changed."""
    platform, version, lock = held.get("platform"), held.get("os_version"), held.get("screen_lock")
    name = BY_NAME["platform"].choices[platform.item.value] if platform else None
    found: list[Item] = []
    if platform and name and version and changed & {"platform", "os_version"}:
        support = fixes_until(name, version.item.value, support_table(registration.organisation))
        found += rules.from_support(support, min(platform.item.grade, version.item.grade))
    if name and changed & {"platform", "os_version", "screen_lock"}:
        seen = Seen(platform=name, version=version.item.value if version else None)
        found += rules.from_platform(seen, bool(lock and lock.item.value))
    demo = any(one is not None and one.item.demo for one in (platform, version))
    return list(rules.as_demo(found)) if demo else found


def _row(registration: Registration, item: Item, now: dt.datetime, stands: bool, before: Evidence | None) -> Evidence:
    days = item.expires_after
    same = before is not None and before.value == item.value
    return Evidence(
        organisation_id=registration.organisation_id, registration=registration, fact=item.fact, value=item.value,
        grade=item.grade, source=item.source, limit=item.limit, demo=item.demo, observed_at=now, current=stands,
        since=before.since if before and same else now,
        expires_at=None if days is None else now + dt.timedelta(days=days),
    )  # fmt: skip
