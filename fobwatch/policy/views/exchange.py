"""A policy of another organisation comes in as a draft."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest
from fobwatch.policy import actions
from fobwatch.policy.forms.exchange import ImportForm
from fobwatch.policy.models import Version
from fobwatch.policy.rules.form import PolicyErrors, Problem

MOST_SHOWN = 100


@needs(Permission.WRITE_POLICY)
def bring_in(request: MemberRequest) -> HttpResponse:
    """Choose a policy file; what is wrong with it is said by clause, and then nothing is kept."""
    form = ImportForm(request.POST or None, request.FILES or None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.bring_in(
                organisation=request.organisation, content=form.cleaned_data["file"], by=request.actor, now=now()
            )
        except PolicyErrors as wrong:
            problems = wrong.problems
        else:
            messages.success(request, f"The file is version {draft.number} now, as a draft. Read it through.")
            return redirect("policy:draft")
    context = {
        "form": form, "problems": problems[:MOST_SHOWN], "count": len(problems), "back": reverse("policy:overview"),
        "draft": Version.draft_of(request.organisation),
    }  # fmt: skip
    return render(request, "policy/import.jinja", context)
