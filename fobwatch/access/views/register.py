"""IT's register: search, filter, page by page, as a file, and one device with its reasons."""

import csv
from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from fobwatch.access.models import Filters, Line, compiled_policy, count, listed, pages
from fobwatch.access.models.register import SEEN
from fobwatch.access.rules.register import place
from fobwatch.access.views.answers import register_answers
from fobwatch.design.environment import moment_words
from fobwatch.devices.actions.look import look
from fobwatch.devices.models import Registration
from fobwatch.devices.rules.states import STATE_WORDS
from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest
from fobwatch.people.rules.cells import plain_cell
from fobwatch.policy.models import Version
from fobwatch.policy.rules.vocabulary import CLASSES, PLATFORM_WORDS

SIZES = (25, 100, 1_000)
SEEN_WORDS = {
    "day": "Today", "week": "1 to 7 days ago", "month": "7 to 30 days ago", "longer": "More than 30 days ago",
    "never": "Never",
}  # fmt: skip
ANSWER_WORDS = {"yes": "Yes", "view_only": "View only", "not_yet": "Not yet", "no": "No"}
HEADINGS = ["Person", "Team", "Device", "Kind", "Whose", "State", "Last seen", *CLASSES.values()]


class _Echo:
    """What `csv` writes to, so that each row can be sent at once."""

    def write(self, text: str) -> str:
        """Give back what was written."""
        return text


def _filters(request: MemberRequest, clauses: dict[str, str]) -> Filters:
    """What is asked for; a word that we do not know asks for nothing. No URL holds a name: POST only."""
    asked = request.POST if request.method == "POST" else request.GET

    def one_of(name: str, known: object) -> str:
        value = asked.get(name, "")
        return value if value in known else ""  # type: ignore[operator]

    return Filters(
        state=one_of("state", STATE_WORDS),
        platform=one_of("platform", PLATFORM_WORDS),
        failing=one_of("failing", clauses),
        seen=one_of("seen", SEEN),
        search=request.POST.get("search", "").strip()[:80],
    )


def _clauses(version: Version | None) -> dict[str, str]:
    policy = compiled_policy(version.pk, version.hash).policy if version else None
    return {one.id: one.title for one in policy.clauses if one.kind == "require"} if policy else {}


@needs(Permission.SEE_REGISTER)
def listing(request: MemberRequest) -> HttpResponse:
    """The register, the last seen first. A search is sent by POST, so that no name stands in an address."""
    moment = now()
    version = Version.in_force(request.organisation)
    clauses = _clauses(version)
    filters = _filters(request, clauses)
    asked = request.POST if request.method == "POST" else request.GET
    size = next((one for one in SIZES if asked.get("size") == str(one)), SIZES[0])
    found = listed(request.organisation, version, filters, moment, size=size, after=place(asked.get("after", "")))
    kept = {name: value for name in ("state", "platform", "failing", "seen") if (value := getattr(filters, name))}
    kept |= {"size": str(size)} if size != SIZES[0] else {}
    drawn: dict[tuple[str, ...], int] = {}
    before, _, end = reverse("devices:registration", args=["ID"]).partition("ID")
    rows = [
        (
            line, drawn.setdefault(line.answers, len(drawn)), f"{before}{line.id}{end}",
            moment_words(line.last_seen) if line.last_seen else "Never",
        )
        for line in found.lines
    ]  # fmt: skip
    context = {
        "rows": rows, "drawn": list(drawn), "after": found.after, "filters": filters, "size": size, "sizes": SIZES,
        "total": None if filters.failing else count(request.organisation, filters, moment), "kept": kept,
        "query": urlencode(kept), "classes": CLASSES, "states": STATE_WORDS, "platforms": PLATFORM_WORDS,
        "clauses": clauses, "seen": SEEN_WORDS, "begun": bool(asked.get("after")), "version": version,
        "issues": Permission.MANAGE_DEVICES in request.permissions,
    }  # fmt: skip
    return render(request, "access/register.jinja", context)


@needs(Permission.SEE_REGISTER)
def export(request: MemberRequest) -> StreamingHttpResponse:
    """The devices that the filters choose as a CSV file, sent as it is made."""
    moment = now()
    version = Version.in_force(request.organisation)
    lines = pages(request.organisation, version, _filters(request, _clauses(version)), moment)
    response = StreamingHttpResponse(_rows(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="register-{moment:%Y-%m-%d}.csv"'
    return response


def _rows(lines: Iterator[Line]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # A byte order mark, so that Excel reads names with accents.
    yield "\ufeff" + writer.writerow(HEADINGS)
    for line in lines:
        cells = [
            line.person, line.team, line.label, PLATFORM_WORDS.get(line.platform, "Not known"), line.ownership,
            STATE_WORDS[line.state], moment_words(line.last_seen) if line.last_seen else "Never",
            *(ANSWER_WORDS[answer] for answer in line.answers),
        ]  # fmt: skip
        yield writer.writerow(map(plain_cell, cells))


@needs(Permission.SEE_REGISTER)
def device(request: MemberRequest, registration_id: str) -> HttpResponse:
    """What one registered device may be used for, with reasons. That somebody looked is recorded."""
    found = Registration.within(request.organisation).select_related("device", "membership__person", "organisation")
    registration = get_object_or_404(found, pk=registration_id)
    moment = now()
    if not registration.is_of(request.member):
        look(registration=registration, by=request.actor, now=moment)
    context = {
        "registration": registration, "answers": register_answers(registration, moment), "states": STATE_WORDS,
    }  # fmt: skip
    return render(request, "access/device.jinja", context)
