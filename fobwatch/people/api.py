"""What the browser script asks and answers: challenges out, passkeys in. JSON both ways; refusals as their sentences.

A challenge is used up before its answer is judged, so that no answer can be judged twice.
"""

import datetime as dt
import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from fobwatch.design.frame import address
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.address import client_address
from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs, public
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import Refused
from fobwatch.people import backends
from fobwatch.people.actions import passkeys
from fobwatch.people.models import (
    Challenge,
    Invitation,
    MemberRequest,
    Passkey,
    Person,
    SharedComputer,
    SignIn,
    Throttle,
    computer_here,
    hand_over,
)
from fobwatch.people.rules import ceremony
from fobwatch.people.rules import passkeys as rules
from fobwatch.people.rules.addresses import local_address
from fobwatch.people.rules.browsers import browser_words
from fobwatch.people.rules.invitations import may_use

# A hospital comes to us from one address at the start of a shift; a program that hammers is still stopped.
ANSWERS_A_WINDOW = 600
WINDOW_MINUTES = 5


@require_POST
@public
def sign_in_options(request: HttpRequest) -> JsonResponse:
    """A challenge for whoever wants to sign in."""
    moment = now()
    _count(request, "sign-in question", moment)
    return _ask_any(Challenge.ask("sign-in", "", now=moment))


@require_POST
@public
def sign_in_answer(request: HttpRequest) -> JsonResponse:
    """Sign in with the passkey that answers, and say where to go next."""
    moment = now()
    _count(request, "sign-in", moment)
    sent = _body(request)
    passkey, answered = _proved(sent, "sign-in", "", moment)
    computer = computer_here(request)
    sign_in = passkeys.sign_in(
        passkey=passkey, answered=answered, shared=sent.get("shared") is True, browser=_browser(request),
        computer=computer, by=Actor.anonymous("passkey"), now=moment,
    )  # fmt: skip
    return _signed_in(sign_in, computer, local_address(str(sent.get("next", ""))) or "/")


@require_POST
@public
def join_options(request: HttpRequest, token: str) -> JsonResponse:
    """A challenge for the holder of a one-time link."""
    moment = now()
    invitation = _invitation(request, token, moment)
    may_use(invitation.state(moment)).or_refuse()
    person = invitation.membership.person
    return _ask_new(person, Challenge.ask("join", invitation.pk, now=moment))


@require_POST
@public
def join_answer(request: HttpRequest, token: str) -> JsonResponse:
    """Use the one-time link: keep the new passkey and sign its holder in."""
    moment = now()
    invitation = _invitation(request, token, moment)
    sent = _body(request)
    new = _made(sent, "join", invitation.pk, moment)
    computer = computer_here(request)
    sign_in = passkeys.join(
        invitation=invitation, new=new, browser=_browser(request), old_phone_lost=sent.get("old_phone_lost") is True,
        computer=computer, by=Actor.anonymous("invitation", invitation.organisation_id), now=moment,
    )  # fmt: skip
    return _signed_in(sign_in, computer, address("devices:start") or reverse("people:account"))


@require_POST
@needs(Permission.OWN_DEVICE)
def check_options(request: MemberRequest) -> JsonResponse:
    """A challenge for the person of this session: is it still you?"""
    mine = [passkey.credential_id for passkey in Passkey.of(request.sign_in.person)]
    return _ask_any(Challenge.ask("check", request.sign_in.pk, now=now()), mine)


@require_POST
@needs(Permission.OWN_DEVICE)
def check_answer(request: MemberRequest) -> JsonResponse:
    """The person of this session has proved again that it is them."""
    moment = now()
    sent = _body(request)
    passkey, answered = _proved(sent, "check", request.sign_in.pk, moment)
    passkeys.check_again(sign_in=request.sign_in, passkey=passkey, answered=answered, by=request.actor, now=moment)
    return JsonResponse({"go": local_address(str(sent.get("next", ""))) or reverse("people:passkeys")})


@require_POST
@needs(Permission.OWN_DEVICE)
def add_options(request: MemberRequest) -> JsonResponse:
    """A challenge for a second passkey."""
    moment, session = now(), request.sign_in
    if rules.must_check_again(how=session.how, verified_at=session.verified_at, now=moment):
        raise Refused(rules.CHECK_FIRST)
    return _ask_new(session.person, Challenge.ask("add", session.pk, now=moment))


