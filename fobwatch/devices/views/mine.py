"""My devices, everything that is kept about one, and how to take it away again."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from fobwatch.devices import actions
from fobwatch.devices.models import Registration, lookers, stored
from fobwatch.devices.rules.browser import read
from fobwatch.devices.rules.visible import LEAVING, LOSING, visible
from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs, public
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest


def _own(request: MemberRequest, registration_id: str) -> Registration:
    """A registration of the person who asks, removed ones too, for its record is still theirs to see."""
    found = Registration.within(request.organisation).filter(membership=request.member)
    return get_object_or_404(found.select_related("device", "membership__person"), pk=registration_id)


@needs(Permission.OWN_DEVICE)
def mine(request: MemberRequest) -> HttpResponse:
    """The devices of a member here, this one marked."""
    found = Registration.mine(request.member)
    return render(request, "devices/mine.jinja", {"registrations": found, "here": request.sign_in.device})


@needs(Permission.OWN_DEVICE)
def device(request: MemberRequest, registration_id: str) -> HttpResponse:
    """Every stored field about one's own device, how it is known, who looked, and what nobody here can see (B27)."""
    registration = _own(request, registration_id)
    context = {
        "registration": registration, "rows": stored(registration), "lookers": lookers(registration),
        "lists": visible(registration.platform or None), "leaving": LEAVING, "losing": LOSING,
        "here": request.sign_in.device == registration.device_id, "back": reverse("devices:mine"),
    }  # fmt: skip
    return render(request, "devices/device.jinja", context)


@needs(Permission.OWN_DEVICE)
def download(request: MemberRequest, registration_id: str) -> HttpResponse:
    """The same as a file that a program can read, with the history of the evidence (UK GDPR, article 15)."""
    registration = _own(request, registration_id)
    lists = visible(registration.platform or None)
    made: dict[str, Any] = {
        "made_at": now(),
        "organisation": request.organisation.name,
        "stored": [row.plain() for row in stored(registration, history=True)],
        "who_looked": [{"who": who, "when": when} for who, when in lookers(registration)],
        "we_see": lists.see,
        "nobody_here_can_see": lists.cannot_see,
    }
    response = JsonResponse(made, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="what-we-know-about-your-device.json"'
    return response


@needs(Permission.OWN_DEVICE)
def remove(request: MemberRequest, registration_id: str) -> HttpResponse:
    """Remove one's own device from work, after reading what that does."""
    registration = _own(request, registration_id)
    if request.method == "POST":
        actions.retire(registration=registration, reason="Removed by its owner", by=request.actor, now=now())
        return redirect("devices:mine")
    back = reverse("devices:device", args=[registration.pk])
    return render(request, "devices/remove.jinja", {"registration": registration, "leaving": LEAVING, "back": back})


@public
def privacy(request: HttpRequest) -> HttpResponse:
    """What an organisation sees of a device, and what nobody here can see: before anybody registers anything (R11)."""
    lists = visible(read(dict(request.headers)).platform)
    return render(request, "devices/privacy.jinja", {"lists": lists, "leaving": LEAVING, "losing": LOSING})


@needs(Permission.OWN_DEVICE)
def poster(request: MemberRequest) -> HttpResponse:
    """A page to print and hang up: the way to enrolment as a QR code."""
    return render(request, "devices/poster.jinja", {"address": settings.ORIGIN + reverse("devices:start")})
