"""One-time links, letters that carry them, staff files on their way in, and the counting of guesses."""

import datetime as dt

from django.db import models, transaction
from django.db.models import F, Q

from fobwatch.kernel.models import Base, Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.kernel.secrets import keyed_hash
from fobwatch.kernel.verdict import Refused, refuse
from fobwatch.people.models.organisation import Membership, Organisation
from fobwatch.people.models.passkey import Passkey
from fobwatch.people.rules import invitations as rules
from fobwatch.people.rules.passkeys import NO_SUCH_LINK
from fobwatch.people.rules.reminders import daytime
from fobwatch.people.rules.staff_file import StaffRow


class Invitation(Tenanted):
    """A one-time link with which a member makes a first passkey, or a new one after losing it.

    For a privileged role a second person approves it first; a tiny practice may record an exception instead.
    """

    token = ""  # the clear token, in memory only, in the action that made it

    PURPOSES = [("join", "First sign-in"), ("recover", "New sign-in after a lost phone")]

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="invitations")
    purpose = models.CharField(max_length=8, choices=PURPOSES)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    needs_approval = models.BooleanField(default=False)
    approved_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_at = models.DateTimeField(null=True)
    exception_reason = models.TextField(blank=True)
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True) | Q(approved_at__isnull=False),
                name="approved_when_and_by_whom",
            )
        ]

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="to show who let whom in, two years, unverified", days=730, after="expires_at")
        none = "id organisation purpose created_at expires_at needs_approval approved_at used_at withdrawn_at"
        staff = "membership invited_by approved_by exception_reason"
        secret = "token_hash"  # noqa: S105

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def waiting(self) -> bool:
        """Whether a second person has still to approve it, and no exception is on record."""
        return self.needs_approval and self.approved_at is None and not self.exception_reason

    def state(self, now: dt.datetime) -> str:
        """Where it stands, as `rules.invitations.STATE_WORDS` names it."""
        return rules.state(
            expires_at=self.expires_at, used_at=self.used_at, withdrawn_at=self.withdrawn_at, waiting=self.waiting,
            now=now,
        )  # fmt: skip

    @classmethod
    def to_approve(cls, organisation: Organisation, *, now: dt.datetime) -> "models.QuerySet[Invitation]":
        """The links of this organisation that wait for a second person, oldest first."""
        rows = cls.within(organisation).select_related("membership__person", "invited_by__person")
        waiting = rows.filter(needs_approval=True, approved_at=None, exception_reason="", used_at=None)
        return waiting.filter(withdrawn_at=None, expires_at__gt=now).order_by("created_at")

    @classmethod
    def nobody_yet(cls, organisation: Organisation, *, now: dt.datetime) -> "models.QuerySet[Membership]":
        """The members who work here, never had a passkey, and hold no link that still works, by name."""
        passkeys = Passkey._default_manager.filter(person=models.OuterRef("person"))
        links = cls._default_manager.filter(
            membership=models.OuterRef("pk"), used_at=None, withdrawn_at=None, expires_at__gt=now
        )
        without = ~models.Exists(passkeys) & ~models.Exists(links)
        return Membership.search(organisation, day=now.date()).filter(without, Membership.employed(now.date()))

    @classmethod
    def unused(cls, organisation: Organisation, *, now: dt.datetime) -> "models.QuerySet[Invitation]":
        """The first links that were sent and still work, of members who have no passkey yet."""
        passkeys = Passkey._default_manager.filter(person=models.OuterRef("membership__person"), retired_at=None)
        rows = cls.within(organisation).filter(purpose="join", used_at=None, withdrawn_at=None, expires_at__gt=now)
        sent = Q(needs_approval=False) | Q(approved_at__isnull=False) | ~Q(exception_reason="")
        return rows.filter(sent, ~models.Exists(passkeys))

    @classmethod
    def of_link(cls, token: str, *, whence: str, now: dt.datetime) -> "Invitation":
        """The invitation of a link, with its member, person and organisation.

        Raises Refused where there is none; such misses are counted by address, so that nobody can try links at leisure.
        """
        rows = cls._default_manager.select_related("membership__person", "organisation", "membership__organisation")
        found = rows.filter(token_hash=keyed_hash("invitation", token)).first()
        if found is None:
            Throttle.count_one("invitation", whence, limit=30, minutes=15, now=now)
            raise Refused(NO_SUCH_LINK)
        return found


class Letter(Base):
    """An e-mail on its way: the outbox. The body may hold a one-time link, so it is emptied once sent.

    daytime_only: a reminder, whose tries rest outside the working day (`rules.reminders.daytime`).
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    to = models.EmailField()
    subject = models.CharField(max_length=160)
    body = models.TextField()
    created_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=80, blank=True)
    daytime_only = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["sent_at", "next_at"], name="letters_to_send")]

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="to answer 'I never got it', 30 days", days=30, after="created_at")
        none = "id organisation subject created_at attempts next_at sent_at failure daytime_only"
        staff = "to"
        secret = "body"  # noqa: S105

    def __str__(self) -> str:
        return f"letter {self.pk}"

    @classmethod
    def to_send(cls, now: dt.datetime) -> "models.QuerySet[Letter]":
        """The letters whose turn it is, oldest first; a reminder only by day. One without text is never tried again."""
        rows = cls._default_manager.filter(sent_at=None, next_at__lte=now).exclude(body="").order_by("created_at")
        return rows if daytime(now) else rows.filter(daytime_only=False)

    @classmethod
    def newest(cls) -> "models.QuerySet[Letter]":
        """Every letter of the installation, newest first: for the page of the demo."""
        return cls._default_manager.select_related("organisation").order_by("-created_at", "pk")


class StaffFile(Tenanted):
    """A staff list between its preview and its import, or its end."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    uploaded_by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField()
    rows = models.JSONField()
    digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField(null=True)

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="only between preview and import", days=1, after="uploaded_at")
        none = "id organisation uploaded_at imported_at digest"
        staff = "uploaded_by rows"

    def __str__(self) -> str:
        return f"staff file {self.pk}"

    def as_rows(self) -> list[StaffRow]:
        """The people in the file, as the parser made them."""
        return [StaffRow(**row) for row in self.rows]


class Throttle(models.Model):
    """How often something that can be guessed was tried in a window: counted in the database, across processes."""

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField(default=0)
    window_ends = models.DateTimeField()

    class Privacy:
        whose = "nobody: a keyed hash of what was tried and whence"
        kept = Kept(because="until the window has passed", days=1, after="window_ends")
        none = "key count window_ends"

    def __str__(self) -> str:
        return "attempts"

    @classmethod
    def count_one(cls, what: str, whence: str, *, limit: int, minutes: int, now: dt.datetime) -> None:
        """Count a try of `what` from `whence`; refuse beyond `limit` tries in a window of `minutes`.

        Counted in a transaction of its own: a refused or failed try stays counted. Raises `Refused`.
        """
        key = keyed_hash("attempt", f"{what}\0{whence}")
        ends = now + dt.timedelta(minutes=minutes)
        with transaction.atomic():
            cls._default_manager.get_or_create(key=key, defaults={"window_ends": ends})
            row = cls._default_manager.select_for_update().get(key=key)
            fresh = row.window_ends <= now
            cls._default_manager.filter(key=key).update(
                count=1 if fresh else F("count") + 1, window_ends=ends if fresh else row.window_ends
            )
        if not fresh and row.count >= limit:
            wait = max(1, round((row.window_ends - now).total_seconds() / 60))
            raise refuse(
                "There were too many tries from here.",
                f"Wait {wait} minute{'s' if wait > 1 else ''} and try again, or call your help line.",
            )
