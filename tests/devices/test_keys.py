"""The browser's own key: bound once, answered in each session, and of no use to anybody else."""

import base64
import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from fobwatch.devices import actions
from fobwatch.devices.backends import KeyAnswer, check
from fobwatch.devices.models import Device, Registration
from fobwatch.devices.rules.browser import Seen
from fobwatch.kernel.clock import now
from fobwatch.kernel.secrets import keyed_hash
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Challenge, Membership, Organisation, Passkey, PasskeyEvent, SignIn
from fobwatch.policy.rules.vocabulary import Grade
from tests.cast import TESTER, member, sign_in
from tests.devices.browsers import BrowserKey

SEEN = Seen(platform="ios", version=26_001_000, browser="Mobile Safari 26", make="Apple", model="iPhone")


def begin(nurse: Membership, session: SignIn) -> Registration:
    return actions.start_registration(membership=nurse, sign_in=session, seen=SEEN, by=TESTER, now=now())


def bind(registration: Registration, session: SignIn, answer: KeyAnswer, cookie: str = "") -> tuple[Registration, str]:
    return actions.bind_key(
        registration=registration, sign_in=session, answer=answer, cookie=cookie, seen=SEEN, by=TESTER, now=now()
    )


def answered(device: Device, session: SignIn, answer: KeyAnswer, cookie: str) -> Registration | None:
    return actions.answer_key(
        device=device, sign_in=session, answer=answer, cookie=cookie, seen=SEEN, by=TESTER, now=now()
    )


@pytest.fixture
def session(nurse: Membership) -> SignIn:
    return sign_in(nurse)


@pytest.fixture
def bound(nurse: Membership, session: SignIn) -> tuple[Registration, BrowserKey, str]:
    key = BrowserKey()
    registration, token = bind(begin(nurse, session), session, key.answer(session))
    return registration, key, token


def test_it_binds_a_browser_and_its_session(bound: tuple[Registration, BrowserKey, str], session: SignIn) -> None:
    registration, key, token = bound
    registration.refresh_from_db()
    session.refresh_from_db()
    assert registration.device.browser_key == key.public
    assert registration.device.cookie_hash == keyed_hash("device", token) != token
    assert session.device == registration.device_id
    assert registration.step == "checklist"
    assert registration.known()["browser_key"][:2] == (1, Grade.ATTESTED)
    assert registration.known()["platform"][1] == Grade.OBSERVED
    assert "screen_lock" not in registration.known()


def test_a_later_session_belongs_to_the_device(bound: tuple[Registration, BrowserKey, str], nurse: Membership) -> None:
    registration, key, token = bound
    later = sign_in(nurse)
    assert answered(registration.device, later, key.answer(later), token) == registration
    later.refresh_from_db()
    assert later.device == registration.device_id


def test_it_refuses_a_replayed_challenge(bound: tuple[Registration, BrowserKey, str], nurse: Membership) -> None:
    registration, key, token = bound
    later = sign_in(nurse)
    answer = key.answer(later)
    answered(registration.device, later, answer, token)
    with pytest.raises(Refused, match="answered already"):
        answered(registration.device, later, answer, token)


def test_it_refuses_an_expired_challenge(bound: tuple[Registration, BrowserKey, str], session: SignIn) -> None:
    registration, key, token = bound
    answer = key.answer(session)
    Challenge.objects.filter(pk=answer.challenge).update(expires_at=now() - dt.timedelta(seconds=1))
    with pytest.raises(Refused, match="too old"):
        answered(registration.device, session, answer, token)


def test_it_refuses_the_challenge_of_another_session(
    bound: tuple[Registration, BrowserKey, str], nurse: Membership, session: SignIn
) -> None:
    registration, key, token = bound
    with pytest.raises(Refused):
        answered(registration.device, sign_in(nurse), key.answer(session), token)


def test_it_refuses_the_key_of_another_device(
    bound: tuple[Registration, BrowserKey, str], nurse: Membership, session: SignIn
) -> None:
    registration, key, token = bound
    stranger = BrowserKey()
    challenge = Challenge.ask("device_key", session.pk, now=now())
    forged = KeyAnswer(challenge.pk, key.public, stranger.sign(challenge.bytes))
    with pytest.raises(Refused, match="could not show its key"):
        answered(registration.device, session, forged, token)
    with pytest.raises(Refused, match="could not show its key"):
        answered(registration.device, session, stranger.answer(session), token)


