"""Decisions that were worth keeping, and emergency access."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from fobwatch.devices.models import Registration
from fobwatch.kernel.clock import epoch
from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.privacy import Kept
from fobwatch.people.models import Membership, Organisation, SignIn
from fobwatch.policy.models import Version
from fobwatch.policy.rules.compile import CELL_BIT
from fobwatch.policy.rules.decide import Decision as Decided
from fobwatch.policy.rules.vocabulary import CLASSES


class Decision(Tenanted):
    """What was decided when something changed or was refused. Never changed, and never enforced from.

    allowed: bit i is cell i of the vocabulary; bits: bit i is clause i of the version, graced those in their time of
    grace. version: None where no policy was in force. refused_cell: the cell that was asked for and refused, empty
    where something changed; system: whose. reasons: ids of the clauses. cause: "changed" or "refused".
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="decisions")
    registration = models.ForeignKey(Registration, null=True, on_delete=models.CASCADE, related_name="decisions")
    version = models.ForeignKey(Version, null=True, on_delete=models.PROTECT, related_name="+")
    allowed = models.BigIntegerField()
    bits = models.BigIntegerField()
    graced = models.BigIntegerField(default=0)
    refused_cell = models.CharField(max_length=24, blank=True)
    system = models.CharField(max_length=80, blank=True)
    reasons = models.JSONField(default=list)
    cause = models.CharField(max_length=16)
    at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["registration", "-at"], name="decisions_of_a_device")]

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="two years, to show why access was given, unverified", days=730, after="at")
        none = "id organisation version allowed bits graced refused_cell system reasons cause at expires_at"
        staff = "membership registration"

    def __str__(self) -> str:
        return f"decision {self.pk}"

    @classmethod
    def kept_for(cls, member: Membership, registration: Registration | None) -> "models.QuerySet[Self]":
        """What was kept of a member with this device, or without any, the newest first."""
        return cls.within(member.organisation).filter(membership=member, registration=registration).order_by("-at")


class Emergency(Tenanted):
    """Break-glass: a clinician opened one kind of work in an emergency. Short, and reviewed afterwards by name."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="emergencies")
    registration = models.ForeignKey(Registration, null=True, on_delete=models.SET_NULL, related_name="+")
    sign_in = models.CharField(max_length=32)
    kind = models.CharField(max_length=16, choices=list(CLASSES.items()))
    reason = models.TextField()
    started_at = models.DateTimeField()
    until_epoch = models.BigIntegerField()
    reviewed_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_outcome = models.CharField(
        max_length=16, blank=True, choices=[("right", "Right"), ("follow_up", "Follow up")]
    )
    review_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, review_outcome="")
                | Q(reviewed_at__isnull=False) & ~Q(review_outcome=""),
                name="reviewed_when_and_how",
            )
        ]
        indexes = [models.Index(fields=["sign_in", "until_epoch"], name="emergencies_now")]

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="two years, unverified; the reason must not name a patient", days=730, after="started_at")
        none = "id organisation kind started_at until_epoch reviewed_at review_outcome sign_in"
        staff = "membership registration reviewed_by review_note reason"

    def __str__(self) -> str:
        return f"emergency access {self.pk}"

    @classmethod
    def open_in(cls, sign_in: SignIn, member: Membership, now: dt.datetime) -> "models.QuerySet[Self]":
        """The emergency access that is open in this session now."""
        return cls.within(member.organisation).filter(sign_in=sign_in.pk, membership=member, until_epoch__gt=epoch(now))

    @classmethod
    def to_review(cls, organisation: Organisation) -> "models.QuerySet[Self]":
        """All emergency access here with its people: what nobody has reviewed first, then the newest."""
        people = cls.within(organisation).select_related("membership__person", "reviewed_by__person")
        return people.order_by(F("reviewed_at").desc(nulls_first=True), "-started_at")

    @classmethod
    def alone(cls, reviewer: Membership, now: dt.datetime) -> bool:
        """Whether nobody else here may review, where one person may do alone what needs two (a tiny practice)."""
        others = Membership.holders(reviewer.organisation, Permission.REVIEW_BREAK_GLASS, day=now.date())
        return reviewer.organisation.single_approver and not others.exclude(pk=reviewer.pk).exists()

    @property
    def reviewed_alone(self) -> bool:
        """Whether the one who reviewed it is the one who opened it: a recorded exception."""
        return self.reviewed_by_id is not None and self.reviewed_by_id == self.membership_id


def graced_bits(decision: Decided | None) -> int:
    """The clauses in their time of grace, a bit each."""
    return sum(1 << index for index, _ in decision.graced) if decision else 0


def reasons_of(decision: Decided | None, cell: str = "") -> list[str]:
    """The ids of the clauses that close a cell (all that close anything where none is named)."""
    if decision is None:
        return ["no-policy"]
    compiled = decision.compiled
    bit = CELL_BIT.get(cell, 0) if cell else -1
    closing = [
        clause.id
        for index, clause in enumerate(compiled.policy.clauses)
        if decision.failing >> index & 1 and compiled.cells[index] & bit
    ]
    if cell and not compiled.opened(decision.bits | decision.aside) & bit:
        closing.append("no-grant")
    return closing


def worth_keeping(
    *, member: Membership, registration: Registration | None, version: Version | None, decision: Decided | None,
    cell: str = "", system: str = "",
) -> bool:  # fmt: skip
    """Whether a decision says something new: a change since the last one kept, or a refusal for a new cause.

    cell: what was asked for, of which system; empty where nobody asked. A refusal counts as new again once the cell
    was open in between.
    """
    kept = Decision.kept_for(member, registration)
    refused = bool(cell) and not (decision and decision.may(cell))
    if refused:
        last = kept.filter(refused_cell=cell, system=system).first()
        if last is None or last.version_id != (version and version.pk) or last.reasons != reasons_of(decision, cell):
            return True
        since = kept.filter(at__gt=last.at, refused_cell="")
        return since.annotate(open=F("allowed").bitand(CELL_BIT.get(cell, 0))).filter(open__gt=0).exists()
    last = kept.filter(refused_cell="").first()
    allowed, bits = (decision.allowed, decision.bits) if decision else (0, 0)
    now = (version and version.pk, allowed, bits, graced_bits(decision))
    return last is None or (last.version_id, last.allowed, last.bits, last.graced) != now
