"""What would change: the draft, or one detail of it, against what is in force, over the live register (S8)."""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from fobwatch.access.models import Snapshot, compiled_policy, snapshot, trial_policy
from fobwatch.access.rules.affected import Affected, affected, losers, touched
from fobwatch.access.rules.lockout import may_publish
from fobwatch.access.rules.picture import NO_TEAM, picture
from fobwatch.access.rules.slider import Slider, adjustable, slider, tried
from fobwatch.access.rules.whatif import Effect
from fobwatch.access.rules.whatif_words import details, headline
from fobwatch.access.views.register import _Echo
from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import MemberRequest, Membership, Organisation
from fobwatch.people.rules.cells import plain_cell
from fobwatch.policy import actions as policy_actions
from fobwatch.policy.models import Version
from fobwatch.policy.rules.batch import TooManyClauses
from fobwatch.policy.rules.clause import PolicyErrors
from fobwatch.policy.rules.compile import Compiled
from fobwatch.policy.rules.form import Param

PEOPLE_ON_A_PAGE = 50
TEAMS_SHOWN = 20
HEADINGS = ["Person", "Team", "Would lose", "Would gain", "Because of", "Could fix it today", "Minutes"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared: a base (the draft, or what is in force), perhaps with one detail tried out.

    wrong: what is wrong with the value that was typed; then the base stands as it is.
    """

    base: Version
    version: Version | None
    compiled: Compiled
    params: tuple[Param, ...]
    param: Param | None
    value: str
    wrong: str

    @property
    def draft(self) -> bool:
        """Whether a draft is compared, and not only a detail of what is in force."""
        return self.version is None or self.base.pk != self.version.pk

    @property
    def query(self) -> str:
        """The same question for another address; it holds no personal data."""
        return urlencode({"param": self.param.name, "value": self.value}) if self.param else ""


def _asked(request: MemberRequest) -> Asked | None:
    """What the address asks for; None where there is no policy at all. An unknown detail is not asked for."""
    version = Version.in_force(request.organisation)
    base = Version.draft_of(request.organisation) or version
    if base is None:
        return None
    compiled = readable(base)
    params = adjustable(compiled.policy)
    param = next((one for one in params if one.name == request.GET.get("param")), None)
    if param is None:
        return Asked(base, version, compiled, params, None, "", "")
    value, wrong = request.GET.get("value", "").strip()[:40] or str(param.value), ""
    try:
        compiled = trial_policy(base.pk, base.hash, param.name, value)
    except PolicyErrors as errors:
        value, wrong = str(param.value), errors.problems[0].sentence
    return Asked(base, version, compiled, params, param, value, wrong)


def readable(version: Version) -> Compiled:
    """The compiled policy of a version; refuses one that cannot be enforced as it was kept."""
    try:
        return compiled_policy(version.pk, version.hash)
    except ValueError:
        version.enforceable().or_refuse()
        raise


def counted(
    request: MemberRequest, version: Version | None, new: Compiled, moment: dt.datetime
) -> tuple[Snapshot, Effect]:
    """The register under what is in force, and what `new` would change. Refuses what is too long to be counted."""
    try:
        here = snapshot(request.organisation, version, moment)
        return here, here.effect(new)
    except TooManyClauses as error:
        raise refuse(str(error), "Join rules that belong together, then look again.") from error


def _context(request: MemberRequest, asked: Asked, *, whole: bool) -> dict[str, object]:
    here, found = counted(request, asked.version, asked.compiled, now())
    shown = picture(found)
    doing = "Publishing this" if asked.draft else "This change"
    most = max([1, *(max(one.now, one.then) for one in shown.works)])
    return {
        "asked": asked, "picture": shown, "headline": headline(shown, doing), "details": details(shown),
        "at": here.at, "query": asked.query, "most": most, "slider": _slider(asked, here) if whole else None,
        "teams": shown.teams[:TEAMS_SHOWN], "more_teams": len(shown.teams) - len(shown.teams[:TEAMS_SHOWN]),
        "may": may_publish(found, here.number(request.member), here.authors),
        "keeps": asked.param is not None and asked.base.state == "draft" and not asked.wrong,
        "no_team": NO_TEAM,
        "sees_people": {Permission.SEE_REGISTER, Permission.WRITE_POLICY} <= request.permissions,
    }  # fmt: skip


def _slider(asked: Asked, here: Snapshot) -> Slider | None:
    if asked.param is None:
        return None
    in_force = asked.version.policy.values.get(asked.param.name) if asked.version else None
    others = [str(one) for one in (in_force, asked.param.value) if isinstance(one, int | str)]
    return slider(asked.compiled.policy, asked.param, here.register, tuple(others))


@require_safe
@needs(Permission.WRITE_POLICY)
def whatif(request: MemberRequest) -> HttpResponse:
    """What would change, for whom and why; with a slider on one detail."""
    asked = _asked(request)
    if asked is None:
        return redirect("policy:overview")
    return render(request, "access/whatif.jinja", _context(request, asked, whole=True))


@require_safe
@needs(Permission.WRITE_POLICY)
def fragment(request: MemberRequest) -> HttpResponse:
    """The picture alone, while the slider moves."""
    asked = _asked(request)
    if asked is None:
        return redirect("policy:overview")
    return render(request, "access/_picture.jinja", _context(request, asked, whole=False))


@require_safe
@needs(Permission.APPROVE_POLICY)
def for_approval(request: MemberRequest) -> HttpResponse:
    """What a version that waits for approval would change, without a name and with nothing to try."""
    base, version = Version.draft_of(request.organisation), Version.in_force(request.organisation)
    if base is None or base.state != "review":
        return redirect("policy:approval")
    asked = Asked(base, version, readable(base), (), None, "", "")
    return render(request, "access/whatif_approval.jinja", _context(request, asked, whole=False))


@require_POST
@needs(Permission.WRITE_POLICY)
def keep(request: MemberRequest) -> HttpResponse:
    """Put the value that was tried into the draft."""
    draft = Version.draft_of(request.organisation)
    name, value = request.POST.get("param", ""), request.POST.get("value", "")[:40]
    known = adjustable(readable(draft).policy) if draft else ()
    param = next((one for one in known if one.name == name), None)
    if draft is None or param is None:
        return redirect("access:whatif")
    try:
        policy_actions.set_params(
            draft=draft, values={name: tried(draft.policy, name, value).values[name]},
            shown=request.POST.get("shown", ""), by=request.actor, now=now(),
        )  # fmt: skip
    except PolicyErrors as wrong:
        raise refuse(wrong.problems[0].sentence, "Go back and try another value.") from wrong
    messages.success(request, f"It is in the draft: {param.label.lower()}, {value}.")
    return redirect("access:whatif")


@require_safe
@needs(Permission.SEE_REGISTER)
def listing(request: MemberRequest) -> HttpResponse:
    """The people who would lose something, by name, page by page."""
    asked = _author_asks(request)
    if asked is None:
        return redirect("policy:overview")
    here, found = counted(request, asked.version, asked.compiled, now())
    page = Paginator(losers(found).tolist(), PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [*_named(request.organisation, here, affected(found, page.object_list))]
    context = {"rows": rows, "page": page, "query": asked.query, "total": page.paginator.count, "no_team": NO_TEAM}
    return render(request, "access/whatif_people.jinja", context)


@require_safe
@needs(Permission.SEE_REGISTER)
def export(request: MemberRequest) -> HttpResponse | StreamingHttpResponse:
    """Everybody who would lose or gain something, as a CSV file."""
    asked, moment = _author_asks(request), now()
    if asked is None:
        return redirect("policy:overview")
    here, found = counted(request, asked.version, asked.compiled, moment)
    people = _named(request.organisation, here, affected(found, touched(found).tolist()))
    response = StreamingHttpResponse(_lines(people), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="what-would-change-{moment:%Y-%m-%d}.csv"'
    return response


def _author_asks(request: MemberRequest) -> Asked | None:
    """As `_asked`; a draft is shown to its authors only."""
    if Permission.WRITE_POLICY not in request.permissions:
        raise refuse(
            "Your role here does not include this: a draft of the policy is for its authors.",
            "Ask your information governance lead for what you need.",
        )
    return _asked(request)


def _named(organisation: Organisation, here: Snapshot, people: Iterable[Affected]) -> Iterator[tuple[str, Affected]]:
    """Each person with their name, which the register in columns does not hold."""
    chosen = list(people)
    names: dict[str, str] = {}
    for start in range(0, len(chosen), 500):
        ids = [here.members[one.number] for one in chosen[start : start + 500]]
        names |= dict(Membership.within(organisation).filter(pk__in=ids).values_list("pk", "person__name"))
    for one in chosen:
        yield names.get(here.members[one.number], "Somebody who has left"), one


def _lines(people: Iterable[tuple[str, Affected]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # A byte order mark, so that Excel reads names with accents.
    yield "\ufeff" + writer.writerow(HEADINGS)
    for name, one in people:
        fix = "" if not one.loses else "No" if one.minutes is None else "Yes"
        cells = [
            name, one.team, "; ".join(one.loses), "; ".join(one.gains), "; ".join(one.because), fix,
            one.minutes if one.loses else None,
        ]  # fmt: skip
        yield writer.writerow(map(plain_cell, cells))
