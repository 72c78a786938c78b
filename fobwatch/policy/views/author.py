"""The policy as its authors set and publish it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import MemberRequest
from fobwatch.policy import actions
from fobwatch.policy.forms import ParamsForm
from fobwatch.policy.models import Step, Version, shipped, template
from fobwatch.policy.rules import checklist, reading, updates
from fobwatch.policy.rules.clause import with_params
from fobwatch.policy.rules.margin import margin
from fobwatch.policy.rules.proofs import contradictions

NO_DRAFT = "There is no draft now. Start one when you want to change something."


@require_safe
@needs(Permission.WRITE_POLICY)
def overview(request: MemberRequest) -> HttpResponse:
    """What is in force, who has confirmed it, the draft, and every version before."""
    version, draft = Version.in_force(request.organisation), Version.draft_of(request.organisation)
    context = {
        "version": version,
        "approval": Step.approval(version) if version else None,
        "counts": version.confirmations(now().date()) if version else None,
        "draft": draft,
        "steps": Step.of(draft) if draft else (),
        "may_approve": _may_approve(request, draft) if draft else False,
        "history": Version.history(request.organisation),
    }
    return render(request, "policy/overview.jinja", context)


def _may_approve(request: MemberRequest, draft: Version) -> bool:
    if Permission.APPROVE_POLICY not in request.permissions:
        return False
    return not Step.wrote(draft, request.member) or Step.alone_here(request.member, now().date())


@needs(Permission.WRITE_POLICY)
def adopt(request: MemberRequest) -> HttpResponse:
    """Begin from the national template."""
    if request.method == "POST":
        actions.adopt(organisation=request.organisation, by=request.actor, now=now())
        return redirect("policy:params")
    context = {"template": template(), "sections": reading.sections(template()), "back": reverse("policy:overview")}
    return render(request, "policy/adopt.jinja", context)


@needs(Permission.WRITE_POLICY)
def draft(request: MemberRequest) -> HttpResponse:
    """The draft as staff would read it, what enforces each rule, and what is missing; a POST starts one."""
    if request.method == "POST":
        actions.start_draft(organisation=request.organisation, by=request.actor, now=now())
        return redirect("policy:params")
    found = Version.draft_of(request.organisation)
    if found is None:
        return none_now(request)
    policy = found.policy
    context = {
        "draft": found,
        "steps": Step.of(found),
        "sections": reading.sections(policy),
        "enforcement": {one.id: reading.enforcement(policy, one) for one in policy.clauses},
        "margin": margin(policy),
        "news": len(updates.pending(policy, template(), shipped)),
        "wrong": contradictions(policy) if "look" in request.GET else None,
        "items": checklist.items(policy),
        "guidance": checklist.guidance(policy),
        "back": reverse("policy:overview"),
    }
    return render(request, "policy/draft.jinja", context)


@needs(Permission.WRITE_POLICY)
def params(request: MemberRequest) -> HttpResponse:
    """Set the details of the draft."""
    found = Version.draft_of(request.organisation)
    if found is None:
        return none_now(request)
    if found.state != "draft":
        return redirect("policy:draft")
    form = ParamsForm(request.POST or None, policy=found.policy)
    shown = request.POST.get("shown", found.hash)
    theirs: tuple[reading.Change, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_params(draft=found, values=form.cleaned_data, shown=shown, by=request.actor, now=now())
        except Refused as refused:
            # What was typed stays on the page; saved again, it replaces what stands there now.
            form.add_error(None, f"{refused.verdict.reason} Look at what differs, then save again.")
            current = Version.draft_of(request.organisation) or found
            mine = with_params(current.policy, form.cleaned_data)
            shown, theirs = current.hash, reading.param_changes(mine, current.policy)
        else:
            messages.success(request, "The draft is saved. Nothing changes for staff until you publish it.")
            return redirect("policy:draft")
    context = {"form": form, "choices": form.choices, "shown": shown, "theirs": theirs, "back": reverse("policy:draft")}
    return render(request, "policy/params.jinja", context)


@require_POST
@needs(Permission.WRITE_POLICY)
def discard(request: MemberRequest) -> HttpResponse:
    """Throw the draft away."""
    found = Version.draft_of(request.organisation)
    if found is None:
        return none_now(request)
    actions.discard_draft(draft=found, shown=request.POST.get("shown", ""), by=request.actor, now=now())
    messages.success(request, "The draft is discarded. What was in force stays in force.")
    return redirect("policy:overview")


def none_now(request: MemberRequest) -> HttpResponse:
    """Back to the overview, which says how to start a draft."""
    messages.info(request, NO_DRAFT)
    return redirect("policy:overview")