def test_it_refuses_a_signature_for_another_site(bound: tuple[Registration, BrowserKey, str], session: SignIn) -> None:
    registration, key, token = bound
    challenge = Challenge.ask("device_key", session.pk, now=now())
    elsewhere = KeyAnswer(challenge.pk, key.public, key.sign(challenge.bytes, "https://evil.example"))
    with pytest.raises(Refused):
        answered(registration.device, session, elsewhere, token)


def test_a_key_without_its_cookie_means_registering_again(
    bound: tuple[Registration, BrowserKey, str], session: SignIn
) -> None:
    registration, key, _ = bound
    for cookie in ("", "another"):
        with pytest.raises(Refused, match="lost a part of its key"):
            answered(registration.device, session, key.answer(session), cookie)


def test_the_key_of_somebody_elses_device_is_refused(
    bound: tuple[Registration, BrowserKey, str], porter: Membership
) -> None:
    _, key, token = bound
    session = sign_in(porter)
    begun = begin(porter, session)
    with pytest.raises(Refused, match="somebody else"):
        bind(begun, session, key.answer(session), token)
    session.refresh_from_db()
    assert session.device == ""


def test_a_browser_that_is_registered_here_is_not_registered_twice(
    bound: tuple[Registration, BrowserKey, str], nurse: Membership
) -> None:
    registration, key, token = bound
    later = sign_in(nurse)
    begun = begin(nurse, later)
    assert begun.pk != registration.pk
    again, new_token = bind(begun, later, key.answer(later), token)
    assert again.pk == registration.pk
    assert new_token != token
    assert Device.objects.count() == Registration.objects.count() == 1


def test_one_phone_serves_two_organisations(
    bound: tuple[Registration, BrowserKey, str], surgery: Organisation, nurse: Membership
) -> None:
    registration, key, token = bound
    there = member(surgery, "Second Job", clinical=True)
    Membership.objects.filter(pk=there.pk).update(person=nurse.person)
    there.refresh_from_db()
    session = sign_in(there)
    second, _ = bind(begin(there, session), session, key.answer(session), token)
    assert second.pk != registration.pk
    assert second.device_id == registration.device_id
    assert Device.objects.count() == 1


def switched(bound: tuple[Registration, BrowserKey, str], session: SignIn, surgery: Organisation) -> Membership:
    """The session goes on in the person's other organisation, on the same phone."""
    there = member(surgery, "Second Job", clinical=True)
    Membership.objects.filter(pk=there.pk).update(person=bound[0].membership.person)
    there.refresh_from_db()
    SignIn.objects.filter(pk=session.pk).update(membership=there)
    session.refresh_from_db()
    return there


def test_a_session_that_switches_registers_the_same_phone_there(
    bound: tuple[Registration, BrowserKey, str], surgery: Organisation, session: SignIn
) -> None:
    registration, key, token = bound
    there = switched(bound, session, surgery)
    begun = begin(there, session)
    assert begun.device_id == registration.device_id
    assert Registration.waiting(there) == begun
    second, _ = bind(begun, session, key.answer(session), token)
    assert (second.pk, second.step) == (begun.pk, "checklist")
    assert Device.objects.count() == 1


def test_a_browser_that_lost_its_key_is_a_new_device_there(
    bound: tuple[Registration, BrowserKey, str], surgery: Organisation, session: SignIn
) -> None:
    registration, key, _ = bound
    there = switched(bound, session, surgery)
    fresh = BrowserKey()
    second, _ = bind(begin(there, session), session, fresh.answer(session))
    registration.device.refresh_from_db()
    assert second.device_id != registration.device_id
    assert (second.device.browser_key, registration.device.browser_key) == (fresh.public, key.public)


def test_a_suspended_device_is_not_begun_anew(bound: tuple[Registration, BrowserKey, str], nurse: Membership) -> None:
    registration, key, token = bound
    Registration.objects.filter(pk=registration.pk).update(state="suspended")
    later = sign_in(nurse)
    with pytest.raises(Refused, match="suspended"):
        bind(begin(nurse, later), later, key.answer(later), token)


def test_a_registration_is_bound_once(bound: tuple[Registration, BrowserKey, str], session: SignIn) -> None:
    with pytest.raises(Refused, match="already has a key"):
        bind(bound[0], session, BrowserKey().answer(session))


