"""The way in to a protected host: start there, sign in here, arrive there with a cookie of its own.

A ticket is of use only in the browser that began, because it is bound to a nonce that the protected host's own cookie
keeps (login CSRF, RFC 6749 section 10.12, in the same sense).
"""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fobwatch.gateway import actions
from fobwatch.gateway.models import GateTicket, System
from fobwatch.gateway.rules.asked import host_name, way_back
from fobwatch.gateway.rules.cookies import gate_cookie, nonce_cookie
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs, public
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.secrets import keyed_hash, new_token
from fobwatch.kernel.verdict import Refused, refuse
from fobwatch.people.models import MemberRequest

UNKNOWN = "This address is not connected to Fobwatch for you."


class SeeOther(HttpResponseRedirect):
    """Go on with GET (RFC 9110, section 15.4.4), and tell the next site nothing of this address."""

    status_code = 303

    def __init__(self, address: str) -> None:
        super().__init__(address, headers={"Referrer-Policy": "no-referrer"})


@require_safe
@public
def start(request: HttpRequest) -> HttpResponse:
    """On the protected host: give this browser a nonce, and send the person to Fobwatch."""
    host = host_name(request.headers.get("X-Forwarded-Host", ""))
    if not System.known(host):
        return _plain(request, UNKNOWN, "Ask your IT service desk for the right address.")
    nonce = new_token()
    query = {"host": host, "to": way_back(request.GET.get("to", "/")), "bind": keyed_hash("gate-nonce", nonce)}
    response = SeeOther(f"{settings.ORIGIN}{reverse('gateway:pass')}?{urlencode(query)}")
    _cookie(response, nonce_cookie(secure=settings.COOKIES_SECURE), nonce, seconds=600)
    return response


@require_safe
@needs(Permission.OWN_DEVICE)
def pass_on(request: MemberRequest) -> HttpResponse:
    """At Fobwatch, signed in: give a one-time ticket, and send the person back to the host they came from."""
    moment = now()
    system = System.for_person(host_name(request.GET.get("host", "")), request.member.person, moment.date())
    if system is None:
        raise refuse(UNKNOWN, "Check that you are signed in as yourself, or ask your IT service desk.")
    ticket = actions.give_ticket(
        system=system, sign_in=request.sign_in, path=way_back(request.GET.get("to", "/")),
        bound_to=request.GET.get("bind", "")[:64], by=request.actor, now=moment,
    )  # fmt: skip
    return SeeOther(f"{system.address}/.fobwatch/arrive?{urlencode({'ticket': ticket.token})}")


@require_safe
@public
def arrive(request: HttpRequest) -> HttpResponse:
    """On the protected host again: turn the ticket into this host's own session, once."""
    moment, secure = now(), settings.COOKIES_SECURE
    host = host_name(request.headers.get("X-Forwarded-Host", ""))
    ticket, system = GateTicket.of(request.GET.get("ticket", "")), System.known(host)
    nonce = request.COOKIES.get(nonce_cookie(secure=secure), "")
    try:
        if ticket is None or system is None:
            raise refuse("This way in has been used or is too old.", "Open the system again from its start.")
        by = Actor(f"person:{ticket.sign_in.person_id}", sign_in_id=ticket.sign_in_id)
        session = actions.arrive(ticket=ticket, system=system, nonce=nonce, by=by, now=moment)
    except Refused as refused:
        return _plain(request, refused.verdict.reason, refused.verdict.next_step)
    response = SeeOther(ticket.path)
    _cookie(response, gate_cookie(secure=secure), session.token)
    response.delete_cookie(nonce_cookie(secure=secure), samesite="Lax")
    return response


def _cookie(response: HttpResponse, name: str, value: str, seconds: int | None = None) -> None:
    response.set_cookie(
        name, value, max_age=seconds, secure=settings.COOKIES_SECURE, httponly=True, samesite="Lax", path="/"
    )


def _plain(request: HttpRequest, reason: str, next_step: str) -> HttpResponse:
    """A refusal that leans on nothing else: it may be shown on a host where none of our pages are."""
    response = render(request, "gateway/plain.jinja", {"reason": reason, "next_step": next_step}, status=403)
    response["Referrer-Policy"] = "no-referrer"
    return response
