"""Members are added and changed, links are sent, approved and withdrawn."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.actions import invitations, members
from fobwatch.people.forms import AddMemberForm, ChangeMemberForm, LinkForm
from fobwatch.people.models import Invitation, MemberRequest, Membership, Passkey
from fobwatch.people.rules.invitations import LIFETIME_WORDS


@needs(Permission.MANAGE_PEOPLE)
def staff_add(request: MemberRequest) -> HttpResponse:
    """Add somebody, and send the first link."""
    form = AddMemberForm(request.POST or None, organisation=request.organisation)
    if request.method == "POST" and form.is_valid():
        added = members.add(
            organisation=request.organisation, giver=request.member, by=request.actor, now=now(), **form.cleaned_data
        )
        messages.success(request, "They are in the staff list, and an e-mail is on its way to them.")
        return redirect("people:member", added.pk)
    return render(request, "people/staff_add.jinja", {"form": form, "back": reverse("people:staff")})


@needs(Permission.MANAGE_PEOPLE)
def member_change(request: MemberRequest, member_id: str) -> HttpResponse:
    """Change what the list says about somebody."""
    found = get_object_or_404(Membership.within(request.organisation).select_related("person"), pk=member_id)
    before = {name: getattr(found, name) for name in members.FIELDS}
    before |= {"clinical": "yes" if found.clinical else "no", "manager": found.manager_id or ""}
    form = ChangeMemberForm(request.POST or None, organisation=request.organisation, member=found, initial=before)
    if request.method == "POST" and form.is_valid():
        members.change(membership=found, changes=form.cleaned_data, giver=request.member, by=request.actor, now=now())
        messages.success(request, "The staff list was changed.")
        return redirect("people:member", found.pk)
    context = {"form": form, "member": found, "back": reverse("people:member", args=[found.pk])}
    return render(request, "people/member_change.jinja", context)


@needs(Permission.MANAGE_PEOPLE)
def member_link(request: MemberRequest, member_id: str) -> HttpResponse:
    """Send somebody a one-time link: the first, or a new one after a lost phone."""
    found = get_object_or_404(
        Membership.within(request.organisation).select_related("person", "organisation"), pk=member_id
    )
    purpose = "recover" if Passkey.of(found.person).exists() else "join"
    elsewhere = Membership.privileged_elsewhere(found)
    guarded = purpose == "recover" and (found.privileged or elsewhere)
    alone = guarded and request.organisation.single_approver and not elsewhere
    form = LinkForm(request.POST if request.method == "POST" else None, alone=alone)
    if request.method == "POST" and form.is_valid():
        made = invitations.invite(
            membership=found, purpose=purpose, inviter=request.member, by=request.actor, now=now(),
            exception_reason=form.cleaned_data.get("exception_reason", ""),
        )  # fmt: skip
        waits = "A second person has to approve the link first." if made.waiting else "The link is on its way."
        messages.success(request, waits)
        return redirect("people:member", found.pk)
    context = {
        "form": form, "member": found, "purpose": purpose, "guarded": guarded, "lifetime": LIFETIME_WORDS[purpose],
        "back": reverse("people:member", args=[found.pk]),
    }  # fmt: skip
    return render(request, "people/member_link.jinja", context)


@require_POST
@needs(Permission.MANAGE_PEOPLE)
def link_withdraw(request: MemberRequest, invitation_id: str) -> HttpResponse:
    """Make a link that was not used stop working."""
    found = get_object_or_404(Invitation.within(request.organisation), pk=invitation_id)
    invitations.withdraw(invitation=found, by=request.actor, now=now())
    messages.success(request, "The link does not work any more.")
    return redirect("people:member", found.membership_id)


@needs(Permission.MANAGE_PEOPLE)
def staff_invite(request: MemberRequest) -> HttpResponse:
    """Send a first link to everybody who has no sign-in yet; how many they are is said first."""
    moment = now()
    if request.method == "POST":
        count = invitations.invite_everybody(
            organisation=request.organisation, inviter=request.member, by=request.actor, now=moment
        )
        people = "1 person" if count == 1 else f"{count:,} people"
        said = f"A first link is on its way to {people}." if count else "Everybody has a sign-in or a link already."
        messages.success(request, said)
        return redirect("people:staff")
    count = Invitation.nobody_yet(request.organisation, now=moment).exclude(pk=request.member.pk).count()
    context = {"count": count, "lifetime": LIFETIME_WORDS["join"], "back": reverse("people:staff")}
    return render(request, "people/staff_invite.jinja", context)


@needs(Permission.APPROVE_PRIVILEGED)
def approvals(request: MemberRequest) -> HttpResponse:
    """The links for privileged roles that wait for a second person: approve or refuse."""
    moment = now()
    waiting = Invitation.to_approve(request.organisation, now=moment)
    if request.method == "POST":
        found = get_object_or_404(
            Invitation.within(request.organisation).select_related("membership__person", "invited_by", "organisation"),
            pk=request.POST.get("invitation", ""),
        )
        if request.POST.get("answer") == "approve":
            invitations.approve(invitation=found, approver=request.member, by=request.actor, now=moment)
            messages.success(request, "Approved. The link is on its way.")
        else:
            invitations.withdraw(invitation=found, by=request.actor, now=moment)
            messages.success(request, "Refused. No link is sent.")
        return redirect("people:approvals")
    context = {"waiting": list(waiting), "me": request.member.person_id, "back": reverse("people:staff")}
    return render(request, "people/approvals.jinja", context)
