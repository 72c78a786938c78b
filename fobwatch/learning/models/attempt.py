"""One go at a module: what was drawn, and each answer as it was given."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Count, Max, Q

from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.learning.rules.bank import Asked
from fobwatch.learning.rules.figures import Tally
from fobwatch.learning.rules.marking import STATE_WORDS
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Version

# Figures are made of the answers of one year: what was changed before no longer counts against a clause.
FIGURES_DAYS = 365


class Attempt(Tenanted):
    """A member's attempt at a module. `asked` holds the questions as they stood on the screen, and what is right:
    it never leaves the server before the answer is given.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="attempts")
    module = models.CharField(max_length=24)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    seed = models.BigIntegerField()
    asked = models.JSONField()
    state = models.CharField(max_length=10, choices=list(STATE_WORDS.items()), default="open")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "module"], condition=Q(state="open"), name="one_open_attempt"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | ~Q(state="open") & Q(ended_at__isnull=False),
                name="ended_attempt_has_a_moment",
            ),
        ]

    class Privacy:
        whose = "member of staff"
        kept = Kept(days=400, after="started_at", because="a year of figures on badly written rules, unverified")
        none = "id organisation version started_at ended_at"
        staff = "membership module seed asked state"

    def __str__(self) -> str:
        return f"attempt {self.pk}"

    @classmethod
    def mine(cls, membership: Membership) -> "models.QuerySet[Attempt]":
        """The attempts of this member, newest first."""
        rows = cls._default_manager.filter(membership=membership).select_related("version")
        return rows.order_by("-started_at", "-pk")

    @classmethod
    def keys_before(cls, membership: Membership, module: str) -> list[Collection[str]]:
        """What each earlier attempt of this member at a module asked."""
        rows = cls._default_manager.filter(membership=membership, module=module).order_by("started_at", "pk")
        return [[one["key"] for one in asked] for asked in rows.values_list("asked", flat=True)]

    @classmethod
    def failed_at(cls, membership: Membership, module: str) -> dt.datetime | None:
        """When the last attempt that was marked ended, if it was not passed."""
        rows = cls._default_manager.filter(membership=membership, module=module, state__in=("passed", "failed"))
        last = rows.order_by("-ended_at", "-pk").first()
        return last.ended_at if last and last.state == "failed" else None

    @property
    def questions(self) -> tuple[Asked, ...]:
        """The questions in their order."""
        return tuple(Asked(**{**one, "choices": tuple(one["choices"])}) for one in self.asked)

    def given(self) -> dict[int, int]:
        """The answers so far: the place of each question, from 1, and of the choice that was made, from 0."""
        return dict(self.answers.values_list("place", "chosen"))

    def next_place(self) -> int:
        """The first question without an answer, from 1; one past the last where all are answered."""
        given = self.given()
        return next(place for place in range(1, len(self.asked) + 2) if place not in given)


class Answer(Tenanted):
    """One answer, as it was given; it is never changed. chosen: the place of the choice on the screen, from 0."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="answers")
    place = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=100)
    clause = models.CharField(max_length=64)
    chosen = models.PositiveSmallIntegerField()
    right = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "place"], name="answered_once")]
        indexes = [models.Index(fields=["organisation", "at"], name="answers_of_a_year")]

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="with the attempt, 400 days")
        none = "id organisation place question clause at"
        staff = "attempt chosen right"

    def __str__(self) -> str:
        return f"answer {self.pk}"

    @classmethod
    def tallies(cls, organisation: Organisation, now: dt.datetime, **narrow: Any) -> list[Tally]:
        """How each question was answered in the last year, without who; `narrow` as for `filter`."""
        rows = cls.within(organisation).filter(at__gte=now - dt.timedelta(days=FIGURES_DAYS), **narrow)
        found = rows.order_by().values("question", "clause").annotate(
            people=Count("attempt__membership", distinct=True), answers=Count("pk"),
            wrong=Count("pk", filter=Q(right=False)), last=Max("at"),
        )  # fmt: skip
        return [
            Tally(row["question"], row["clause"], row["people"], row["answers"], row["wrong"])
            for row in found.order_by("question")
        ]
