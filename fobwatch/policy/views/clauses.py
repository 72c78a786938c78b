"""One rule of the draft: its words, what enforces it, what it meets. Rules are added, taken out, taken from a template.

Nobody's words are lost: what was typed stays on the page, whatever somebody else did meanwhile.
"""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import MemberRequest, Membership
from fobwatch.policy import actions
from fobwatch.policy.forms import CONDITIONS, ClauseForm, OwnClauseForm
from fobwatch.policy.models import Version, shipped, template
from fobwatch.policy.rules import reading, updates
from fobwatch.policy.rules.clause import clause_digest
from fobwatch.policy.rules.difference import beside
from fobwatch.policy.rules.edit import Overtaken
from fobwatch.policy.rules.form import Clause, Policy, own_when, said
from fobwatch.policy.rules.margin import margin_of
from fobwatch.policy.rules.phrasing import condition_words
from fobwatch.policy.views.author import none_now

LOST = "Somebody took this rule out while you wrote. Your words are below: save them as a rule of your own, or leave."

PLACES = {
    "title": "words", "section": "words", "text": "words", "do": "words", "dont": "words",
    "binds": "whom", "groups": "whom", "roles": "whom", "teams": "whom", "items": "meets", "guidance": "meets",
    "grade": "strict", "grace": "strict", "grace_days": "strict", "flags": "strict",
}  # fmt: skip


def _clause(policy: Policy, clause_id: str) -> Clause | None:
    return next((one for one in policy.clauses if one.id == clause_id), None)


@needs(Permission.WRITE_POLICY)
def clause(request: MemberRequest, clause_id: str) -> HttpResponse:
    """Write one rule; the buttons that add a row or look again save nothing."""
    found = Version.draft_of(request.organisation)
    if found is None:
        return none_now(request)
    policy = found.policy
    here = _clause(policy, clause_id)
    if here is None:
        return _lost(request, found)
    if request.method == "POST":
        return _written(request, found, here)
    if found.state != "draft":
        return redirect("policy:draft")
    form = ClauseForm(policy=policy, clause=here, teams=Membership.teams(request.organisation))
    return render(request, "policy/clause.jinja", _context(found, here, form, clause_digest(policy, here)))


def _written(request: MemberRequest, found: Version, here: Clause) -> HttpResponse:
    sent = request.POST
    form = ClauseForm(sent, policy=found.policy, clause=here, teams=Membership.teams(request.organisation))
    shown, overtaken = sent.get("shown", ""), False
    if form.is_valid() and sent.get("press") == "save":
        refused = _save(request, found, here.id, form)
        if refused is None:
            messages.success(request, f"“{here.title}” is saved. Nothing changes for staff until it is published.")
            return redirect("policy:clause", here.id)
        # The action has read the draft anew: what stands there now is theirs.
        theirs = _clause(found.policy, here.id)
        if theirs is None:
            return _lost(request, found)
        if overtaken := isinstance(refused, Overtaken):
            here, shown = theirs, clause_digest(found.policy, theirs)
    return render(request, "policy/clause.jinja", _context(found, here, form, shown, overtaken=overtaken))


@require_POST
@needs(Permission.WRITE_POLICY)
def margin(request: MemberRequest, clause_id: str) -> HttpResponse:
    """How the words read that somebody is typing: a part of the page, and nothing is kept."""
    found = Version.draft_of(request.organisation)
    here = _clause(found.policy, clause_id) if found else None
    if found is None or here is None:
        raise Http404
    form = ClauseForm(request.POST, policy=found.policy, clause=here, teams=Membership.teams(request.organisation))
    form.is_valid()
    after = form.policy_after or form.policy
    return render(request, "policy/clause_margin.jinja", {"margin": margin_of(after, after.clause(clause_id))})


def _save(request: MemberRequest, found: Version, clause_id: str, form: ClauseForm) -> Refused | None:
    """Save what was written; where that is refused, the sentence stands on the page beside what was typed."""
    try:
        actions.set_clause(
            draft=found, clause=clause_id, **form.cleaned_data, shown=request.POST.get("shown", ""), by=request.actor,
            now=now(),
        )  # fmt: skip
    except Refused as refused:
        form.add_error(None, f"{refused.verdict.reason} {refused.verdict.next_step}")
        return refused
    return None


