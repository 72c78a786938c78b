"""The bank of questions as it is shipped, and the organisation's own questions beside it."""

import functools
import tomllib
from importlib import resources
from typing import Any

from django.db import models

from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.learning.rules.bank import Module, Question, modules, questions, suits, usable
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Version


@functools.cache
def _shipped() -> dict[str, Any]:
    text = (resources.files("fobwatch.learning") / "data" / "questions.toml").read_text("utf-8")
    return tomllib.loads(text)


@functools.cache
def shipped_modules() -> dict[str, Module]:
    """The modules that come with Fobwatch, by key."""
    return modules(_shipped())


@functools.cache
def shipped_questions() -> tuple[Question, ...]:
    """The questions that come with Fobwatch. Raises ValueError where the file holds a wrong one."""
    return questions(_shipped())


class OwnQuestion(Tenanted):
    """A question that the organisation wrote, for a clause of its policy. To change one, it is withdrawn and written
    anew, so that answers always belong to the words that were on the screen.

    choices: the right one first.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    clause = models.CharField(max_length=64)
    text = models.TextField()
    choices = models.JSONField()
    why = models.TextField()
    written_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Privacy:
        whose = "organisation"
        kept = Kept(because="with the answers to it, then three years after it was withdrawn, unverified", days=1096,
                    after="withdrawn_at")  # fmt: skip
        none = "id organisation clause text choices why written_at withdrawn_at"
        staff = "written_by"

    def __str__(self) -> str:
        return f"question {self.pk}"

    @classmethod
    def asked_in(cls, organisation: Organisation) -> "models.QuerySet[OwnQuestion]":
        """The organisation's own questions that are asked now, the oldest first."""
        return cls.within(organisation).filter(withdrawn_at__isnull=True).order_by("written_at", "pk")

    def question(self) -> Question:
        """This row as the rules take it."""
        return Question(f"own-{self.pk}", self.clause, self.text, tuple(self.choices), self.why)


def bank(organisation: Organisation, version: Version) -> tuple[Question, ...]:
    """Every question that is true of this version: the shipped ones, then the organisation's own."""
    own = (row.question() for row in OwnQuestion.asked_in(organisation))
    return usable([*shipped_questions(), *own], version.policy)


def bank_for(member: Membership, module: Module, version: Version) -> tuple[Question, ...]:
    """The questions of a module that this member may be asked."""
    policy = version.policy
    return tuple(
        one
        for one in bank(member.organisation, version)
        if module.key in one.modules
        and suits(one, policy, staff_group=member.staff_group, role=member.role, team=member.team)
    )
