"""IT issues a device of the organisation to somebody."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from fobwatch.devices import actions
from fobwatch.devices.forms import IssueForm
from fobwatch.devices.rules.waiting import WAIT_DAYS
from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest, Membership


@needs(Permission.MANAGE_DEVICES)
def issue(request: MemberRequest, member_id: str = "") -> HttpResponse:
    """Register a device that the organisation gives to a member; they finish it on that device (B16, B27)."""
    moment = now()
    members = Membership.within(request.organisation).select_related("person")
    member = get_object_or_404(members, pk=member_id) if member_id else None
    chosen_here = None if member else request.organisation
    form = IssueForm(request.POST or None, organisation=chosen_here, today=moment.date())
    if request.method == "POST" and form.is_valid():
        to = member or form.cleaned_data["person"]
        made = actions.issue_device(membership=to, label=form.cleaned_data["label"], by=request.actor, now=moment)
        messages.success(request, f"{made.device.label} waits for {to.person.name} to set it up.")
        return redirect("devices:registration", made.pk)
    back = reverse("people:member", args=[member.pk]) if member else reverse("access:register")
    context = {"form": form, "to": member, "back": back, "days": WAIT_DAYS["issued"]}
    return render(request, "devices/issue.jinja", context)
