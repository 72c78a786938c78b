"""Checkpoints as signed notes: C2SP signed-note and tlog-checkpoint, with Ed25519 (signature type 0x01).

A *vkey* is how a public key is written down: name+key id+key, for example
example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k (the example of the specification).
"""

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
KEY_BYTES = 32
ID_BYTES = 4
SIGNATURE_BYTES = 64
ROOT_BYTES = 32
SIGNATURE_MARK = "\u2014 "


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name. `vkey` is its text form."""

    name: str
    key: bytes

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or any(letter.isspace() for letter in self.name):
            raise ValueError("The name of a key has no spaces and no +.")

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name, newline, 0x01, key)."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.key).digest()[:ID_BYTES]

    @property
    def vkey(self) -> str:
        """The key as text, to be kept apart from the log."""
        return f"{self.name}+{self.key_id.hex()}+{_text(ED25519 + self.key)}"

    @classmethod
    def from_vkey(cls, vkey: str) -> "Verifier":
        """Read a vkey. Raises ValueError where it is not one, or its key id does not fit."""
        name, _, rest = vkey.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        data = _bytes(encoded)
        if len(data) != 1 + KEY_BYTES or data[:1] != ED25519:
            raise ValueError("This is not an Ed25519 key.")
        found = cls(name, data[1:])
        if found.key_id.hex() != key_id:
            raise ValueError("The key id does not fit the key.")
        return found

    def open(self, note: str) -> str:
        """The text of a note that this key signed. Raises ValueError where it did not, or where it is not a note."""
        text, blank, signatures = note.rpartition("\n\n")
        if not blank or not signatures.endswith("\n"):
            raise ValueError("This is not a signed note.")
        text += "\n"
        for line in signatures[:-1].split("\n"):
            name, _, encoded = line.removeprefix(SIGNATURE_MARK).partition(" ")
            if not line.startswith(SIGNATURE_MARK):
                raise ValueError("This is not a signed note.")
            signature = _bytes(encoded)
            if (
                name == self.name
                and signature[:ID_BYTES] == self.key_id
                and len(signature) == ID_BYTES + SIGNATURE_BYTES
            ):
                self._check(signature[ID_BYTES:], text)
                return text
        raise ValueError("The note is not signed with this key.")

    def _check(self, signature: bytes, text: str) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, text.encode())
        except InvalidSignature:
            raise ValueError("The signature is wrong.") from None


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name. The seed has 32 bytes and is kept outside the database."""

    name: str
    seed: bytes

    def __repr__(self) -> str:
        return f"Signer({self.name!r})"

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self._key().public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The note of a text, which ends in a newline. Raises ValueError otherwise."""
        if not text.endswith("\n"):
            raise ValueError("The text of a note ends in a newline.")
        signature = self.verifier.key_id + self._key().sign(text.encode())
        return f"{text}\n{SIGNATURE_MARK}{self.name} {_text(signature)}\n"

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """What a checkpoint signs (C2SP tlog-checkpoint): the origin, the size and the root, a line each."""
    return f"{origin}\n{size}\n{_text(root)}\n"


def read_checkpoint(text: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint's text. Raises ValueError where it is not one."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not lines[1].isascii() or not lines[1].isdecimal():
        raise ValueError("This is not a checkpoint.")
    root = _bytes(lines[2])
    if str(int(lines[1])) != lines[1] or len(root) != ROOT_BYTES:
        raise ValueError("This is not a checkpoint.")
    return lines[0], int(lines[1]), root


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    """Base64, in its one canonical form: what decodes alike but is written otherwise is refused."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("This is not base64.") from None
    if _text(data) != text:
        raise ValueError("This is not base64.")
    return data
