"""The policy of an organisation: its versions, the steps that each took, and who confirmed which."""

from fobwatch.policy.models.acknowledgement import RECEIPT_LETTERS, Acknowledgement, new_receipt
from fobwatch.policy.models.locks import acting, hold, hold_version
from fobwatch.policy.models.promise import Promise
from fobwatch.policy.models.review import ReviewedDocument
from fobwatch.policy.models.step import Step
from fobwatch.policy.models.version import Confirmed, Version, months_after, shipped, template

__all__ = [
    "RECEIPT_LETTERS", "Acknowledgement", "Confirmed", "Promise", "ReviewedDocument", "Step", "Version", "acting",
    "hold", "hold_version", "months_after", "new_receipt", "shipped", "template",
]  # fmt: skip
