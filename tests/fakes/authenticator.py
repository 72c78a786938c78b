"""A fake authenticator, for tests only: it makes the answers that a phone's browser would send, right or wrong.

Every flag may be set as no real phone would, so that each refusal can be provoked.
"""

import datetime as dt
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from webauthn.helpers import bytes_to_base64url

UP, UV, BE, BS, AT = 0x01, 0x04, 0x08, 0x10, 0x40


@dataclass
class FakeAuthenticator:
    """A phone, a security key or a password manager, with one passkey.

    count: its counter. step: how far each use counts on. attachment None leaves it out of the answers.
    """

    origin: str = "http://localhost:8000"
    rp_id: str = "localhost"
    uv: bool = True
    up: bool = True
    be: bool = True
    bs: bool = True
    count: int = 0
    step: int = 0
    aaguid: bytes = bytes(16)
    attachment: str | None = "platform"
    transports: tuple[str, ...] = ("internal", "hybrid")
    user_handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    root_key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def register(self, challenge: bytes, /, *, attestation: str = "none", **client: Any) -> str:
        """The answer to navigator.credentials.create(), attestation "none", "packed-self" or "packed" with a chain."""
        self.count += self.step
        client_json = self._client("webauthn.create", challenge, client)
        data = self._data(AT) + self.aaguid + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        data += self._public_key()
        statement = self._statement(attestation, data + hashlib.sha256(client_json).digest())
        fmt = "none" if attestation == "none" else "packed"
        attested = cbor2.dumps({"fmt": fmt, "attStmt": statement, "authData": data})
        response = {"attestationObject": bytes_to_base64url(attested), "transports": list(self.transports)}
        return self._answer(client_json, response)

    def answer(self, challenge: bytes, /, **client: Any) -> str:
        """The answer to navigator.credentials.get()."""
        self.count += self.step
        client_json = self._client("webauthn.get", challenge, client)
        data = self._data(0)
        signature = self.key.sign(data + hashlib.sha256(client_json).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"authenticatorData": bytes_to_base64url(data), "signature": bytes_to_base64url(signature)}
        if self.user_handle:
            response["userHandle"] = bytes_to_base64url(self.user_handle)
        return self._answer(client_json, response)

    def root(self) -> bytes:
        """The certificate of the maker that never was, in PEM."""
        return self._certificate(self.root_key, "No maker at all").public_bytes(Encoding.PEM)

    def _client(self, kind: str, challenge: bytes, changes: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": bytes_to_base64url(challenge), "origin": self.origin, "crossOrigin": False}
        return json.dumps(told | changes).encode()

    def _data(self, more: int) -> bytes:
        flags = more | UP * self.up | UV * self.uv | BE * self.be | BS * self.bs
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _public_key(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _statement(self, attestation: str, signed: bytes) -> dict[str, Any]:
        if attestation == "none":
            return {}
        if attestation == "packed-self":
            return {"alg": -7, "sig": self.key.sign(signed, ec.ECDSA(hashes.SHA256()))}
        maker = ec.generate_private_key(ec.SECP256R1())
        leaf = self._certificate(maker, "No phone at all").public_bytes(Encoding.DER)
        return {"alg": -7, "sig": maker.sign(signed, ec.ECDSA(hashes.SHA256())), "x5c": [leaf]}

    def _certificate(self, key: ec.EllipticCurvePrivateKey, name: str) -> x509.Certificate:
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "No maker at all")])
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=key is self.root_key, path_length=None), critical=True)
            .sign(self.root_key, hashes.SHA256())
        )

    def _answer(self, client_json: bytes, response: dict[str, Any]) -> str:
        name = bytes_to_base64url(self.credential_id)
        found: dict[str, Any] = {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}}
        if self.attachment is not None:
            found["authenticatorAttachment"] = self.attachment
        return json.dumps(found | {"response": {"clientDataJSON": bytes_to_base64url(client_json), **response}})
