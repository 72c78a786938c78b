"""Reviewing the documents that exist: upload, what each says, many side by side, and a draft from one (R06)."""

import datetime as dt
import json
import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import MemberRequest, Organisation
from fobwatch.policy import actions
from fobwatch.policy.backends.pool import Asked, review_documents
from fobwatch.policy.backends.text import MOST_BYTES
from fobwatch.policy.models import ReviewedDocument, Version, template
from fobwatch.policy.rules.checklist import ITEMS
from fobwatch.policy.rules.clause import param_words, sentence
from fobwatch.policy.rules.form import Policy
from fobwatch.policy.rules.review import many
from fobwatch.policy.rules.review.book import GRADE_WORDS, book
from fobwatch.policy.rules.review.report import unread_data
from fobwatch.policy.rules.review.standalone import html_report

MOST_FILES = 20
COLOURS = {"found": "green", "weak": "yellow", "refers": "blue", "na": "grey", "notfound": "red"}


@needs(Permission.WRITE_POLICY)
def documents(request: MemberRequest) -> HttpResponse:
    """What was reviewed, side by side; a POST reviews more."""
    if request.method == "POST":
        given = _files(request)
        found = _reviewed(given, now().date())
        actions.keep_reviews(
            organisation=request.organisation, names=list(found), found=found, by=request.actor, now=now()
        )
        messages.success(request, f"{len(found)} document{'s were' if len(found) > 1 else ' was'} read.")
        return redirect("policy:review")
    results = ReviewedDocument.by_name(request.organisation)
    context = {
        "rows": ReviewedDocument.all_of(request.organisation),
        "counts": many.item_counts(results),
        "distributions": many.distributions(results),
        "without": many.allowed_without(results),
        "read": len(many.read_ones(results)),
        "items": ITEMS, "signs": many.SIGNS, "words": GRADE_WORDS, "colours": COLOURS, "most": MOST_FILES,
        "back": reverse("policy:overview"),
    }  # fmt: skip
    return render(request, "policy/review.jinja", context)


def _files(request: MemberRequest) -> "list[UploadedFile[Any]]":
    given = [one for one in request.FILES.getlist("files") if isinstance(one, UploadedFile)]
    if not given:
        raise refuse("You chose no document.", "Go back, choose one or more documents, and try again.")
    if len(given) > MOST_FILES:
        raise refuse(
            f"You chose {len(given)} documents. We read {MOST_FILES} at a time here.",
            f"Choose {MOST_FILES} or fewer. For hundreds, ask IT to run: fobwatch policy review.",
        )
    return given


def _reviewed(given: "list[UploadedFile[Any]]", today: dt.date) -> dict[str, dict[str, Any]]:
    """What each document says, by a name of its own. The copies on disk are gone when this returns."""
    found: dict[str, dict[str, Any]] = {}
    names: dict[Path, str] = {}
    asked: list[Asked] = []
    with tempfile.TemporaryDirectory(prefix="review") as folder:
        for at, upload in enumerate(given, 1):
            name, path = Path(upload.name or "document").name, Path(folder) / str(at)
            path.write_bytes(upload.read(MOST_BYTES + 1))
            names[path] = f"{name} ({at})" if name in names.values() else name
            asked.append(Asked(path, name))
        for one, answer in review_documents(asked, today=today):
            found[names[one.path]] = unread_data(answer["error"]) if answer["error"] else answer
    return found


@require_safe
@needs(Permission.WRITE_POLICY)
def document(request: MemberRequest, document_id: str) -> HttpResponse:
    """One document: its items by risk, with quote, page, reason and what was looked for."""
    row = get_object_or_404(ReviewedDocument.within(request.organisation), pk=document_id)
    one = row.result
    risks = {item.id: item.risk for item in book().items.values()}
    draft = Version.draft_of(request.organisation)
    context = {
        "row": row, "one": one, "items": ITEMS, "signs": many.SIGNS, "words": GRADE_WORDS, "colours": COLOURS,
        "order": [] if one.get("error") else many.by_risk(one, risks),
        "wording": _wording(draft.policy if draft else template()),
        "draft": draft, "back": reverse("policy:review"),
    }  # fmt: skip
    return render(request, "policy/reviewed.jinja", context)


def _wording(policy: Policy) -> dict[str, list[tuple[str, str, str]]]:
    """For each item the clauses that meet it: id, title, and the sentences as staff read them."""
    words = param_words(policy)
    met: dict[str, list[tuple[str, str, str]]] = {}
    for clause in policy.clauses:
        for item in clause.items:
            met.setdefault(item, []).append((clause.id, clause.title, sentence(clause.text, words)))
    return met


@require_POST
@needs(Permission.WRITE_POLICY)
def finding(request: MemberRequest, document_id: str) -> HttpResponse:
    """Keep where the reviewer found an item."""
    row = get_object_or_404(ReviewedDocument.within(request.organisation), pk=document_id)
    item = request.POST.get("item", "")
    actions.write_finding(
        document=row, item=item, words=request.POST.get("words", "")[:1000], by=request.actor, now=now()
    )
    messages.success(request, "Your finding is kept.")
    return redirect(f"{reverse('policy:reviewed', args=[row.pk])}#{item}")


@require_POST
@needs(Permission.WRITE_POLICY)
def remove(request: MemberRequest, document_id: str) -> HttpResponse:
    """Remove what was found in one document."""
    row = get_object_or_404(ReviewedDocument.within(request.organisation), pk=document_id)
    actions.remove_review(document=row, by=request.actor, now=now())
    messages.success(request, "The review is removed.")
    return redirect("policy:review")


@require_POST
@needs(Permission.WRITE_POLICY)
def start(request: MemberRequest, document_id: str) -> HttpResponse:
    """Start a draft to work the document into: the template for a first policy, else what is in force."""
    row = get_object_or_404(ReviewedDocument.within(request.organisation), pk=document_id)
    if Version.draft_of(request.organisation) is None:
        begin = actions.adopt if Version.in_force(request.organisation) is None else actions.start_draft
        begin(organisation=request.organisation, by=request.actor, now=now())
        messages.success(request, "There is a draft now. Each item below leads to its rule.")
    return redirect("policy:reviewed", row.pk)


def _results(organisation: Organisation) -> dict[str, dict[str, Any]]:
    return ReviewedDocument.by_name(organisation)


def _file(content: str, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8", headers=headers)


@require_safe
@needs(Permission.WRITE_POLICY)
def table(request: MemberRequest) -> HttpResponse:
    """One row a document, as CSV."""
    return _file(many.to_csv(_results(request.organisation)), "text/csv", "review.csv")


@require_safe
@needs(Permission.WRITE_POLICY)
def as_json(request: MemberRequest) -> HttpResponse:
    """Everything that was found, in the shape of `policy review --json`."""
    found = json.dumps({"documents": _results(request.organisation)}, ensure_ascii=False)
    return _file(found, "application/json", "review.json")


@require_safe
@needs(Permission.WRITE_POLICY)
def report(request: MemberRequest) -> HttpResponse:
    """The report that stands alone."""
    return _file(html_report(_results(request.organisation)), "text/html", "review.html")
