"""What every request passes: one name, nothing kept, who is at the door, and why not."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import now
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import SignIn

Handler = Callable[[HttpRequest], HttpResponseBase]
NUMBERS = {"127.0.0.1", "[::1]", "0.0.0.0"}  # noqa: S104


def one_name(get_response: Handler) -> Handler:
    """Send an address in numbers on to the name: a passkey belongs to a name and refuses an address."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        host, _, port = request.META.get("HTTP_HOST", "").rpartition(":")
        if not port.isdigit():
            host, port = request.META.get("HTTP_HOST", ""), "80"
        local = urlsplit(settings.ORIGIN).hostname == "localhost"
        if host in NUMBERS and local and not request.path.startswith("/health/"):
            return HttpResponseRedirect(f"http://localhost:{port}{request.get_full_path()}")
        return get_response(request)

    return handle


def kept_nowhere(get_response: Handler) -> Handler:
    """Nothing dynamic is kept by a browser or a proxy, and pages get no power that they do not use."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response["Cache-Control"] = "no-store"
        response["Permissions-Policy"] = (
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(),"
            " publickey-credentials-get=(self), publickey-credentials-create=(self)"
        )
        return response

    return handle


def who_is_at_the_door(get_response: Handler) -> Handler:
    """Set member, organisation, session, actor and permissions of the request; signed out: permissions is None."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        moment = now()
        token = request.COOKIES.get(settings.SESSION_COOKIE, "")
        found = SignIn.at_the_door(token, now=moment) if token else None
        member = found.membership if found else None
        for name, value in (
            ("sign_in", found),
            ("member", member),
            ("organisation", member.organisation if member else None),
            ("permissions", member.permissions if member else None),
            ("other_organisations", found.membership_count > 1 if found else False),
            (
                "actor",
                Actor(f"membership:{member.pk}", member.organisation_id, found.pk)
                if found and member
                else Actor.anonymous("browser"),
            ),
        ):
            setattr(request, name, value)
        if found:
            found.touch(now=moment)
        return get_response(request)

    return handle


def _page_before(request: HttpRequest) -> str:
    """The page of ours whose form was refused, to open anew; empty for a refusal that no form led to."""
    ours = f"{request.scheme}://{request.get_host()}/"
    before = request.headers.get("Referer", "")
    # One slash only: two would make another host of the path.
    return "/" + before.removeprefix(ours).lstrip("/") if request.method == "POST" and before.startswith(ours) else ""


def say_why(get_response: Handler) -> Handler:
    """Turn a refusal into its page: the reason, the next step, and whom to call."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        verdict = exception.verdict
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"reason": verdict.reason, "next_step": verdict.next_step}, status=403)
        return render(request, "design/refused.jinja", {"verdict": verdict, "back": _page_before(request)}, status=403)

    handle.process_exception = process_exception  # type: ignore[attr-defined]
    return handle
