"""The first key: passkeys, their events, and the challenges that they answer (WebAuthn Level 3)."""

import datetime as dt
import secrets

from django.db import models
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from fobwatch.kernel.models import Base
from fobwatch.kernel.privacy import Kept
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models.organisation import Person
from fobwatch.people.rules.passkeys import CHALLENGE_GONE, CHALLENGE_LIFETIME, synced_words


class Passkey(Base):
    """A passkey of a person. It may be synced, so it proves the person, not the phone."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.CharField(max_length=1400, unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    aaguid = models.CharField(max_length=36)
    transports = models.CharField(max_length=120, blank=True)
    attachment = models.CharField(max_length=20, blank=True)
    attestation_format = models.CharField(max_length=24)
    attestation_verified = models.BooleanField(default=False)
    backup_eligible = models.BooleanField()
    backed_up = models.BooleanField()
    label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="a year after it was retired, unverified", days=365, after="retired_at")
        none = (
            "id sign_count aaguid transports attachment attestation_format attestation_verified backup_eligible"
            " backed_up created_at last_used_at retired_at"
        )
        staff = "person label credential_id public_key"

    def __str__(self) -> str:
        return f"passkey {self.pk}"

    @property
    def synced(self) -> str:
        """Whether it is on one device or copied to others, in plain words."""
        return synced_words(eligible=self.backup_eligible, backed_up=self.backed_up)

    @classmethod
    def of(cls, person: Person) -> "models.QuerySet[Passkey]":
        """The passkeys with which a person can sign in, oldest first."""
        return cls._default_manager.filter(person=person, retired_at=None).order_by("created_at", "pk")

    @classmethod
    def had_one(cls, person: Person) -> bool:
        """Whether a person ever had a passkey, retired ones included."""
        return cls._default_manager.filter(person=person).exists()

    @classmethod
    def in_use(cls, credential_id: str) -> "Passkey | None":
        """The passkey of a credential id, with its person; None where it is unknown or retired."""
        return (
            cls._default_manager.select_related("person").filter(credential_id=credential_id, retired_at=None).first()
        )


class PasskeyEvent(Base):
    """One answer of a passkey, as it came: what evidence is made of."""

    KINDS = [("made", "Made"), ("sign_in", "Sign-in"), ("step_up", "Asked again")]

    passkey = models.ForeignKey(Passkey, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=8, choices=KINDS)
    at = models.DateTimeField()
    user_verified = models.BooleanField()
    backup_eligible = models.BooleanField()
    backed_up = models.BooleanField()
    sign_count = models.BigIntegerField()
    attachment = models.CharField(max_length=20, blank=True)

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="a year, to look back after an incident, unverified", days=365, after="at")
        none = "id kind at user_verified backup_eligible backed_up sign_count attachment"
        staff = "passkey"

    def __str__(self) -> str:
        return f"passkey event {self.pk}"


class Challenge(Base):
    """A random challenge, used once, kept on the server, and gone after five minutes."""

    purpose = models.CharField(max_length=24)
    subject = models.CharField(max_length=80, blank=True)
    value = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Privacy:
        whose = "nobody"
        kept = Kept(because="of no use once expired", days=1, after="expires_at")
        none = "id purpose subject created_at expires_at used_at"
        secret = "value"  # noqa: S105

    def __str__(self) -> str:
        return f"challenge {self.pk}"

    @classmethod
    def ask(cls, purpose: str, subject: str, *, now: dt.datetime) -> "Challenge":
        """A fresh challenge for one purpose and subject. Not an action: it decides nothing, and would flood the log."""
        value = bytes_to_base64url(secrets.token_bytes(32))
        return cls._default_manager.create(
            purpose=purpose, subject=subject, value=value, created_at=now, expires_at=now + CHALLENGE_LIFETIME
        )

    @classmethod
    def take(cls, key: str, purpose: str, subject: str, *, now: dt.datetime) -> bytes:
        """Use up a challenge, once, whatever comes of the answer. Raises Refused: unknown, used, expired, another's.

        In one statement of its own, so that of two answers at the same moment one is refused.
        """
        if not key.isalnum():
            raise Refused(CHALLENGE_GONE)
        mine = cls._default_manager.filter(pk=key, purpose=purpose, subject=subject)
        if not mine.filter(used_at=None, expires_at__gt=now).update(used_at=now):
            raise Refused(CHALLENGE_GONE)
        return mine.get().bytes

    @property
    def bytes(self) -> bytes:
        """The challenge as it is sent."""
        return base64url_to_bytes(self.value)
