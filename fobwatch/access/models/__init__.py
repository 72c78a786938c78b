"""Decisions that were worth keeping, emergency access, and what a decision is made of."""

from fobwatch.access.models.kept import Decision, Emergency, reasons_of, worth_keeping
from fobwatch.access.models.outcome import Outcome, decide_for, registration_here, sheet_of
from fobwatch.access.models.policies import compiled_policy, statuses_under, trial_policy
from fobwatch.access.models.register import Filters, Line, Slice, count, listed, pages, register_outcome
from fobwatch.access.models.whatif import Snapshot, snapshot

__all__ = [
    "Decision", "Emergency", "Filters", "Line", "Outcome", "Slice", "Snapshot", "compiled_policy", "count",
    "decide_for", "listed", "pages", "reasons_of", "register_outcome", "registration_here", "sheet_of", "snapshot",
    "statuses_under", "trial_policy", "worth_keeping",
]  # fmt: skip
