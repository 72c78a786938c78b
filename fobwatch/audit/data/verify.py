#!/usr/bin/env python3
"""Check one exported entry of a Fobwatch log, offline. Needs Python 3.10 or later and the package `cryptography`.

    python verify.py entry.json [--vkey KEY] [--document FILE]

Get the key (vkey) from the organisation by another way than the bundle: a key that travels with the bundle proves
only that the bundle agrees with itself. Exit code 0: everything holds. 1: something does not.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PROVES = """What this proves:
  - this entry stands in the log at this place, and it has not been changed since the log was signed
  - the signature over the log is that of the key above
  - details and document, where they are given, are those that were recorded
What it does not prove:
  - that what was recorded was true
  - that nothing was left unrecorded
  - the exact time between two signings of the log
  - without a witness, that nobody was shown another version of the log"""


class Wrong(Exception):
    """The bundle does not hold; the message says where."""


def check(wrong: bool, sentence: str) -> None:
    """Stop with a sentence where something is wrong."""
    if wrong:
        raise Wrong(sentence)


def decoded(text: str, what: str) -> bytes:
    """Base64 in its one canonical form."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong(f"{what} is not base64.") from None
    check(base64.b64encode(data).decode() != text, f"{what} is not base64.")
    return data


def open_note(note: str, vkey: str) -> tuple[str, str]:
    """The text that the key signed (C2SP signed-note, Ed25519), and the name of the key."""
    name, _, rest = vkey.partition("+")
    key_id, _, encoded = rest.partition("+")
    key = decoded(encoded, "The key")
    check(len(key) != 33 or key[0] != 1, "The key is not an Ed25519 key.")
    wanted = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    check(wanted.hex() != key_id, "The key does not fit its own name.")
    text, blank, lines = note.rpartition("\n\n")
    check(not blank or not lines.endswith("\n"), "The checkpoint is not a signed note.")
    for line in lines[:-1].split("\n"):
        mark, _, rest = line.partition(" ")
        signer, _, encoded = rest.partition(" ")
        check(mark != "\u2014", "The checkpoint is not a signed note.")
        signature = decoded(encoded, "A signature")
        if signer == name and signature[:4] == wanted:
            try:
                Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature[4:], (text + "\n").encode())
            except InvalidSignature:
                raise Wrong("The signature on the checkpoint is wrong.") from None
            return text + "\n", name
    raise Wrong("The checkpoint is not signed with this key.")


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that follows from a leaf hash and its proof (RFC 9162 section 2.1.3.2)."""
    check(not 0 <= index < size, "The entry lies outside the signed log.")
    last = size - 1
    for step in path:
        check(last == 0, "The proof is too long.")
        if index & 1 or index == last:
            leaf = hashlib.sha256(b"\1" + step + leaf).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            leaf = hashlib.sha256(b"\1" + leaf + step).digest()
        index, last = index >> 1, last >> 1
    check(last != 0, "The proof is too short.")
    return leaf


def read_proof(proof: str) -> tuple[int, list[bytes], str]:
    """Index, hashes and checkpoint of a proof in the form of C2SP tlog-proof."""
    head, blank, note = proof.partition("\n\n")
    lines = head.split("\n")
    check(not blank or len(lines) < 2 or lines[0] != "c2sp.org/tlog-proof@v1", "The proof has another form.")
    index = re.fullmatch(r"index (0|[1-9][0-9]{0,18})", lines[1], re.ASCII)
    if index is None:
        raise Wrong("The proof has no index.")
    path = [decoded(line, "The proof") for line in lines[2:]]
    check(any(len(step) != 32 for step in path), "The proof holds something that is not a hash.")
    return int(index[1]), path, note


def verify(bundle: dict[str, Any], vkey: str, document: bytes | None) -> tuple[dict[str, Any], int]:
    """Check a bundle; gives the leaf and the signed size, or raises Wrong."""
    check(bundle.get("kind") != "fobwatch-log-entry@v1", "This is not an exported entry of a Fobwatch log.")
    parts = ("leaf", "salt", "payload", "proof", "vkey", "document")
    check(any(not isinstance(bundle.get(part), str) for part in parts), "A part of the bundle is missing.")
    leaf = json.loads(bundle["leaf"])
    canonical = json.dumps(leaf, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    check(canonical != bundle["leaf"], "The entry is not written in its one canonical form.")
    index, path, note = read_proof(bundle["proof"])
    check(leaf.get("seq") != index, "The entry and its proof name different places.")
    text, name = open_note(note, vkey)
    lines = text.split("\n")
    check(len(lines) < 4 or lines[0] != name, "The checkpoint belongs to another log.")
    check(re.fullmatch(r"[1-9][0-9]{0,18}", lines[1], re.ASCII) is None, "The checkpoint has no size.")
    size = int(lines[1])
    root = root_of(hashlib.sha256(b"\0" + bundle["leaf"].encode()).digest(), index, size, path)
    check(root != decoded(lines[2], "The checkpoint"), "The entry is not in the log that was signed.")
    if bundle["salt"] or bundle["payload"]:
        found = hashlib.sha256(bytes.fromhex(bundle["salt"]) + bundle["payload"].encode()).hexdigest()
        check(found != leaf["commit"], "The details are not those that were recorded.")
    if document is not None:
        check(hashlib.sha256(document).hexdigest() != leaf["doc_sha256"], "The document is not the one recorded.")
    return leaf, size


def main() -> int:
    """Read the bundle, check it, say what it proves."""
    arguments = argparse.ArgumentParser(description="Check one exported entry of a Fobwatch log, offline.")
    arguments.add_argument("bundle")
    arguments.add_argument("--vkey", default="", help="the key, as the organisation published it")
    arguments.add_argument("--document", default="", help="the document the entry is about")
    given = arguments.parse_args()
    try:
        with open(given.bundle, encoding="utf-8") as file:
            bundle = json.load(file)
        check(not isinstance(bundle, dict), "This is not an exported entry of a Fobwatch log.")
        document = decoded(bundle["document"], "The document") if bundle.get("document") else None
        if given.document:
            with open(given.document, "rb") as file:
                document = file.read()
        vkey = given.vkey or bundle.get("vkey", "")
        leaf, size = verify(bundle, vkey, document)
    except Wrong as wrong:
        return say(f"NOT PROVED. {wrong}", 1)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return say("NOT PROVED. The file cannot be read as an exported entry.", 1)
    say(f"PROVED. Entry {leaf['seq']} of {size} in the signed log.\n  key: {vkey}")
    if not given.vkey:
        say("  This key came with the bundle. Compare it with the one the organisation published.")
    for label in ("ts", "actor", "action", "object", "org", "doc_sha256"):
        say(f"  {label}: {leaf[label]}")
    say(f"  details: {bundle['payload'] or 'none given'}\n{PROVES}")
    return 0


def say(text: str, code: int = 0) -> int:
    """Print, and give the exit code."""
    sys.stdout.write(text + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
