"""The shared computers of the organisation: the list, the mark on this one, and its end."""

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.actions import shared_computers as actions
from fobwatch.people.forms import SharedComputerForm
from fobwatch.people.models import MemberRequest, SharedComputer, computer_here, mark_browser
from fobwatch.people.rules.shared_computers import may_mark

SHOWN_AFTER = dt.timedelta(days=30)


@require_safe
@needs(Permission.MANAGE_DEVICES)
def shared_computers(request: MemberRequest) -> HttpResponse:
    """The computers that IT marked as shared, with those withdrawn in the last 30 days."""
    here = computer_here(request)
    rows = list(SharedComputer.listed(request.organisation, since=now() - SHOWN_AFTER))
    return render(request, "people/shared_computers.jinja", {"rows": rows, "here": here.pk if here else ""})


@needs(Permission.MANAGE_DEVICES)
def shared_computer_mark(request: MemberRequest) -> HttpResponse:
    """Mark this very computer as shared; IT is signed out, and the next one signs in on a shared computer."""
    here = computer_here(request)
    form = SharedComputerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        computer = actions.mark(
            label=form.cleaned_data["label"], marker=request.member, sign_in=request.sign_in, here=here,
            by=request.actor, now=now(),
        )  # fmt: skip
        response = mark_browser(redirect("people:sign_in"), computer)
        response.delete_cookie(settings.SESSION_COOKIE, samesite="Lax")
        return response
    known = here.label if here and here.organisation_id == request.organisation.pk else ""
    may_mark(permitted=True, own_device=bool(request.sign_in.device), marked_here=known).or_refuse()
    return render(
        request, "people/shared_computer_mark.jinja", {"form": form, "back": reverse("people:shared_computers")}
    )


@needs(Permission.MANAGE_DEVICES)
def shared_computer_withdraw(request: MemberRequest, computer_id: str) -> HttpResponse:
    """Take a computer off the list."""
    found = get_object_or_404(SharedComputer.within(request.organisation), pk=computer_id)
    if request.method == "POST":
        ended = actions.withdraw(computer=found, withdrawer=request.member, by=request.actor, now=now())
        who = {0: "Nobody was signed in there.", 1: "1 person was signed out there."}
        said = who.get(ended, f"{ended} people were signed out there.")
        messages.success(request, f"{found.label} is not on the list any more. {said}")
        return redirect("people:shared_computers")
    context = {"computer": found, "back": reverse("people:shared_computers")}
    return render(request, "people/shared_computer_withdraw.jinja", context)
