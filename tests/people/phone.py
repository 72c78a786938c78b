"""A phone for tests: Django's client as its browser, a fake authenticator as its passkey store."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from fobwatch.kernel.clock import now
from fobwatch.people.actions import invitations
from fobwatch.people.models import Membership, Passkey
from tests.cast import TESTER
from tests.fakes.authenticator import FakeAuthenticator


def link_for(member: Membership, purpose: str = "join") -> str:
    """The token of a fresh link, as the command line makes it."""
    return str(invitations.invite(membership=member, purpose=purpose, inviter=None, by=TESTER, now=now()).token)


class Phone:
    """A browser and a passkey store. `post` talks JSON, as passkey.mjs does."""

    def __init__(self, client: Client | None = None, **store: Any) -> None:
        self.client = client or Client()
        self.store = FakeAuthenticator(**store)

    def post(self, address: str, body: object = None) -> HttpResponse:
        text = body if isinstance(body, str) else json.dumps(body or {})
        return self.client.post(address, text, content_type="application/json", headers={"Accept": "application/json"})

    def asked(self, address: str) -> tuple[str, bytes]:
        """The id and the bytes of a fresh challenge."""
        told = self.post(address).json()
        return told["challenge"], base64url_to_bytes(told["options"]["challenge"])

    def making(self, options: str, **client: Any) -> dict[str, Any]:
        """What the script sends after making a passkey."""
        key, challenge = self.asked(options)
        return {"challenge": key, "credential": json.loads(self.store.register(challenge, **client))}

    def answering(self, options: str = "/sign-in/options", **client: Any) -> dict[str, Any]:
        """What the script sends after a passkey answered."""
        key, challenge = self.asked(options)
        return {"challenge": key, "credential": json.loads(self.store.answer(challenge, **client))}

    def join(self, token: str, **more: Any) -> HttpResponse:
        body = self.making(f"/join/{token}/options") | more
        return self.post(f"/join/{token}/answer", body)

    def sign_in(self, **more: Any) -> HttpResponse:
        return self.post("/sign-in/answer", self.answering() | more)

    def enrolled(self, member: Membership) -> "Phone":
        """With a passkey of this member, signed in."""
        self.store.user_handle = member.person_id.encode()
        answer = self.join(link_for(member))
        assert answer.status_code == 200, answer.content
        return self

    @property
    def passkey(self) -> Passkey:
        return Passkey.objects.get(credential_id=bytes_to_base64url(self.store.credential_id))