@require_POST
@needs(Permission.OWN_DEVICE)
def add_answer(request: MemberRequest) -> JsonResponse:
    """Keep the second passkey."""
    moment = now()
    sent = _body(request)
    new = _made(sent, "add", request.sign_in.pk, moment)
    label = str(sent.get("label", ""))[:200] or _browser(request)
    passkeys.add(sign_in=request.sign_in, new=new, label=label, by=request.actor, now=moment)
    return JsonResponse({"go": local_address(str(sent.get("next", ""))) or reverse("people:passkeys")})


def _signed_in(sign_in: SignIn, computer: SharedComputer | None, go: str) -> JsonResponse:
    return hand_over(JsonResponse({"go": go}), sign_in, computer)


def _invitation(request: HttpRequest, token: str, moment: dt.datetime) -> Invitation:
    return Invitation.of_link(token, whence=client_address(request), now=moment)


def _count(request: HttpRequest, what: str, moment: dt.datetime) -> None:
    Throttle.count_one(what, client_address(request), limit=ANSWERS_A_WINDOW, minutes=WINDOW_MINUTES, now=moment)


def _browser(request: HttpRequest) -> str:
    return browser_words(request.headers.get("User-Agent", ""))


def _site() -> str:
    return urlsplit(settings.ORIGIN).hostname or ""


def _ask_any(challenge: Challenge, allow: list[str] | None = None) -> JsonResponse:
    options = backends.authentication_options(rp_id=_site(), challenge=challenge.bytes, allow=allow or [])
    return JsonResponse({"challenge": challenge.pk, "options": json.loads(options)})


def _ask_new(person: Person, challenge: Challenge) -> JsonResponse:
    options = backends.registration_options(
        rp_id=_site(), rp_name="Fobwatch", user_id=person.pk.encode(), user_name=person.email,
        display_name=person.name, exclude=[one.credential_id for one in Passkey.of(person)],
        challenge=challenge.bytes,
    )  # fmt: skip
    return JsonResponse({"challenge": challenge.pk, "options": json.loads(options)})


def _body(request: HttpRequest) -> dict[str, Any]:
    """What the script sent. Raises Refused where it is no JSON object, or far too long."""
    if len(request.body) > 2 * backends.LONGEST_ANSWER:
        raise Refused(ceremony.TOO_LONG)
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Refused(rules.NO_SCRIPT) from None
    if not isinstance(sent, dict) or not isinstance(sent.get("credential"), dict):
        raise Refused(rules.NO_SCRIPT)
    return sent


def _proved(sent: dict[str, Any], purpose: str, subject: str, moment: dt.datetime) -> tuple[Passkey, ceremony.Answered]:
    """The passkey that answered a challenge, and what it answered. A copied one is cut off at once."""
    challenge = Challenge.take(str(sent.get("challenge", "")), purpose, subject, now=moment)
    answer = json.dumps(sent["credential"])
    claim = backends.who_answers(answer)
    passkey = Passkey.in_use(claim.credential_id)
    if passkey is None:
        raise Refused(rules.UNKNOWN)
    if claim.user_handle not in (b"", passkey.person_id.encode()):
        raise Refused(rules.NOT_YOURS)
    try:
        return passkey, backends.verify_assertion(
            answer=answer, challenge=challenge, origins=[settings.ORIGIN], rp_id=_site(),
            credential_id=passkey.credential_id, public_key=bytes(passkey.public_key),
            sign_count=passkey.sign_count, be=passkey.backup_eligible,
        )  # fmt: skip
    except ceremony.Cloned:
        passkeys.cut_off_copy(passkey=passkey, by=Actor.system("counter"), now=moment)
        raise


def _made(sent: dict[str, Any], purpose: str, subject: str, moment: dt.datetime) -> ceremony.NewPasskey:
    challenge = Challenge.take(str(sent.get("challenge", "")), purpose, subject, now=moment)
    return backends.verify_registration(
        answer=json.dumps(sent["credential"]), challenge=challenge, origins=[settings.ORIGIN], rp_id=_site()
    )
