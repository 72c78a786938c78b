"""The inbox of the IG team: questions are taken, answered, and answers published for all (B07)."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.notices import actions
from fobwatch.notices.forms import AnswerForm, EntryForm
from fobwatch.notices.models import Desk, FaqEntry, Question
from fobwatch.notices.rules import questions as rules
from fobwatch.people.models import MemberRequest
from fobwatch.policy.models import Version
from fobwatch.policy.rules.reading import rules as numbered

A_PAGE = 30


@require_safe
@needs(Permission.ANSWER_QUESTIONS)
def inbox(request: MemberRequest) -> HttpResponse:
    """Every question: the longest waiting first."""
    moment, days = now(), Desk.of(request.organisation).answer_days
    page = Paginator(Question.inbox(request.organisation), A_PAGE).get_page(request.GET.get("page"))
    lines = [
        {
            "question": one, "state": rules.STATE_WORDS[one.state], "waited": rules.waited(one.asked_at, moment),
            "late": one.is_open and rules.due(one.asked_at, days) < moment,
        }
        for one in page
    ]  # fmt: skip
    return render(request, "notices/inbox.jinja", {"page": page, "lines": lines, "days": days})


@needs(Permission.ANSWER_QUESTIONS)
def question(request: MemberRequest, question_id: str) -> HttpResponse:
    """One question, with the rule it is about; POST answers it."""
    found = get_object_or_404(Question.inbox(request.organisation), pk=question_id)
    form = AnswerForm(request.POST or None, initial={"text": found.answer})
    if request.method == "POST" and form.is_valid():
        actions.answer(
            question=found, member=request.member, text=form.cleaned_data["text"], by=request.actor, now=now()
        )
        messages.success(request, "Your answer is kept, and the person who asked is told.")
        return redirect("notices:inbox_question", found.pk)
    version = Version.in_force(request.organisation)
    rule = next((one for one in numbered(version.policy) if one.clause.id == found.clause), None) if version else None
    context = {
        "question": found, "form": form, "rule": rule, "state": rules.STATE_WORDS[found.state],
        "waited": rules.waited(found.asked_at, now()), "back": reverse("notices:inbox"),
        "entry": FaqEntry.within(request.organisation).filter(source=found).first(), "me": request.member.pk,
    }  # fmt: skip
    return render(request, "notices/inbox_question.jinja", context)


def _move(request: MemberRequest, question_id: str, do: Callable[..., Question], said: str) -> HttpResponse:
    found = get_object_or_404(Question.inbox(request.organisation), pk=question_id)
    do(question=found, member=request.member, by=request.actor, now=now())
    messages.success(request, said)
    return redirect("notices:inbox_question", found.pk)


@require_POST
@needs(Permission.ANSWER_QUESTIONS)
def take(request: MemberRequest, question_id: str) -> HttpResponse:
    """Look into a question; it stands under my name from now on."""
    return _move(request, question_id, actions.take, "The question is yours to answer.")


@require_POST
@needs(Permission.ANSWER_QUESTIONS)
def give_back(request: MemberRequest, question_id: str) -> HttpResponse:
    """Let somebody else look into it."""
    return _move(request, question_id, actions.give_back, "The question waits for somebody else to take it.")


@needs(Permission.ANSWER_QUESTIONS)
def publish(request: MemberRequest, question_id: str) -> HttpResponse:
    """Let all staff read a question and its answer, in words that name nobody."""
    found = get_object_or_404(Question.inbox(request.organisation), pk=question_id, state="answered")
    form = EntryForm(request.POST or None, initial={"question": found.text, "answer": found.answer})
    if request.method == "POST" and form.is_valid():
        actions.publish_entry(
            question=found, member=request.member, question_text=form.cleaned_data["question"],
            answer_text=form.cleaned_data["answer"], by=request.actor, now=now(),
        )  # fmt: skip
        messages.success(request, "All staff can read this answer now.")
        return redirect("notices:answers")
    back = reverse("notices:inbox_question", args=(found.pk,))
    return render(request, "notices/publish.jinja", {"form": form, "question": found, "back": back})


@require_POST
@needs(Permission.ANSWER_QUESTIONS)
def check(request: MemberRequest, entry_id: str) -> HttpResponse:
    """Say that a published answer is right under the policy in force now."""
    entry = get_object_or_404(FaqEntry.shown(request.organisation), pk=entry_id)
    actions.check_entry(entry=entry, member=request.member, by=request.actor, now=now())
    messages.success(request, "You said that this answer is right under the policy in force.")
    return redirect("notices:answers")


@require_POST
@needs(Permission.ANSWER_QUESTIONS)
def retire(request: MemberRequest, entry_id: str) -> HttpResponse:
    """Take a published answer away from staff."""
    entry = get_object_or_404(FaqEntry.shown(request.organisation), pk=entry_id)
    actions.retire_entry(entry=entry, member=request.member, by=request.actor, now=now())
    messages.success(request, "Staff do not see this answer any more.")
    return redirect("notices:answers")
