"""My training: what there is, one question at a time, and how it went. All of it works without JavaScript."""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.learning import actions
from fobwatch.learning.forms import AnswerForm
from fobwatch.learning.models import Attempt, Understanding, bank, shipped_modules
from fobwatch.learning.rules.bank import START, Module, minutes, offered
from fobwatch.learning.rules.marking import Terms, again_at, due, may_start, needed, terms
from fobwatch.people.models import MemberRequest
from fobwatch.policy.models import Version
from fobwatch.policy.rules.reading import rules


@dataclass(frozen=True, slots=True)
class Card:
    """One module as its member sees it. state: open, wait, passed, again (counts, but not for long), lapsed or new.

    until: the epoch second to which it counts or counted. again: when the next try may begin. answered: how many of
    the open attempt.
    """

    module: Module
    minutes: int
    state: str
    needed: bool
    until: int = 0
    again: dt.datetime | None = None
    answered: int = 0
    asked: int = 0


@require_safe
@needs(Permission.READ_POLICY)
def mine(request: MemberRequest) -> HttpResponse:
    """The modules for me, what I have passed, and until when it counts (B17)."""
    version, moment = Version.in_force(request.organisation), now()
    context = {"cards": _cards(request, version, moment) if version else [], "version": version}
    return render(request, "learning/mine.jinja", context)


@require_POST
@needs(Permission.READ_POLICY)
def begin(request: MemberRequest, module: str) -> HttpResponse:
    """Begin a module, or carry on where I stopped."""
    found = _modules(request).get(module)
    if found is None:
        raise Http404
    attempt = actions.start(membership=request.member, module=found, by=request.actor, now=now())
    return redirect("learning:question", attempt.pk, attempt.next_place())


@needs(Permission.READ_POLICY)
def question(request: MemberRequest, attempt_id: str, place: int) -> HttpResponse:
    """One question; once it is answered, what is right and why. Back and a second press change no answer."""
    attempt = get_object_or_404(Attempt.mine(request.member), pk=attempt_id)
    given, asked = attempt.given(), attempt.questions
    if not 1 <= place <= len(asked):
        raise Http404
    here = redirect("learning:question", attempt.pk, place)
    if place not in given and attempt.state != "open":
        return redirect("learning:mine")
    if place not in given and place != attempt.next_place():
        return redirect("learning:question", attempt.pk, attempt.next_place())
    context = {"attempt": attempt, "one": asked[place - 1], "place": place, "of": len(asked),
               "title": shipped_modules()[attempt.module].title}  # fmt: skip
    if place in given:
        return here if request.method == "POST" else _answered(request, attempt, place, given[place], context)
    form = AnswerForm(request.POST or None, asked=asked[place - 1])
    if request.method == "POST" and form.is_valid():
        actions.answer(
            attempt=attempt, place=place, chosen=form.cleaned_data["choice"], by=request.actor, now=now()
        )  # fmt: skip
        return here
    return render(request, "learning/question.jinja", {**context, "form": form, "back": reverse("learning:mine")})


@require_safe
@needs(Permission.READ_POLICY)
def result(request: MemberRequest, attempt_id: str) -> HttpResponse:
    """How an attempt went, what to look at again, and what is next."""
    attempt = get_object_or_404(Attempt.mine(request.member), pk=attempt_id)
    if attempt.state == "open":
        return redirect("learning:question", attempt.pk, attempt.next_place())
    said, given = terms(attempt.version.policy.values), attempt.given()
    missed = [
        (one, *_rule(attempt, one.clause))
        for place, one in enumerate(attempt.questions, 1)
        if given.get(place) != one.right
    ]
    context = {
        "attempt": attempt, "missed": missed, "of": len(attempt.asked), "right": len(attempt.asked) - len(missed),
        "needed": needed(said, len(attempt.asked)), "until": Understanding.until(request.member, attempt.module),
        "again": again_at(said, attempt.ended_at) if attempt.ended_at else None,
        "title": shipped_modules()[attempt.module].title, "core": attempt.module == START,
        "back": reverse("learning:mine"),
    }  # fmt: skip
    return render(request, "learning/result.jinja", context)


def _answered(
    request: MemberRequest, attempt: Attempt, place: int, chosen: int, context: dict[str, object]
) -> HttpResponse:
    asked = attempt.questions[place - 1]
    last = place == len(attempt.questions)
    onwards = (
        reverse("learning:result", args=[attempt.pk])
        if last
        else reverse("learning:question", args=[attempt.pk, place + 1])
    )
    title, text, number = _rule(attempt, asked.clause)
    more = {
        "chosen": chosen, "was_right": chosen == asked.right, "onwards": onwards, "last": last, "rule_title": title,
        "rule": text, "number": number, "back": "",
    }  # fmt: skip
    return render(request, "learning/answered.jinja", {**context, **more})


def _rule(attempt: Attempt, clause: str) -> tuple[str, str, int]:
    """The title, the sentences and the number of a clause in the version that the attempt was begun under."""
    found = next(one for one in rules(attempt.version.policy) if one.clause.id == clause)
    return found.clause.title, found.text, found.number


def _modules(request: MemberRequest) -> dict[str, Module]:
    """The modules that are for this member under the version in force."""
    version = Version.in_force(request.organisation)
    if version is None:
        return {}
    manages = Permission.SEE_TEAM in request.permissions
    found = offered(
        shipped_modules(), version.policy, staff_group=request.member.staff_group, manages=manages
    )  # fmt: skip
    return {one.key: one for one in found}


def _cards(request: MemberRequest, version: Version, moment: dt.datetime) -> list[Card]:
    said, questions = terms(version.policy.values), bank(request.organisation, version)
    untils = Understanding.untils(request.member)
    begun = {one.module: one for one in Attempt.mine(request.member).filter(state="open", version=version)}
    found = []
    for module in _modules(request).values():
        mine = [one for one in questions if module.key in one.modules]
        if mine:
            found.append(_card(request, module, minutes(module, mine, version.policy), said, untils, begun, moment))
    return found


def _card(
    request: MemberRequest, module: Module, about: int, said: Terms, untils: dict[str, int],
    begun: dict[str, Attempt], moment: dt.datetime,
) -> Card:  # fmt: skip
    until, attempt = untils.get(module.key, 0), begun.get(module.key)
    core = module.key == START
    if attempt is not None:
        return Card(module, about, "open", core, until, answered=len(attempt.given()), asked=len(attempt.asked))
    failed = Attempt.failed_at(request.member, module.key)
    if failed is not None and not may_start(said, failed_at=failed, now=moment):
        return Card(module, about, "wait", core, until, again_at(said, failed))
    if not until:
        return Card(module, about, "new", core)
    if until <= moment.timestamp():
        return Card(module, about, "lapsed", core, until)
    return Card(module, about, "again" if due(until, moment) else "passed", core, until)
