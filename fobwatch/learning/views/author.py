"""For those who write the policy: the questions of each rule, which of them people get wrong, and their own."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.learning import actions
from fobwatch.learning.forms import QuestionForm
from fobwatch.learning.models import Answer, OwnQuestion, bank
from fobwatch.learning.rules.bank import asked
from fobwatch.learning.rules.figures import BADLY_WRITTEN, FEWEST_PEOPLE, Share, by_clause, share
from fobwatch.people.models import MemberRequest
from fobwatch.policy.models import Version
from fobwatch.policy.rules.reading import Rule, rules


@require_safe
@needs(Permission.WRITE_POLICY)
def questions(request: MemberRequest) -> HttpResponse:
    """Every rule with its questions and how often they are answered wrongly, the worst first (B17)."""
    version = Version.in_force(request.organisation)
    if version is None:
        return render(request, "learning/questions.jinja", {"rows": [], "version": None})
    shares = by_clause(Answer.tallies(request.organisation, now()))
    counts: dict[str, int] = {}
    for one in bank(request.organisation, version):
        counts[one.clause] = counts.get(one.clause, 0) + 1
    rows = [
        (rule, counts.get(rule.clause.id, 0), shares.get(rule.clause.id, Share())) for rule in rules(version.policy)
    ]  # fmt: skip
    rows.sort(key=lambda row: -(row[2].percent or 0))
    context = {"rows": rows, "version": version, "fewest": FEWEST_PEOPLE, "badly": BADLY_WRITTEN}
    return render(request, "learning/questions.jinja", context)


@require_safe
@needs(Permission.WRITE_POLICY)
def clause(request: MemberRequest, clause: str) -> HttpResponse:
    """One rule as staff read it, and each question about it with its figure."""
    version, rule = _rule(request, clause)
    tallies = {one.key: one for one in Answer.tallies(request.organisation, now(), clause=clause)}
    own = {f"own-{one.pk}": one for one in OwnQuestion.asked_in(request.organisation).filter(clause=clause)}
    rows = [
        (asked(one, version.policy, tuple(range(len(one.choices)))), own.get(one.key),
         share([tallies[one.key]] if one.key in tallies else []))
        for one in bank(request.organisation, version) if one.clause == clause
    ]  # fmt: skip
    context = {
        "rule": rule, "rows": rows, "all": share(tallies.values()), "fewest": FEWEST_PEOPLE,
        "back": reverse("learning:questions"),
    }  # fmt: skip
    return render(request, "learning/clause.jinja", context)


@needs(Permission.WRITE_POLICY)
def add(request: MemberRequest, clause: str) -> HttpResponse:
    """Write a question of our own for a rule."""
    version, rule = _rule(request, clause)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_question(
            author=request.member, clause=clause, text=form.cleaned_data["text"], choices=form.choices,
            why=form.cleaned_data["why"], by=request.actor, now=now(),
        )  # fmt: skip
        messages.success(request, "Your question is kept. It may be asked from now on.")
        return redirect("learning:clause", clause)
    context = {"form": form, "rule": rule, "back": reverse("learning:clause", args=[clause]), "version": version}
    return render(request, "learning/add.jinja", context)


@require_POST
@needs(Permission.WRITE_POLICY)
def withdraw(request: MemberRequest, question_id: str) -> HttpResponse:
    """Ask one of our own questions no more."""
    found = get_object_or_404(
        OwnQuestion.within(request.organisation).select_related("organisation"), pk=question_id
    )  # fmt: skip
    actions.withdraw_question(question=found, by=request.actor, now=now())
    messages.success(request, "The question is not asked any more. Answers that were given stay in the figures.")
    return redirect("learning:clause", found.clause)


def _rule(request: MemberRequest, clause: str) -> tuple[Version, Rule]:
    """The version in force and the rule of it with this id; not found where there is none."""
    version = Version.in_force(request.organisation)
    found = next((one for one in rules(version.policy) if one.clause.id == clause), None) if version else None
    if version is None or found is None:
        raise Http404
    return version, found
