"""A list of staff as a payroll system exports it (like ESR, the NHS Electronic Staff Record): read, checked, explained.

The names of ESR's columns and staff groups are from memory of its exports: unverified.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from fobwatch.kernel.verdict import refuse
from fobwatch.people.rules.cells import is_formula
from fobwatch.people.rules.staff_text import LONGEST_CELL, rows_of, text_of

MOST_ERRORS = 100
HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("employee number", "staff number", "assignment number", "payroll number"),
    "title": ("title",),
    "first": ("first name", "forename", "given name"),
    "last": ("last name", "surname", "family name"),
    "name": ("full name", "name", "employee name"),
    "email": ("email", "e-mail", "email address", "e-mail address", "work email"),
    "job": ("job title", "position title", "position", "role"),
    "group": ("staff group",),
    "team": ("team", "department", "organisation name", "org l5"),
    "manager": ("line manager's email", "line manager email", "line manager's number", "line manager number",
                "line manager", "supervisor employee number", "manager"),
    "starts": ("start date", "latest start date", "hire date"),
    "leaves": ("leave date", "leaving date", "termination date", "end date"),
}  # fmt: skip
_FIELD_OF = {heading: name for name, headings in HEADINGS.items() for heading in headings}
_CLINICAL = {
    "add prof scientific and technic", "additional clinical services", "allied health professionals",
    "healthcare scientists", "medical and dental", "nursing and midwifery registered", "clinical",
}  # fmt: skip
_NOT_CLINICAL = {
    "administrative and clerical", "estates and ancillary", "students", "non-clinical", "non clinical", "not clinical",
}  # fmt: skip
_EMAIL = re.compile(r"[^@\s<>\",;]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")
_NUMBER = re.compile(r"[\w./-]{1,24}")
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong in a cell. row: as a spreadsheet counts, the heading is 1. column: the heading as it stands."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One person of the file. An empty text, or None, means that the file says nothing about it."""

    row: int
    name: str
    email: str
    number: str = ""
    job: str = ""
    team: str = ""
    clinical: bool | None = None
    manager: str = ""
    starts_on: str = ""
    leaves_on: str = ""


@dataclass(slots=True)
class StaffTable:
    """A file, read. errors: the first MOST_ERRORS of `wrong`; notes: sentences about how we read it."""

    rows: list[StaffRow] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    wrong: int = 0
    notes: list[str] = field(default_factory=list)

    def complain(self, row: int, column: str, message: str) -> None:
        """Note an error."""
        self.wrong += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(CellError(row, column, message))


def parse(data: bytes) -> StaffTable:
    """Read a staff file. What is wrong with the whole is refused; what is wrong in a cell stands in `errors`."""
    text, encoding = text_of(data)
    _, rows = rows_of(text, frozenset(_FIELD_OF))
    table = StaffTable()
    if encoding.startswith("Windows"):
        table.notes.append("We read this file as older Windows text. Check names with accents.")
    columns = _columns(next(rows), table)
    seen: dict[tuple[str, str], int] = {}
    for number, cells in _filled(rows):
        found = _row(number, cells, columns, table)
        if found:
            _once(found, seen, columns, table)
            table.rows.append(found)
    if not table.rows and not table.wrong:
        raise refuse("The file has headings, but nobody in it.", "Check the export and upload it again.")
    return table


def day_of(text: str) -> dt.date | None:
    """A date as dd/mm/yyyy or yyyy-mm-dd; None where it is neither. A time after it is left out."""
    word = text.split(" ", maxsplit=1)[0].split("T", maxsplit=1)[0]
    try:
        found = _DAY.fullmatch(word)
        return dt.date(int(found[3]), int(found[2]), int(found[1])) if found else dt.date.fromisoformat(word)
    except ValueError:
        return None


def _filled(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    return ((number, cells) for number, cells in enumerate(rows, start=2) if any(cells))


def _columns(headings: list[str], table: StaffTable) -> dict[str, tuple[int, str]]:
    """Where each field stands, with its heading. Raises Refused where a name or an address has no column."""
    found: dict[str, tuple[int, str]] = {}
    for place, heading in enumerate(headings):
        name = _FIELD_OF.get(heading.lower())
        if name in found:
            raise refuse(f"Two columns say the same: “{found[name][1]}” and “{heading}”.", "Remove one of them.")
        if name:
            found[name] = (place, heading)
    left = [heading for heading in headings if heading and heading.lower() not in _FIELD_OF]
    if left:
        table.notes.append(f"We did not use these columns: {', '.join(left)[:300]}.")
    if "email" not in found or not ("name" in found or {"first", "last"} <= found.keys()):
        raise refuse(
            "The file needs “Email”, and “Full name” or both “First name” and “Last name”.",
            "Add the missing column and upload it again. Nothing was changed.",
        )
    return found


def _row(number: int, cells: list[str], columns: dict[str, tuple[int, str]], table: StaffTable) -> StaffRow | None:
    """One person of the file; None where a cell is wrong, which is noted."""
    told = {name: cells[place] if place < len(cells) else "" for name, (place, _) in columns.items()}
    full = told.get("name") or " ".join(filter(None, (told.get(part, "") for part in ("title", "first", "last"))))
    email, group = told["email"].lower(), told.get("group", "").lower()
    wrong = [*_wrong_text(told), *_wrong_days(told)]
    if not full or len(full) > 120:
        wrong.append(("name" if "name" in columns else "last", "Enter a name of at most 120 characters."))
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        wrong.append(("email", "Enter an e-mail address, like name@example.org." if email else "It is missing."))
    if group and group not in _CLINICAL | _NOT_CLINICAL:
        wrong.append(("group", "We don't know this staff group. Use ESR's words, or “clinical” or “non-clinical”."))
    for name, message in wrong:
        table.complain(number, columns[name][1], message)
    if wrong:
        return None
    return StaffRow(
        row=number, name=full, email=email, number=told.get("number", ""), job=told.get("job", ""),
        team=told.get("team", ""), clinical=group in _CLINICAL if group else None,
        manager=told.get("manager", "").lower(), starts_on=_iso(told.get("starts", "")),
        leaves_on=_iso(told.get("leaves", "")),
    )  # fmt: skip


def _wrong_text(told: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The fields whose text can't be kept, with why."""
    for name, text in told.items():
        if len(text) > LONGEST_CELL or not text.isprintable():
            yield name, "This is too long, or holds characters that can't be printed."
        elif is_formula(text):
            yield name, "This begins like a formula. Remove the first character."
        elif name == "number" and text and not _NUMBER.fullmatch(text):
            yield name, "Use letters and digits only, at most 24."
        elif name in ("job", "team") and len(text) > 120:
            yield name, "Use at most 120 characters."


def _wrong_days(told: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The dates that are none, or of no working life."""
    for name in ("starts", "leaves"):
        day = day_of(told.get(name, ""))
        if told.get(name) and (day is None or not 1940 <= day.year <= 2100):
            yield name, "Write the date as 31/12/2026."


def _iso(text: str) -> str:
    return str(day_of(text) or "")


def _once(
    found: StaffRow, seen: dict[tuple[str, str], int], columns: dict[str, tuple[int, str]], table: StaffTable
) -> None:
    """Complain about an address or a number that an earlier row has."""
    for name, value in (("email", found.email), ("number", found.number)):
        if value and seen.setdefault((name, value), found.row) != found.row:
            table.complain(found.row, columns[name][1], f"Row {seen[name, value]} has the same.")
