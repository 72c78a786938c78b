"""Sign-in with a passkey, and everything that may be wrong with it: clear answers, nothing written by half."""

import datetime as dt
import threading

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from fobwatch.audit.models import Entry
from fobwatch.kernel.clock import now
from fobwatch.kernel.verdict import Refused
from fobwatch.people.actions import passkeys as actions
from fobwatch.people.models import Challenge, Invitation, Membership, Passkey, PasskeyEvent, SignIn, Throttle
from fobwatch.people.rules import ceremony, passkeys
from tests import cast
from tests.people.phone import Phone, link_for


def later(**more: float) -> dt.datetime:
    return now() + dt.timedelta(**more)


def test_a_link_makes_a_passkey_and_signs_in(phone: Phone, nurse: Membership) -> None:
    phone.enrolled(nurse)
    session = SignIn.objects.get()
    assert (session.membership, session.how, session.shared) == (nurse, "passkey", False)
    assert phone.passkey.person == nurse.person
    event = PasskeyEvent.objects.get()
    assert (event.kind, event.user_verified, event.backup_eligible, event.backed_up) == ("made", True, True, True)
    cookie = phone.client.cookies[settings.SESSION_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value not in (session.token_hash, session.pk)
    assert phone.client.get("/account/").status_code == 200


def test_signing_out_ends_the_session_not_only_the_cookie(phone: Phone, nurse: Membership) -> None:
    token = phone.enrolled(nurse).client.cookies[settings.SESSION_COOKIE].value
    assert phone.client.post("/sign-out/").url == "/sign-in/"
    other = Client()
    other.cookies[settings.SESSION_COOKIE] = token
    assert other.get("/account/").status_code == 302
    assert phone.client.post("/sign-out/").status_code == 302


def test_a_passkey_signs_in_and_its_answer_is_kept(phone: Phone, nurse: Membership) -> None:
    phone.enrolled(nurse)
    phone.store.bs = False
    answer = phone.sign_in(shared=True, next="/account/sessions/")
    assert answer.json() == {"go": "/account/sessions/"}
    assert SignIn.objects.latest("started_at").shared
    assert PasskeyEvent.objects.filter(kind="sign_in", backed_up=False).exists()
    assert phone.passkey.backed_up is False


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "evil", "", 5, None],
)
def test_it_sends_nobody_to_another_site(phone: Phone, nurse: Membership, wanted: object) -> None:
    phone.enrolled(nurse)
    assert phone.sign_in(next=wanted).json() == {"go": "/"}


WRONG = [
    ({"origin": "https://fobwatch.evil.example"}, ceremony.WRONG_ORIGIN),
    ({"rp_id": "evil.example"}, ceremony.WRONG_SITE),
    ({"uv": False}, ceremony.NOT_CHECKED),
    ({"up": False}, ceremony.NOT_PRESENT),
    ({"be": False, "bs": False}, ceremony.BACKUP_CHANGED),
]


@pytest.mark.parametrize(("wrong", "verdict"), WRONG)
def test_it_refuses_a_wrong_answer_in_plain_words(phone: Phone, nurse: Membership, wrong, verdict) -> None:
    phone.enrolled(nurse)
    sessions = SignIn.objects.count()
    for name, value in wrong.items():
        setattr(phone.store, name, value)
    answer = phone.sign_in()
    assert answer.status_code == 403
    assert answer.json() == {"reason": verdict.reason, "next_step": verdict.next_step}
    assert SignIn.objects.count() == sessions
    assert not PasskeyEvent.objects.filter(kind="sign_in").exists()


@pytest.mark.parametrize(("wrong", "verdict"), WRONG[:4])
def test_a_wrong_answer_does_not_use_up_the_link(phone: Phone, nurse: Membership, wrong, verdict) -> None:
    token = link_for(nurse)
    for name, value in wrong.items():
        setattr(phone.store, name, value)
    assert phone.join(token).json()["reason"] == verdict.reason
    assert not Passkey.objects.exists()
    assert not SignIn.objects.exists()
    assert Phone().join(token).status_code == 200


