"""The versions of an organisation's policy: what is written, what is in force, what was."""

import calendar
import dataclasses
import datetime as dt
import functools
import hashlib
import re
from importlib import resources
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q

from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.kernel.verdict import Verdict
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.rules.clause import Policy, PolicyErrors, canonical, from_json, load_toml
from fobwatch.policy.rules.workflow import OPEN, STATE_WORDS

_VERSION = re.compile(r"[0-9]{4}\.[0-9]{1,3}")


@functools.lru_cache(maxsize=1)
def template() -> Policy:
    """The national template as it is shipped (R02)."""
    text = resources.files("fobwatch.policy").joinpath("data", "template.toml").read_text(encoding="utf-8")
    return load_toml(text)


@functools.lru_cache(maxsize=16)
def shipped(version: str) -> Policy | None:
    """The national template as it was at a version; None where this program does not hold that one any more."""
    if version == template().template_version:
        return template()
    if not _VERSION.fullmatch(version):
        return None
    found = resources.files("fobwatch.policy").joinpath("data", f"template-{version}.toml")
    return load_toml(found.read_text(encoding="utf-8")) if found.is_file() else None


@functools.lru_cache(maxsize=64)
def _parsed(content: str) -> Policy:
    return from_json(content)


class Confirmed(NamedTuple):
    """How many members confirmed a version, of how many that should."""

    confirmed: int
    due: int


class Version(Tenanted):
    """One version of an organisation's policy: the clauses with their parameters, canonical, and its hash.

    Only a draft can be changed; in review and after it the content and the hash stay as they are (triggers hold this
    too), so that what was approved is what is published. content: canonical JSON (RFC 8785) of the policy; hash: its
    SHA-256 in hexadecimal. starts_at: the moment from which an approved version takes effect by itself; None where
    nobody set one. owner: who answers for it, in this organisation.
    """

    STATES = list(STATE_WORDS.items())

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
    starts_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="versions_count_up"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(state="published"), name="one_version_in_force"
            ),
            models.UniqueConstraint(fields=["organisation"], condition=Q(state__in=OPEN), name="one_draft"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, published_at__isnull=True)
                | ~Q(state__in=OPEN) & Q(published_at__isnull=False),
                name="published_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | ~Q(state__in=["draft", "review"]), name="only_approved_starts"
            ),
        ]

    class Privacy:
        whose = "organisation"
        kept = Kept(because="life of the organisation and six years, unverified")
        none = (
            "id organisation number state content hash template_version material change_note created_at published_at"
            " effective_epoch starts_at"
        )
        staff = "published_by owner"

    def __str__(self) -> str:
        return f"policy version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the row. Raises ValueError where it would change a text that is in review, approved or published."""
        fixed = type(self)._default_manager.filter(pk=self.pk).exclude(state="draft")
        kept = fixed.values_list("state", "content", "hash").first()
        if kept is not None and (kept[1:] != (self.content, self.hash) or (kept[0] not in OPEN and self.is_open)):
            raise ValueError("A published version never changes.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove a draft. Raises ValueError for any other version."""
        if self.state != "draft":
            raise ValueError("A published version is never removed.")
        return super().delete(*args, **kwargs)

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way: a draft, in review or approved."""
        return self.state in OPEN

    def write(self, policy: Policy) -> None:
        """Take another text, its hash and its template version; the caller keeps the row."""
        text = canonical(policy)
        self.content, self.hash = text.decode(), hashlib.sha256(text).hexdigest()
        self.template_version = policy.template_version

    @property
    def policy(self) -> Policy:
        """The policy that the content says, read once for each process, with the moment it took effect."""
        return dataclasses.replace(_parsed(self.content), effective=self.effective_epoch)

    def enforceable(self) -> Verdict:
        """Whether the text can be read back and has its hash; nothing else may be approved or come in force."""
        try:
            from_json(self.content)
        except PolicyErrors as wrong:
            sentences = " ".join(one.sentence for one in wrong.problems[:3])
            return Verdict.no(
                f"This draft cannot be enforced as it is: {sentences}", "Discard it and start a new draft."
            )
        if hashlib.sha256(self.content.encode()).hexdigest() != self.hash:
            return Verdict.no("The text of this draft is not what was kept.", "Discard it and start a new draft.")
        return Verdict.yes()

    @property
    def review_on(self) -> dt.date | None:
        """The day by which it is reviewed; None before it is in force (B23)."""
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
        """The version on its way, be it written, in review or approved; staff do not see it. None without one."""
        return cls._default_manager.filter(organisation=organisation, state__in=OPEN).first()

    @classmethod
    def due(cls, now: dt.datetime) -> "models.QuerySet[Version]":
        """The approved versions, of every organisation, whose moment to take effect has come."""
        return cls._default_manager.filter(state="approved", starts_at__lte=now).select_related("organisation")

    @classmethod
    def history(cls, organisation: Organisation) -> "models.QuerySet[Version]":
        """Every version that was ever published here, newest first, with its publisher."""
        rows = cls._default_manager.filter(organisation=organisation).exclude(state__in=OPEN)
        return rows.select_related("published_by__person").order_by("-number")

    def confirmations(self, day: dt.date) -> Confirmed:
        """How many of those who work here on a day have confirmed this version."""
        staff = Membership.within(self.organisation).exclude(employment="left").exclude(leaves_on__lt=day)
        return Confirmed(staff.filter(acknowledgements__version=self).count(), staff.count())


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months later; the last day of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
