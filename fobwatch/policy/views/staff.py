"""The policy as staff read and confirm it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest
from fobwatch.policy import actions
from fobwatch.policy.models import Acknowledgement, Version
from fobwatch.policy.rules import possible, reading
from fobwatch.policy.rules.vocabulary import PLATFORM_WORDS
from fobwatch.policy.views.documents import everything, reader_of


@require_safe
@needs(Permission.READ_POLICY)
def read(request: MemberRequest) -> HttpResponse:
    """The policy in force on one page: what changed, do and don't, the rules, and the button that confirms it.

    Rules that cannot concern the reader are named and left out, until every rule is asked for (`show=all`).
    """
    version = Version.in_force(request.organisation)
    if version is None:
        return render(request, "policy/not_yet.jinja", {"may_write": Permission.WRITE_POLICY in request.permissions})
    mine = list(Acknowledgement.mine(request.member))
    before = next((one.carried_from or one for one in mine if one.version != version), None)
    reader = reader_of(request)
    shown = possible.mine(version.policy, reader, everything=everything(request))
    dos, donts = possible.in_short(version.policy, shown.sections, reader)
    context = {
        "version": version,
        "sections": shown.sections,
        "left_out": shown.left_out,
        "everything": everything(request),
        "platform": reader.platform,
        "platforms": PLATFORM_WORDS,
        "steps": {
            rule.clause.id: possible.steps(version.policy, rule.clause, reader.platform)
            for section in shown.sections
            for rule in section.rules
        },
        "owner": version.policy.values.get("owner_role", ""),
        "dos": [{"text": line} for line in dos],
        "donts": [{"text": line} for line in donts],
        "confirmed": next((one for one in mine if one.version == version), None),
        "before": before,
        "changes": reading.changes(before.version.policy, version.policy) if before else (),
        "mine": mine,
    }
    return render(request, "policy/read.jinja", context)


@require_POST
@needs(Permission.READ_POLICY)
def acknowledge(request: MemberRequest) -> HttpResponse:
    """Confirm the text that was on the page; a second press leads to the same receipt."""
    version = get_object_or_404(Version.within(request.organisation), state="published")
    shown = request.POST.get("shown", "")
    found = Acknowledgement.of(request.member, version)
    if found is None or found.hash != shown:
        found = actions.acknowledge(
            membership=request.member, version=version, shown=shown, by=request.actor, now=now()
        )
    return redirect("policy:receipt", found.receipt)


@require_safe
@needs(Permission.READ_POLICY)
def receipt(request: MemberRequest, receipt: str) -> HttpResponse:
    """What I confirmed, when, and the hash of the text: to show to somebody, or to print."""
    mine = get_object_or_404(Acknowledgement.mine(request.member), receipt=receipt)
    return render(request, "policy/receipt.jinja", {"mine": mine, "back": reverse("policy:read")})


@require_safe
@needs(Permission.READ_POLICY)
def version(request: MemberRequest, number: int) -> HttpResponse:
    """A version that is or was in force, with its hash."""
    found = get_object_or_404(Version.history(request.organisation), number=number)
    context = {
        "version": found,
        "sections": reading.sections(found.policy),
        "owner": found.policy.values.get("owner_role", ""),
        "back": reverse("policy:read"),
    }
    return render(request, "policy/version.jinja", context)


@require_safe
@needs(Permission.READ_POLICY)
def version_json(request: MemberRequest, number: int) -> HttpResponse:
    """The very bytes whose SHA-256 is the hash of a version."""
    found = get_object_or_404(Version.history(request.organisation), number=number)
    response = HttpResponse(found.content.encode(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="policy-{number}.json"'
    return response
