"""A device of the organisation is issued, set up by the member who gets it, and never taken for their own."""

import datetime as dt

import pytest

from fobwatch.audit.models import Entry
from fobwatch.devices import actions
from fobwatch.devices.models import Device, Registration, stored
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import now
from fobwatch.kernel.secrets import keyed_hash
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Membership, Organisation, SignIn
from tests.cast import NOW, TESTER, member, sign_in
from tests.devices.browsers import BrowserKey
from tests.devices.conftest import register
from tests.devices.test_keys import SEEN, begin, bind


def issue(to: Membership, label: str = "Laptop F1234") -> Registration:
    return actions.issue_device(membership=to, label=label, by=TESTER, now=now())


def known(of: Membership, key: BrowserKey, cookie: str = "biscuit") -> Device:
    """A device of a member whose browser holds this key."""
    return Device.objects.create(
        person=of.person, label="Own phone", browser_key=key.public, cookie_hash=keyed_hash("device", cookie),
        created_at=NOW,
    )  # fmt: skip


def test_it_waits_for_the_member_to_set_it_up(nurse: Membership) -> None:
    made = issue(nurse, "  Laptop F1234 ")
    assert (made.ownership, made.state, made.step, made.device.label) == ("issued", "enrolling", "key", "Laptop F1234")
    assert made.device.person_id == nurse.person_id
    assert made.device.browser_key == ""
    assert list(Registration.issued_to(nurse)) == [made]
    assert Entry.objects.get(action="registration.issued").object == f"registration:{made.pk}"


def test_sent_twice_is_issued_once_and_another_name_is_another_device(nurse: Membership, porter: Membership) -> None:
    first = issue(nurse)
    assert issue(nurse) == first
    assert [issue(nurse, "Phone F2"), issue(porter)] != [first, first]
    assert Registration.objects.count() == 3
    assert [one.device.label for one in Registration.issued_to(nurse)] == ["Laptop F1234", "Phone F2"]


def test_nothing_is_issued_to_somebody_who_has_left_or_without_a_name(nurse: Membership) -> None:
    with pytest.raises(Refused, match="no name"):
        issue(nurse, "  ")
    Membership.objects.filter(pk=nurse.pk).update(employment="left", leaves_on=dt.date(2026, 1, 1))
    nurse.refresh_from_db()
    with pytest.raises(Refused, match="has left"):
        issue(nurse)
    assert not Registration.objects.exists()


def test_without_a_choice_a_device_is_ones_own(nurse: Membership) -> None:
    made, session = issue(nurse), sign_in(nurse)
    assert Registration.waiting(nurse) is None
    own = begin(nurse, session)
    assert own.pk != made.pk
    assert own.ownership == "personal"
    assert Registration.waiting(nurse) == own
    assert Registration.waiting(nurse, made.pk) == made


def test_nobody_finds_what_was_issued_to_another(nurse: Membership, porter: Membership) -> None:
    assert Registration.waiting(porter, issue(nurse).pk) is None


def test_it_is_set_up_by_a_new_key_and_keeps_its_name(nurse: Membership) -> None:
    made, session = issue(nurse), sign_in(nurse)
    bound, _ = bind(made, session, BrowserKey().answer(session))
    bound.refresh_from_db()
    assert (bound.pk, bound.ownership, bound.step) == (made.pk, "issued", "checklist")
    assert bound.device.label == "Laptop F1234"
    assert bound.platform == "ios"
    assert not Registration.issued_to(nurse).exists()


def test_its_owner_reads_that_it_was_issued(nurse: Membership) -> None:
    rows = {row.what: row for row in stored(issue(nurse))}
    assert rows["Whose it is"].source == "Your organisation issued it to you. It never changes."
    assert rows["Name of the device"].source == "Your IT team or your browser told us"


