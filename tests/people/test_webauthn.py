"""The passkey ceremonies, with a fake authenticator (tests/fakes/authenticator.py)."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webauthn.helpers.structs import AttestationFormat

from fobwatch.kernel.verdict import Refused, Verdict
from fobwatch.people import backends
from fobwatch.people.rules import ceremony as say
from tests.fakes.authenticator import FakeAuthenticator

ORIGIN, RP = "http://localhost:8000", "localhost"
CHALLENGE, OTHER = b"c" * 32, b"d" * 32


def make(phone: FakeAuthenticator, challenge: bytes = CHALLENGE, /, **more: Any) -> backends.NewPasskey:
    answer = phone.register(challenge, **more)
    return backends.verify_registration(answer=answer, challenge=CHALLENGE, origins=[ORIGIN], rp_id=RP)


def use(phone: FakeAuthenticator, made: backends.NewPasskey, *, answer: str | None = None, **stored: Any) -> Any:
    return backends.verify_assertion(
        answer=phone.answer(CHALLENGE) if answer is None else answer,
        challenge=CHALLENGE,
        origins=[ORIGIN],
        rp_id=RP,
        **{"credential_id": made.credential_id, "public_key": made.public_key, "sign_count": made.sign_count,
           "be": made.be} | stored,
    )  # fmt: skip


def refusal(act: Callable[[], object]) -> Verdict:
    """What this is refused with; that it is not refused fails the test."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.verdict


def edited(answer: str, **changes: Any) -> str:
    found = json.loads(answer)
    found["response"].update({key: value for key, value in changes.items() if key in found["response"]})
    found.update({key: value for key, value in changes.items() if key not in found["response"]})
    return json.dumps(found)


# Options


def test_a_new_passkey_must_check_its_owner_and_be_found_without_a_name() -> None:
    text = backends.registration_options(
        rp_id=RP, rp_name="Fobwatch", user_id=b"u" * 16, user_name="amara", display_name="Amara Osei (demo)",
        exclude=["AQID"], challenge=CHALLENGE,
    )  # fmt: skip
    options = json.loads(text)
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["attestation"] == "none"
    assert [one["id"] for one in options["excludeCredentials"]] == ["AQID"]
    assert options["user"]["displayName"] == "Amara Osei (demo)"
    assert options["timeout"] == 300_000


def test_attestation_can_be_asked_for() -> None:
    text = backends.registration_options(
        rp_id=RP, rp_name="Fobwatch", user_id=b"u", user_name="a", display_name="a", exclude=[], challenge=CHALLENGE,
        attestation="direct",
    )  # fmt: skip
    assert json.loads(text)["attestation"] == "direct"


def test_sign_in_requires_verification_and_lets_the_person_choose() -> None:
    options = json.loads(backends.authentication_options(rp_id=RP, challenge=CHALLENGE))
    assert options["userVerification"] == "required"
    assert options["allowCredentials"] == []
    options = json.loads(backends.authentication_options(rp_id=RP, challenge=CHALLENGE, allow=["AQID"]))
    assert [one["id"] for one in options["allowCredentials"]] == ["AQID"]


# What is right


def test_it_keeps_all_that_a_new_passkey_told() -> None:
    phone = FakeAuthenticator(be=True, bs=False, count=7, aaguid=bytes(range(16)))
    made = make(phone)
    assert (made.uv, made.be, made.bs, made.sign_count) == (True, True, False, 7)
    assert made.aaguid == "00010203-0405-0607-0809-0a0b0c0d0e0f"
    assert made.transports == ("hybrid", "internal")
    assert made.attachment == "platform"
    assert made.public_key


@pytest.mark.parametrize(
    ("attestation", "fmt", "words"),
    [
        ("none", "none", "does not say"),
        ("packed-self", "packed-self", "only for itself"),
        ("packed", "packed", "not verified"),
    ],
)
def test_attestation_without_our_root_is_never_called_verified(attestation: str, fmt: str, words: str) -> None:
    made = make(FakeAuthenticator(), attestation=attestation)
    assert made.attestation_format == fmt
    assert not made.attestation_verified
    assert words in made.attestation_words


