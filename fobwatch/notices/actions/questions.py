"""A question: asked, taken by somebody, answered, or taken back. The log holds none of its words."""

import datetime as dt

from django.conf import settings
from django.urls import reverse

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.notices.models import Question
from fobwatch.notices.rules import questions as rules
from fobwatch.notices.rules.letters import answered_words, asked_words
from fobwatch.people.actions import letters
from fobwatch.people.models import Membership
from fobwatch.policy.models import Version


@action("question.asked", about="result", details=("clause",))
def ask(*, member: Membership, text: str, clause: str = "", by: Actor, now: dt.datetime) -> Question:
    """Put a question to the IG team, and tell them by e-mail that one waits (B07)."""
    rules.text_verdict(text).or_refuse()
    place = member.organisation
    open_already = Question.mine(member).filter(state__in=rules.OPEN).count()
    rules.may_ask(open_already).or_refuse()
    version = Version.in_force(place)
    known = {one.id for one in version.policy.clauses} if version else set()
    question = Question.objects.create(
        organisation=place, asked_by=member, text=text.strip(), clause=clause if clause in known else "", asked_at=now
    )
    if place.ig_email:
        words = asked_words(organisation=place.name, address=_address("notices:inbox_question", question))
        letters.queue(organisation=place, to=place.ig_email, words=words, by=by, now=now)
    return question


@action("question.taken", about="question")
def take(*, question: Question, member: Membership, by: Actor, now: dt.datetime) -> Question:
    """Look into a question: it has an owner from now on, who may also take it over from somebody else."""
    locked = _step(question, member, "take")
    locked.state, locked.owner = "taken", member
    locked.save(update_fields=["state", "owner"])
    return locked


@action("question.given_back", about="question")
def give_back(*, question: Question, member: Membership, by: Actor, now: dt.datetime) -> Question:
    """Let somebody else of the team look into it."""
    locked = _step(question, member, "give_back")
    locked.state, locked.owner = "waiting", None
    locked.save(update_fields=["state", "owner"])
    return locked


@action("question.answered", about="question")
def answer(*, question: Question, member: Membership, text: str, by: Actor, now: dt.datetime) -> Question:
    """Answer a question, or put an answer right, and tell the asker by e-mail that it is there."""
    if not text.strip():
        raise refuse("There is no answer yet.", "Write it, then send it.")
    rules.answer_verdict(text).or_refuse()
    locked = _step(question, member, "answer")
    locked.state, locked.owner, locked.answered_by = "answered", locked.owner or member, member
    locked.answer, locked.answered_at, locked.version = text.strip(), now, Version.in_force(member.organisation)
    locked.save(update_fields=["state", "owner", "answered_by", "answer", "answered_at", "version"])
    place = member.organisation
    words = answered_words(
        organisation=place.name, address=_address("notices:question", locked), help_line=place.help_line
    )
    letters.queue(organisation=place, to=locked.asked_by.person.email, words=words, by=by, now=now)
    return locked


@action("question.withdrawn", about="question")
def withdraw(*, question: Question, member: Membership, by: Actor, now: dt.datetime) -> Question:
    """Take a question of one's own back before it is answered."""
    if question.asked_by_id != member.pk:
        raise refuse("This is not your question.", "Only the person who asked can take it back.")
    locked = _locked(question)
    rules.may("withdraw", locked.state).or_refuse()
    locked.state, locked.owner = "withdrawn", None
    locked.save(update_fields=["state", "owner"])
    return locked


def _step(question: Question, member: Membership, step: str) -> Question:
    """The question under a lock, where this member may take this step with it now."""
    rules.of_the_team(member.permissions).or_refuse()
    locked = _locked(question)
    if locked.organisation_id != member.organisation_id:
        raise refuse("This question belongs to another organisation.", "Open your own inbox.")
    rules.may(step, locked.state).or_refuse()
    return locked


def _locked(question: Question) -> Question:
    return Question.objects.select_for_update(no_key=True).get(pk=question.pk)


def _address(name: str, question: Question) -> str:
    return f"{settings.ORIGIN}{reverse(name, args=(question.pk,))}"
