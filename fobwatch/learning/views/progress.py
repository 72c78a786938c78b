"""How far the training has come: for the organisation in counts, for a line manager who of the team has it to do."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fobwatch.kernel.clock import epoch, now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.learning.models import progress as progress_of
from fobwatch.learning.models import standings, team_standings
from fobwatch.learning.rules.figures import bars, counts, grouped
from fobwatch.learning.rules.marking import due
from fobwatch.people.models import MemberRequest


@require_safe
@needs(Permission.SEE_LEARNING)
def progress(request: MemberRequest) -> HttpResponse:
    """Counts by team and staff group, and week by week; nobody's name, nobody's marks (B08, B17)."""
    moment = now()
    rows = standings(request.organisation, moment)
    teams, groups = grouped(rows, epoch(moment))
    weeks = progress_of(request.organisation, moment)
    context = {
        "all": counts(rows, epoch(moment)), "teams": teams, "groups": groups, "weeks": weeks,
        "may_write": Permission.WRITE_POLICY in request.permissions,
        "bars": bars({f"{day:%-d %b}": one.percent for day, one in weeks.items()}),
    }  # fmt: skip
    return render(request, "learning/progress.jinja", context)


@require_safe
@needs(Permission.SEE_TEAM)
def team(request: MemberRequest) -> HttpResponse:
    """Who of my team has the training to do. Whether somebody tried and did not pass is not shown to anybody."""
    moment = now()
    rows = [(one, until, due(until, moment)) for one, until in team_standings(request.member, moment)]
    rows.sort(key=lambda row: not row[2])  # who has it to do comes first
    return render(request, "learning/team.jinja", {"rows": rows, "done": sum(not late for *_, late in rows)})
