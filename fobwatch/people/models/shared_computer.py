"""The shared computers of an organisation, each marked once by IT, on the computer itself."""

import datetime as dt
from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.kernel.secrets import keyed_hash
from fobwatch.people.models.organisation import Membership, Organisation


class SharedComputer(Tenanted):
    """A browser on a ward or at a desk that IT marked as shared. Its cookie holds a random token; this row its hash.

    label: the place, "Ward 6, desk by the window". withdrawn_at: since when the mark no longer counts.
    """

    token = ""  # the clear token, in memory only, in the request that made or brought it

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=80)
    cookie_hash = models.CharField(max_length=64, unique=True)
    marked_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    marked_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True) | Q(withdrawn_at__isnull=False),
                name="withdrawn_when_and_by_whom",
            ),
            models.UniqueConstraint(
                fields=["organisation", "label"], condition=Q(withdrawn_at__isnull=True), name="one_computer_a_place"
            ),
        ]

    class Privacy:
        whose = "organisation"
        kept = Kept(because="to show why access was given, two years, unverified", days=730, after="withdrawn_at")
        none = "id organisation label marked_at withdrawn_at"
        staff = "marked_by withdrawn_by"
        secret = "cookie_hash"  # noqa: S105

    def __str__(self) -> str:
        return f"shared computer {self.pk}"

    @classmethod
    def log_names(cls, ids: Iterable[str]) -> dict[str, str]:
        """The places of these computers, for the log page."""
        return dict(cls._default_manager.filter(pk__in=ids).values_list("pk", "label"))

    @classmethod
    def of_cookie(cls, token: str) -> "SharedComputer | None":
        """The computer whose mark this is; None where nobody made it, or IT has withdrawn it."""
        marked = cls._default_manager.filter(cookie_hash=keyed_hash("shared", token), withdrawn_at=None)
        found = marked.select_related("organisation").first() if token else None
        if found:
            found.token = token
        return found

    @classmethod
    def listed(cls, organisation: Organisation, *, since: dt.datetime) -> "models.QuerySet[SharedComputer]":
        """The computers that are marked here, by place, and then those withdrawn after `since`."""
        rows = cls.within(organisation).select_related("marked_by__person", "withdrawn_by__person")
        shown = rows.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=since))
        return shown.order_by(models.F("withdrawn_at").desc(nulls_first=True), "label", "pk")

    @classmethod
    def counts(cls, ward: str, organisation_id: str) -> bool:
        """Whether a session's `ward` is a computer that this organisation marked and has not withdrawn (ADR 7)."""
        if not ward:
            return False
        return cls._default_manager.filter(pk=ward, organisation=organisation_id, withdrawn_at=None).exists()
