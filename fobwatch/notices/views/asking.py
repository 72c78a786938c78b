"""May I …? The policy is searched, published answers are shown, and what is left goes to the IG team (B02, B07)."""

import functools
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.notices import actions
from fobwatch.notices.forms import QuestionForm, SearchForm
from fobwatch.notices.models import Desk, FaqEntry, Question
from fobwatch.notices.rules import finding
from fobwatch.notices.rules import questions as rules
from fobwatch.people.models import MemberRequest
from fobwatch.policy.models import Version
from fobwatch.policy.rules import search
from fobwatch.policy.rules.possible import Reader

ANSWER_WEIGHTS = (3.0, 1.0)


@functools.lru_cache(maxsize=16)
def _index(version_id: str, policy_hash: str) -> search.Index:
    """The index of a version, made once for each process; a published text never changes."""
    return search.index_of(Version._default_manager.get(pk=version_id, hash=policy_hash).policy)


@needs(Permission.READ_POLICY)
def ask(request: MemberRequest) -> HttpResponse:
    """Search the policy. By POST, so that what somebody types never stands in an address or a log."""
    form = SearchForm(request.POST or None)
    version = Version.in_force(request.organisation)
    context: dict[str, Any] = {
        "form": form, "version": version, "mine": Question.mine(request.member)[:5], "found": None,
        "count": FaqEntry.shown(request.organisation).count(),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid() and version:
        entries = {one.pk: one for one in FaqEntry.shown(request.organisation)}
        texts = [
            search.Text(key, tuple(zip((one.question, one.answer), ANSWER_WEIGHTS, strict=True)))
            for key, one in entries.items()
        ]
        reader = Reader(request.member.staff_group, "", request.member.role, request.member.team)
        query = form.cleaned_data["query"]
        found = finding.find(version.policy, _index(version.pk, version.hash), texts, query, reader)
        context |= {
            "found": found, "query": query, "question": QuestionForm(initial={"text": query}),
            "answers": [(entries[key], entries[key].doubtful(version)) for key in found.answers],
            "kinds": [(one, finding.verbs(one)) for one in found.kinds],
        }  # fmt: skip
    return render(request, "notices/ask.jinja", context)


@needs(Permission.READ_POLICY)
def new(request: MemberRequest) -> HttpResponse:
    """Put a question to the IG team; on the page the sentence that says when they mean to answer."""
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        question = actions.ask(
            member=request.member, text=form.cleaned_data["text"], clause=request.POST.get("clause", ""),
            by=request.actor, now=now(),
        )  # fmt: skip
        messages.success(request, "Your question is with the IG team. We e-mail you when the answer is there.")
        return redirect("notices:question", question.pk)
    context = {
        "form": form, "clause": (request.POST or request.GET).get("clause", "")[:80],
        "days": Desk.of(request.organisation).answer_days, "back": reverse("notices:ask"),
    }  # fmt: skip
    return render(request, "notices/new.jinja", context)


@require_safe
@needs(Permission.READ_POLICY)
def question(request: MemberRequest, question_id: str) -> HttpResponse:
    """A question of mine, and its answer."""
    found = get_object_or_404(Question.mine(request.member).select_related("version"), pk=question_id)
    context = {
        "question": found, "states": rules.STATE_WORDS, "back": reverse("notices:ask"),
        "due": rules.due(found.asked_at, Desk.of(request.organisation).answer_days),
    }  # fmt: skip
    return render(request, "notices/question.jinja", context)


@require_POST
@needs(Permission.READ_POLICY)
def withdraw(request: MemberRequest, question_id: str) -> HttpResponse:
    """Take my question back."""
    found = get_object_or_404(Question.mine(request.member), pk=question_id)
    actions.withdraw(question=found, member=request.member, by=request.actor, now=now())
    messages.success(request, "You took your question back.")
    return redirect("notices:ask")


@require_safe
@needs(Permission.READ_POLICY)
def answers(request: MemberRequest) -> HttpResponse:
    """Every published answer of the organisation."""
    current = Version.in_force(request.organisation)
    entries = [(one, one.doubtful(current)) for one in FaqEntry.shown(request.organisation)]
    context = {
        "entries": entries, "current": current, "back": reverse("notices:ask"),
        "keeper": Permission.ANSWER_QUESTIONS in request.permissions,
    }  # fmt: skip
    return render(request, "notices/answers.jinja", context)
