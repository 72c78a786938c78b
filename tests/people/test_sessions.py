"""Sessions: limits, the device of a session, and ending those of one organisation."""

import datetime as dt

import pytest

from fobwatch.kernel.clock import now
from fobwatch.kernel.verdict import Refused
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.models import Challenge, Letter, Membership, Passkey, PasskeyEvent, SignIn, Throttle
from tests import cast
from tests.cast import NOW, TESTER
from tests.people.phone import Phone, link_for


@pytest.mark.parametrize(("minutes", "idle", "absolute", "still"), [(9, 10, 60, True), (10, 10, 60, False)])
def test_an_idle_session_ends(nurse: Membership, minutes: int, idle: int, absolute: int, still: bool) -> None:
    session = sign_ins.set_limits(
        sign_in=cast.sign_in(nurse), idle_minutes=idle, absolute_minutes=absolute, by=TESTER, now=NOW
    )
    moment = session.last_seen_at + dt.timedelta(minutes=minutes)
    assert (SignIn.at_the_door(session.token, now=moment) is not None) is still
    assert bool(SignIn.open_of(nurse.person, now=moment)) is still


def test_use_keeps_a_session_open_until_its_absolute_end(nurse: Membership) -> None:
    session = cast.sign_in(nurse)
    begun = session.started_at
    for minutes in range(10, 780, 10):
        session.touch(now=begun + dt.timedelta(minutes=minutes))
    assert session.open_at(begun + dt.timedelta(minutes=779))
    assert not session.open_at(begun + dt.timedelta(minutes=780))
    session.refresh_from_db()
    assert session.last_seen_at == begun + dt.timedelta(minutes=770)


def test_a_shared_computer_is_nobodys_device(nurse: Membership) -> None:
    own, ward = cast.sign_in(nurse), cast.sign_in(nurse, shared=True)
    assert sign_ins.on_device(sign_in=own, device="d1", by=TESTER, now=NOW).device == "d1"
    with pytest.raises(Refused, match="shared computer"):
        sign_ins.on_device(sign_in=ward, device="d1", by=TESTER, now=NOW)
    ward.refresh_from_db()
    assert ward.device == ""


def test_one_organisation_ends_its_own_sessions_only(nurse: Membership, surgery) -> None:
    there = Membership.objects.create(organisation=surgery, person=nurse.person, joined_at=NOW)
    here, other = cast.sign_in(nurse), cast.sign_in(there)
    assert sign_ins.end_everywhere(person=nurse.person, membership=nurse, because="lost", by=TESTER, now=now()) == 1
    assert SignIn.at_the_door(here.token, now=now()) is None
    assert SignIn.at_the_door(other.token, now=now()) is not None


def test_ending_twice_keeps_the_first_reason(nurse: Membership) -> None:
    session = cast.sign_in(nurse)
    for because in ("signed out", "again"):
        sign_ins.end(sign_in=session, because=because, by=TESTER, now=NOW)
    assert session.ended_because == "signed out"


def test_nobody_switches_to_where_they_left(nurse: Membership, surgery) -> None:
    there = Membership.objects.create(
        organisation=surgery, person=nurse.person, joined_at=NOW, employment="left", leaves_on=NOW.date()
    )
    with pytest.raises(Refused, match="do not work"):
        sign_ins.switch(sign_in=cast.sign_in(nurse), membership=there, by=TESTER, now=NOW)


def test_rows_print_as_references_never_as_people(nurse: Membership) -> None:
    phone = Phone().enrolled(nurse)
    rows = [
        nurse, nurse.person, nurse.organisation, phone.passkey, PasskeyEvent.objects.get(), SignIn.objects.get(),
        Letter.objects.get(), Challenge.objects.get(),
        *nurse.invitations.all(),  # type: ignore[attr-defined]
    ]  # fmt: skip
    secrets = (nurse.person.name, nurse.person.email, phone.passkey.credential_id)
    for row in rows:
        assert row == nurse.organisation or not any(secret in str(row) for secret in secrets)
    assert str(Throttle()) == "attempts"
    assert link_for(cast.member(nurse.organisation, "Z Z")) not in str(Passkey.objects.all())
    assert (nurse.staff_group, nurse.permissions > frozenset()) == ("clinical", True)
