"""A version goes to the approver, and comes back or is approved; its owner is named."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest, Membership
from fobwatch.policy import actions
from fobwatch.policy.forms import ApproveForm, OwnerForm, SendBackForm, SubmitForm
from fobwatch.policy.models import Step, Version
from fobwatch.policy.rules import reading
from fobwatch.policy.rules.difference import difference
from fobwatch.policy.views.author import none_now

NOTHING = "No version of the policy is waiting for approval."


@needs(Permission.WRITE_POLICY)
def submit(request: MemberRequest) -> HttpResponse:
    """Send the draft for approval; its text stays as it is from then on."""
    found = Version.draft_of(request.organisation)
    if found is None:
        return none_now(request)
    form = SubmitForm(request.POST or None, initial={"shown": found.hash})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.submit(draft=found, shown=given["shown"], note=given["note"], by=request.actor, now=now())
        messages.success(request, "It is waiting for approval. You can take it back at any time.")
        return redirect("policy:overview")
    if found.state != "draft":
        return redirect("policy:overview")
    current, moment = Version.in_force(request.organisation), now()
    others = Membership.holders(request.organisation, Permission.APPROVE_POLICY, day=moment.date())
    context = {
        "form": form,
        "draft": found,
        "current": current,
        "changes": reading.changes(current.policy, found.policy) if current else (),
        "approvers": others.exclude(pk=request.member.pk).select_related("person").order_by("person__name"),
        "alone": Step.alone_here(request.member, moment.date()),
        "back": reverse("policy:draft"),
    }
    return render(request, "policy/submit.jinja", context)


@require_POST
@needs(Permission.WRITE_POLICY)
def take_back(request: MemberRequest) -> HttpResponse:
    """Take a version back to change it; an approval is gone with it."""
    found = Version.draft_of(request.organisation)
    if found is None:
        return none_now(request)
    actions.take_back(draft=found, by=request.actor, now=now())
    messages.success(request, "It is a draft again. Once you have changed it, send it for approval again.")
    return redirect("policy:draft")


@needs(Permission.APPROVE_POLICY)
def approval(request: MemberRequest) -> HttpResponse:
    """Read a version that is in review, then approve it or send it back."""
    found = Version.draft_of(request.organisation)
    if found is None or found.state != "review":
        messages.info(request, NOTHING)
        return redirect("policy:read")
    wrote = Step.wrote(found, request.member)
    alone = wrote and Step.alone_here(request.member, now().date())
    back = request.POST.get("answer") == "send_back"
    sent = request.POST if request.method == "POST" else None
    start = {"shown": found.hash}
    approve = ApproveForm(None if back else sent, alone=alone, initial=start, prefix="approve")
    send = SendBackForm(sent if back else None, initial=start, prefix="back")
    if sent is not None and (send if back else approve).is_valid():
        return _answered(request, found, send if back else approve, back=back)
    current = Version.in_force(request.organisation)
    context = {
        "form": send if back else approve, "approve": approve, "send": send, "draft": found, "wrote": wrote,
        "alone": alone, "current": current, "steps": Step.of(found),
        "changes": difference(current.policy, found.policy) if current else None,
        "sections": reading.sections(found.policy), "back": reverse("web:home"),
    }  # fmt: skip
    return render(request, "policy/approval.jinja", context)


def _answered(request: MemberRequest, found: Version, form: ApproveForm | SendBackForm, *, back: bool) -> HttpResponse:
    given = form.cleaned_data
    if back:
        actions.send_back(draft=found, shown=given["shown"], note=given["note"], by=request.actor, now=now())
        messages.success(request, "It is with its authors again, and they read what you wrote.")
    else:
        reason = given.get("reason", "")
        actions.approve(draft=found, shown=given["shown"], reason=reason, by=request.actor, now=now())
        messages.success(request, f"Version {found.number} is approved. It comes in force when somebody publishes it.")
    return redirect("policy:overview" if Permission.WRITE_POLICY in request.permissions else "web:home")


@needs(Permission.WRITE_POLICY)
def owner(request: MemberRequest) -> HttpResponse:
    """Name who answers for the policy, in force or on its way."""
    found = Version.in_force(request.organisation) or Version.draft_of(request.organisation)
    if found is None:
        return none_now(request)
    members = Membership.search(request.organisation, day=now().date()).filter(Membership.employed(now().date()))
    form = OwnerForm(request.POST or None, members=members, initial={"owner": found.owner_id})
    if request.method == "POST" and form.is_valid():
        chosen = members.get(pk=form.cleaned_data["owner"])
        actions.name_owner(organisation=request.organisation, owner=chosen, by=request.actor, now=now())
        messages.success(request, "The owner is named. They hear from us when the review is due.")
        return redirect("policy:overview")
    return render(request, "policy/owner.jinja", {"form": form, "version": found, "back": reverse("policy:overview")})
