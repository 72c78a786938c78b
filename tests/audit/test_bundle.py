"""The bundle of one entry, and the verifier that stands alone."""

import json
import subprocess
import sys
from hashlib import sha256

import pytest

from fobwatch.audit import jobs
from fobwatch.audit.backends import signer
from fobwatch.audit.models import VERIFIER, Detail
from fobwatch.audit.rules import note
from fobwatch.kernel.verdict import Refused
from tests.audit.deeds import BY, NOW, do, log, read

pytestmark = pytest.mark.django_db


def judged(bundle, tmp_path, *more):
    path = tmp_path / "entry.json"
    path.write_text(bundle if isinstance(bundle, str) else json.dumps(bundle), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", VERIFIER, path, *more], capture_output=True, text=True, check=False, timeout=60
    )
    assert not done.stderr
    return done.returncode, done.stdout


DOCUMENT = b"The policy"


class Document:
    """A document with its hash."""

    hash = sha256(DOCUMENT).hexdigest()


@pytest.fixture
def bundle():
    log(5)
    read(thing="thing:9", version=Document(), by=BY, now=NOW)
    do(thing="thing:10", by=BY, now=NOW)
    jobs.checkpoint(NOW)
    return jobs.export_bundle(5, document=DOCUMENT)


def test_the_verifier_proves_every_exported_entry(tmp_path):
    log(7)
    jobs.checkpoint(NOW)
    for seq in range(7):
        code, said = judged(jobs.export_bundle(seq), tmp_path, "--vkey", jobs.vkey())
        assert code == 0, said
        assert f"PROVED. Entry {seq} of 7" in said
        assert "that what was recorded was true" in said
        assert f"reason {seq}" in said
        assert "came with the bundle" not in said


def test_an_entry_without_details_and_with_a_document_is_proved(bundle, tmp_path):
    code, said = judged(bundle, tmp_path)
    assert code == 0, said
    assert "This key came with the bundle" in said
    (tmp_path / "policy").write_bytes(DOCUMENT)
    assert judged({**bundle, "document": ""}, tmp_path, "--document", tmp_path / "policy")[0] == 0
    (tmp_path / "policy").write_bytes(b"Another")
    code, said = judged(bundle, tmp_path, "--document", tmp_path / "policy")
    assert (code, said) == (1, "NOT PROVED. The document is not the one recorded.\n")


def test_an_entry_is_proved_after_its_details_are_erased(tmp_path):
    log(3)
    jobs.checkpoint(NOW)
    Detail.objects.all().delete()
    code, said = judged(jobs.export_bundle(1), tmp_path)
    assert code == 0
    assert "details: none given" in said


def test_an_unsigned_entry_is_not_exported():
    log(1)
    with pytest.raises(Refused, match="not signed yet"):
        jobs.export_bundle(0)


def with_proof(change):
    return lambda bundle: {**bundle, "proof": change(bundle["proof"])}


OTHER = note.Signer("tests.example/log", b"x" * 32)
FORGERIES = {
    "leaf": lambda b: {**b, "leaf": b["leaf"].replace("membership:m1", "membership:m2")},
    "spaces": lambda b: {**b, "leaf": b["leaf"].replace(":", ": ", 1)},
    "place": with_proof(lambda proof: proof.replace("index 5", "index 4")),
    "no index": with_proof(lambda proof: proof.replace("index 5", "index x")),
    "beyond": lambda b: with_proof(lambda proof: proof.replace("index 5", "index 9"))(
        {**b, "leaf": b["leaf"].replace('"seq":5', '"seq":9')}
    ),
    "too short": with_proof(lambda proof: proof.replace(proof.split("\n")[2] + "\n", "", 1)),
    "too long": with_proof(
        lambda proof: proof.replace("index 5\n", "index 5\n" + (proof.split("\n")[2] + "\n") * 3, 1)
    ),
    "not a hash": with_proof(lambda proof: proof.replace("index 5\n", "index 5\nAAAA\n")),
    "not base64": with_proof(lambda proof: proof.replace("index 5\n", "index 5\n%%\n")),
    "other form": with_proof(lambda proof: proof.replace("@v1", "@v2")),
    "size": with_proof(lambda proof: proof.replace("\n7\n", "\n8\n")),
    "key": lambda b: {**b, "vkey": OTHER.verifier.vkey},
    "no key": lambda b: {**b, "vkey": ""},
    "kind": lambda b: {**b, "kind": "x"},
    "part": lambda b: {name: value for name, value in b.items() if name != "salt"},
    "document": lambda b: {**b, "document": "AAAA"},
    "payload": lambda b: {**b, "payload": "{}", "salt": "00" * 32},
    "no note": with_proof(lambda proof: proof[:-1]),
    "a list": lambda b: [b],
    "not JSON": lambda _: "{",
    "not an entry": lambda b: {**b, "leaf": "[]"},
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_the_verifier_refuses_a_forged_bundle(forgery, bundle, tmp_path):
    code, said = judged(forgery(bundle), tmp_path)
    assert code == 1, said
    assert said.startswith("NOT PROVED. ")


def test_the_verifier_refuses_what_another_key_signed(bundle, tmp_path):
    head, _, signed = bundle["proof"].partition("\n\n")
    forged = OTHER.sign(signer().verifier.open(signed))
    code, said = judged({**bundle, "proof": f"{head}\n\n{forged}"}, tmp_path, "--vkey", jobs.vkey())
    assert (code, said) == (1, "NOT PROVED. The checkpoint is not signed with this key.\n")


def test_any_bit_of_a_bundle_flipped_is_noticed(bundle):
    names: dict = {"__name__": "verifier"}
    exec(compile(VERIFIER.read_text(), "verify.py", "exec"), names)  # noqa: S102 - in this process: thousands of runs
    vkey = bundle["vkey"]
    names["verify"](bundle, vkey, DOCUMENT)
    for part in ("leaf", "proof"):
        data = bytearray(bundle[part].encode())
        for bit in range(0, len(data) * 8, 3):
            data[bit // 8] ^= 1 << bit % 8
            broken = {**bundle, part: data.decode("utf-8", "replace")}
            with pytest.raises((names["Wrong"], ValueError, AttributeError)):
                names["verify"](broken, vkey, DOCUMENT)
            data[bit // 8] ^= 1 << bit % 8
