"""The organisation: its roles and its help lines."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.actions import organisations
from fobwatch.people.forms import ContactsForm
from fobwatch.people.models import MemberRequest
from fobwatch.people.rules.roles import ROLES


@require_safe
@needs(Permission.OWN_DEVICE)
def roles(request: MemberRequest) -> HttpResponse:
    """Every role in plain English, with what it may do."""
    return render(request, "people/roles.jinja", {"roles": list(ROLES.values())})


@needs(Permission.MANAGE_ORGANISATION)
def organisation(request: MemberRequest) -> HttpResponse:
    """The organisation's help lines, which stand on every refusal."""
    before = {name: getattr(request.organisation, name) for name in organisations.CONTACTS}
    form = ContactsForm(request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        organisations.change_contacts(
            organisation=request.organisation, contacts=form.cleaned_data, by=request.actor, now=now()
        )
        messages.success(request, "The contacts were changed.")
        return redirect("people:organisation")
    return render(request, "people/organisation.jinja", {"form": form})
