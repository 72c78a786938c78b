"""Taking a module: begin or carry on, answer one question at a time, and be marked with the last."""

import datetime as dt
import secrets
from dataclasses import asdict

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import epoch
from fobwatch.kernel.verdict import refuse
from fobwatch.learning.models import Answer, Attempt, Understanding
from fobwatch.learning.models.questions import bank_for
from fobwatch.learning.rules.bank import Module
from fobwatch.learning.rules.draw import draw
from fobwatch.learning.rules.marking import MOVES, may_start, outcome, terms, until
from fobwatch.people.models import Membership
from fobwatch.policy.models import Version


@action("learning.started", about="result", details=("module",))
def start(*, membership: Membership, module: Module, by: Actor, now: dt.datetime) -> Attempt:
    """Begin a training, or carry on with the one that was begun (B17).

    One that was begun under another version of the policy is replaced, so that nobody learns what no longer holds.
    Raises Refused without a policy, without a question to ask, and too soon after an attempt that was not passed.
    """
    # One row at a time: of two presses of the button, the second finds the attempt of the first.
    Membership._default_manager.select_for_update(no_key=True).get(pk=membership.pk)
    version = Version.in_force(membership.organisation)
    if version is None:
        raise refuse("There is no policy in force here yet.", "The training begins when there is one.")
    begun = Attempt.mine(membership).filter(module=module.key, state="open").first()
    if begun is not None and begun.version_id == version.pk:
        return begun
    if begun is not None:
        _move(begun, "overtaken", now)
    may_start(terms(version.policy.values), failed_at=Attempt.failed_at(membership, module.key), now=now).or_refuse()
    return _drawn(membership, module, version, secrets.randbits(62), now)


@action("learning.answered", about="attempt")
def answer(*, attempt: Attempt, place: int, chosen: int, by: Actor, now: dt.datetime) -> Answer:
    """Answer one question; the last answer marks the attempt.

    place: the question, from 1. chosen: the choice on the screen, from 0. A second answer to the same question gives
    the first one back. Raises Refused where the question or the choice is not there, or earlier ones are not answered.
    """
    fresh = Attempt._default_manager.select_for_update(no_key=True).select_related("version").get(pk=attempt.pk)
    first = Answer.within(fresh.organisation).filter(attempt=fresh, place=place).first()
    if first is not None:
        return first
    if fresh.state != "open":
        raise refuse("This training has ended.", "Open “Training” to see where you stand.")
    if place != fresh.next_place() or not 0 <= chosen < len(fresh.questions[place - 1].choices):
        raise refuse("That is not the question that comes next.", "Open “Training” and carry on from there.")
    given = _given(fresh, place, chosen, now)
    given.save()
    if place == len(fresh.asked):
        mark(attempt=fresh, by=by, now=now)
    return given


def _drawn(membership: Membership, module: Module, version: Version, seed: int, now: dt.datetime) -> Attempt:
    """A new attempt with its questions. Raises Refused where there is nothing to ask."""
    found = draw(
        module, bank_for(membership, module, version), version.policy,
        before=Attempt.keys_before(membership, module.key), seed=seed,
    )  # fmt: skip
    if not found:
        raise refuse("There are no questions for this training yet.", "Ask the information governance team.")
    made = Attempt(
        organisation=membership.organisation, membership=membership, module=module.key, version=version, seed=seed,
        asked=[{**asdict(one), "choices": list(one.choices)} for one in found], started_at=now,
    )  # fmt: skip
    made.save()
    return made


def _given(attempt: Attempt, place: int, chosen: int, now: dt.datetime) -> Answer:
    """The row of an answer, not kept yet."""
    asked = attempt.questions[place - 1]
    return Answer(
        organisation_id=attempt.organisation_id, attempt=attempt, place=place, question=asked.key, clause=asked.clause,
        chosen=chosen, right=chosen == asked.right, at=now,
    )  # fmt: skip


@action("learning.marked", about="attempt")
def mark(*, attempt: Attempt, by: Actor, now: dt.datetime) -> Attempt:
    """Mark a training by the terms of its version of the policy. The log does not say whether it was passed."""
    said = terms(attempt.version.policy.values)
    right = attempt.answers.filter(right=True).count()
    _move(attempt, outcome(said, right=right, asked=len(attempt.asked)), now)
    if attempt.state == "passed":
        Understanding._default_manager.create(
            organisation_id=attempt.organisation_id, membership_id=attempt.membership_id, module=attempt.module,
            version_id=attempt.version_id, at=now, until_epoch=epoch(until(said, now)),
        )  # fmt: skip
    return attempt


def _move(attempt: Attempt, state: str, now: dt.datetime) -> None:
    if state not in MOVES[attempt.state]:
        raise ValueError(f"An attempt does not go from {attempt.state} to {state}.")
    attempt.state, attempt.ended_at = state, now
    attempt.save(update_fields=["state", "ended_at"])
