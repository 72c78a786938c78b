"""The policy as files and shorter readings: PDF, Word, other engines, easy words, duties (B12, B22, R01)."""

import json

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fobwatch.design import paper
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest, Organisation
from fobwatch.policy.models import Step, Version
from fobwatch.policy.rules import document, easy, possible
from fobwatch.policy.rules.cedar import cedar_schema, cedar_text
from fobwatch.policy.rules.compile import compile_policy
from fobwatch.policy.rules.rego import rego_text
from fobwatch.policy.rules.schema import schema
from fobwatch.policy.rules.vocabulary import PLATFORMS
from fobwatch.policy.rules.word import word

HERE = "fobwatch.policy"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OURS = {"managers": "Managers", "it": "IT", "ig": "The information governance team", "organisation": "The organisation"}


def reader_of(request: MemberRequest) -> possible.Reader:
    """Who reads, from the member and from the platform that the page was asked for; an unknown one counts as none."""
    asked = request.GET.get("platform", "")
    member = request.member
    return possible.Reader(member.staff_group, asked if asked in PLATFORMS else "", member.role, member.team)


def everything(request: MemberRequest) -> bool:
    """Whether the reader asked for every rule, and not only for those that concern them."""
    return request.GET.get("show") == "all"


def _approvers(place: Organisation) -> dict[str, str]:
    """The role of whoever approved each version last, by the key of the version."""
    steps = Step.within(place).filter(kind="approved").select_related("member").order_by("place")
    return {
        step.version_id: (step.member.role_card.name if step.member else "Fobwatch itself")
        + (", who also wrote it" if step.alone else "")
        for step in steps
    }


def _about(version: Version) -> document.About:
    approved = _approvers(version.organisation)
    editions = tuple(
        document.Edition(
            one.number, one.get_state_display(), one.published_at.date() if one.published_at else None,
            approved.get(one.pk, "Not recorded"),
            one.published_by.role_card.name if one.published_by else "Fobwatch itself",
            one.change_note or "First version",
        )
        for one in Version.history(version.organisation)
    )  # fmt: skip
    place = version.organisation
    return document.About(
        organisation=place.name, number=version.number, state=version.state, fingerprint=version.hash,
        since=version.published_at.date() if version.published_at else None, review_on=version.review_on,
        ask=f"Something is not clear? Ask the information governance team: {place.ig_email}" if place.ig_email else "",
        editions=editions,
    )  # fmt: skip


def _file(content: bytes | str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _in_force(request: MemberRequest) -> Version:
    return get_object_or_404(Version.within(request.organisation).select_related("organisation"), state="published")


def _was_in_force(request: MemberRequest, number: int) -> Version:
    return get_object_or_404(Version.history(request.organisation).select_related("organisation"), number=number)


@require_safe
@needs(Permission.READ_POLICY)
def staff_pdf(request: MemberRequest) -> HttpResponse:
    """The page for staff as a tagged PDF, with the steps for one make of device; `size=large` in large print."""
    version, large = _in_force(request), request.GET.get("size") == "large"
    data = document.staff(version.policy, _about(version), reader_of(request), everything=everything(request))
    name = f"policy-{version.number}{'-large-print' if large else ''}.pdf"
    return _file(paper.pdf(HERE, "staff.typ", data, large=large), "application/pdf", name)


@require_safe
@needs(Permission.READ_POLICY)
def easy_read(request: MemberRequest) -> HttpResponse:
    """The policy in easy words: short sentences, one idea each."""
    version = _in_force(request)
    context = {
        "version": version,
        "easy": easy.easy(version.policy, reader_of(request)),
        "back": reverse("policy:read"),
    }
    return render(request, "policy/easy.jinja", context)


@require_safe
@needs(Permission.READ_POLICY)
def duties(request: MemberRequest) -> HttpResponse:
    """What the policy asks of managers, IT, the IG team and the organisation: the reader's own duties first."""
    version = _in_force(request)
    mine = possible.DUTIES.get(request.member.role, frozenset())
    lists = [
        {"title": title, "mine": who in mine, "id": who, "duties": document.asked_by_whom(version.policy, who)}
        for who, title in OURS.items()
    ]
    lists.sort(key=lambda one: not one["mine"])
    return render(request, "policy/duties.jinja", {"version": version, "lists": lists, "back": reverse("policy:read")})


@require_safe
@needs(Permission.READ_POLICY)
def formal(request: MemberRequest, number: int, kind: str) -> HttpResponse:
    """The formal document of a version that is or was in force: kind is "pdf" or "docx"."""
    return _formal(_was_in_force(request, number), kind)


@require_safe
@needs(Permission.WRITE_POLICY)
def formal_draft(request: MemberRequest, kind: str) -> HttpResponse:
    """The formal document of the version that is still on its way, for a committee. It says that it is not in force."""
    version = Version.draft_of(request.organisation)
    return _formal(get_object_or_404(Version.within(request.organisation), pk=version.pk if version else ""), kind)


def _formal(version: Version, kind: str) -> HttpResponse:
    data, name = document.formal(version.policy, _about(version)), f"policy-{version.number}-formal.{kind}"
    if kind == "docx":
        return _file(word(data), DOCX, name)
    return _file(paper.pdf(HERE, "formal.typ", data), "application/pdf", name)


@require_safe
@needs(Permission.READ_POLICY)
def engine(request: MemberRequest, number: int, kind: str) -> HttpResponse:
    """A version for another engine: kind is "cedar", "cedarschema" or "rego". The strict decision, without grace."""
    version = _was_in_force(request, number)
    compiled = compile_policy(version.policy)
    if kind == "rego":
        return _file(rego_text(compiled), "text/plain; charset=utf-8", f"policy-{number}.rego")
    if kind == "cedar":
        return _file(cedar_text(compiled), "text/plain; charset=utf-8", f"policy-{number}.cedar")
    text = json.dumps(cedar_schema(compiled.names), indent=2)
    return _file(text, "application/json", f"policy-{number}.cedarschema.json")


@require_safe
@needs(Permission.READ_POLICY)
def json_schema(request: MemberRequest) -> HttpResponse:
    """The JSON Schema of a policy file."""
    return _file(json.dumps(schema(), indent=2), "application/schema+json", "fobwatch-policy.schema.json")
