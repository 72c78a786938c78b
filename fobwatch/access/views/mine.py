"""What can I do on this device, why not, and check again."""

import datetime as dt
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fobwatch.access.models import registration_here
from fobwatch.access.rules import words
from fobwatch.access.views.answers import here_and_now, home_answers, in_words, settle, situation
from fobwatch.devices.actions import evidence
from fobwatch.devices.rules import browser
from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest, Membership
from fobwatch.policy.rules.vocabulary import CELLS

LONGEST_ID = 32


@needs(Permission.OWN_DEVICE)
def mine(request: MemberRequest) -> HttpResponse:
    """A plain answer for each kind of work on this very device, with reasons and fixes. POST checks again."""
    if request.method == "POST":
        _look_again(request, now())
        return redirect(f"{reverse('access:mine')}#answers")
    return render(request, "access/mine.jinja", {"answers": home_answers(request, now())})


@needs(Permission.OWN_DEVICE)
def why(request: MemberRequest) -> HttpResponse:
    """Why one cell of another system is closed here, and how to open it. POST checks again.

    A system of another organisation of this person is not answered for: its policy is not the one in force here.
    """
    cell = request.GET.get("cell", "")
    cell = cell if cell in CELLS else "unknown"
    system, owner = (_opaque(request.GET.get(name, "")) for name in ("system", "organisation"))
    moment = now()
    there = _elsewhere(request, owner, moment)
    here = f"{reverse('access:why')}?{urlencode({'cell': cell, 'system': system, 'organisation': owner})}"
    if there is not None:
        return render(request, "access/elsewhere.jinja", {"there": there, "here": here})
    if request.method == "POST":
        _look_again(request, moment)
        return redirect(here)
    outcome = here_and_now(request, moment)
    settle(request, outcome, moment, cell=cell, system=system)
    glass = Permission.BREAK_GLASS in request.permissions
    answers = in_words(outcome, situation(request, outcome), glass=glass)
    platform = outcome.registration.platform if outcome.registration else ""
    told = words.NOTHING if answers.situation == "unmarked" else outcome.explanation
    refusal = words.refusal(cell, platform, told, may=outcome.may(cell))
    return render(
        request,
        "access/why.jinja",
        {"answers": answers, "refusal": refusal, "cell": cell, "kind": cell.split(":")[0], "here": here},
    )


def _opaque(text: str) -> str:
    """An opaque id out of an address, whatever somebody wrote there."""
    return "".join(char for char in text if char.isalnum())[:LONGEST_ID]


def _elsewhere(request: MemberRequest, owner: str, moment: dt.datetime) -> Membership | None:
    """The membership of this person in the organisation `owner`, where that is not the one of this session."""
    if owner in ("", request.organisation.pk):
        return None
    places = Membership.working(request.member.person, moment.date())
    return next((place for place in places if place.organisation_id == owner), None)


def _look_again(request: MemberRequest, moment: dt.datetime) -> None:
    """See anew what this browser tells, where its key has answered in this session."""
    registration = registration_here(request.sign_in, request.member)
    hints = browser.parse_hints(request.POST.get("hints", ""))
    if registration is not None and registration.state in ("active", "enrolling"):
        evidence.check_in(
            registration=registration, seen=browser.read(dict(request.headers), hints), sign_in=request.sign_in,
            by=request.actor, now=moment,
        )  # fmt: skip
    messages.success(request, "We checked again just now.")
