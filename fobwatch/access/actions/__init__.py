"""Decisions are kept, emergencies begin, end and are reviewed, and sessions get their limits."""

from fobwatch.access.actions.decisions import keep_decision, stamp_limits
from fobwatch.access.actions.emergencies import end_emergency, review_emergency, start_emergency

__all__ = ["end_emergency", "keep_decision", "review_emergency", "stamp_limits", "start_emergency"]
