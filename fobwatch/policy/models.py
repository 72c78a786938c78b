"""The policy of an organisation: its versions, and who confirmed which."""

import calendar
import dataclasses
import datetime as dt
import functools
import secrets
from importlib import resources
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Q

from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.rules.clause import Policy, from_json, load_toml

# Without vowels no receipt spells a word; without I, L, O and S none is misread as a number.
RECEIPT_LETTERS = "BCDFGHJKMNPQRTVWXYZ"


@functools.lru_cache(maxsize=1)
def template() -> Policy:
    """The national template as it is shipped (R02)."""
    text = resources.files("fobwatch.policy").joinpath("data", "template.toml").read_text(encoding="utf-8")
    return load_toml(text)


@functools.lru_cache(maxsize=64)
def _parsed(content: str) -> Policy:
    return from_json(content)


def new_receipt() -> str:
    """Ten random letters that can be read out on the phone: "BCDFG-HJKMN"."""
    letters = "".join(secrets.choice(RECEIPT_LETTERS) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


class Confirmed(NamedTuple):
    """How many members confirmed a version, of how many that should."""

    confirmed: int
    due: int


class Version(Tenanted):
    """One version of an organisation's policy: the clauses with their parameters, canonical, and its hash.

    A draft can be changed; from publication on the content and the hash stay as they are (triggers hold this too).
    content: canonical JSON (RFC 8785) of the policy; hash: its SHA-256 in hexadecimal.
    """

    STATES = [("draft", "Draft"), ("published", "In force"), ("superseded", "Replaced")]

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="policy_versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=STATES, default="draft")
    content = models.TextField()
    hash = models.CharField(max_length=64)
    template_version = models.CharField(max_length=16)
    material = models.BooleanField(default=True)
    change_note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    effective_epoch = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="versions_count_up"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(state="published"), name="one_version_in_force"
            ),
            models.UniqueConstraint(fields=["organisation"], condition=Q(state="draft"), name="one_draft"),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True)
                | ~Q(state="draft") & Q(published_at__isnull=False),
                name="published_has_a_moment",
            ),
        ]

    class Privacy:
        whose = "organisation"
        kept = Kept(because="life of the organisation and six years, unverified")
        none = (
            "id organisation number state content hash template_version material change_note created_at published_at"
            " effective_epoch"
        )
        staff = "published_by"

    def __str__(self) -> str:
        return f"policy version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the row. Raises ValueError where it would change the text of what was published."""
        fixed = type(self)._default_manager.filter(pk=self.pk).exclude(state="draft")
        kept = fixed.values_list("content", "hash").first()
        if kept is not None and (kept != (self.content, self.hash) or self.state == "draft"):
            raise ValueError("A published version never changes.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove a draft. Raises ValueError for a version that was published."""
        if self.state != "draft":
            raise ValueError("A published version is never removed.")
        return super().delete(*args, **kwargs)

    @property
    def policy(self) -> Policy:
        """The policy that the content says, read once for each process, with the moment it took effect."""
        return dataclasses.replace(_parsed(self.content), effective=self.effective_epoch)

    @property
    def review_on(self) -> dt.date | None:
        """The day by which it is reviewed; None for a draft (B23)."""
        if self.published_at is None:
            return None
        months = self.policy.values.get("review_months", self.policy.review_months)
        return months_after(self.published_at.date(), int(months))  # type: ignore[arg-type]

    @classmethod
    def in_force(cls, organisation: Organisation) -> "Version | None":
        """The version that is read and enforced now; None before the first publication."""
        return cls._default_manager.filter(organisation=organisation, state="published").first()

    @classmethod
    def draft_of(cls, organisation: Organisation) -> "Version | None":
        """The draft, which only its authors see; None where there is none."""
        return cls._default_manager.filter(organisation=organisation, state="draft").first()

    @classmethod
    def history(cls, organisation: Organisation) -> "models.QuerySet[Version]":
        """Every version that was ever published here, newest first, with its publisher."""
        rows = cls._default_manager.filter(organisation=organisation).exclude(state="draft")
        return rows.select_related("published_by__person").order_by("-number")

    def confirmations(self, day: dt.date) -> Confirmed:
        """How many of those who work here on a day have confirmed this version."""
        staff = Membership.within(self.organisation).exclude(employment="left").exclude(leaves_on__lt=day)
        return Confirmed(staff.filter(acknowledgements__version=self).count(), staff.count())


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months later; the last day of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class Acknowledgement(Tenanted):
    """A member confirmed this very text: bound to its hash, with a receipt.

    Where a version changed nothing material, what was confirmed before counts for it too: `carried_from` is what the
    person really confirmed, and `hash` and `at` are of that text and that moment.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="acknowledgements")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="acknowledgements")
    carried_from = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")
    hash = models.CharField(max_length=64)
    receipt = models.CharField(max_length=16, unique=True, default=new_receipt)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "version"], name="confirmed_once")]

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="with the policy, as proof that it was known, unverified")
        none = "id organisation version carried_from hash receipt at"
        staff = "membership"

    def __str__(self) -> str:
        return f"acknowledgement {self.receipt}"

    @classmethod
    def of(cls, membership: Membership, version: Version) -> "Acknowledgement | None":
        """What this member confirmed of this version; None where they have not."""
        return cls.mine(membership).filter(version=version).first()

    @classmethod
    def mine(cls, membership: Membership) -> "models.QuerySet[Acknowledgement]":
        """Everything that this member confirmed, newest version first."""
        rows = cls._default_manager.filter(membership=membership)
        return rows.select_related("version", "carried_from__version").order_by("-version__number")

    def carry_to(self, version: Version) -> "Self":
        """The row, not kept yet, by which this counts for a later version without a material change."""
        return type(self)(
            organisation_id=self.organisation_id, membership_id=self.membership_id, version=version,
            carried_from_id=self.carried_from_id or self.pk, hash=self.hash, at=self.at,
        )  # fmt: skip
