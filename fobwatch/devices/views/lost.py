"""A lost phone: open to anybody, from any device, with the lost code or signed in."""

import datetime as dt

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from fobwatch.devices import actions
from fobwatch.devices.forms import LostCodeForm
from fobwatch.devices.models import Device
from fobwatch.devices.rules.visible import LOSING
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.address import client_address
from fobwatch.kernel.clock import epoch, moment, now
from fobwatch.kernel.guards import public
from fobwatch.people.models import Organisation, Throttle

# A code holds 60 bits, so these stop hammering rather than guessing; the second lets a whole hospital be unlucky.
TRIES_HERE, TRIES_EVERYWHERE, WINDOW_MINUTES = 10, 600, 60
SALT = "devices.lost"
SHOWN_SECONDS = 3_600


@public
def lost(request: HttpRequest) -> HttpResponse:
    """I lost my phone. Signed in: one tap for each device. Not signed in: the lost code."""
    member = getattr(request, "member", None)
    if request.method == "POST" and member:
        device = get_object_or_404(Device.in_use(member.person), pk=request.POST.get("device", ""))
        at = now()
        actions.report_lost(device=device, by=request.actor, now=at)  # type: ignore[attr-defined]
        return _tell(at, member.organisation_id)
    return _page(request, LostCodeForm())


@public
def lost_code(request: HttpRequest) -> HttpResponse:
    """The lost code, without signing in. Tries are counted by address and in all; it cuts off, once, and no more."""
    form = LostCodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    at = now()
    Throttle.count_one("lost code", client_address(request), limit=TRIES_HERE, minutes=WINDOW_MINUTES, now=at)
    Throttle.count_one("lost code", "everywhere", limit=TRIES_EVERYWHERE, minutes=WINDOW_MINUTES, now=at)
    actions.report_lost_by_code(code=form.cleaned_data["code"], by=Actor.anonymous("lost-code"), now=at)
    return _tell(at, "")


@public
def lost_done(request: HttpRequest, told: str) -> HttpResponse:
    """What has just happened, when, whom to call, and what stays untouched. Readable for an hour."""
    try:
        at, organisation = signing.loads(told, salt=SALT, max_age=SHOWN_SECONDS)
    except signing.BadSignature:
        raise Http404 from None
    place = Organisation.everybody().filter(pk=organisation).first()
    return render(request, "devices/lost_done.jinja", {"at": moment(at), "place": place, "losing": LOSING})


def _page(request: HttpRequest, form: LostCodeForm) -> HttpResponse:
    member = getattr(request, "member", None)
    devices = list(Device.in_use(member.person)) if member else []
    context = {"form": form, "devices": devices, "signed_in": member is not None, "losing": LOSING}
    return render(request, "devices/lost.jinja", context)


def _tell(at: dt.datetime, organisation: str) -> HttpResponse:
    """On to the page that says what happened: signed, for the session is over by now."""
    return redirect(reverse("devices:lost_done", args=[signing.dumps([epoch(at), organisation], salt=SALT)]))
