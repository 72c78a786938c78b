"""What a ward manager sees: who of their team has a registered device, and who has not. Never which one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fobwatch.devices.models import Registration
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest, Membership

WORDS = {"active": "Yes", "enrolling": "Being set up"}


@require_safe
@needs(Permission.SEE_TEAM)
def team(request: MemberRequest) -> HttpResponse:
    """Who still works in my team, and whether they have a device that is ready for work."""
    members = list(Membership.team_of(request.member).exclude(employment="left"))
    found = Registration.within(request.organisation).filter(membership__in=members, state__in=WORDS)
    states: dict[str, str] = {}
    for member_id, state in found.values_list("membership_id", "state"):
        states[member_id] = "active" if "active" in (state, states.get(member_id)) else state
    rows = [(one, WORDS.get(states.get(one.pk, ""), "No")) for one in members]
    ready = sum(said == WORDS["active"] for _, said in rows)
    return render(request, "devices/team.jinja", {"rows": rows, "ready": ready})
