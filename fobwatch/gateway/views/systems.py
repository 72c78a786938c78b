"""Other systems behind the gate: which, what their addresses hold, and how their proxy is set up."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from fobwatch.gateway import actions
from fobwatch.gateway.forms import ChoiceForm, ConfigForm, ConnectForm, DisconnectForm, RouteForm, choice_of
from fobwatch.gateway.models import Route, System
from fobwatch.gateway.rules.cookies import gate_cookie, nonce_cookie
from fobwatch.gateway.rules.proxies import Front, nginx
from fobwatch.gateway.rules.unproved import envoy, traefik
from fobwatch.gateway.rules.words import METHOD_WORDS, RISKS, WHEN_DOWN_WORDS, cell_words
from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest

MAKE = {"nginx": nginx, "traefik": traefik, "envoy": envoy}


@require_safe
@needs(Permission.MANAGE_SYSTEMS)
def systems(request: MemberRequest) -> HttpResponse:
    """Every system of the organisation."""
    found = System.within(request.organisation).prefetch_related("routes").order_by("name")
    return render(request, "gateway/systems.jinja", {"systems": found, "when_down": WHEN_DOWN_WORDS})


@require_safe
@needs(Permission.MANAGE_SYSTEMS)
def system(request: MemberRequest, system_id: str) -> HttpResponse:
    """One system: its addresses in plain words, and what happens when Fobwatch does not answer."""
    known = System.within(request.organisation).select_related("chosen_by__person")
    found = get_object_or_404(known, pk=system_id)
    lines = [(route, cell_words(route.cell), METHOD_WORDS[route.methods]) for route in found.routes.all()]
    context = {
        "system": found, "lines": lines, "when_down": WHEN_DOWN_WORDS, "risks": RISKS,
    }  # fmt: skip
    return render(request, "gateway/system.jinja", context)


@needs(Permission.MANAGE_SYSTEMS)
def connect(request: MemberRequest) -> HttpResponse:
    """Put a system behind the gate."""
    form = ConnectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.connect_system(
            organisation=request.organisation, **form.cleaned_data, by=request.actor, now=now()
        )
        messages.success(request, f"{made.name} is connected. All its addresses are closed until you register them.")
        return redirect("gateway:system", made.pk)
    return render(request, "gateway/connect.jinja", {"form": form, "risks": RISKS})


@needs(Permission.MANAGE_SYSTEMS)
def change(request: MemberRequest, system_id: str) -> HttpResponse:
    """Rename a system, or choose again what happens when Fobwatch does not answer."""
    found = get_object_or_404(System.within(request.organisation), pk=system_id)
    form = ChoiceForm(request.POST or None, initial=choice_of(found))
    if request.method == "POST" and form.is_valid():
        actions.change_system(system=found, **form.cleaned_data, by=request.actor, now=now())
        messages.success(request, "Your choice is recorded. Set up the proxy again, so that it does the same.")
        return redirect("gateway:system", found.pk)
    return render(request, "gateway/change.jinja", {"form": form, "system": found, "risks": RISKS})


@needs(Permission.MANAGE_SYSTEMS)
def disconnect(request: MemberRequest, system_id: str) -> HttpResponse:
    """Take a system from the gate."""
    found = get_object_or_404(System.within(request.organisation), pk=system_id)
    form = DisconnectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.disconnect_system(system=found, reason=form.cleaned_data["reason"], by=request.actor, now=now())
        messages.success(request, f"{found.name} is disconnected. Its gate lets nobody in.")
        return redirect("gateway:systems")
    return render(request, "gateway/disconnect.jinja", {"form": form, "system": found})


@needs(Permission.MANAGE_SYSTEMS)
def route_add(request: MemberRequest, system_id: str) -> HttpResponse:
    """Say which kind of work the addresses under a path hold."""
    found = get_object_or_404(System.within(request.organisation), pk=system_id)
    form = RouteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        route = actions.register_route(
            system=found, prefix=told["path"], methods=told["methods"], cell=told["cell"], by=request.actor, now=now()
        )
        messages.success(request, f"{route.prefix or '/'} is registered: {cell_words(route.cell)}.")
        return redirect("gateway:system", found.pk)
    return render(request, "gateway/route.jinja", {"form": form, "system": found})


@require_POST
@needs(Permission.MANAGE_SYSTEMS)
def route_remove(request: MemberRequest, system_id: str, route_id: str) -> HttpResponse:
    """Close the addresses under a path again."""
    found = get_object_or_404(System.within(request.organisation), pk=system_id)
    route = get_object_or_404(Route.within(request.organisation), pk=route_id, system=found)
    actions.remove_route(
        system=found, route=route, prefix=route.prefix, methods=route.methods, cell=route.cell, by=request.actor,
        now=now(),
    )  # fmt: skip
    messages.success(request, f"{route.prefix or '/'} is no longer registered.")
    return redirect("gateway:system", found.pk)


@require_safe
@needs(Permission.MANAGE_SYSTEMS)
def config(request: MemberRequest, system_id: str) -> HttpResponse:
    """The configuration of the proxy, ready to paste."""
    found = get_object_or_404(System.within(request.organisation), pk=system_id)
    usual = {"proxy": "nginx", "upstream": "127.0.0.1:8080", "fobwatch": settings.ORIGIN}
    form = ConfigForm({**usual, **request.GET.dict()})
    text, proxy = "", ""
    if form.is_valid():
        proxy, secure = form.cleaned_data["proxy"], settings.COOKIES_SECURE
        front = Front(
            host=found.host, name=found.name, fobwatch=form.cleaned_data["fobwatch"], origin=settings.ORIGIN,
            upstream=form.cleaned_data["upstream"], open_when_down=found.when_down == "open",
            help_line=request.organisation.help_line,
            cookies=(gate_cookie(secure=secure), nonce_cookie(secure=secure)),
        )  # fmt: skip
        text = MAKE[proxy](front)
    context = {"form": form, "system": found, "text": text, "proxy": proxy, "when_down": WHEN_DOWN_WORDS}
    return render(request, "gateway/config.jinja", context)
