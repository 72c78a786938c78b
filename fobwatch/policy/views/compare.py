"""What differs between any two versions, in words."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest
from fobwatch.policy.forms import CompareForm
from fobwatch.policy.models import Version
from fobwatch.policy.rules.difference import difference


def _versions(request: MemberRequest) -> "QuerySet[Version]":
    """What this member may read: what is or was in force; its authors and approvers, what is on its way too."""
    if {Permission.WRITE_POLICY, Permission.APPROVE_POLICY} & request.permissions:
        return Version.within(request.organisation).order_by("-number")
    return Version.history(request.organisation)


@require_safe
@needs(Permission.READ_POLICY)
def compare(request: MemberRequest) -> HttpResponse:
    """Two versions of the policy beside each other: rule by rule, word by word."""
    versions = {str(one.number): one for one in _versions(request)}
    asked = {name: request.GET[name] for name in ("before", "after") if name in request.GET}
    newest = list(versions)[:2]
    start = {"after": newest[0], "before": newest[-1]} if newest else {}
    form = CompareForm({**start, **asked} if start else None, versions=list(versions.values()))
    found = before = after = None
    if start and form.is_valid():
        before, after = (versions[form.cleaned_data[name]] for name in ("before", "after"))
        found = difference(before.policy, after.policy)
    back = "policy:overview" if Permission.WRITE_POLICY in request.permissions else "policy:read"
    context = {"form": form, "found": found, "before": before, "after": after, "back": reverse(back)}
    return render(request, "policy/compare.jinja", context)
