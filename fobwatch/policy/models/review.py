"""What the review of a document found: the answers, never the document itself."""

from typing import Any, Self

from django.db import models

from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.people.models import Membership, Organisation


class ReviewedDocument(Tenanted):
    """One document that somebody reviewed (R06). The document is gone once it is read; what it said per item stays.

    result: as `policy review --json` prints it. findings: the reviewer's own words, by item.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reviewed_documents")
    name = models.CharField(max_length=200)
    result = models.JSONField()
    findings = models.JSONField(default=dict)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-added_at", "name"]

    class Privacy:
        whose = "member of staff"
        kept = Kept(days=730, after="added_at", because="one round of review of policies, unverified")
        none = "id organisation name added_at"
        staff = "result findings added_by"

    def __str__(self) -> str:
        return f"reviewed document {self.pk}"

    @classmethod
    def all_of(cls, organisation: Organisation) -> "models.QuerySet[Self]":
        """What is kept for an organisation, newest first."""
        return cls.within(organisation).order_by("-added_at", "name")

    @classmethod
    def by_name(cls, organisation: Organisation) -> dict[str, dict[str, Any]]:
        """The results by the name of the document, the newest where a name came twice."""
        return {one.name: one.result for one in reversed(cls.all_of(organisation))}
