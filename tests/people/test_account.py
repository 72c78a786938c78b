"""My account: sessions, a second passkey, removing one, moving on."""

import datetime as dt

from fobwatch.kernel.clock import now
from fobwatch.people.models import Membership, Passkey, SignIn
from fobwatch.people.rules import passkeys
from tests.people.phone import Phone


def old(session: SignIn) -> None:
    SignIn.objects.filter(pk=session.pk).update(verified_at=now() - dt.timedelta(minutes=6))


def second(phone: Phone, **more: object) -> Phone:
    """Another store on the same browser, its passkey added."""
    other = Phone(phone.client)
    other.store.user_handle = phone.store.user_handle
    body = other.making("/account/passkeys/add/options") | more
    answer = other.post("/account/passkeys/add/answer", body)
    assert answer.status_code == 200, answer.content
    return other


def test_a_second_passkey_signs_in_too(phone: Phone, nurse: Membership) -> None:
    other = second(phone.enrolled(nurse), label="  My\0 security\n key ")
    assert other.passkey.label == "My security key"
    assert other.sign_in().status_code == 200


def test_a_second_passkey_needs_a_fresh_proof(phone: Phone, nurse: Membership) -> None:
    phone.enrolled(nurse)
    body = Phone(phone.client).making("/account/passkeys/add/options")
    old(SignIn.objects.get())
    assert "Show that it" in phone.client.get("/account/passkeys/add/").content.decode()
    assert phone.post("/account/passkeys/add/options").json()["reason"] == passkeys.CHECK_FIRST.reason
    assert phone.post("/account/passkeys/add/answer", body).json()["reason"] == passkeys.CHECK_FIRST.reason
    assert Passkey.objects.count() == 1
    answer = phone.post("/account/check/answer", phone.answering("/account/check/options") | {"next": "/roles/"})
    assert answer.json() == {"go": "/roles/"}
    second(phone)
    assert Passkey.objects.count() == 2


def test_the_same_passkey_twice_is_refused(phone: Phone, nurse: Membership) -> None:
    phone.enrolled(nurse)
    body = phone.making("/account/passkeys/add/options")
    assert "registered already" in phone.post("/account/passkeys/add/answer", body).json()["reason"]


def test_a_passkey_gets_another_name(phone: Phone, nurse: Membership) -> None:
    phone.enrolled(nurse)
    address = f"/account/passkeys/{phone.passkey.pk}/"
    assert phone.client.post(address, {"label": "My iPhone"}).status_code == 302
    assert phone.passkey.label == "My iPhone"
    assert phone.client.post(address, {"label": ""}).status_code == 200


def test_removing_a_passkey_ends_the_sessions_it_began_but_this_one(phone: Phone, nurse: Membership) -> None:
    phone.enrolled(nurse)
    elsewhere = Phone()
    elsewhere.store = phone.store
    elsewhere.sign_in()
    second(phone)
    answer = phone.client.post(f"/account/passkeys/{phone.passkey.pk}/remove/")
    assert answer.status_code == 302
    assert phone.client.get("/account/").status_code == 200
    assert elsewhere.client.get("/account/").status_code == 302
    assert phone.sign_in().json()["reason"] == passkeys.UNKNOWN.reason


def test_the_last_passkey_goes_only_with_open_eyes(phone: Phone, nurse: Membership) -> None:
    address = f"/account/passkeys/{phone.enrolled(nurse).passkey.pk}/remove/"
    assert "your only passkey" in phone.client.get(address).content.decode()
    assert phone.client.post(address).status_code == 200
    assert not phone.passkey.retired_at
    assert phone.client.post(address, {"understood": "on"}).status_code == 302
    assert phone.passkey.retired_at


def test_one_session_can_be_ended_from_another(phone: Phone, nurse: Membership, porter: Membership) -> None:
    phone.enrolled(nurse)
    there, stranger = Phone(), Phone().enrolled(porter)
    there.store = phone.store
    there.sign_in()
    which = SignIn.objects.filter(person=nurse.person).latest("started_at")
    assert stranger.client.post("/account/sessions/", {"which": which.pk}).status_code == 302
    assert there.client.get("/account/").status_code == 200
    phone.client.post("/account/sessions/", {"which": which.pk})
    assert there.client.get("/account/").status_code == 302
    assert phone.client.get("/account/").status_code == 200


def test_sign_out_everywhere_ends_all(phone: Phone, nurse: Membership) -> None:
    phone.enrolled(nurse).sign_in()
    assert phone.client.post("/account/sessions/", {"which": "all"}).url == "/sign-in/"
    assert not SignIn.objects.filter(ended_at=None).exists()


def test_the_new_phone_page_knows_whether_a_passkey_is_synced(phone: Phone, nurse: Membership) -> None:
    phone.enrolled(nurse)
    assert "saved in your passkey account" in phone.client.get("/account/new-phone/").content.decode()
    Passkey.objects.update(backed_up=False)
    assert "stays on your old phone" in phone.client.get("/account/new-phone/").content.decode()


def test_somebody_signed_in_sees_it_on_the_sign_in_page(phone: Phone, nurse: Membership) -> None:
    phone.enrolled(nurse)
    assert "You are signed in as Amara Osei" in phone.client.get("/sign-in/?next=/roles/").content.decode()
