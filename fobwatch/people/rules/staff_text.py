"""The bytes of a staff file as rows of text: encoding, delimiter, size. Whole-file problems are refused at once."""

import codecs
import csv
import io
from collections.abc import Iterator

from fobwatch.kernel.verdict import refuse

MOST_BYTES = 2_000_000
MOST_ROWS = 20_000
LONGEST_CELL = 400
_AGAIN = "Save the list as “CSV UTF-8” and upload it again. Nothing was changed."
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def too_large(size: int) -> None:
    """Refuse a file of more than MOST_BYTES bytes, before it is read."""
    if size > MOST_BYTES:
        raise refuse(
            f"The file has {size / 1_000_000:,.1f} MB. We read up to {MOST_BYTES // 1_000_000} MB at a time.",
            f"Split the list into files of at most {MOST_ROWS:,} people. Nothing was changed.",
        )


def text_of(data: bytes) -> tuple[str, str]:
    """The text of a file, and the encoding in words. Raises Refused where it is empty or no text."""
    too_large(len(data))
    if not data.strip():
        raise refuse("The file is empty.", "Choose the file again. Nothing was changed.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise refuse("This is an Excel workbook, not a CSV file.", f"Open it in Excel. {_AGAIN}")
    known = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if not known and b"\0" in data[:200]:
        known = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    for name in [known] if known else ["utf-8", "cp1252"]:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.removeprefix("\ufeff"), "Windows (Western Europe)" if name == "cp1252" else name[:6].upper()
    raise refuse("We can't read the letters in this file.", _AGAIN)


def rows_of(text: str, wanted: frozenset[str]) -> tuple[str, Iterator[list[str]]]:
    """The delimiter, and the rows, heading first; quoted fields may hold line ends.

    wanted: headings we know, in small letters; the delimiter that finds most of them in the first line is taken.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")

    def known(mark: str) -> int:
        return sum(cell.strip().lower() in wanted for cell in next(csv.reader([first], delimiter=mark)))

    mark = max((",", ";", "\t", "|"), key=known)
    if not known(mark):
        raise refuse(
            "We can't find the headings in the first line of this file.",
            "It needs at least “Full name” (or “First name” and “Last name”) and “Email”. Nothing was changed.",
        )
    return mark, _read(text, mark)


def _read(text: str, mark: str) -> Iterator[list[str]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        for number, row in enumerate(rows):
            if number > MOST_ROWS:
                raise refuse(
                    f"The file has more than {MOST_ROWS:,} rows.", "Split the list and upload the parts one by one."
                )
            yield [cell.strip() for cell in row]
    except csv.Error:
        raise refuse(
            f"Row {rows.line_num} can't be read: a cell is far too long, or a quote is missing.", _AGAIN
        ) from None
