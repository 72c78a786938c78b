"""Devices, and their registrations with organisations."""

import datetime as dt
import hmac
import json
from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from fobwatch.devices.rules.waiting import WAIT_DAYS
from fobwatch.kernel.models import Base, Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.kernel.secrets import keyed_hash
from fobwatch.people.models import Membership, Organisation, Person, SignIn


class Device(Base):
    """A phone, tablet or laptop of a person, known by the key that its browser holds and never shows.

    browser_key: the public half (SPKI, base64) of a non-extractable P-256 key; empty until enrolment has made it.
    cookie_hash: hash of the HttpOnly cookie that stands beside the key. Losing either means registering again.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="devices")
    label = models.CharField(max_length=80)
    platform = models.CharField(max_length=16, blank=True)
    browser_key = models.TextField(blank=True)
    cookie_hash = models.CharField(max_length=64, blank=True, db_index=True)
    created_at = models.DateTimeField()

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="as long as a registration exists", unless=("registrations",))
        none = "id created_at"
        staff = "person label platform browser_key"
        secret = "cookie_hash"  # noqa: S105

    def __str__(self) -> str:
        return f"device {self.pk}"

    @classmethod
    def log_names(cls, ids: Iterable[str]) -> dict[str, str]:
        """What these devices are called, for the log page."""
        return dict(cls._default_manager.filter(pk__in=ids).values_list("pk", "label"))

    @property
    def made_up(self) -> bool:
        """Whether it exists in the demo only: no browser holds its key."""
        return self.browser_key.startswith("demo:")

    def cookie_matches(self, cookie: str) -> bool:
        """Whether this is the cookie that stands beside the key, compared in constant time."""
        return bool(self.cookie_hash) and hmac.compare_digest(keyed_hash("device", cookie), self.cookie_hash)

    @classmethod
    def holding(cls, browser_key: str) -> "Device | None":
        """The device whose browser holds the private half of this public key; None where nobody does."""
        return cls._default_manager.filter(browser_key=browser_key).first() if browser_key else None

    @classmethod
    def in_use(cls, person: Person) -> "models.QuerySet[Device]":
        """The devices of a person that are registered anywhere: what may be reported as lost."""
        live = Registration._default_manager.filter(device=models.OuterRef("pk"), state__in=Registration.LIVE)
        return cls._default_manager.filter(models.Exists(live), person=person).order_by("created_at")


class Registration(Tenanted):
    """A device in an organisation. What one organisation learns of it, another does not (B16, B27).

    ownership is fixed when it is made. facts is the newest evidence, `{fact: [value, grade, observed, expires]}`
    with whole numbers: written only with the evidence it repeats, so that a decision reads one row.
    """

    LIVE = ("enrolling", "active", "suspended")
    STATES = [
        ("enrolling", "Being set up"), ("active", "Active"), ("suspended", "Suspended"), ("lost", "Lost"),
        ("retired", "Removed"),
    ]  # fmt: skip
    OWNERSHIPS = [("personal", "Personal"), ("issued", "Issued by the organisation")]

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="registrations")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="registrations")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="registrations")
    ownership = models.CharField(max_length=8, choices=OWNERSHIPS)
    state = models.CharField(max_length=10, choices=STATES, default="enrolling")
    state_reason = models.CharField(max_length=200, blank=True)
    state_at = models.DateTimeField()
    step = models.CharField(max_length=16, default="key")
    lost_code_hash = models.CharField(max_length=64, blank=True, db_index=True)
    facts = models.TextField(default="{}")
    platform = models.CharField(max_length=16, blank=True)
    last_seen = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "device"], condition=~Q(state="retired"), name="registered_once"
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "-last_seen", "id"], name="register_by_state"),
            models.Index(fields=["organisation", "-last_seen", "id"], name="register_by_seen"),
            models.Index(fields=["organisation", "platform", "-last_seen"], name="register_by_platform"),
        ]

    class Privacy:
        whose = "member of staff"
        kept = Kept(
            because="two years after it was removed or lost, to look back after an incident, unverified", days=730,
            after="state_at", only=("state", ("retired", "lost")),
        )  # fmt: skip
        none = "id organisation ownership state state_at step last_seen created_at"
        staff = "device membership state_reason facts platform"
        secret = "lost_code_hash"  # noqa: S105

    def __str__(self) -> str:
        return f"registration {self.pk}"

    @classmethod
    def log_names(cls, ids: Iterable[str]) -> dict[str, str]:
        """Whose device each of these is, for the log page."""
        found = cls._default_manager.filter(pk__in=ids).values_list("pk", "device__label", "membership__person__name")
        return {key: f"{label}, {name}" for key, label, name in found}

    def last_seen_at(self) -> dt.datetime | None:
        """When it last checked in or passed a gate; None if never."""
        return dt.datetime.fromtimestamp(self.last_seen, dt.UTC) if self.last_seen else None

    @classmethod
    def seen(cls, registration_id: str, moment: int) -> None:
        """Note that it was seen. Not an action: it decides nothing, and would flood the log. moment: epoch seconds."""
        cls._default_manager.filter(pk=registration_id, last_seen__lt=moment).update(last_seen=moment)

    def known(self) -> dict[str, tuple[int, int, int, int]]:
        """The facts as they stand: `{fact: (value, grade, since when, expires)}`; expires 0 where there is no end."""
        return {name: (row[0], row[1], row[2], row[3]) for name, row in json.loads(self.facts).items()}

    def is_of(self, member: Membership) -> bool:
        """Whether it belongs to this member."""
        return self.membership_id == member.pk

    @classmethod
    def mine(cls, member: Membership) -> "models.QuerySet[Registration]":
        """The registrations of a member here that are still there, newest first."""
        found = cls.within(member.organisation).filter(membership=member).exclude(state="retired")
        return found.select_related("device").order_by("-created_at")

    @classmethod
    def here(cls, sign_in: SignIn, member: Membership) -> "Registration | None":
        """The registration of the device whose key answered in this session; None on any other browser."""
        return cls.mine(member).filter(device_id=sign_in.device).first() if sign_in.device else None

    @property
    def waits(self) -> bool:
        """Whether it has begun and no browser has shown its key yet."""
        return self.state == "enrolling" and self.step == "key"

    @classmethod
    def waiting(cls, member: Membership, chosen: str = "") -> "Registration | None":
        """The registration of a member that waits for the key of a browser.

        One that was issued is found only when it is `chosen`, by its id: without a choice a device is one's own.
        """
        found = cls.mine(member).filter(state="enrolling", step="key")
        return (found.filter(pk=chosen) if chosen else found.filter(ownership="personal")).first()

    @classmethod
    def issued_to(cls, member: Membership) -> "models.QuerySet[Registration]":
        """What the organisation issued to a member and nobody has set up yet, the oldest first."""
        waiting = cls.mine(member).filter(state="enrolling", step="key", ownership="issued")
        return waiting.order_by("created_at", "pk")

    @classmethod
    def in_vain(cls, now: dt.datetime) -> "models.QuerySet[Registration]":
        """What has waited for a key for longer than `rules.waiting` allows, in every organisation."""
        late = Q()
        for ownership, days in WAIT_DAYS.items():
            late |= Q(ownership=ownership, created_at__lt=now - dt.timedelta(days=days))
        return cls._default_manager.filter(late, state="enrolling", step="key")