@pytest.mark.parametrize("where", ["here", "elsewhere"])
def test_a_personal_device_never_becomes_issued(nurse: Membership, surgery: Organisation, where: str) -> None:
    key = BrowserKey()
    there = nurse if where == "here" else member(surgery, "Second Job")
    own = register(there, device=known(nurse, key))
    made, session = issue(nurse), sign_in(nurse)
    with pytest.raises(Refused, match="registered already as your own"):
        bind(made, session, key.answer(session), "biscuit")
    own.refresh_from_db()
    made.refresh_from_db()
    assert (own.ownership, own.device.label) == ("personal", "Own phone")
    assert made.waits
    assert made.device.browser_key == ""


def test_an_issued_device_never_becomes_personal(nurse: Membership) -> None:
    key, session = BrowserKey(), sign_in(nurse)
    bound, cookie = bind(issue(nurse), session, key.answer(session))
    later = sign_in(nurse)
    own = begin(nurse, later)
    found, _ = bind(own, later, key.answer(later), cookie)
    assert (found.pk, found.ownership, found.device.label) == (bound.pk, "issued", "Laptop F1234")
    assert not Registration.objects.filter(ownership="personal").exists()


def test_one_issued_device_is_not_taken_for_another(nurse: Membership) -> None:
    key, session = BrowserKey(), sign_in(nurse)
    _, cookie = bind(issue(nurse), session, key.answer(session))
    second, later = issue(nurse, "Phone F2"), sign_in(nurse)
    with pytest.raises(Refused, match="another device that your organisation issued"):
        bind(second, later, key.answer(later), cookie)
    second.refresh_from_db()
    assert second.waits


def test_what_one_organisation_calls_it_another_does_not_read(nurse: Membership, surgery: Organisation) -> None:
    key, session = BrowserKey(), sign_in(nurse)
    _, cookie = bind(issue(nurse), session, key.answer(session))
    there = member(surgery, "Second Job")
    Membership.objects.filter(pk=there.pk).update(person=nurse.person)
    there.refresh_from_db()
    session = sign_in(there)
    second, _ = bind(begin(there, session), session, key.answer(session), cookie)
    assert (second.ownership, second.device.label) == ("personal", SEEN.words)
    assert Registration.objects.filter(ownership="issued").count() == 1


# The way back


@pytest.fixture
def wrong(nurse: Membership) -> tuple[Registration, SignIn, BrowserKey]:
    """The nurse set up on her own phone what was issued to her as a laptop."""
    session, key = sign_in(nurse), BrowserKey()
    bound, _ = bind(issue(nurse), session, key.answer(session))
    return bound, session, key


def put_back(registration: Registration, session: SignIn) -> Registration:
    by = Actor(f"membership:{registration.membership_id}", registration.organisation_id)
    return actions.put_back(registration=registration, sign_in=session, by=by, now=now())


def test_a_wrong_turn_is_undone_and_the_phone_registered_as_ones_own(
    wrong: tuple[Registration, SignIn, BrowserKey], nurse: Membership
) -> None:
    registration, session, key = wrong
    again = put_back(registration, session)
    registration.refresh_from_db()
    session.refresh_from_db()
    assert (registration.state, registration.device.browser_key) == ("retired", "")
    assert "not the one that was issued" in registration.state_reason
    assert (session.device, session.ended_at) == ("", None)
    assert list(Registration.issued_to(nurse)) == [again]
    assert (again.device.label, again.facts, again.evidence.count()) == ("Laptop F1234", "{}", 0)
    own, _ = bind(begin(nurse, session), session, key.answer(session))
    assert own.ownership == "personal"
    assert list(Registration.issued_to(nurse)) == [again]


@pytest.mark.parametrize("change", [{"state": "active"}, {"ownership": "personal"}])
def test_what_is_set_up_or_ones_own_is_not_put_back(
    wrong: tuple[Registration, SignIn, BrowserKey], change: dict[str, str]
) -> None:
    registration, session, _ = wrong
    Registration.objects.filter(pk=registration.pk).update(**change)
    with pytest.raises(Refused, match="cannot be undone"):
        put_back(registration, session)
    assert Registration.objects.count() == 1
