import base64
import datetime as dt
import json
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.audit.rules import leaf, note

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
SIGNER = note.Signer("tests.example/log", b"7" * 32)
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.builds(leaf.Leaf, st.integers(0, 2**53 - 1), *[texts] * 7))
def test_a_leaf_is_canonical_json(made):
    values = {name: getattr(made, name) for name in leaf.Leaf.__slots__}
    assert made.data() == rfc8785.dumps({"v": 1, **values})
    assert json.loads(made.data()) == {"v": 1, **values}


def test_a_moment_is_written_in_utc_with_microseconds():
    summer = dt.datetime(2026, 7, 1, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert leaf.timestamp(summer) == "2026-07-01T08:00:00.000000Z"
    with pytest.raises(ValueError, match="time zone"):
        leaf.timestamp(dt.datetime(2026, 7, 1))  # noqa: DTZ001


def test_a_commitment_is_the_hash_of_salt_and_payload():
    assert leaf.commitment(b"s" * 32, "{}") == sha256(b"s" * 32 + b"{}").hexdigest()
    with pytest.raises(ValueError, match="32 bytes"):
        leaf.commitment(b"short", "{}")


@pytest.mark.parametrize("text", ["registration:ab12", "ios:17.4", "model:entry", "a" * 200])
def test_a_reference_may_stand_in_the_log(text):
    assert leaf.is_reference(text)


@pytest.mark.parametrize("text", ["", "Amara Osei", "amara@fennimore.example", "a" * 201, "caf\u00e9", "a\n"])
def test_a_sentence_or_an_address_may_not_stand_in_the_log(text):
    assert not leaf.is_reference(text)


def test_the_example_of_the_specification_opens():
    verifier = note.Verifier.from_vkey(VKEY)
    assert (verifier.name, verifier.key_id.hex(), verifier.vkey) == ("example.com/foo", "530d903a", VKEY)
    assert verifier.open(NOTE) == "This is an example message.\n"


@given(st.integers(0, len(NOTE.encode()) * 8 - 1))
def test_any_bit_of_a_note_flipped_is_noticed(bit):
    data = bytearray(NOTE.encode())
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ValueError):  # noqa: PT011 - a broken note fails in many ways
        note.Verifier.from_vkey(VKEY).open(data.decode())


@given(st.integers(0, len(VKEY) * 8 - 1))
def test_any_bit_of_a_key_flipped_is_noticed(bit):
    data = bytearray(VKEY.encode())
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ValueError):  # noqa: PT011 - a broken key fails in many ways
        note.Verifier.from_vkey(data.decode()).open(NOTE)


def test_what_is_signed_opens_also_beside_the_signature_of_a_witness():
    text = note.checkpoint_text(SIGNER.name, 3, b"r" * 32)
    signed = SIGNER.sign(text)
    witness = note.Signer("witness.example", b"8" * 32).sign(text).split("\n\n")[1]
    for whole in (signed, signed + witness, signed.replace("\n\n", "\n\n" + witness)):
        assert SIGNER.verifier.open(whole) == text
    assert note.read_checkpoint(text) == (SIGNER.name, 3, b"r" * 32)
    assert "7777" not in repr(SIGNER)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("no signature\n", "not a signed note"),
        ("text\n\n\u2014 a b", "not a signed note"),
        ("text\n\n- tests.example/log AAAA\n", "not a signed note"),
        ("text\n\n\u2014 tests.example/log %%\n", "not base64"),
        ("text\n\n\u2014 tests.example/log AB==\n", "not base64"),
        ("text\n\n\u2014 other.example AAAA\n", "not signed with this key"),
    ],
)
def test_what_is_not_a_note_of_ours_is_refused(bad, why):
    with pytest.raises(ValueError, match=why):
        SIGNER.verifier.open(bad)


def test_a_signature_over_another_text_is_wrong():
    with pytest.raises(ValueError, match="signature is wrong"):
        SIGNER.verifier.open(SIGNER.sign("a\n").replace("a\n", "b\n", 1))


def test_a_text_without_an_end_is_not_signed():
    with pytest.raises(ValueError, match="newline"):
        SIGNER.sign("a")


@pytest.mark.parametrize("name", ["", "a b", "a+b"])
def test_a_key_has_a_name_without_spaces_and_plus(name):
    with pytest.raises(ValueError, match="no spaces"):
        note.Verifier(name, b"k" * 32)


def test_a_key_of_another_kind_or_with_another_id_is_refused():
    other = base64.b64encode(b"\4" + b"k" * 32).decode()
    with pytest.raises(ValueError, match="not an Ed25519"):
        note.Verifier.from_vkey(f"a+00000000+{other}")
    with pytest.raises(ValueError, match="does not fit"):
        note.Verifier.from_vkey(VKEY.replace("530d903a", "530d903b"))


ROOT = base64.b64encode(b"r" * 32).decode()


@pytest.mark.parametrize(
    "text",
    ["", "a\n1\n", f"\n1\n{ROOT}\n", f"a\nx\n{ROOT}\n", f"a\n01\n{ROOT}\n", f"a\n\u0661\n{ROOT}\n", "a\n1\nAAAA\n"],
)
def test_what_is_not_a_checkpoint_is_refused(text):
    with pytest.raises(ValueError, match="not a checkpoint"):
        note.read_checkpoint(text)
