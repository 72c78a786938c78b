"""The way in and the way out: sign-in, one-time links, sign-out."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fobwatch.kernel.address import client_address
from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import public
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.models import Invitation, MemberRequest, Organisation, Passkey, computer_here
from fobwatch.people.rules.addresses import local_address
from fobwatch.people.rules.invitations import may_use


@require_safe
@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey, or learn how to get one."""
    wanted = local_address(request.GET.get("next", ""))
    context = {
        "next": wanted or "/", "organisations": Organisation.everybody(), "computer": computer_here(request)
    }  # fmt: skip
    return render(request, "people/sign_in.jinja", context)


@require_POST
@public
def sign_out(request: MemberRequest) -> HttpResponse:
    """End this session, whatever state it is in."""
    if request.sign_in:
        sign_ins.end(sign_in=request.sign_in, because="signed out", by=request.actor, now=now())
    response = redirect("people:sign_in")
    response.delete_cookie(settings.SESSION_COOKIE, samesite="Lax")
    return response


@require_safe
@public
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a one-time link: who you are, and the button that makes a passkey. Opening it changes nothing."""
    moment = now()
    invitation = Invitation.of_link(token, whence=client_address(request), now=moment)
    state = invitation.state(moment)
    verdict = may_use(state)
    context = {
        "invitation": invitation,
        "token": token,
        "member": invitation.membership,
        "verdict": verdict,
        "state": state,
    }
    if not verdict:
        return render(request, "people/join_refused.jinja", context, status=403)
    if invitation.purpose == "join" and Passkey.of(invitation.membership.person).exists():
        return render(request, "people/join_known.jinja", context)
    return render(request, "people/join.jinja", context)


@require_safe
@public
def join_qr(request: HttpRequest, token: str) -> HttpResponse:
    """The same link as a QR code, for somebody who reads the e-mail on a desk and wants to use a phone."""
    Invitation.of_link(token, whence=client_address(request), now=now())
    address = settings.ORIGIN + reverse("people:join", args=[token])
    return render(request, "people/join_qr.jinja", {"address": address, "back": reverse("people:join", args=[token])})
