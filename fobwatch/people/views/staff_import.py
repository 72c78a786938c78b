"""A staff file: uploaded, looked at, imported."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from fobwatch.kernel.clock import now
from fobwatch.kernel.guards import needs
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import Refused
from fobwatch.people.actions import staff_files
from fobwatch.people.forms import StaffFileForm
from fobwatch.people.models import MemberRequest, Membership, StaffFile
from fobwatch.people.rules.staff_changes import WORDS, compare, in_words
from fobwatch.people.rules.staff_file import parse
from fobwatch.people.rules.staff_text import too_large

SHOWN = 50


@needs(Permission.MANAGE_PEOPLE)
def staff_import(request: MemberRequest) -> HttpResponse:
    """Upload a staff file; errors by row and column, or on to the preview."""
    form = StaffFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "table": None, "back": reverse("people:staff")}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            too_large(file.size)
            table = parse(file.read())
        except Refused as refused:
            form.add_error("file", f"{refused.verdict.reason} {refused.verdict.next_step}")
            return render(request, "people/staff_import.jinja", context)
        changes = compare(table.rows, Membership.register(request.organisation)) if not table.wrong else None
        errors = table.errors if changes is None else changes.errors
        if changes is None or errors:
            wrong = table.wrong or len(errors)
            context |= {"table": table, "errors": errors[:100], "wrong": wrong}
            return render(request, "people/staff_import.jinja", context)
        kept = staff_files.receive(
            rows=table.rows, uploader=request.member, digest=changes.digest, by=request.actor, now=now()
        )
        for note in table.notes:
            messages.info(request, note)
        return redirect("people:staff_preview", kept.pk)
    return render(request, "people/staff_import.jinja", context)


@needs(Permission.MANAGE_PEOPLE)
def staff_preview(request: MemberRequest, file_id: str) -> HttpResponse:
    """What a staff file would change; then do all of it, or nothing."""
    kept = get_object_or_404(
        StaffFile.within(request.organisation).filter(uploaded_by=request.member).select_related("organisation"),
        pk=file_id,
    )
    if request.method == "POST":
        done = staff_files.take_over(staff_file=kept, by=request.actor, now=now())
        messages.success(
            request, f"Imported: {done['new']} new, {done['changed']} changed, {done['unchanged']} as they were."
        )
        return redirect("people:staff")
    if kept.imported_at:
        messages.info(request, "This file has been imported already.")
        return redirect("people:staff")
    changes = compare(kept.as_rows(), Membership.register(request.organisation))
    context = {
        "file": kept, "changes": changes, "shown": SHOWN, "words": WORDS, "in_words": in_words,
        "back": reverse("people:staff_import"),
    }  # fmt: skip
    return render(request, "people/staff_preview.jinja", context)
