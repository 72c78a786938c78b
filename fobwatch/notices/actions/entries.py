"""Answers that all staff may read: published, checked against a new policy, retired."""

import datetime as dt

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.notices.models import FaqEntry, Question
from fobwatch.notices.rules import questions as rules
from fobwatch.people.models import Membership
from fobwatch.policy.models import Version


@action("answer.published", about="result", details=("question",))
def publish_entry(
    *, question: Question, member: Membership, question_text: str, answer_text: str, by: Actor, now: dt.datetime
) -> FaqEntry:
    """Let all staff read a question and its answer, in words that name nobody; who asked is left out."""
    rules.of_the_team(member.permissions).or_refuse()
    if question.organisation_id != member.organisation_id:
        raise refuse("This question belongs to another organisation.", "Open your own inbox.")
    locked = Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    if locked.state != "answered":
        raise refuse("This question has no answer yet.", "Answer it first.")
    for text in (question_text, answer_text):
        if not text.strip():
            raise refuse("Both the question and the answer are needed.", "Write what is missing.")
        rules.answer_verdict(text).or_refuse()
    if FaqEntry.objects.filter(source=locked).exists():
        raise refuse("This answer is published already.", "Retire it first if it is wrong.")
    return FaqEntry.objects.create(
        organisation=member.organisation, question=question_text.strip(), answer=answer_text.strip(),
        clause=locked.clause, source=locked, version=Version.in_force(member.organisation), published_by=member,
        published_at=now, checked_at=now,
    )  # fmt: skip


@action("answer.checked", about="entry")
def check_entry(*, entry: FaqEntry, member: Membership, by: Actor, now: dt.datetime) -> FaqEntry:
    """Say that a published answer is still right under the policy that is in force now."""
    rules.of_the_team(member.permissions).or_refuse()
    entry.version, entry.checked_at = Version.in_force(member.organisation), now
    entry.save(update_fields=["version", "checked_at"])
    return entry


@action("answer.retired", about="entry")
def retire_entry(*, entry: FaqEntry, member: Membership, by: Actor, now: dt.datetime) -> FaqEntry:
    """Take a published answer away from staff; who asked keeps theirs, and it can be published anew."""
    rules.of_the_team(member.permissions).or_refuse()
    entry.retired_at, entry.source = now, None
    entry.save(update_fields=["retired_at", "source"])
    return entry
