"""The browser's own key: an ECDSA signature over our challenge, checked on the server.

The key is made in the browser by WebCrypto as P-256 and not extractable, so no page can copy it out. WebCrypto signs
with SHA-256 and gives r and s as 32 bytes each (W3C Web Cryptography API, 23.7); `cryptography` wants them in DER.
"""

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from fobwatch.kernel.verdict import Verdict

LONGEST = 512
SIGNATURE_BYTES = 64
WRONG_KEY = Verdict.no(
    "This browser could not show its key.",
    "Open this page again and try once more. If it happens twice, register this device again.",
)


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """What the browser sent: the id of the challenge, its public key (SPKI, base64) and the signature (base64)."""

    challenge: str
    public_key: str
    signature: str


def message(origin: str, challenge: bytes) -> bytes:
    """The bytes that are signed: what for, for which site, and the challenge, so that no signature fits elsewhere."""
    return f"fobwatch device key 1\n{origin}\n".encode() + challenge


def check(answer: KeyAnswer, challenge: bytes, origin: str) -> Verdict:
    """Whether the key in the answer signed this challenge for this site. Whose key it is, is not looked at."""
    try:
        key = load_der_public_key(_bytes(answer.public_key))
        signature = _bytes(answer.signature)
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            return WRONG_KEY
        if len(signature) != SIGNATURE_BYTES:
            return WRONG_KEY
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        key.verify(encode_dss_signature(r, s), message(origin, challenge), ec.ECDSA(SHA256()))
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        return WRONG_KEY
    return Verdict.yes()


def _bytes(text: str) -> bytes:
    """Strict base64 of bounded length. Raises ValueError."""
    if not 0 < len(text) <= LONGEST:
        raise ValueError("too long")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as problem:
        raise ValueError("not base64") from problem