def test_it_refuses_a_replayed_answer(phone: Phone, nurse: Membership) -> None:
    body = phone.enrolled(nurse).answering()
    assert phone.post("/sign-in/answer", body).status_code == 200
    again = phone.post("/sign-in/answer", body)
    assert again.json()["reason"] == passkeys.CHALLENGE_GONE.reason


def test_a_failed_answer_uses_up_its_challenge(phone: Phone, nurse: Membership) -> None:
    phone.enrolled(nurse)
    body = phone.answering()
    broken = {**body, "credential": {**body["credential"], "id": "AAAA", "rawId": "AAAA"}}
    assert phone.post("/sign-in/answer", broken).json()["reason"] == passkeys.UNKNOWN.reason
    assert phone.post("/sign-in/answer", body).json()["reason"] == passkeys.CHALLENGE_GONE.reason


def test_it_refuses_an_expired_challenge(phone: Phone, nurse: Membership) -> None:
    body = phone.enrolled(nurse).answering()
    Challenge.objects.update(expires_at=now())
    assert phone.post("/sign-in/answer", body).json()["reason"] == passkeys.CHALLENGE_GONE.reason


@pytest.mark.parametrize("key", ["", "x", "a\0b", "' OR 1=1", "٣" * 32, None, {"a": 1}])
def test_it_refuses_a_made_up_challenge(phone: Phone, nurse: Membership, key: object) -> None:
    body = phone.enrolled(nurse).answering() | {"challenge": key}
    assert phone.post("/sign-in/answer", body).json()["reason"] == passkeys.CHALLENGE_GONE.reason


def test_a_challenge_for_one_purpose_is_no_use_for_another(phone: Phone, nurse: Membership) -> None:
    body = phone.enrolled(nurse).answering("/account/check/options")
    assert phone.post("/sign-in/answer", body).json()["reason"] == passkeys.CHALLENGE_GONE.reason


def test_a_challenge_of_another_session_is_refused(phone: Phone, nurse: Membership, porter: Membership) -> None:
    mine, theirs = phone.enrolled(nurse), Phone().enrolled(porter)
    key, _ = theirs.asked("/account/check/options")
    body = mine.answering("/account/check/options") | {"challenge": key}
    assert mine.post("/account/check/answer", body).json()["reason"] == passkeys.CHALLENGE_GONE.reason


def test_the_passkey_of_another_person_proves_nothing(phone: Phone, nurse: Membership, porter: Membership) -> None:
    mine, theirs = phone.enrolled(nurse), Phone().enrolled(porter)
    mine.store = theirs.store
    answer = mine.post("/account/check/answer", mine.answering("/account/check/options"))
    assert answer.json()["reason"] == passkeys.NOT_YOURS.reason


def test_an_answer_for_somebody_else_is_refused(phone: Phone, nurse: Membership, porter: Membership) -> None:
    phone.enrolled(nurse).store.user_handle = porter.person_id.encode()
    assert phone.sign_in().json()["reason"] == passkeys.NOT_YOURS.reason


def test_a_copied_passkey_is_cut_off_everywhere(nurse: Membership) -> None:
    phone = Phone(be=False, bs=False, count=5, step=1).enrolled(nurse)
    assert phone.sign_in().status_code == 200
    phone.store.count = 2
    answer = phone.sign_in()
    assert answer.json()["reason"] == ceremony.CLONED.reason
    assert not SignIn.objects.filter(ended_at=None).exists()
    assert phone.passkey.retired_at
    assert Entry.objects.filter(action="passkey.copied").exists()
    assert phone.sign_in().json()["reason"] == passkeys.UNKNOWN.reason


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"credential": []}', '{"challenge": 1}', "[" * 5000, "\udc80"]
)
def test_a_body_that_is_nothing_is_answered_in_words(phone: Phone, db: None, body: str) -> None:
    raw = body.encode("utf-8", "surrogateescape")
    answer = phone.client.post(
        "/sign-in/answer", raw, content_type="application/json", headers={"Accept": "application/json"}
    )
    assert answer.status_code == 403
    assert answer.json()["reason"] == passkeys.NO_SCRIPT.reason


