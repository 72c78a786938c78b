"""An approved version is put in force: what it changes, and for whom; never one that locks everybody out."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fobwatch.access.forms import PublishForm
from fobwatch.access.rules.lockout import may_publish
from fobwatch.access.rules.picture import picture
from fobwatch.access.rules.whatif_words import details, headline
from fobwatch.access.views.whatif import counted, readable
from fobwatch.design.environment import moment_words
from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest
from fobwatch.policy import actions
from fobwatch.policy.models import Step, Version
from fobwatch.policy.rules import reading

NO_DRAFT = "There is no draft now. Start one when you want to change something."
NOT_APPROVED = "Nobody has approved this version yet. Send it for approval first."


@needs(Permission.PUBLISH_POLICY)
def publish(request: MemberRequest) -> HttpResponse:
    """What an approved version changes, and for whom; then put it in force, now or from a day."""
    found, current = Version.draft_of(request.organisation), Version.in_force(request.organisation)
    if found is None:
        # A second press of the button: it is done, and the page says so.
        twice = current is not None and request.method == "POST" and current.hash == request.POST.get("shown")
        if not twice:
            messages.info(request, NO_DRAFT)
        return redirect("policy:overview")
    if found.state != "approved":
        messages.info(request, NOT_APPROVED)
        return redirect("policy:draft")
    moment = now()
    here, effect = counted(request, current, readable(found), moment)
    may = may_publish(effect, here.number(request.member), here.authors)
    start = {"shown": found.hash}
    if found.starts_at:
        start |= {"change_note": found.change_note, "material": "yes" if found.material else "no"}
    form = PublishForm(request.POST or None, first=current is None, now=moment, initial=start)
    if request.method == "POST":
        may.or_refuse()
        if form.is_valid():
            return _published(request, found, form)
    shown = picture(effect)
    context = {
        "form": form, "draft": found, "current": current, "approval": Step.approval(found), "may": may,
        "headline": headline(shown), "details": details(shown), "back": reverse("policy:draft"),
        "changes": reading.changes(current.policy, found.policy) if current else (),
    }  # fmt: skip
    return render(request, "access/publish.jinja", context)


def _published(request: MemberRequest, found: Version, form: PublishForm) -> HttpResponse:
    given = form.cleaned_data
    note, material = given.get("change_note", ""), given.get("material", "yes") == "yes"
    if starts_at := given["starts_at"]:
        actions.schedule(
            draft=found, shown=given["shown"], starts_at=starts_at, change_note=note, material=material,
            by=request.actor, now=now(),
        )  # fmt: skip
        messages.success(request, f"Version {found.number} comes in force on {moment_words(starts_at)}.")
    else:
        actions.publish(
            draft=found, shown=given["shown"], change_note=note, material=material, by=request.actor, now=now()
        )
        messages.success(request, f"Version {found.number} is in force from now on.")
    return redirect("policy:overview")
