"""What a review found is kept, added to by its reader, and removed."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import Organisation
from fobwatch.policy.models import ReviewedDocument, acting
from fobwatch.policy.rules.checklist import ITEMS

LONGEST = 200


@action("policy.documents_reviewed", about="organisation", details=("names",))
def keep_reviews(
    *, organisation: Organisation, names: list[str], found: Mapping[str, dict[str, Any]], by: Actor, now: dt.datetime
) -> list[ReviewedDocument]:
    """Keep what was found in some documents; the documents themselves are not kept (R06)."""
    member = acting(by, organisation)
    rows = [
        ReviewedDocument(
            organisation=organisation, name=name[:LONGEST], result=found[name], added_at=now, added_by=member
        )
        for name in names
    ]
    for row in rows:
        row.save()
    return rows


@action("policy.finding_written", about="document", details=("item",))
def write_finding(
    *, document: ReviewedDocument, item: str, words: str, by: Actor, now: dt.datetime
) -> ReviewedDocument:
    """Keep where the reviewer found an item that we did not; no words take it away."""
    if item not in ITEMS:
        raise refuse("There is no such item.", "Go back to the document and choose one of its items.")
    locked = (
        ReviewedDocument.within(document.organisation).select_for_update(no_key=True).filter(pk=document.pk).first()
    )
    if locked is None:
        raise refuse("This review was removed.", "Upload the document again if you still need it.")
    locked.findings = {**locked.findings, item: words.strip()}
    if not words.strip():
        del locked.findings[item]
    locked.save(update_fields=["findings"])
    return locked


@action("policy.review_removed", about="document")
def remove_review(*, document: ReviewedDocument, by: Actor, now: dt.datetime) -> None:
    """Remove what was found in a document."""
    ReviewedDocument.within(document.organisation).filter(pk=document.pk).delete()
