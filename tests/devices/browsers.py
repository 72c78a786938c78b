"""A browser with its own key, as the script would use it; and what browsers say of themselves."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fobwatch.devices.backends import KeyAnswer, message
from fobwatch.kernel.clock import now
from fobwatch.people.models import Challenge, SignIn

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1"
    " Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
)
ANDROID_HINTS = json.dumps({"platform": "Android", "platformVersion": "16.0.0", "model": "Pixel 8"})


@dataclass
class BrowserKey:
    """The key that a browser holds in IndexedDB."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def public(self) -> str:
        spki = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(spki).decode()

    def sign(self, value: bytes, origin: str = "") -> str:
        der = self.private.sign(message(origin or settings.ORIGIN, value), ec.ECDSA(SHA256()))
        r, s = decode_dss_signature(der)
        return base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()

    def answer(self, sign_in: SignIn, **changed: Any) -> KeyAnswer:
        """An answer to a fresh challenge for this session, with some of its parts changed."""
        challenge = Challenge.ask("device_key", sign_in.pk, now=now())
        made = {"challenge": challenge.pk, "public_key": self.public, "signature": self.sign(challenge.bytes)}
        return KeyAnswer(**{**made, **changed})


def send(client: Client, name: str, body: object, *args: object, **headers: str) -> Any:
    """A request as the script sends it."""
    return client.post(
        reverse(name, args=args), json.dumps(body), content_type="application/json",
        headers={"Accept": "application/json", "User-Agent": IPHONE, **headers},
    )  # fmt: skip


def show_key(client: Client, key: BrowserKey, *, enrol: bool, held: bool = True, **more: object) -> Any:
    """Ask for a challenge and answer it, as the script does."""
    asked = send(client, "devices:key_options", {"public_key": key.public if held else ""}).json()
    value = base64.urlsafe_b64decode(asked["value"] + "=" * (-len(asked["value"]) % 4))
    body = {"challenge": asked["challenge"], "public_key": key.public, "signature": key.sign(value), "enrol": enrol}
    return send(client, "devices:key_answer", {**body, **more})


def enrol_to_questions(client: Client, key: BrowserKey | None = None, agent: str = IPHONE) -> BrowserKey:
    """Walk the first three steps: the browser then has its key, and the questions are next."""
    key = key or BrowserKey()
    client.post(reverse("devices:sight"), headers={"User-Agent": agent})
    assert show_key(client, key, enrol=True, **{"hints": ""}).status_code == 200
    return key


ANSWERS = {
    "lock": {"auto-lock": "2"},
    "private": {"messages-hidden": "1", "not-shared": "1"},
    "apps": {"contacts-reviewed": "1", "unaltered": "1"},
    "lost": {"find-and-erase": "0"},
}


def answer_all(client: Client) -> Any:
    """Answer every screen of an iPhone; the last page holds the lost code."""
    page = None
    for group, answers in ANSWERS.items():
        page = client.post(reverse("devices:checklist", args=[group]), answers)
    return page