def test_a_body_that_is_far_too_long_is_refused(phone: Phone, db: None) -> None:
    answer = phone.post("/sign-in/answer", {"credential": {"id": "x" * 200_000}})
    assert answer.json()["reason"] == ceremony.TOO_LONG.reason


def test_without_javascript_the_form_is_answered_with_a_page(db: None) -> None:
    answer = Client().post("/sign-in/answer", {"next": "/"})
    assert answer.status_code == 403
    assert "Passkeys need JavaScript" in answer.content.decode()


@pytest.mark.parametrize("token", ["", "x", "\0", "é" * 50, "a" * 4000])
def test_a_forged_cookie_is_nobody(db: None, token: str) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE] = token
    assert client.get("/account/").status_code == 302


def test_headers_of_a_proxy_make_nobody_of_anybody(nurse: Membership) -> None:
    headers = {
        "X-Forwarded-User": nurse.person.email,
        "X-Remote-User": nurse.person.email,
        "Authorization": "Basic eA==",
    }
    assert Client(headers=headers).get("/account/").status_code == 302


def test_another_site_cannot_sign_anybody_in_or_out(nurse: Membership) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE] = cast.sign_in(nurse).token
    for address in (
        "/sign-out/",
        "/sign-in/options",
        "/sign-in/answer",
        "/account/sessions/",
        "/account/check/options",
    ):
        assert client.post(address).status_code == 403, address
    assert SignIn.objects.get().ended_at is None


def test_a_user_agent_of_100_kb_is_cut(phone: Phone, nurse: Membership) -> None:
    phone.enrolled(nurse)
    phone.client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone; Safari/604) " + "x" * 100_000
    assert phone.sign_in().status_code == 200
    assert SignIn.objects.latest("started_at").browser == "Safari on an iPhone"


def test_tries_are_counted_by_address_and_end(phone: Phone, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fobwatch.people.api.ANSWERS_A_WINDOW", 2)
    codes = [phone.post("/sign-in/answer", {}).json()["reason"] for _ in range(4)]
    assert codes[1] == passkeys.NO_SCRIPT.reason
    assert codes[2:] == ["There were too many tries from here."] * 2
    assert Throttle.objects.count() == 1


def test_links_cannot_be_guessed_at_leisure(phone: Phone, nurse: Membership) -> None:
    token = link_for(nurse)
    pages = [phone.client.get(f"/join/guess-{n}/").content.decode() for n in range(32)]
    assert "know this link" in pages[0]
    assert "too many tries" in pages[-1]
    assert phone.client.get(f"/join/{token}/").status_code == 200


def test_opening_a_link_changes_nothing(phone: Phone, nurse: Membership) -> None:
    token = link_for(nurse)
    before = Entry.objects.count()
    for address in (f"/join/{token}/", f"/join/{token}/phone/"):
        assert phone.client.get(address).status_code == 200
        assert phone.client.head(address).status_code == 200
    assert Entry.objects.count() == before
    assert Invitation.objects.get().used_at is None


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("used", "This link was used"),
        ("expired", "This link is too old"),
        ("withdrawn", "This link was replaced"),
        ("waiting", "This link is not ready yet"),
    ],
)
def test_a_link_that_is_over_says_so(phone: Phone, nurse: Membership, state: str, words: str) -> None:
    token = link_for(nurse)
    body = phone.making(f"/join/{token}/options")
    changes = {
        "used": {"used_at": now()},
        "expired": {"expires_at": now()},
        "withdrawn": {"withdrawn_at": now()},
        "waiting": {"needs_approval": True},
    }[state]
    Invitation.objects.update(**changes)
    page = phone.client.get(f"/join/{token}/")
    assert page.status_code == 403
    assert words in page.content.decode()
    assert phone.post(f"/join/{token}/options").status_code == 403
    assert phone.post(f"/join/{token}/answer", body).status_code == 403
    assert not Passkey.objects.exists()


