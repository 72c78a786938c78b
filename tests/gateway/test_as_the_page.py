"""The gate decides as the page does, for every cell: two roads from the same rows to the same answer."""

import datetime as dt
import random
from typing import Any

import pytest

from fobwatch.access.models import Emergency, decide_for, registration_here
from fobwatch.devices.models import Registration
from fobwatch.gateway.api import answer
from fobwatch.gateway.models import GateSession, System
from fobwatch.gateway.rules.asked import read
from fobwatch.kernel.clock import epoch, now
from fobwatch.people.models import Membership, Organisation, SignIn
from fobwatch.policy.models import Acknowledgement, Version
from fobwatch.policy.rules.vocabulary import CELLS, CLASSES, ROLES
from fobwatch.web.demo import seed
from tests import cast
from tests.access.policy import DAY, confirm, publish, publish_template, registered, understood
from tests.gateway import door

HOW_MANY = 60


def asked(cell: str, host: str = door.HOST) -> Any:
    return read({"HTTP_X_FORWARDED_HOST": host, "HTTP_X_ORIGINAL_URI": door.path_of(cell)})


def compare(session: GateSession, sign_in: SignIn, member: Membership, moment: dt.datetime) -> int:
    """Ask both for every cell; how many were open. A member who has left has no page at all."""
    version = Version.in_force(member.organisation)
    page = decide_for(sign_in, member, registration_here(sign_in, member), version, moment)
    left = member.employment_on(moment.date()) == "left"
    for cell in CELLS:
        told = answer(asked(cell, session.system.host), session.token, now=epoch(moment))
        assert (told.status == 204) is (page.may(cell) and not left), (cell, page)
        if told.status == 204 and not page.emergencies:
            keep_to = dict(told.headers)["X-Fobwatch-Keep-To"]
            assert len(keep_to.split(", ") if keep_to else []) == len(page.obligations(cell))
    return sum(page.may(cell) for cell in CELLS)


def somebody(hospital: Organisation, number: int, dice: random.Random) -> Membership:
    today = now().date()

    def day() -> dt.date | None:
        return dice.choice([None, None, today + dt.timedelta(days=dice.randint(-2, 2))])

    employment = dice.choice(["active"] * 5 + ["away", "leaving", "left"])
    leaves = today + dt.timedelta(days=dice.randint(-1, 1)) if employment in ("leaving", "left") else None
    member = cast.member(
        hospital, f"Person {number}", dice.choice(["staff"] * 5 + list(ROLES)), clinical=dice.random() < 0.7,
        employment=employment, away_from=day(), away_until=day(), leaves_on=leaves,
    )  # fmt: skip
    member.joined_at = now() - dt.timedelta(days=dice.choice([0, 3, 20, 400]))
    member.save(update_fields=["joined_at"])
    return member


def some_phone(member: Membership, dice: random.Random) -> Registration | None:
    if dice.random() < 0.1:
        return None
    changes: dict[str, object] = {}
    for name, values in {
        "platform": ["ios", "android", "windows", None], "os_version": ["15.1", "18.2", None],
        "auto_lock_minutes": [1, 9, None], "screen_lock": [False, None], "remote_wipe_on": [False, None],
        "not_shared": [False, None], "browser_key": [False, None], "contacts_reviewed": [False],
    }.items():  # fmt: skip
        if dice.random() < 0.12:
            changes[name] = dice.choice(values)
    return registered(
        member, changes=changes, observed=epoch(now()) - dice.choice([0, 0, 0, 6 * DAY, 20 * DAY, 29 * DAY, 31 * DAY]),
        ownership=dice.choice(["personal", "personal", "issued"]),
        state=dice.choice(["active"] * 8 + ["enrolling", "suspended", "lost", "retired"]),
    )  # fmt: skip


def some_session(member: Membership, phone: Registration | None, dice: random.Random) -> SignIn:
    shared = dice.random() < 0.15
    made = door.sign_in(member, phone, shared=shared, how=dice.choice(["passkey"] * 6 + ["demo"]))
    started = now() - dt.timedelta(minutes=dice.choice([0, 1, 29, 59, 60, 700, 719, 721]))
    made.started_at = started
    made.verified_at = started + dt.timedelta(minutes=dice.choice([0, 0, 1]))
    if shared and dice.random() < 0.7:
        made.ward = door.ward(member.organisation).pk
    made.save(update_fields=["started_at", "verified_at", "ward"])
    return made


