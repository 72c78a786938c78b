"""What is done to a policy: it is written, approved, put in force, and confirmed by those who read it."""

from fobwatch.policy.actions.approval import approve, name_owner, send_back, submit, take_back
from fobwatch.policy.actions.clauses import add_clause, decide_update, remove_clause, set_clause
from fobwatch.policy.actions.exchange import bring_in
from fobwatch.policy.actions.publishing import acknowledge, publish, schedule
from fobwatch.policy.actions.review import keep_reviews, remove_review, write_finding
from fobwatch.policy.actions.writing import adopt, discard_draft, set_params, start_draft

__all__ = [
    "acknowledge", "add_clause", "adopt", "approve", "bring_in", "decide_update", "discard_draft", "keep_reviews",
    "name_owner", "publish", "remove_clause", "remove_review", "schedule", "send_back", "set_clause", "set_params",
    "start_draft", "submit", "take_back", "write_finding",
]  # fmt: skip