def test_a_second_submit_of_the_same_link_changes_nothing(phone: Phone, nurse: Membership) -> None:
    token = link_for(nurse)
    first, second = phone.making(f"/join/{token}/options"), Phone().making(f"/join/{token}/options")
    assert phone.post(f"/join/{token}/answer", first).status_code == 200
    assert phone.post(f"/join/{token}/answer", first).status_code == 403
    assert "used already" in phone.post(f"/join/{token}/answer", second).json()["reason"]
    assert Passkey.objects.count() == SignIn.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_phones_at_the_same_moment_make_one_passkey(nurse: Membership) -> None:
    token = link_for(nurse)
    phones = [Phone(), Phone()]
    bodies = [one.making(f"/join/{token}/options") for one in phones]
    codes: list[int] = []

    def send(which: int) -> None:
        codes.append(phones[which].post(f"/join/{token}/answer", bodies[which]).status_code)
        connection.close()

    threads = [threading.Thread(target=send, args=(which,)) for which in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(codes) == [200, 403]
    assert Passkey.objects.count() == SignIn.objects.count() == 1


def test_who_left_is_not_let_in(phone: Phone, nurse: Membership) -> None:
    phone.enrolled(nurse)
    nurse.employment, nurse.leaves_on = "left", now().date()
    nurse.save()
    assert phone.sign_in().json()["reason"] == passkeys.NO_PLACE.reason
    assert phone.client.get("/account/").status_code == 302


def test_it_signs_in_where_the_person_worked_last(phone: Phone, nurse: Membership, surgery) -> None:
    phone.enrolled(nurse)
    there = Membership.objects.create(organisation=surgery, person=nurse.person, joined_at=now())
    phone.client.post("/account/organisations/", {"membership": there.pk})
    phone.sign_in()
    assert SignIn.objects.latest("started_at").membership == there
    page = phone.client.get("/account/").content.decode()
    assert surgery.name in page
    assert nurse.job_title not in page


def test_nobody_switches_to_a_membership_of_another(phone: Phone, nurse: Membership, outsider: Membership) -> None:
    phone.enrolled(nurse)
    assert phone.client.post("/account/organisations/", {"membership": outsider.pk}).status_code == 404
    assert SignIn.objects.get().membership == nurse


def test_a_retired_passkey_between_question_and_answer_is_refused(phone: Phone, nurse: Membership) -> None:
    body = phone.enrolled(nurse).answering()
    Passkey.objects.update(retired_at=now())
    assert phone.post("/sign-in/answer", body).json()["reason"] == passkeys.UNKNOWN.reason


def test_two_answers_of_a_counter_at_the_same_moment_count_once(nurse: Membership) -> None:
    phone = Phone(be=False, bs=False, count=5, step=1).enrolled(nurse)
    stale = phone.passkey
    assert phone.sign_in().status_code == 200
    said = ceremony.Answered(uv=True, be=False, bs=False, new_count=stale.sign_count + 1, attachment="")
    with pytest.raises(Refused, match="used twice"):
        actions.sign_in(passkey=stale, answered=said, shared=False, browser="", by=cast.TESTER, now=now())
    assert PasskeyEvent.objects.filter(kind="sign_in").count() == 1


def test_retiring_twice_ends_nothing_more(phone: Phone, nurse: Membership) -> None:
    passkey = phone.enrolled(nurse).passkey
    for because in ("lost", "removed"):
        actions.retire(passkey=passkey, because=because, understood=True, by=cast.TESTER, now=now())
    assert SignIn.objects.get().ended_because == "passkey lost"
