"""The policy as its authors set and publish it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest
from fobwatch.policy import actions
from fobwatch.policy.forms import ParamsForm, PublishForm
from fobwatch.policy.models import Version, template
from fobwatch.policy.rules import checklist, reading

NO_DRAFT = "There is no draft now. Start one when you want to change something."


@require_safe
@needs(Permission.WRITE_POLICY)
def overview(request: MemberRequest) -> HttpResponse:
    """What is in force, who has confirmed it, the draft, and every version before."""
    version = Version.in_force(request.organisation)
    context = {
        "version": version,
        "counts": version.confirmations(now().date()) if version else None,
        "draft": Version.draft_of(request.organisation),
        "history": Version.history(request.organisation),
    }
    return render(request, "policy/overview.jinja", context)


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
        return _none(request)
    policy = found.policy
    context = {
        "draft": found,
        "sections": reading.sections(policy),
        "enforcement": {one.id: reading.enforcement(policy, one) for one in policy.clauses},
        "readability": reading.readability(policy),
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
        return _none(request)
    form = ParamsForm(request.POST or None, policy=found.policy)
    if request.method == "POST" and form.is_valid():
        actions.set_params(
            draft=found,
            values=form.cleaned_data,
            shown=request.POST.get("shown", ""),
            by=request.actor,
            now=now(),
        )
        messages.success(request, "The draft is saved. Nothing changes for staff until you publish it.")
        return redirect("policy:draft")
    shown = request.POST.get("shown", found.hash)
    context = {"form": form, "choices": form.choices, "shown": shown, "back": reverse("policy:draft")}
    return render(request, "policy/params.jinja", context)


@needs(Permission.PUBLISH_POLICY)
def publish(request: MemberRequest) -> HttpResponse:
    """What the draft changes, in words; then put it in force."""
    found, current = Version.draft_of(request.organisation), Version.in_force(request.organisation)
    if found is None:
        # A second press of the button: it is done, and the page says so.
        twice = current is not None and request.method == "POST" and current.hash == request.POST.get("shown")
        return redirect("policy:overview") if twice else _none(request)
    form = PublishForm(request.POST or None, first=current is None)
    if request.method == "POST" and form.is_valid():
        actions.publish(
            draft=found,
            shown=form.cleaned_data["shown"],
            change_note=form.cleaned_data.get("change_note", ""),
            material=form.cleaned_data.get("material", "yes") == "yes",
            by=request.actor,
            now=now(),
        )
        messages.success(request, f"Version {found.number} is in force from now on.")
        return redirect("policy:overview")
    context = {
        "form": form,
        "draft": found,
        "current": current,
        "changes": reading.changes(current.policy, found.policy) if current else (),
        "shown": request.POST.get("shown", found.hash),
        "back": reverse("policy:draft"),
    }
    return render(request, "policy/publish.jinja", context)


@require_POST
@needs(Permission.WRITE_POLICY)
def discard(request: MemberRequest) -> HttpResponse:
    """Throw the draft away."""
    found = Version.draft_of(request.organisation)
    if found is None:
        return _none(request)
    actions.discard_draft(draft=found, shown=request.POST.get("shown", ""), by=request.actor, now=now())
    messages.success(request, "The draft is discarded. What was in force stays in force.")
    return redirect("policy:overview")


def _none(request: MemberRequest) -> HttpResponse:
    messages.info(request, NO_DRAFT)
    return redirect("policy:overview")