@pytest.mark.parametrize("seed", range(3))
def test_the_gate_decides_as_the_page_does(hospital: Organisation, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    version, system = publish(hospital), door.system(hospital)
    opened, sessions = [], []
    for number in range(HOW_MANY):
        member = somebody(hospital, number, dice)
        phone = some_phone(member, dice)
        reads = dice.choice(["before", "before", "after", "never"])
        if reads == "before":
            confirm(member, version)
        sign_in = some_session(member, phone, dice)
        session = session_for(system, sign_in)
        if reads == "after":
            confirm(member, version)
        while dice.random() < 0.3:
            emergency(member, phone, sign_in, dice)
        opened.append(compare(session, sign_in, member, now() + dt.timedelta(seconds=dice.choice([0, 0, 3_000]))))
        sessions.append((session, sign_in, member))
    publish(hospital, min_ios="18.1")
    for one in sessions:
        compare(*one, now())
    assert 0 in opened
    assert len(set(opened)) > 4


@pytest.mark.parametrize(
    ("joined", "until", "opens"),
    [(90, None, False), (3, None, True), (90, 300, True), (90, -3, True), (90, -20, False), (3, -20, False)],
)
def test_the_gate_asks_for_the_training_as_the_page_does(
    hospital: Organisation, joined: int, until: int | None, opens: bool
) -> None:
    version, system, day = publish_template(hospital), door.system(hospital), dt.timedelta(days=1)
    member = cast.member(hospital, "Trainee", clinical=True)
    Membership.objects.filter(pk=member.pk).update(joined_at=now() - joined * day)
    member.refresh_from_db()
    phone = registered(member)
    confirm(member, version)
    if until is not None:
        understood(member, now() + until * day)
    sign_in = door.sign_in(member, phone)
    compare(session_for(system, sign_in), sign_in, member, now())
    page = decide_for(sign_in, member, registration_here(sign_in, member), version, now())
    assert page.may("chat:view") is opens
    assert page.may("mail:view"), "email and the rota stay open without the training"


def test_the_gate_decides_as_the_page_does_for_every_demo_device(settings: Any, db: None) -> None:
    settings.FOBWATCH_DEMO = True
    assert seed.make(say=lambda words: None)
    systems = {
        place.pk: door.system(place, f"{place.slug}.gate.example") for place in Organisation.objects.all()
    }  # fmt: skip
    devices = Registration.objects.select_related("membership__organisation", "membership__person")
    opened = [compare(*demo_session(one, systems), now()) for one in devices]
    assert len(opened) > 400
    assert 0 in opened
    assert len(set(opened)) > 4


def demo_session(phone: Registration, systems: dict[str, System]) -> tuple[GateSession, SignIn, Membership]:
    """A persona's session on a demo device; a row by itself, because the log is not what is tested here."""
    member, moment = phone.membership, now()
    sign_in = SignIn.objects.create(
        token_hash=phone.pk, person=member.person, membership=member, how="demo", device=phone.device_id,
        started_at=moment, verified_at=moment, last_seen_at=moment,
    )  # fmt: skip
    return session_for(systems[phone.organisation_id], sign_in), sign_in, member


def session_for(system: System, sign_in: SignIn) -> GateSession:
    """A session in front of the system, also for somebody to whom none would be given."""
    member = Membership.objects.get(organisation=system.organisation, person=sign_in.person)
    version = Version.in_force(system.organisation)
    read = Acknowledgement.of(member, version) if version else None
    made = GateSession.begun(
        system, sign_in, member, read, now=0, expires=10**11, idle=10**11, token=f"token-of-{sign_in.pk}"
    )
    made.save()
    return made


def emergency(member: Membership, phone: Registration | None, sign_in: SignIn, dice: random.Random) -> None:
    Emergency.objects.create(
        organisation=member.organisation, membership=member, registration=phone, sign_in=sign_in.pk,
        kind=dice.choice(list(CLASSES)), reason="Chest pain on Ward 6", started_at=now(),
        until_epoch=epoch(now()) + dice.choice([-1, 60, 3600]),
    )  # fmt: skip
