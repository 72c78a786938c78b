"""What the browser scripts ask and answer: the browser's own key, and the check-in. A refusal is its sentences."""

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from fobwatch.devices import actions
from fobwatch.devices.actions.keys import PURPOSE
from fobwatch.devices.backends import KeyAnswer
from fobwatch.devices.models import Device, Registration, next_page
from fobwatch.devices.rules.browser import LONGEST_HINTS, Seen, parse_hints, read
from fobwatch.kernel.clock import epoch, now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import Challenge, MemberRequest, Throttle

LONGEST_BODY = 16_384
COOKIE_SECONDS = 400 * 86_400  # the most that browsers keep (RFC 6265bis, 5.5)
CHECK_IN_EVERY = 3_600
TRIES, TRY_MINUTES = 60, 10


def seen_by(request: HttpRequest, hints: object = "") -> Seen:
    """What the browser of a request tells about its device."""
    text = hints if isinstance(hints, str) else json.dumps(hints)[: LONGEST_HINTS + 1]
    return read(dict(request.headers), parse_hints(text))


@require_POST
@needs(Permission.OWN_DEVICE)
def key_options(request: MemberRequest) -> JsonResponse:
    """A challenge for the browser's key, and whether the browser has to make a new one.

    `make` is true where the key that it holds has lost its cookie: it proves nothing any more.
    """
    moment = now()
    if request.sign_in.shared:
        raise refuse("This is a shared computer.", "Register your own phone or laptop from that device itself.")
    Throttle.count_one("device key", request.sign_in.pk, limit=TRIES, minutes=TRY_MINUTES, now=moment)
    held = str(_body(request).get("public_key", ""))
    device = Device.holding(held)
    mine = device is not None and device.person_id == request.sign_in.person_id
    make = not held or (mine and device is not None and not device.cookie_matches(_cookie(request)))
    challenge = Challenge.ask(PURPOSE, request.sign_in.pk, now=moment)
    return JsonResponse({"challenge": challenge.pk, "value": challenge.value, "origin": settings.ORIGIN, "make": make})


@require_POST
@needs(Permission.OWN_DEVICE)
def key_answer(request: MemberRequest) -> JsonResponse:
    """The browser's key answered: bind the registration that waits for one, or know the device again."""
    moment, sent = now(), _body(request)
    answer = KeyAnswer(*(str(sent.get(name, "")) for name in ("challenge", "public_key", "signature")))
    told: dict[str, Any] = {
        "sign_in": request.sign_in, "answer": answer, "cookie": _cookie(request),
        "seen": seen_by(request, sent.get("hints", "")), "by": request.actor, "now": moment,
    }  # fmt: skip
    chosen = str(sent.get("registration", ""))
    waiting = Registration.waiting(request.member, chosen) if sent.get("enrol") is True else None
    if waiting:
        registration, token = actions.bind_key(registration=waiting, **told)
        return _with_cookie(JsonResponse({"go": _next(registration, moment)}), token)
    device = Device.holding(answer.public_key)
    if device is None:
        raise refuse("This browser is not registered.", "Start from “Use your own phone for work”.")
    found = actions.answer_key(device=device, **told)
    response = JsonResponse({"go": _next(found, moment) if found else reverse("devices:start")})
    return _with_cookie(response, _cookie(request))


@needs(Permission.OWN_DEVICE)
def check_in(request: MemberRequest) -> HttpResponse:
    """GET: is a check-in due, and should the key answer? POST: this device checks in, with what its browser tells."""
    moment = now()
    found = Registration.here(request.sign_in, request.member)
    if request.method != "POST":
        return JsonResponse(_due(request, found, epoch(moment)))
    if found is None:
        raise refuse(
            "We do not know this browser yet, so it cannot check in.",
            "Register this device, or open the home page once so that it can show its key.",
        )
    hints = _body(request).get("hints", "") if _is_json(request) else request.POST.get("hints", "")
    actions.check_in(
        registration=found, seen=seen_by(request, hints), sign_in=request.sign_in, by=request.actor, now=moment
    )
    if _is_json(request):
        return JsonResponse({"checked_in": True})
    wanted = request.POST.get("next", "")
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return HttpResponseRedirect(wanted if ours else reverse("devices:device", args=[found.pk]))


def _due(request: MemberRequest, found: Registration | None, moment: int) -> dict[str, bool]:
    """What the script should do now; a check-in at most once an hour."""
    if found is None:
        return {"check_in": False, "answer": not request.sign_in.shared and not request.sign_in.device}
    known = found.known()
    key, last = known.get("browser_key"), known.get("checked_in")
    stale = key is None or (key[3] and moment >= key[3] - CHECK_IN_EVERY)
    return {"check_in": last is None or moment - last[0] >= CHECK_IN_EVERY, "answer": bool(stale)}


def _next(registration: Registration, moment: dt.datetime) -> str:
    name, *args = next_page(registration, epoch(moment))
    return reverse(name, args=args)


def _is_json(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def _cookie(request: HttpRequest) -> str:
    return request.COOKIES.get(settings.DEVICE_COOKIE, "")


def _with_cookie(response: JsonResponse, token: str) -> JsonResponse:
    """The device's cookie beside its key: scripts cannot read it, and other sites cannot send it."""
    response.set_cookie(
        settings.DEVICE_COOKIE, token, max_age=COOKIE_SECONDS, secure=settings.COOKIES_SECURE, httponly=True,
        samesite="Strict",
    )  # fmt: skip
    return response


def _body(request: HttpRequest) -> dict[str, Any]:
    """What the script sent. Raises Refused where it is no JSON object, or far too long."""
    sent: Any = None
    if len(request.body) <= LONGEST_BODY:
        try:
            sent = json.loads(request.body)
        except (ValueError, RecursionError):
            sent = None
    if not isinstance(sent, dict):
        raise refuse("We could not read what your browser sent.", "Open the page again and try once more.")
    return sent
