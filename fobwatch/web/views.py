"""The first page, the pages about Fobwatch itself, and the error pages."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from fobwatch.access.views.answers import home_answers
from fobwatch.devices.actions.demo import take_up_demo_device
from fobwatch.devices.models import Registration
from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs, public
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest
from fobwatch.web.home import figures, log_line, tasks


@needs(Permission.OWN_DEVICE)
def home(request: MemberRequest) -> HttpResponse:
    """The home page of a member: what they may do on this device, what to fix, what needs them."""
    moment = now()
    seen = request.permissions
    return render(
        request,
        "web/home.jinja",
        {
            "answers": home_answers(request, moment),
            "tasks": tasks(request, moment),
            "figures": figures(request.organisation) if Permission.SEE_REGISTER in seen else [],
            "log_line": log_line() if Permission.READ_LOG in seen else "",
            "demo_devices": _demo_devices(request),
        },
    )


def _demo_devices(request: MemberRequest) -> list[Registration]:
    """The persona's own made-up devices, to look through; none outside the demo, or once one is chosen."""
    if not settings.FOBWATCH_DEMO or request.sign_in.how != "demo" or request.sign_in.device:
        return []
    return list(Registration.mine(request.member).filter(device__browser_key__startswith="demo"))


@require_POST
@needs(Permission.OWN_DEVICE)
def demo_device(request: MemberRequest, registration_id: str) -> HttpResponse:
    """Look at Fobwatch as if this browser were the persona's made-up device. It does not exist outside the demo."""
    if not settings.FOBWATCH_DEMO:
        raise Http404
    registration = get_object_or_404(Registration.mine(request.member), pk=registration_id)
    take_up_demo_device(registration=registration, sign_in=request.sign_in, by=request.actor, now=now())
    return redirect("web:home")


@public
def about(request: HttpRequest) -> HttpResponse:
    """What Fobwatch is, under which licence, and where its source is (AGPL section 13)."""
    return render(request, "web/about.jinja", {"source": settings.FOBWATCH_SOURCE})


@public
def live(request: HttpRequest) -> JsonResponse:
    """Alive: this process answers."""
    return JsonResponse({"alive": True})


@public
def ready(request: HttpRequest) -> JsonResponse:
    """Ready: the database answers too. 503 where it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ready": False, "because": "The database does not answer."}, status=503)
    return JsonResponse({"ready": True})


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or it belongs to somebody else."""
    return render(request, "design/error.jinja", {"kind": "not_found"}, status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be understood."""
    return render(request, "design/error.jinja", {"kind": "bad_request"}, status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """500: something broke. Needs no database."""
    return render(request, "design/error.jinja", {"kind": "broken"}, status=500)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was opened too long ago, or on another site. Nothing was changed."""
    return render(request, "design/error.jinja", {"kind": "form_too_old"}, status=403)
