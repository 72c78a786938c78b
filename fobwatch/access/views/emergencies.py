"""Emergency access: open it, end it, review it by name."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from fobwatch.access import actions
from fobwatch.access.forms import EmergencyForm, OwnReviewForm, ReviewForm
from fobwatch.access.models import Emergency
from fobwatch.access.rules import emergency as rules
from fobwatch.access.views.answers import emergency_kinds, here_and_now
from fobwatch.design.environment import clock_words
from fobwatch.kernel.clock import epoch, now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import MemberRequest
from fobwatch.policy.rules.vocabulary import CLASSES

A_PAGE = 50


@needs(Permission.BREAK_GLASS)
def start(request: MemberRequest) -> HttpResponse:
    """Open one kind of work in an emergency, with a reason that is reviewed afterwards."""
    moment = now()
    outcome = here_and_now(request, moment)
    kinds = list(emergency_kinds(outcome))
    if not kinds and request.method != "POST":
        if outcome.row:
            rules.standing(outcome.row, outcome.now).or_refuse()
        raise refuse("Emergency access would open nothing more on this device.", "Call the help line below.")
    asked = request.GET.get("kind", "")
    form = EmergencyForm(
        request.POST or None, kinds=kinds if request.method != "POST" else list(CLASSES), initial={"kind": asked}
    )
    if request.method == "POST" and form.is_valid():
        opened = actions.start_emergency(
            member=request.member, sign_in=request.sign_in, registration=outcome.registration,
            version=outcome.version, kind=form.cleaned_data["kind"], reason=form.cleaned_data["reason"],
            by=request.actor, now=moment,
        )  # fmt: skip
        messages.success(request, f"{CLASSES[opened.kind]}: open to you here until {clock_words(opened.until_epoch)}.")
        return redirect("access:mine")
    minutes = rules.minutes(outcome.compiled) if outcome.compiled else rules.MINUTES
    return render(request, "access/emergency.jinja", {"form": form, "minutes": minutes})


@needs(Permission.BREAK_GLASS)
@require_POST
def end(request: MemberRequest, emergency_id: str) -> HttpResponse:
    """End my emergency access before its time."""
    mine = Emergency.within(request.organisation).filter(membership=request.member)
    emergency = get_object_or_404(mine, pk=emergency_id)
    actions.end_emergency(emergency=emergency, member=request.member, by=request.actor, now=now())
    messages.success(request, "Your emergency access has ended.")
    return redirect("access:mine")


@needs(Permission.REVIEW_BREAK_GLASS)
def listing(request: MemberRequest) -> HttpResponse:
    """All emergency access here, by name: what waits for a review first."""
    page = Paginator(Emergency.to_review(request.organisation), A_PAGE).get_page(request.GET.get("page"))
    moment = now()
    context = {
        "page": page, "kinds": CLASSES, "now": epoch(moment), "me": request.member.pk,
        "alone": Emergency.alone(request.member, moment),
    }  # fmt: skip
    return render(request, "access/emergencies.jinja", context)


@needs(Permission.REVIEW_BREAK_GLASS)
def review(request: MemberRequest, emergency_id: str) -> HttpResponse:
    """Look at one emergency access and say how it was used."""
    emergency = get_object_or_404(Emergency.to_review(request.organisation), pk=emergency_id)
    moment, own = now(), emergency.membership_id == request.member.pk
    alone = own and Emergency.alone(request.member, moment)
    form = (OwnReviewForm if alone else ReviewForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.review_emergency(
            emergency=emergency, reviewer=request.member, outcome=form.cleaned_data["outcome"],
            note=form.cleaned_data["note"], exception=alone, by=request.actor, now=moment,
        )  # fmt: skip
        messages.success(request, "Your review is kept.")
        return redirect("access:emergencies")
    verdict = rules.may_review(
        own=own, alone=alone, open_now=emergency.until_epoch > epoch(moment),
        reviewed=emergency.reviewed_at is not None, outcome="right", note="x" * rules.SHORTEST_REASON,
    )  # fmt: skip
    context = {"form": form, "emergency": emergency, "kinds": CLASSES, "verdict": verdict, "own": own}
    return render(request, "access/review.jinja", context)