def _context(
    found: Version, here: Clause, form: ClauseForm, shown: str, *, overtaken: bool = False
) -> dict[str, object]:
    policy = found.policy
    after = form.policy_after or form.policy
    written = after.clause(here.id)
    national = _clause(shipped(updates.stands_at(policy, here)) or template(), here.id) if not here.own else None
    return {
        "form": form, "draft": found, "clause": here, "shown": shown, "overtaken": overtaken,
        "theirs": beside(after, written, policy, here) if overtaken else None,
        "read": said(after, written), "margin": margin_of(after, written),
        "national": said(policy, national) if national and national.text != here.text else "",
        "stands_at": updates.stands_at(policy, here), "sections": reading.sections(policy),
        "how": reading.enforcement(after, written), "unfolded": _unfolded(form),
        "phrases": {"when": condition_words(after, own_when(written)), "need": condition_words(after, written.need)},
        "back": reverse("policy:draft"),
    }  # fmt: skip


def _unfolded(form: ClauseForm) -> set[str]:
    """The parts of the page that stand open: where something was written or is wrong, and where a row was added."""
    written = [*form.errors, *form.written_on]
    found = {PLACES.get(name, name.partition("-")[0]) for name in written}
    return found | {name for name in CONDITIONS if form.data.get("press") == f"add-{name}"}


def _lost(request: MemberRequest, found: Version) -> HttpResponse:
    """The rule is gone: what was typed is offered as a rule of their own."""
    if request.method != "POST":
        raise Http404
    start = {name: request.POST.get(name, "") for name in ("section", "title", "text")}
    form = OwnClauseForm(initial=start, sections=_sections(found.policy))
    messages.info(request, LOST)
    return render(request, "policy/clause_add.jinja", {"form": form, "back": reverse("policy:draft")})


def _sections(policy: Policy) -> tuple[str, ...]:
    return tuple(section.title for section in reading.sections(policy))


@needs(Permission.WRITE_POLICY)
def add(request: MemberRequest) -> HttpResponse:
    """Begin a rule of the organisation's own."""
    found = Version.draft_of(request.organisation)
    if found is None:
        return none_now(request)
    form = OwnClauseForm(request.POST or None, sections=_sections(found.policy))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_clause(draft=found, **form.cleaned_data, by=request.actor, now=now())
        except Refused as refused:
            form.add_error(None, f"{refused.verdict.reason} {refused.verdict.next_step}")
        else:
            messages.success(request, "Your rule is in the draft. Say here whom it is for and what enforces it.")
            return redirect("policy:clause", made)
    return render(request, "policy/clause_add.jinja", {"form": form, "back": reverse("policy:draft")})


@require_POST
@needs(Permission.WRITE_POLICY)
def remove(request: MemberRequest, clause_id: str) -> HttpResponse:
    """Take one rule out of the draft."""
    found = Version.draft_of(request.organisation)
    if found is None:
        return none_now(request)
    if _clause(found.policy, clause_id) is None:
        raise Http404
    actions.remove_clause(
        draft=found, clause=clause_id, shown=request.POST.get("shown", ""), by=request.actor, now=now()
    )
    messages.success(request, "The rule is out of the draft. It stays in force until the draft is published.")
    return redirect("policy:draft")


@needs(Permission.WRITE_POLICY)
def news(request: MemberRequest) -> HttpResponse:
    """A newer national template, rule by rule: take it, or keep ours."""
    found = Version.draft_of(request.organisation)
    if found is None:
        return none_now(request)
    newest = template()
    if request.method == "POST":
        taken = request.POST.get("answer") == "take"
        actions.decide_update(
            draft=found, clause=request.POST.get("clause", ""), taken=taken, shown=request.POST.get("shown", ""),
            by=request.actor, now=now(),
        )  # fmt: skip
        messages.success(request, "Taken into the draft." if taken else "Ours stays, and we keep that you looked.")
        return redirect("policy:news")
    policy = found.policy
    waiting = [
        (one, beside(policy, one.ours, newest, one.national)) for one in updates.pending(policy, newest, shipped)
    ]
    context = {"draft": found, "newest": newest, "waiting": waiting, "back": reverse("policy:draft")}
    return render(request, "policy/news.jinja", context)
