"""Training of the demo: nobody took it, and it looks as if they had."""

import datetime as dt
from collections.abc import Collection

from django.conf import settings

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.learning.actions.attempts import _drawn, _given, mark
from fobwatch.learning.models import Answer, Attempt
from fobwatch.learning.rules.bank import Module
from fobwatch.people.models import Membership
from fobwatch.policy.models import Version


@action("demo.training_made", about="result")
def make_demo_attempt(
    *, membership: Membership, version: Version, module: Module, seed: int, hard: Collection[str], by: Actor,
    now: dt.datetime,
) -> Attempt:  # fmt: skip
    """Make a training of the demo.

    hard: the clauses whose questions are answered wrongly. Raises Refused outside the demo.
    """
    if not settings.FOBWATCH_DEMO:
        raise refuse("This exists in the demo only.", "Take the training instead.")
    made = _drawn(membership, module, version, seed, now)
    rows = []
    for place, one in enumerate(made.questions, 1):
        chosen = (one.right + 1) % len(one.choices) if one.clause in hard else one.right
        rows.append(_given(made, place, chosen, now))
    Answer._default_manager.bulk_create(rows)
    return mark(attempt=made, by=by, now=now)
