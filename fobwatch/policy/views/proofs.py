"""What the policy can never do: proved while its authors look, with the claims of their own."""

import functools
import threading
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest
from fobwatch.policy.actions.promises import add_promise, remove_promise
from fobwatch.policy.forms.promise import PROTECTION, WHO, PromiseForm
from fobwatch.policy.models import Version
from fobwatch.policy.models.promise import Promise
from fobwatch.policy.rules.clause import from_json
from fobwatch.policy.rules.proofs import (
    ASSUMED,
    CANNOT,
    Comparison,
    Finding,
    Invariant,
    Status,
    Weight,
    check_policy,
    compare,
)
from fobwatch.policy.rules.proofs.form import MOST_CHOICES

SECONDS = 15.0
# One proof at a time in a process: it keeps a processor busy, and the pages of others come first.
_ONE = threading.Lock()


@require_safe
@needs(Permission.WRITE_POLICY)
def proofs(request: MemberRequest) -> HttpResponse:
    """What was proved of the version on its way, or of the one in force; and of the one against the other."""
    draft, current = Version.draft_of(request.organisation), Version.in_force(request.organisation)
    version = current if request.GET.get("of") == "force" and current else draft or current
    if version is None:
        messages.info(request, "There is no policy to prove anything about yet. Start from the national template.")
        return redirect("policy:overview")
    context = _proved_of(version, current, list(Promise.of(request.organisation)))
    more = {"draft": draft, "back": reverse("policy:overview"), "back_text": "Set the policy"}
    return render(request, "policy/proofs.jinja", {**context, **more})


@require_safe
@needs(Permission.APPROVE_POLICY)
def for_approval(request: MemberRequest) -> HttpResponse:
    """The same for who approves: of the version in review, and nothing to change."""
    version, current = Version.draft_of(request.organisation), Version.in_force(request.organisation)
    if version is None or version.state != "review":
        return redirect("policy:approval")
    context = _proved_of(version, current, list(Promise.of(request.organisation)))
    more = {"approving": True, "back": reverse("policy:approval"), "back_text": "Approve the policy"}
    return render(request, "policy/proofs.jinja", {**context, **more})


def _proved_of(version: Version, current: Version | None, promises: list[Promise]) -> dict[str, object]:
    findings = _findings(version, [one.claim for one in promises])
    before = current if current and version.pk != current.pk else None
    return {
        "version": version, "current": current, "promises": promises, "lists": _lists(findings),
        "seconds": sum(one.seconds for one in findings), "comparison": _comparison(before, version) if before else None,
        "assumed": ASSUMED, "cannot": CANNOT,
    }  # fmt: skip


@needs(Permission.WRITE_POLICY)
def promise_add(request: MemberRequest) -> HttpResponse:
    """Say one more thing that every version must keep."""
    form = PromiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        add_promise(organisation=request.organisation, claim=form.claim, by=request.actor, now=now())
        messages.success(request, "It is added, and proved with the others from now on.")
        return redirect("policy:proofs")
    context = {"form": form, "who": (*WHO, *PROTECTION), "most": MOST_CHOICES, "back": reverse("policy:proofs")}
    return render(request, "policy/promise.jinja", context)


@require_POST
@needs(Permission.WRITE_POLICY)
def promise_remove(request: MemberRequest, promise_id: str) -> HttpResponse:
    """Take one of the organisation's own claims away."""
    promise = get_object_or_404(Promise.within(request.organisation), pk=promise_id)
    remove_promise(promise=promise, by=request.actor, now=now())
    messages.success(request, "It is taken away. It is no longer proved.")
    return redirect("policy:proofs")


def _lists(findings: Sequence[Finding]) -> list[tuple[str, list[Finding], str]]:
    """What must be put right first: each list with its heading, and the word that counts it."""

    def chosen(status: Status, *weights: Weight) -> list[Finding]:
        return [one for one in findings if one.status is status and one.weight in weights]

    return [
        ("What does not hold", chosen(Status.BROKEN, Weight.MUST), "not so"),
        ("What was not settled in time", chosen(Status.UNSETTLED, *Weight), "not settled"),
        ("Worth a look", chosen(Status.BROKEN, Weight.SHOULD), "worth a look"),
        ("Good to know", chosen(Status.BROKEN, Weight.KNOW), "good to know"),
        ("What is proved", chosen(Status.PROVED, *Weight), "proved"),
    ]


def _findings(version: Version, own: Sequence[Invariant]) -> list[Finding]:
    with _ONE:
        found = _proved(version.content, tuple(own))
        if any(one.status is Status.UNSETTLED for one in found):
            # Look again next time, when the machine may have more time for it.
            _proved.cache_clear()
    return found


def _comparison(before: Version, after: Version) -> Comparison:
    with _ONE:
        return _compared(before.content, after.content)


@functools.lru_cache(maxsize=16)
def _proved(content: str, own: tuple[Invariant, ...]) -> list[Finding]:
    """The same text with the same claims is proved once in each process."""
    return check_policy(from_json(content), own=own, seconds=SECONDS)


@functools.lru_cache(maxsize=16)
def _compared(before: str, after: str) -> Comparison:
    return compare(from_json(before), from_json(after), seconds=SECONDS)
