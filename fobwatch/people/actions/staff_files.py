"""A staff file comes in, is looked at, and is imported whole or not at all."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import Membership, Person, StaffFile
from fobwatch.people.rules.staff_changes import Changes, compare
from fobwatch.people.rules.staff_file import StaffRow, day_of

AT_ONCE = 500
_COLUMNS = {"number": "staff_number", "job": "job_title", "team": "team", "clinical": "clinical"}


@action("staff_file.received", about="result")
def receive(*, rows: list[StaffRow], uploader: Membership, digest: str, by: Actor, now: dt.datetime) -> StaffFile:
    """Take in a staff file, to look at what it would change. digest: of the changes that the person will be shown."""
    return StaffFile.objects.create(
        organisation=uploader.organisation, uploaded_by=uploader, uploaded_at=now, digest=digest,
        rows=[asdict(row) for row in rows],
    )  # fmt: skip


@action("staff_file.imported", about="staff_file", details=("result",))
def take_over(*, staff_file: StaffFile, by: Actor, now: dt.datetime) -> dict[str, int]:
    """Import a staff file, all of it or nothing. Returns how many were new, changed and unchanged.

    Refused where it was imported already, where the list has changed since the preview, or where a row is wrong.
    """
    if not StaffFile.objects.filter(pk=staff_file.pk, imported_at=None).update(imported_at=now):
        raise refuse(
            "This file has been imported already.", "Look at the staff list. Upload a newer file if you have one."
        )
    changes = compare(staff_file.as_rows(), Membership.register(staff_file.organisation))
    if changes.errors or changes.digest != staff_file.digest:
        raise refuse(
            "The staff list has changed since you looked at this file.", "Upload the file again. Nothing was changed."
        )
    members = _add(changes, staff_file, now)
    _change(changes, members)
    _managers(changes, members)
    StaffFile.objects.filter(pk=staff_file.pk).update(rows=[])
    return {"new": len(changes.new), "changed": len(changes.changed), "unchanged": changes.unchanged}


def _add(changes: Changes, staff_file: StaffFile, now: dt.datetime) -> dict[str, Membership]:
    """Add the new ones; returns all members of the organisation by address."""
    emails = [row.email for row in changes.new]
    known: dict[str, Person] = {}
    for start in range(0, len(emails), AT_ONCE):
        known |= {one.email: one for one in Person.objects.filter(email__in=emails[start : start + AT_ONCE])}
    fresh = [Person(name=row.name, email=row.email, created_at=now) for row in changes.new if row.email not in known]
    known |= {one.email: one for one in Person.objects.bulk_create(fresh, batch_size=AT_ONCE)}
    Membership.objects.bulk_create(
        [_member(row, known[row.email], staff_file, now) for row in changes.new], batch_size=AT_ONCE
    )
    rows = Membership.objects.filter(organisation=staff_file.organisation_id).select_related("person")
    return {one.person.email: one for one in rows}


def _member(row: StaffRow, person: Person, staff_file: StaffFile, now: dt.datetime) -> Membership:
    starts, leaves = day_of(row.starts_on), day_of(row.leaves_on)
    joined = dt.datetime.combine(starts, dt.time(), dt.UTC) if starts else now
    return Membership(
        organisation_id=staff_file.organisation_id, person=person, clinical=bool(row.clinical), job_title=row.job,
        team=row.team, staff_number=row.number, joined_at=joined, leaves_on=leaves,
        employment="leaving" if leaves else "active",
    )  # fmt: skip


def _change(changes: Changes, members: dict[str, Membership]) -> None:
    by_key = {one.pk: one for one in members.values()}
    changed, renamed = [], []
    for one in changes.changed:
        member = by_key[one.key]
        told: dict[str, Any] = {name: after for name, (_, after) in one.fields.items()}
        for name, column in _COLUMNS.items():
            setattr(member, column, told.get(name, getattr(member, column)))
        if "leaves_on" in told:
            member.leaves_on = day_of(told["leaves_on"])
            member.employment = member.employment if member.employment == "left" else "leaving"
        if "name" in told:
            member.person.name = told["name"]
            renamed.append(member.person)
        changed.append(member)
    fields = [*_COLUMNS.values(), "leaves_on", "employment"]
    # Numbers may change hands within a file: freed first, given afterwards.
    numbered = [one for one, what in zip(changed, changes.changed, strict=True) if "number" in what.fields]
    for start in range(0, len(numbered), AT_ONCE):
        keys = [one.pk for one in numbered[start : start + AT_ONCE]]
        Membership.objects.filter(pk__in=keys).update(staff_number="")
    Membership.objects.bulk_update(changed, fields, batch_size=100)
    Person.objects.bulk_update(renamed, ["name"], batch_size=100)


def _managers(changes: Changes, members: dict[str, Membership]) -> None:
    """Set the line managers last: one may stand further down in the same file."""
    by_number = {one.staff_number.lower(): one for one in members.values() if one.staff_number}
    told = []
    for row in [*changes.new, *(one.row for one in changes.changed)]:
        if row.manager:
            members[row.email].manager = members.get(row.manager) or by_number[row.manager]
            told.append(members[row.email])
    Membership.objects.bulk_update(told, ["manager"], batch_size=AT_ONCE)
