"""Who confirmed which version of the policy, with a receipt."""

import secrets
from typing import Self

from django.db import models

from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models.version import Version

# Without vowels no receipt spells a word; without I, L, O and S none is misread as a number.
RECEIPT_LETTERS = "BCDFGHJKMNPQRTVWXYZ"


def new_receipt() -> str:
    """Ten random letters that can be read out on the phone: "BCDFG-HJKMN"."""
    letters = "".join(secrets.choice(RECEIPT_LETTERS) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


class Acknowledgement(Tenanted):
    """A member confirmed this very text: bound to its hash, with a receipt.

    Where a version changed nothing material, what was confirmed before counts for it too: `carried_from` is what the
    person really confirmed, and `hash` and `at` are of that text and that moment.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="acknowledgements")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="acknowledgements")
    carried_from = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")
    hash = models.CharField(max_length=64)
    receipt = models.CharField(max_length=16, unique=True, default=new_receipt)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "version"], name="confirmed_once")]

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="with the policy, as proof that it was known, unverified")
        none = "id organisation version carried_from hash receipt at"
        staff = "membership"

    def __str__(self) -> str:
        return f"acknowledgement {self.receipt}"

    @classmethod
    def of(cls, membership: Membership, version: Version) -> "Acknowledgement | None":
        """What this member confirmed of this version; None where they have not."""
        return cls.mine(membership).filter(version=version).first()

    @classmethod
    def mine(cls, membership: Membership) -> "models.QuerySet[Acknowledgement]":
        """Everything that this member confirmed, newest version first."""
        rows = cls._default_manager.filter(membership=membership)
        return rows.select_related("version", "carried_from__version").order_by("-version__number")

    def carry_to(self, version: Version) -> "Self":
        """The row, not kept yet, by which this counts for a later version without a material change."""
        return type(self)(
            organisation_id=self.organisation_id, membership_id=self.membership_id, version=version,
            carried_from_id=self.carried_from_id or self.pk, hash=self.hash, at=self.at,
        )  # fmt: skip
