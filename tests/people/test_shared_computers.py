"""Shared computers: marked by IT on the computer itself, and nothing that its user says does the same (ADR 7)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.test import Client

from fobwatch.audit.models import Detail, Entry
from fobwatch.kernel.clock import now
from fobwatch.kernel.verdict import Refused
from fobwatch.people.actions import shared_computers as actions
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.models import Membership, Organisation, SharedComputer, SignIn
from fobwatch.people.rules.shared_computers import may_mark
from tests import cast
from tests.cast import TESTER
from tests.people.phone import Phone, link_for

Browse = Callable[..., Client]
WARD = "Ward 6, desk by the window"


def at(computer: SharedComputer, client: Client | None = None) -> Client:
    """A browser with the mark of this computer."""
    client = client or Client()
    client.cookies[django_settings.SHARED_COOKIE] = computer.token
    return client


def newest() -> SignIn:
    return SignIn.objects.latest("started_at")


def signed_in_at(phone: Phone, client: Client, **more: Any) -> SignIn:
    """The person of this phone signs in at another browser."""
    other = Phone(client)
    other.store = phone.store
    answer = other.sign_in(**more)
    assert answer.status_code == 200, answer.content
    return newest()


def test_it_marks_the_browser_it_sits_at_and_is_signed_out(it_support: Membership, browse: Browse) -> None:
    client = browse(it_support)
    answer = client.post("/shared-computers/mark/", {"label": f"  {WARD} "})
    assert answer.url == "/sign-in/"
    cookie = answer.cookies[django_settings.SHARED_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == 400 * 86_400
    assert not cookie["secure"]
    one = SharedComputer.objects.get()
    assert (one.label, one.marked_by, one.organisation) == (WARD, it_support, it_support.organisation)
    assert cookie.value not in (one.cookie_hash, one.pk)
    client.sign_in.refresh_from_db()
    assert client.sign_in.ended_because == "computer marked as shared"
    assert client.get("/account/").status_code == 302
    page = client.get("/sign-in/").content.decode()
    assert f"This is a shared computer: {WARD}, Fennimore Hospitals." in page
    assert 'name="shared"' not in page
    assert Entry.objects.get(action="shared_computer.marked").object == f"sharedcomputer:{one.pk}"
    assert cookie.value not in "".join(Detail.objects.values_list("payload", flat=True))


def test_over_tls_the_mark_is_for_this_host_alone(it_support: Membership, browse: Browse, settings: Any) -> None:
    settings.COOKIES_SECURE = True
    client = browse(it_support)
    answer = client.post("/shared-computers/mark/", {"label": WARD})
    assert answer.cookies[settings.SHARED_COOKIE]["secure"]
    from fobwatch.config.settings import base

    assert base.SHARED_COOKIE.startswith("__Host-")


def test_a_session_in_a_marked_browser_is_a_shared_one_whatever_is_said(phone: Phone, nurse: Membership) -> None:
    phone.enrolled(nurse)
    ward = cast.shared_computer(nurse.organisation)
    client = at(ward)
    for said in (False, True, "no", None):
        session = signed_in_at(phone, client, shared=said)
        assert (session.shared, session.ward) == (True, ward.pk)
    assert client.cookies[django_settings.SHARED_COOKIE]["max-age"] == 400 * 86_400


def test_saying_so_marks_nothing(phone: Phone, nurse: Membership) -> None:
    cast.shared_computer(nurse.organisation)
    session = signed_in_at(phone.enrolled(nurse), Client(), shared=True)
    assert (session.shared, session.ward) == (True, "")


@pytest.mark.parametrize("forged", ["{id}", "{hash}", "{token}x", "x" * 4_000, "' OR 1=1", "\u00e9", "shared", "1", ""])
def test_a_forged_mark_is_no_mark(phone: Phone, nurse: Membership, forged: str) -> None:
    phone.enrolled(nurse)
    ward = cast.shared_computer(nurse.organisation)
    client = Client()
    client.cookies[django_settings.SHARED_COOKIE] = forged.format(id=ward.pk, hash=ward.cookie_hash, token=ward.token)
    session = signed_in_at(phone, client)
    assert (session.shared, session.ward) == (False, "")
    assert "This is a shared computer:" not in client.get("/sign-in/").content.decode()


def test_the_mark_of_another_organisation_only_takes_away(
    phone: Phone, nurse: Membership, surgery: Organisation
) -> None:
    session = signed_in_at(phone.enrolled(nurse), at(cast.shared_computer(surgery)))
    assert (session.shared, session.ward) == (True, "")


def test_at_a_marked_computer_one_works_for_whoever_marked_it(
    phone: Phone, nurse: Membership, surgery: Organisation
) -> None:
    there = Membership.objects.create(organisation=surgery, person=nurse.person, joined_at=cast.NOW)
    phone.enrolled(nurse)
    for place in (there, nurse, there):
        ward = cast.shared_computer(place.organisation, f"Desk {SharedComputer.objects.count()}")
        session = signed_in_at(phone, at(ward))
        assert (session.membership, session.ward) == (place, ward.pk)


def test_after_a_switch_the_mark_stays_where_it_was_made(nurse: Membership, surgery: Organisation) -> None:
    there = Membership.objects.create(organisation=surgery, person=nurse.person, joined_at=cast.NOW)
    ward = cast.shared_computer(nurse.organisation)
    session = cast.sign_in(nurse, computer=ward)
    sign_ins.switch(sign_in=session, membership=there, by=TESTER, now=now())
    assert session.shared
    assert not SharedComputer.counts(session.ward, there.organisation_id)
    assert SharedComputer.counts(session.ward, nurse.organisation_id)


def test_a_first_link_on_a_marked_computer_is_a_shared_session_too(phone: Phone, nurse: Membership) -> None:
    ward = cast.shared_computer(nurse.organisation)
    phone.client = at(ward)
    phone.store.user_handle = nurse.person_id.encode()
    assert phone.join(link_for(nurse)).status_code == 200
    assert (newest().shared, newest().ward) == (True, ward.pk)


def test_a_persona_of_the_demo_sits_at_it_as_well(hospital: Organisation, settings: Any) -> None:
    settings.FOBWATCH_DEMO = True
    amara = cast.member(hospital, "Amara Osei", clinical=True)
    ward = cast.shared_computer(hospital)
    at(ward).post("/demo/", {"membership": amara.pk})
    assert (newest().how, newest().shared, newest().ward) == ("demo", True, ward.pk)
    Client().post("/demo/", {"membership": amara.pk})
    assert (newest().shared, newest().ward) == (False, "")


def test_a_withdrawn_computer_closes_at_once(
    phone: Phone, nurse: Membership, porter: Membership, it_support: Membership, browse: Browse
) -> None:
    phone.enrolled(nurse)
    ward = cast.shared_computer(nurse.organisation)
    client = at(ward)
    signed_in_at(phone, client)
    elsewhere = cast.sign_in(porter, computer=cast.shared_computer(nurse.organisation, "Front desk"))
    desk = browse(it_support)
    assert "Withdraw" in desk.get(f"/shared-computers/{ward.pk}/withdraw/").content.decode()
    answer = desk.post(f"/shared-computers/{ward.pk}/withdraw/", follow=True)
    assert "1 person was signed out there." in answer.content.decode()
    assert "Withdrawn" in answer.content.decode()
    assert client.get("/account/").status_code == 302
    assert SignIn.at_the_door(elsewhere.token, now=now()) is not None
    session = signed_in_at(phone, client)
    assert (session.shared, session.ward) == (False, "")
    ward.refresh_from_db()
    assert ward.withdrawn_by == it_support
    again = desk.post(f"/shared-computers/{ward.pk}/withdraw/")
    assert again.status_code == 403
    assert "withdrawn already" in again.content.decode()
    assert "Nothing needs to be done" in desk.get(f"/shared-computers/{ward.pk}/withdraw/").content.decode()


def test_the_list_forgets_what_was_withdrawn_long_ago(it_support: Membership, browse: Browse) -> None:
    client = browse(it_support)
    assert "No computer is marked yet" in client.get("/shared-computers/").content.decode()
    old, recent = (cast.shared_computer(it_support.organisation, name) for name in ("Old desk", "Recent desk"))
    for one, days in ((old, 31), (recent, 29)):
        SharedComputer.objects.filter(pk=one.pk).update(withdrawn_at=now() - dt.timedelta(days=days))
    page = client.get("/shared-computers/").content.decode()
    assert "Recent desk" in page
    assert "Old desk" not in page


def test_the_list_says_which_one_you_sit_at(it_support: Membership, browse: Browse) -> None:
    ward = cast.shared_computer(it_support.organisation)
    assert "This one" in at(ward, browse(it_support)).get("/shared-computers/").content.decode()
    assert "This one" not in browse(it_support).get("/shared-computers/").content.decode()


def test_the_same_browser_is_marked_once(it_support: Membership, browse: Browse, surgery: Organisation) -> None:
    ward = cast.shared_computer(it_support.organisation)
    client = at(ward, browse(it_support))
    for answer in (client.get("/shared-computers/mark/"), client.post("/shared-computers/mark/", {"label": "Again"})):
        assert answer.status_code == 403
        assert f"on the list already: {WARD}" in answer.content.decode()
    theirs = at(cast.shared_computer(surgery, "Their desk"), browse(it_support))
    assert "Their desk" not in theirs.get("/shared-computers/mark/").content.decode()


def test_a_place_is_named_once(it_support: Membership, browse: Browse, surgery: Organisation) -> None:
    cast.shared_computer(surgery)
    ward = cast.shared_computer(it_support.organisation)
    answer = browse(it_support).post("/shared-computers/mark/", {"label": WARD})
    assert answer.status_code == 403
    assert django_settings.SHARED_COOKIE not in answer.cookies
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.shared_computer(it_support.organisation)
    actions.withdraw(computer=ward, withdrawer=it_support, by=TESTER, now=now())
    assert browse(it_support).post("/shared-computers/mark/", {"label": WARD}).status_code == 302


def test_a_mark_needs_a_place(it_support: Membership, browse: Browse) -> None:
    answer = browse(it_support).post("/shared-computers/mark/", {"label": " "})
    assert "Answer the question: Where does this computer stand?" in answer.content.decode()
    assert not SharedComputer.objects.exists()


def test_a_second_press_marks_nothing(it_support: Membership) -> None:
    session = cast.sign_in(it_support)
    told: dict[str, Any] = {"marker": it_support, "sign_in": session, "here": None, "by": TESTER, "now": now()}
    actions.mark(label="One", **told)
    with pytest.raises(Refused, match="signed out meanwhile"):
        actions.mark(label="Two", **told)
    assert SharedComputer.objects.count() == 1


def test_what_is_somebodys_own_is_not_marked(it_support: Membership, browse: Browse) -> None:
    client = browse(it_support)
    SignIn.objects.filter(pk=client.sign_in.pk).update(device="d1")
    for answer in (client.get("/shared-computers/mark/"), client.post("/shared-computers/mark/", {"label": WARD})):
        assert answer.status_code == 403
        assert "own device" in answer.content.decode()


def test_only_those_who_manage_devices_mark_and_withdraw(
    nurse: Membership, outsider: Membership, hospital: Organisation
) -> None:
    ward = cast.shared_computer(hospital)
    with pytest.raises(Refused, match="marking"):
        actions.mark(label="X", marker=nurse, sign_in=cast.sign_in(nurse), here=None, by=TESTER, now=now())
    for stranger in (nurse, outsider):
        with pytest.raises(Refused, match="withdrawing"):
            actions.withdraw(computer=ward, withdrawer=stranger, by=TESTER, now=now())
    assert SharedComputer.of_cookie(ward.token) == ward
    assert may_mark(permitted=True, own_device=False, marked_here="")


def test_the_database_keeps_a_marked_session_a_shared_one(nurse: Membership) -> None:
    session = cast.sign_in(nurse)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignIn.objects.filter(pk=session.pk).update(ward="w")


def test_the_log_names_a_computer_by_its_place(hospital: Organisation) -> None:
    ward = cast.shared_computer(hospital)
    assert SharedComputer.log_names([ward.pk]) == {ward.pk: WARD}
    assert WARD not in str(ward)