def test_a_chain_to_a_root_that_we_hold_is_verified() -> None:
    phone = FakeAuthenticator()
    answer = phone.register(CHALLENGE, attestation="packed")
    roots = {AttestationFormat.PACKED: [phone.root()]}
    made = backends.verify_registration(answer=answer, challenge=CHALLENGE, origins=[ORIGIN], rp_id=RP, roots=roots)
    assert made.attestation_verified
    assert "was checked" in made.attestation_words


def test_a_chain_to_another_root_is_refused_where_we_hold_one() -> None:
    answer = FakeAuthenticator().register(CHALLENGE, attestation="packed")
    roots = {AttestationFormat.PACKED: [FakeAuthenticator().root()]}
    verdict = refusal(
        lambda: backends.verify_registration(
            answer=answer, challenge=CHALLENGE, origins=[ORIGIN], rp_id=RP, roots=roots
        )
    )
    assert verdict == say.NOT_PROVED


def test_self_attestation_stays_unverified_even_where_we_hold_roots() -> None:
    phone = FakeAuthenticator()
    made = backends.verify_registration(
        answer=phone.register(CHALLENGE, attestation="packed-self"), challenge=CHALLENGE, origins=[ORIGIN], rp_id=RP,
        roots={AttestationFormat.PACKED: [phone.root()]},
    )  # fmt: skip
    assert not made.attestation_verified


def test_it_accepts_an_answer_and_returns_the_new_count() -> None:
    phone = FakeAuthenticator(step=1)
    made = make(phone)
    answered = use(phone, made)
    assert (answered.uv, answered.be, answered.bs, answered.new_count) == (True, True, True, 2)
    assert answered.attachment == "platform"


def test_a_passkey_that_does_not_count_may_answer_again() -> None:
    phone = FakeAuthenticator()
    made = make(phone)
    assert use(phone, made).new_count == use(phone, made).new_count == 0


def test_a_backup_that_was_made_since_is_told() -> None:
    phone = FakeAuthenticator(bs=False)
    made = make(phone)
    phone.bs = True
    assert use(phone, made).bs


@pytest.mark.parametrize("attachment", [None, "telepathy"])
def test_an_attachment_that_nobody_knows_counts_as_not_told(attachment: str | None) -> None:
    phone = FakeAuthenticator(attachment=attachment, transports=("telepathy",))
    made = make(phone)
    assert (made.attachment, made.transports) == ("", ())
    assert use(phone, made).attachment == ""


def test_transports_may_be_missing() -> None:
    answer = edited(FakeAuthenticator().register(CHALLENGE), transports=None)
    made = backends.verify_registration(answer=answer, challenge=CHALLENGE, origins=[ORIGIN], rp_id=RP)
    assert made.transports == ()


def test_any_of_our_addresses_will_do() -> None:
    phone = FakeAuthenticator(origin="http://localhost:9000")
    answer = phone.register(CHALLENGE)
    assert backends.verify_registration(
        answer=answer, challenge=CHALLENGE, origins=(ORIGIN, "http://localhost:9000"), rp_id=RP
    )


def test_it_tells_which_passkey_answers_and_for_whom() -> None:
    phone = FakeAuthenticator(user_handle=b"somebody")
    claim = backends.who_answers(phone.answer(CHALLENGE))
    assert claim.user_handle == b"somebody"
    assert claim.credential_id == make(phone).credential_id
    phone.user_handle = b""
    assert backends.who_answers(phone.answer(CHALLENGE)).user_handle == b""


# What is wrong, at both ceremonies

