"""What a staff file would change in the register: new, changed, unchanged, absent, and what can't be."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from fobwatch.people.rules.staff_file import CellError, StaffRow

WORDS = {
    "name": "Name", "number": "Employee number", "job": "Job title", "team": "Team", "clinical": "Staff group",
    "manager": "Line manager", "leaves_on": "Leave date",
}  # fmt: skip


def in_words(value: object) -> str:
    """A value of a member as the preview prints it; dates as 31/12/2026."""
    if isinstance(value, bool):
        return "clinical" if value else "not clinical"
    year, _, rest = str(value).partition("-")
    month, _, day = rest.partition("-")
    if len(year) == 4 and all(part.isdecimal() and len(part) == 2 for part in (month, day)):
        return f"{day}/{month}/{year}"
    return str(value) or "nothing"


@dataclass(frozen=True, slots=True)
class Known:
    """A member as the register has them. manager: the address of the line manager. shared: works elsewhere too."""

    key: str
    name: str
    email: str
    number: str
    job: str
    team: str
    clinical: bool
    manager: str
    leaves_on: str
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A member whom the file changes: each field with what it was and what it becomes."""

    key: str
    name: str
    row: StaffRow
    fields: Mapping[str, tuple[object, object]]


@dataclass(slots=True)
class Changes:
    """The whole of what a file would do. Nothing of it is done where there are errors."""

    new: list[StaffRow] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0
    absent: list[Known] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """SHA-256, hexadecimal, of what would be done: the import does what was looked at, or nothing."""
        said = {
            "new": [asdict(row) for row in self.new],
            "changed": [[one.key, one.row.row, dict(one.fields)] for one in self.changed],
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def compare(rows: Iterable[StaffRow], register: Iterable[Known]) -> Changes:
    """What these rows would change. Matched by address; an employee number must not be somebody else's.

    An empty cell changes nothing.
    """
    rows, register = list(rows), list(register)
    by_number = {one.number.lower(): one for one in register if one.number}
    by_email = {one.email: one for one in register}
    managers = {one.email: one.email for one in register} | {one.number.lower(): one.email for one in register}
    managers |= {row.email: row.email for row in rows} | {row.number.lower(): row.email for row in rows}
    managers.pop("", None)
    found, met = Changes(), set()
    for row in rows:
        numbered, known = by_number.get(row.number.lower()), by_email.get(row.email)
        if numbered and numbered is not known:
            whose = f"{numbered.name} has this number, with the address {numbered.email}."
            found.errors.append(CellError(row.row, "Employee number", f"{whose} Correct the file, or the list."))
            continue
        manager = managers.get(row.manager, "")
        if row.manager and not manager:
            found.errors.append(CellError(row.row, "Line manager", "Nobody in the file or the list has this."))
        elif row.manager and manager == row.email:
            found.errors.append(CellError(row.row, "Line manager", "Nobody is their own line manager."))
        elif known:
            met.add(known.key)
            _compare_one(row, known, manager, found)
        else:
            found.new.append(row)
    found.absent = [one for one in register if one.key not in met]
    return found


def _compare_one(row: StaffRow, known: Known, manager: str, found: Changes) -> None:
    told = {
        "name": "" if known.shared else row.name, "number": row.number, "job": row.job, "team": row.team,
        "clinical": row.clinical, "manager": manager, "leaves_on": row.leaves_on,
    }  # fmt: skip
    fields = {
        name: (getattr(known, name), value)
        for name, value in told.items()
        if value not in ("", None) and value != getattr(known, name)
    }
    if fields:
        found.changed.append(Change(known.key, known.name, row, fields))
    else:
        found.unchanged += 1
