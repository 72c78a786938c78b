"""The staff list, its members, and its file."""

import csv
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import Invitation, MemberRequest, Membership, Passkey, Reminder
from fobwatch.people.rules.cells import plain_cell
from fobwatch.people.rules.invitations import STATE_WORDS

A_PAGE = 50
EMPLOYMENTS = dict(Membership.EMPLOYMENTS)


def _wanted(request: HttpRequest) -> dict[str, str]:
    """The filters of an address: words, team, employment."""
    told = {name: request.GET.get(name, "").replace("\0", "")[:120] for name in ("words", "team", "employment")}
    return told if told["employment"] in EMPLOYMENTS else told | {"employment": ""}


@require_safe
@needs(Permission.SEE_PEOPLE)
def staff(request: MemberRequest) -> HttpResponse:
    """The staff list: search, filters, pages."""
    moment, wanted = now(), _wanted(request)
    today, manages = moment.date(), Permission.MANAGE_PEOPLE in request.permissions
    uninvited = Invitation.nobody_yet(request.organisation, now=moment).exclude(pk=request.member.pk)
    page = Paginator(Membership.search(request.organisation, day=today, **wanted), A_PAGE).get_page(
        request.GET.get("page")
    )
    rows = [(one, EMPLOYMENTS[one.employment_on(today)]) for one in page]
    context = {
        "page": page, "rows": rows, "wanted": wanted, "teams": Membership.teams(request.organisation),
        "employments": Membership.EMPLOYMENTS, "query": urlencode({key: text for key, text in wanted.items() if text}),
        "manages": manages, "uninvited": uninvited.count() if manages else 0,
        "approves": Permission.APPROVE_PRIVILEGED in request.permissions,
    }  # fmt: skip
    return render(request, "people/staff.jinja", context)


@require_safe
@needs(Permission.SEE_PEOPLE)
def staff_csv(request: MemberRequest) -> HttpResponse:
    """The staff list as a file, by the same filters; no cell of it runs as a formula."""
    today = now().date()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="staff.csv"'
    response.write("\ufeff")
    out = csv.writer(response)
    out.writerow(["Employee number", "Full name", "Email", "Job title", "Staff group", "Team", "Line manager's email",
                  "Leave date", "Role", "Employment"])  # fmt: skip
    for one in Membership.search(request.organisation, day=today, **_wanted(request)).iterator(chunk_size=1000):
        cells = [one.staff_number, one.person.name, one.person.email, one.job_title,
                 "clinical" if one.clinical else "non-clinical", one.team,
                 one.manager.person.email if one.manager else "", one.leaves_on or "", one.role_card.name,
                 EMPLOYMENTS[one.employment_on(today)]]  # fmt: skip
        out.writerow([plain_cell(cell) for cell in cells])
    return response


@require_safe
@needs(Permission.SEE_PEOPLE)
def member(request: MemberRequest, member_id: str) -> HttpResponse:
    """One member: what the list says, where their link stands, and of what they were reminded."""
    moment = now()
    found = get_object_or_404(Membership.search(request.organisation, day=moment.date()), pk=member_id)
    links = Invitation.within(request.organisation).filter(membership=found).select_related("invited_by__person")
    newest = [(one, one.state(moment)) for one in links.order_by("-created_at")[:5]]
    context = {
        "member": found, "employment": EMPLOYMENTS[found.employment_on(moment.date())],
        "links": [(one, STATE_WORDS[state], state) for one, state in newest],
        "reminders": Reminder.seen_by(request.permissions, found)[:5],
        "has_passkey": Passkey.of(found.person).exists(), "manages": Permission.MANAGE_PEOPLE in request.permissions,
        "issues": Permission.MANAGE_DEVICES in request.permissions and found.employment_on(moment.date()) != "left",
        "back": reverse("people:staff"),
    }  # fmt: skip
    return render(request, "people/member.jinja", context)
