"""A question of a member of staff to the IG team, and the answers that became everybody's."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q

from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.notices.rules.questions import OPEN, STATE_WORDS
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Version


class Question(Tenanted):
    """One question. owner: who of the IG team looks into it. clause: the rule it is about, where the asker named one.

    version: the policy that was in force when it was answered, None where there was none.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="questions")
    text = models.TextField()
    clause = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=list(STATE_WORDS.items()), default="waiting")
    owner = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)
    version = models.ForeignKey(Version, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="answered", answered_at__isnull=False) & ~Q(answer="")
                | ~Q(state="answered") & Q(answered_at__isnull=True, answer=""),
                name="answered_with_an_answer",
            ),
            models.CheckConstraint(condition=~Q(state="waiting") | Q(owner__isnull=True), name="waiting_for_an_owner"),
        ]
        indexes = [models.Index(fields=["organisation", "state", "asked_at"], name="questions_that_wait")]

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="two years, to see what was asked; must not name a patient, unverified", days=730,
                    after="asked_at")  # fmt: skip
        none = "id organisation clause state asked_at answered_at version"
        staff = "asked_by text owner answer answered_by"

    def __str__(self) -> str:
        return f"question {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its answer."""
        return self.state in OPEN

    @classmethod
    def mine(cls, member: Membership) -> "models.QuerySet[Self]":
        """What this member asked, the newest first."""
        return cls.within(member.organisation).filter(asked_by=member).order_by("-asked_at", "pk")

    @classmethod
    def inbox(cls, organisation: Organisation) -> "models.QuerySet[Self]":
        """Every question here with its people: open ones first, the longest waiting on top; then the newest."""
        people = cls.within(organisation).select_related("asked_by__person", "owner__person", "answered_by__person")
        open_first = models.Case(models.When(state__in=OPEN, then=0), default=1)
        waiting = models.Case(models.When(state__in=OPEN, then="asked_at"))
        return people.order_by(open_first, waiting, "-asked_at", "pk")

    @classmethod
    def waiting(cls, organisation: Organisation) -> "models.QuerySet[Self]":
        """The questions without an answer, the oldest first: the clock of the IG team."""
        return cls.within(organisation).filter(state__in=OPEN).order_by("asked_at", "pk")


class FaqEntry(Tenanted):
    """A question and its answer that all staff of the organisation may read, without whose question it was.

    version: the policy under which somebody last said that it is right; another one in force makes it doubtful.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    question = models.TextField()
    answer = models.TextField()
    clause = models.CharField(max_length=80, blank=True)
    source = models.OneToOneField(Question, null=True, on_delete=models.SET_NULL, related_name="entry")
    version = models.ForeignKey(Version, null=True, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField()
    checked_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Privacy:
        whose = "organisation"
        kept = Kept(because="with the policy that it explains, unverified")
        none = "id organisation question answer clause source version published_at checked_at retired_at"
        staff = "published_by"

    def __str__(self) -> str:
        return f"answer {self.pk}"

    @classmethod
    def shown(cls, organisation: Organisation) -> "models.QuerySet[Self]":
        """The answers that staff read, by their question."""
        rows = cls.within(organisation).filter(retired_at__isnull=True).select_related("version")
        return rows.order_by("question", "pk")

    def doubtful(self, current: Version | None) -> bool:
        """Whether the policy has changed since somebody last said that this is right."""
        return self.version_id != (current.pk if current else None)


def oldest_wait(organisation: Organisation) -> tuple[int, dt.datetime | None]:
    """How many questions wait here, and since when the oldest does; None where none waits."""
    rows = list(Question.waiting(organisation).values_list("asked_at", flat=True))
    return len(rows), rows[0] if rows else None
