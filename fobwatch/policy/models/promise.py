"""What an organisation wants its policy to keep, whatever version is in force: proved again before each one."""

import json

from django.db import models

from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.people.models import Organisation
from fobwatch.policy.rules.proofs import Invariant
from fobwatch.policy.rules.proofs.form import claim_words, from_data, to_data

MOST = 20


class Promise(Tenanted):
    """One claim of an organisation's own, made of choices (`rules.proofs.findings.Invariant`).

    data: the claim as JSON, in one form, so that the same claim is the same text.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    data = models.TextField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "data"], name="promised_once")]

    class Privacy:
        whose = "organisation"
        kept = Kept(because="until its authors take it away; the log keeps that it was there, unverified")
        none = "id organisation data added_at"

    def __str__(self) -> str:
        return f"promise {self.pk}"

    @property
    def claim(self) -> Invariant:
        """The claim as the prover takes it."""
        return from_data(json.loads(self.data))

    @property
    def words(self) -> str:
        """The claim as a sentence."""
        return claim_words(self.claim)

    @classmethod
    def of(cls, organisation: Organisation) -> "models.QuerySet[Promise]":
        """All of an organisation, the oldest first."""
        return cls.within(organisation).order_by("added_at", "pk")

    @classmethod
    def written(cls, claim: Invariant) -> str:
        """A claim as it is kept."""
        return json.dumps(to_data(claim), ensure_ascii=False, sort_keys=True)
