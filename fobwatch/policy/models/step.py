"""The steps that a version took on its way, and who took them."""

import datetime as dt

from django.db import models

from fobwatch.kernel.actor import Actor
from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.privacy import Kept
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models.locks import acting
from fobwatch.policy.models.version import Version
from fobwatch.policy.rules.workflow import STEPS

# A trust has a second person; who works alone may be their own approver.
MAY_BE_ALONE = ("practice", "care")
WRITTEN = ("started", "changed", "submitted")


class Step(Tenanted):
    """One step of a version: which, who, when, and the hash of the text at that moment (B22, P26).

    member: None where the program took it. note: the rule that was changed, what the approver wrote, or why one person
    approved alone; it stands in the record of the policy. alone: the approver had written some of it themselves. place:
    counts the steps of a version from 1.
    """

    KINDS = [(key, words) for key, (_, _, words) in STEPS.items()]

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="steps")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=KINDS)
    member = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    hash = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    alone = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "place"], name="steps_count_up")]

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="with the policy, as proof of who wrote and who approved it, unverified")
        none = "id organisation version place kind at hash alone"
        staff = "member note"

    def __str__(self) -> str:
        return f"step {self.pk}"

    @classmethod
    def take(
        cls, version: Version, kind: str, *, by: Actor, now: dt.datetime, note: str = "", alone: bool = False
    ) -> "Step":
        """Keep one more step of a version, which its action has locked."""
        last = cls._default_manager.filter(version=version).order_by("-place").first()
        return cls._default_manager.create(
            organisation_id=version.organisation_id, version=version, place=last.place + 1 if last else 1, kind=kind,
            member=acting(by, version.organisation), at=now, hash=version.hash, note=note, alone=alone,
        )  # fmt: skip

    @classmethod
    def of(cls, version: Version) -> "models.QuerySet[Step]":
        """What was done to a version, newest first, with who did it."""
        rows = cls._default_manager.filter(version=version).select_related("member__person")
        return rows.order_by("-place")

    @classmethod
    def approval(cls, version: Version) -> "Step | None":
        """The approval that stands; None where there is none, or where it was taken away."""
        last = cls.of(version).filter(kind__in=["approved", "taken_back"]).first()
        return last if last is not None and last.kind == "approved" else None

    @classmethod
    def wrote(cls, version: Version, member: Membership) -> bool:
        """Whether a member wrote some of a version, or sent it for approval."""
        return cls._default_manager.filter(version=version, member=member, kind__in=WRITTEN).exists()

    @classmethod
    def alone_here(cls, member: Membership, day: dt.date) -> bool:
        """Whether nobody else here may approve, where one person may do alone what needs two (a tiny practice)."""
        here = member.organisation
        others = Membership.holders(here, Permission.APPROVE_POLICY, day=day).exclude(pk=member.pk)
        return here.single_approver and here.kind in MAY_BE_ALONE and not others.exists()