WRONG: list[tuple[str, dict[str, Any], dict[str, Any], Verdict]] = [
    ("verification off", {"uv": False}, {}, say.NOT_CHECKED),
    ("nobody there", {"up": False}, {}, say.NOT_PRESENT),
    ("wrong origin", {"origin": "https://fobwatch.example"}, {}, say.WRONG_ORIGIN),
    ("inside another page", {}, {"crossOrigin": True}, say.WRONG_ORIGIN),
    ("wrong site", {"rp_id": "fobwatch.example"}, {}, say.WRONG_SITE),
    ("backed up though it cannot be", {"be": False, "bs": True}, {}, say.BACKUP_AT_ODDS),
    ("another question", {}, {"type": "payment.get"}, say.WRONG_KIND),
    ("challenge of nothing", {}, {"challenge": ""}, say.WRONG_CHALLENGE),
]


@pytest.mark.parametrize(("phone", "client", "verdict"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_it_refuses_at_registration(phone: dict[str, Any], client: dict[str, Any], verdict: Verdict) -> None:
    assert refusal(lambda: make(FakeAuthenticator(**phone), **client)) == verdict


@pytest.mark.parametrize(("phone", "client", "verdict"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_it_refuses_at_sign_in(phone: dict[str, Any], client: dict[str, Any], verdict: Verdict) -> None:
    right = FakeAuthenticator()
    made = make(right)
    wrong = replace(right, **phone)
    assert refusal(lambda: use(wrong, made, answer=wrong.answer(CHALLENGE, **client))) == verdict


@pytest.mark.parametrize("verdict", [one for one in vars(say).values() if isinstance(one, Verdict)])
def test_every_refusal_of_a_ceremony_says_what_to_do(verdict: Verdict) -> None:
    assert verdict.next_step


def test_the_sentence_for_a_phone_that_did_not_check_names_face_finger_and_pin() -> None:
    assert say.NOT_CHECKED.reason == "Your phone did not check your face, finger or PIN."


def test_it_refuses_a_replayed_challenge() -> None:
    phone = FakeAuthenticator()
    assert refusal(lambda: make(phone, OTHER)) == say.WRONG_CHALLENGE
    made = make(phone)
    assert refusal(lambda: use(phone, made, answer=phone.answer(OTHER))) == say.WRONG_CHALLENGE


def test_it_refuses_an_answer_of_one_ceremony_in_the_other() -> None:
    phone = FakeAuthenticator()
    made = make(phone)
    assert refusal(lambda: use(phone, made, answer=phone.answer(CHALLENGE, type="webauthn.create"))) == say.WRONG_KIND
    assert refusal(lambda: use(phone, made, answer=phone.register(CHALLENGE))) == say.MALFORMED


def test_it_refuses_another_passkey_than_the_stored_one() -> None:
    amara, ben = FakeAuthenticator(), FakeAuthenticator()
    made = make(amara)
    assert refusal(lambda: use(ben, made)) == say.WRONG_PASSKEY


def test_it_refuses_the_right_name_with_another_key() -> None:
    amara = FakeAuthenticator()
    made = make(amara)
    thief = FakeAuthenticator(credential_id=amara.credential_id)
    assert refusal(lambda: use(thief, made)) == say.NOT_PROVED


def test_it_refuses_a_signature_that_was_changed() -> None:
    phone = FakeAuthenticator()
    made = make(phone)
    assert refusal(lambda: use(phone, made, answer=edited(phone.answer(CHALLENGE), signature="AAAA"))) == say.NOT_PROVED


def test_it_refuses_a_self_attestation_that_was_changed() -> None:
    phone = FakeAuthenticator()
    answer = json.loads(phone.register(CHALLENGE, attestation="packed-self"))
    other = json.loads(replace(phone, key=FakeAuthenticator().key).register(CHALLENGE, attestation="packed-self"))
    answer["response"]["clientDataJSON"] = other["response"]["clientDataJSON"][:-4] + "IH0"
    verdict = refusal(
        lambda: backends.verify_registration(answer=json.dumps(answer), challenge=CHALLENGE, origins=[ORIGIN], rp_id=RP)
    )
    assert verdict == say.MALFORMED


@pytest.mark.parametrize(("stored", "told"), [(5, 5), (5, 4), (5, 0)])
def test_it_refuses_a_cloned_counter(stored: int, told: int) -> None:
    phone = FakeAuthenticator()
    made = make(phone)
    phone.count = told
    with pytest.raises(backends.Cloned) as caught:
        use(phone, made, sign_count=stored)
    assert caught.value.verdict == say.CLONED


def test_a_stranger_cannot_raise_the_clone_alarm() -> None:
    phone = FakeAuthenticator(count=9)
    made = make(phone)
    thief = FakeAuthenticator(credential_id=phone.credential_id, count=1)
    assert refusal(lambda: use(thief, made)) == say.NOT_PROVED


@pytest.mark.parametrize("be", [True, False])
def test_it_refuses_a_passkey_whose_backup_eligibility_changed(be: bool) -> None:
    phone = FakeAuthenticator(be=be, bs=False)
    made = make(phone)
    phone.be = not be
    assert refusal(lambda: use(phone, made)) == say.BACKUP_CHANGED


def test_it_refuses_a_credential_id_longer_than_the_standard_allows() -> None:
    assert make(FakeAuthenticator(credential_id=b"i" * 1_023))
    assert refusal(lambda: make(FakeAuthenticator(credential_id=b"i" * 1_024))) == say.MALFORMED


# What cannot be read


@pytest.mark.parametrize(
    "answer",
    ["", "{", "[]", "null", "3", '{"id": "AQID"}', '{"response": {}}', '{"id": 4, "response": {}}', "[" * 60_000,
     '{"id": "AQID", "response": {"clientDataJSON": 4}}', '{"id": "é", "response": {"userHandle": 7}}'],
)  # fmt: skip
def test_it_refuses_what_it_cannot_read(answer: str) -> None:
    phone = FakeAuthenticator()
    made = make(phone)
    assert refusal(lambda: use(phone, made, answer=answer)) == say.MALFORMED
    verdict = refusal(
        lambda: backends.verify_registration(answer=answer, challenge=CHALLENGE, origins=[ORIGIN], rp_id=RP)
    )
    assert verdict == say.MALFORMED


@pytest.mark.parametrize("answer", ["", "[]", '{"response": {}}', '{"id": 4, "response": {}}', "[" * 60_000])
def test_it_does_not_guess_who_answers(answer: str) -> None:
    assert refusal(lambda: backends.who_answers(answer)) == say.MALFORMED


@pytest.mark.parametrize("answer", ["x" * 65_537, "é" * 40_000])
def test_it_refuses_a_huge_answer_before_reading_it(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_text: str) -> object:
        raise AssertionError("It was parsed.")

    monkeypatch.setattr(backends.json, "loads", never)
    assert refusal(lambda: backends.who_answers(answer)) == say.TOO_LONG


def test_it_refuses_client_data_that_is_no_object() -> None:
    phone = FakeAuthenticator()
    made = make(phone)
    assert (
        refusal(lambda: use(phone, made, answer=edited(phone.answer(CHALLENGE), clientDataJSON="W10"))) == say.MALFORMED
    )


@given(cut=st.integers(min_value=0, max_value=400), junk=st.text(max_size=20))
def test_whatever_is_cut_or_put_in_it_is_refused_and_never_fails(cut: int, junk: str) -> None:
    answer = json.loads(PHONE.register(CHALLENGE))
    for name in ("attestationObject", "clientDataJSON"):
        whole = answer["response"][name]
        broken = {**answer, "response": {**answer["response"], name: whole[: cut % len(whole)] + junk}}
        with pytest.raises(Refused):
            backends.verify_registration(answer=json.dumps(broken), challenge=CHALLENGE, origins=[ORIGIN], rp_id=RP)


PHONE = FakeAuthenticator()