def test_a_lost_device_may_answer_and_stays_lost(
    bound: tuple[Registration, BrowserKey, str], nurse: Membership
) -> None:
    registration, key, token = bound
    Registration.objects.filter(pk=registration.pk).update(state="lost")
    later = sign_in(nurse)
    found = answered(registration.device, later, key.answer(later), token)
    assert found is not None
    assert found.state == "lost"


def test_a_device_without_a_registration_here_is_known_and_gives_no_evidence(
    nurse: Membership, session: SignIn
) -> None:
    key = BrowserKey()
    device = Device.objects.create(
        person=nurse.person, browser_key=key.public, cookie_hash=keyed_hash("device", "biscuit"), created_at=now()
    )
    assert answered(device, session, key.answer(session), "biscuit") is None
    session.refresh_from_db()
    assert session.device == device.pk


def passkey_session(nurse: Membership, *, attachment: str = "platform", uv: bool = True) -> SignIn:
    passkey = Passkey.objects.create(
        person=nurse.person, credential_id="c", public_key=b"", aaguid="", transports="internal,hybrid",
        attestation_format="none", backup_eligible=True, backed_up=True, label="iPhone", created_at=now(),
    )  # fmt: skip
    session = sign_in(nurse, passkey=passkey)
    PasskeyEvent.objects.create(
        passkey=passkey, kind="sign_in", at=session.verified_at, user_verified=uv, backup_eligible=True,
        backed_up=True, sign_count=0, attachment=attachment,
    )  # fmt: skip
    return session


@pytest.mark.parametrize(
    ("attachment", "uv", "there"),
    [("platform", True, True), ("cross-platform", True, False), ("platform", False, False)],
)
def test_the_screen_lock_is_known_where_the_passkey_of_this_session_showed_it(
    nurse: Membership, attachment: str, uv: bool, there: bool
) -> None:
    session = passkey_session(nurse, attachment=attachment, uv=uv)
    registration, _ = bind(begin(nurse, session), session, BrowserKey().answer(session))
    assert ("screen_lock" in registration.known()) is there
    assert ("encrypted" in registration.known()) is there


def test_an_answer_of_the_passkey_in_another_session_says_nothing_here(nurse: Membership) -> None:
    session = passkey_session(nurse)
    PasskeyEvent.objects.update(at=session.verified_at + dt.timedelta(hours=1))
    registration, _ = bind(begin(nurse, session), session, BrowserKey().answer(session))
    assert "screen_lock" not in registration.known()


def test_the_evidence_of_a_demo_persona_is_marked(nurse: Membership) -> None:
    session = sign_in(nurse, how="demo")
    registration, _ = bind(begin(nurse, session), session, BrowserKey().answer(session))
    assert registration.known()["screen_lock"][0] == 1
    assert set(registration.evidence.values_list("demo", flat=True)) == {True}


def spki(public: ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey) -> str:
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


GOOD = BrowserKey()


@pytest.mark.parametrize(
    ("public", "signature"),
    [
        ("", GOOD.sign(b"x")),
        ("!!!", GOOD.sign(b"x")),
        ("AAAA", GOOD.sign(b"x")),
        ("A" * 100_000, GOOD.sign(b"x")),
        (spki(ec.generate_private_key(ec.SECP384R1()).public_key()), GOOD.sign(b"x")),
        (spki(ed25519.Ed25519PrivateKey.generate().public_key()), GOOD.sign(b"x")),
        (GOOD.public, ""),
        (GOOD.public, "AAAA"),
        (GOOD.public, base64.b64encode(bytes(64)).decode()),
        (GOOD.public, GOOD.sign(b"y")),
        (GOOD.public, "ü"),
    ],
    ids=[
        "no-key",
        "not-base64",
        "not-a-key",
        "endless",
        "another-curve",
        "another-kind",
        "no-signature",
        "short",
        "zeros",
        "of-something-else",
        "not-ascii",
    ],
)
def test_what_is_not_a_good_signature_is_refused_in_words(public: str, signature: str) -> None:
    verdict = check(KeyAnswer("c", public, signature), b"x", settings.ORIGIN)
    assert not verdict
    assert verdict.next_step


def test_a_good_signature_passes() -> None:
    assert check(KeyAnswer("c", GOOD.public, GOOD.sign(b"x")), b"x", settings.ORIGIN)


def test_an_unregistered_key_belongs_to_nobody(db: None) -> None:
    assert Device.holding("") is None
    assert Device.holding(GOOD.public) is None
    assert not Device(cookie_hash="").cookie_matches("")
