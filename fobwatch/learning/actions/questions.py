"""The organisation's own questions."""

import datetime as dt
from collections.abc import Sequence

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.learning.models import OwnQuestion
from fobwatch.learning.rules.bank import Question, problem
from fobwatch.people.models import Membership
from fobwatch.policy.models import Version


@action("learning.question_added", about="result", details=("clause", "text", "choices", "why"))
def add_question(
    *, author: Membership, clause: str, text: str, choices: Sequence[str], why: str, by: Actor, now: dt.datetime
) -> OwnQuestion:
    """Add a question of the organisation's own to a clause of its policy; it may be asked from now on (B17).

    choices: the right one first. Raises Refused for a clause or a parameter that the version in force does not have,
    and for a question that is too long or has two choices alike.
    """
    version = Version.in_force(author.organisation)
    policy = version.policy if version else None
    if policy is None or clause not in {one.id for one in policy.clauses}:
        raise refuse("The policy in force has no such rule.", "Open the list of questions and choose a rule there.")
    made = Question("own", clause, text.strip(), tuple(one.strip() for one in choices), why.strip())
    if wrong := problem(made):
        raise refuse(wrong, "Change the question and send it again.")
    if unknown := sorted(made.names() - set(policy.values)):
        raise refuse(
            f"“{{{unknown[0]}}}” is not a detail of your policy.",
            "Write the words themselves, or the name of a detail that stands in the rule.",
        )
    return OwnQuestion._default_manager.create(
        organisation=author.organisation, clause=clause, text=made.text, choices=list(made.choices), why=made.why,
        written_by=author, written_at=now,
    )  # fmt: skip


@action("learning.question_withdrawn", about="question")
def withdraw_question(*, question: OwnQuestion, by: Actor, now: dt.datetime) -> OwnQuestion:
    """Ask a question of the organisation's own no more. Answers that were given to it stay."""
    OwnQuestion.within(question.organisation).filter(pk=question.pk, withdrawn_at__isnull=True).update(withdrawn_at=now)
    question.refresh_from_db(fields=["withdrawn_at"])
    return question
