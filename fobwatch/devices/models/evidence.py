"""Evidence about registered devices, and its projection on the row that a decision reads."""

import json
from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from fobwatch.devices.models.device import Registration
from fobwatch.devices.rules.evidence import Held, Item
from fobwatch.kernel.clock import epoch
from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.people.models import Organisation
from fobwatch.policy.rules.vocabulary import Grade


class Evidence(Tenanted):
    """One fact about a registered device, with its grade, source and life. Rows are never changed, only followed.

    limit: what it does not show, in a sentence. since: from when on every observation said this same value; a time of
    grace is counted from there, or checking in again would begin it anew.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="evidence")
    fact = models.CharField(max_length=32)
    value = models.BigIntegerField()
    grade = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    limit = models.CharField(max_length=200, blank=True)
    demo = models.BooleanField(default=False)
    since = models.DateTimeField()
    observed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "fact"], condition=Q(current=True), name="one_current_evidence"
            )
        ]
        indexes = [models.Index(fields=["registration", "-observed_at"], name="evidence_history")]

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="two years, to show why access was given, unverified", days=730, after="observed_at")
        none = "id organisation fact grade source limit demo since observed_at expires_at current"
        staff = "registration value"

    def __str__(self) -> str:
        return f"evidence {self.fact}"

    def held(self) -> Held:
        """This row as the rules take it."""
        days = None if self.expires_at is None else (self.expires_at - self.observed_at).days
        item = Item(self.fact, self.value, Grade(self.grade), self.source, days, self.limit, self.demo)
        return Held(item, epoch(self.observed_at))

    def projected(self) -> list[int]:
        """This row as `Registration.facts` repeats it: value, grade, since when, expires (0: no end)."""
        expires = 0 if self.expires_at is None else epoch(self.expires_at)
        return [self.value, self.grade, epoch(self.since), expires]


def projection(current: Iterable[Evidence]) -> str:
    """The facts of a registration as its row repeats them: compact JSON with sorted names, from current evidence."""
    facts = {row.fact: row.projected() for row in current}
    return json.dumps(facts, sort_keys=True, separators=(",", ":"))
