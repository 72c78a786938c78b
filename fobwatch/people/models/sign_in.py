"""Sessions: one row for each browser in which somebody is signed in."""

import datetime as dt

from django.db import models
from django.db.models import Q

from fobwatch.kernel.models import Base
from fobwatch.kernel.privacy import Kept
from fobwatch.kernel.secrets import keyed_hash
from fobwatch.people.models.organisation import Membership, Person
from fobwatch.people.models.passkey import Passkey


class SignIn(Base):
    """One signed-in browser. The cookie holds a random token; this row holds its hash.

    device: opaque id of the device whose browser key answered in this session; empty on a shared computer.
    shared: a computer that others use too, by its mark or by what the person said; never registered as their own.
    ward: id of the shared computer whose live mark this browser showed at sign-in; empty where it showed none.
    idle_minutes, absolute_minutes: taken from the policy by those who stand above people.
    """

    token = ""  # the clear token, in memory only, in the request that made it
    membership_count = 0  # how many organisations the person belongs to, where it was asked for

    HOW = [("passkey", "Passkey"), ("demo", "Demo persona")]

    token_hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_ins")
    membership = models.ForeignKey(Membership, null=True, on_delete=models.CASCADE, related_name="sign_ins")
    passkey = models.ForeignKey(Passkey, null=True, on_delete=models.SET_NULL, related_name="+")
    how = models.CharField(max_length=8, choices=HOW)
    shared = models.BooleanField(default=False)
    ward = models.CharField(max_length=32, blank=True)
    device = models.CharField(max_length=32, blank=True, db_index=True)
    browser = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField()
    verified_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    idle_minutes = models.PositiveIntegerField(default=15)
    absolute_minutes = models.PositiveIntegerField(default=780)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_because="") | Q(ended_at__isnull=False) & ~Q(ended_because=""),
                name="ended_when_and_why",
            ),
            models.CheckConstraint(condition=Q(ward="") | Q(shared=True), name="marked_is_shared"),
        ]
        indexes = [models.Index(fields=["person", "ended_at"], name="open_sign_ins")]

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="a year, to look back after an incident, unverified", days=365, after="started_at")
        none = "id how shared started_at verified_at last_seen_at idle_minutes absolute_minutes ended_at ended_because"
        staff = "person membership passkey ward device browser"
        secret = "token_hash"  # noqa: S105

    def __str__(self) -> str:
        return f"sign-in {self.pk}"

    def open_at(self, now: dt.datetime) -> bool:
        """Whether it still holds: not ended, not idle too long, not older than the absolute limit."""
        return (
            self.ended_at is None
            and now < self.last_seen_at + dt.timedelta(minutes=self.idle_minutes)
            and now < self.started_at + dt.timedelta(minutes=self.absolute_minutes)
        )

    @classmethod
    def able(cls) -> Q:
        """The members who can sign in: they hold a passkey, or are a persona of the demo who has been here."""
        held = Passkey._default_manager.filter(person=models.OuterRef("person"), retired_at=None)
        been = cls._default_manager.filter(membership=models.OuterRef("pk"), how="demo")
        return Q(models.Exists(held)) | Q(models.Exists(been))

    @classmethod
    def at_the_door(cls, token: str, *, now: dt.datetime) -> "SignIn | None":
        """The open session of a cookie's token, with its member; None where there is none.

        Somebody who left is nobody here from the day after their last one, whatever the cookie says.
        """
        found = (
            cls._default_manager.select_related("membership__organisation", "membership__person", "person")
            .annotate(places=models.Count("person__memberships"))
            .filter(token_hash=keyed_hash("sign-in", token), ended_at__isnull=True)
            .first()
        )
        if found is None or not found.open_at(now):
            return None
        found.membership_count = found.places
        if found.membership and found.membership.employment_on(now.date()) == "left":
            found.membership = None
        return found

    @classmethod
    def open_of(cls, person: Person, *, now: dt.datetime) -> "list[SignIn]":
        """The open sessions of a person, the one used last first."""
        rows = cls._default_manager.filter(person=person, ended_at=None).select_related("membership__organisation")
        return [row for row in rows.order_by("-last_seen_at", "pk") if row.open_at(now)]

    @classmethod
    def last_place(cls, person: Person) -> str:
        """The membership id in which a person worked last; empty where there was none."""
        rows = cls._default_manager.filter(person=person, membership__isnull=False).order_by("-started_at", "pk")
        return rows.values_list("membership_id", flat=True).first() or ""

    def touch(self, *, now: dt.datetime) -> None:
        """Note that it was used, at most once a minute. Not an action: it decides nothing, and would flood the log."""
        if now - self.last_seen_at >= dt.timedelta(minutes=1):
            self.last_seen_at = now
            type(self)._default_manager.filter(pk=self.pk, ended_at__isnull=True).update(last_seen_at=now)
