"""OpenDocument text: headings, paragraphs, lists and tables of the content."""

from typing import Any

from fobwatch.policy.backends.packed import opened, part
from fobwatch.policy.backends.tables import table_lines
from fobwatch.policy.backends.text import Text, Unreadable
from fobwatch.policy.rules.review.lines import GAP, HEADING, ITEM, TEXT, Line

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_SKIPPED = {f"{T}table-of-content", f"{T}tracked-changes", f"{T}sequence-decls"}


def read_opendocument(data: bytes, _name: str) -> Text:
    """The text of an OpenDocument text (ODT). Raises Unreadable."""
    archive = opened(data)
    if (
        b"encryption-data" in archive.read("META-INF/manifest.xml")
        if "META-INF/manifest.xml" in archive.namelist()
        else b""
    ):
        raise Unreadable("This document is encrypted. Save it without a password and try again.")
    body = part(archive, "content.xml").find(f"{OFFICE}body/{OFFICE}text")
    lines = [] if body is None else _within(body, TEXT)
    if not any(line.text.strip() for line in lines):
        raise Unreadable("This document holds no text that we can read. It may be made of pictures.")
    unread = (
        ["It carries macros. We did not run them."] if any(n.startswith("Basic/") for n in archive.namelist()) else []
    )
    return Text(lines, unread=unread)


def _text(element: Any) -> str:
    found = [element.text or ""]
    for child in element:
        if child.tag in (f"{T}s", f"{T}tab", f"{T}line-break"):
            found.append(" ")
        elif isinstance(child.tag, str) and not child.tag.startswith(OFFICE):
            found.append(_text(child))
        found.append(child.tail or "")
    return "".join(found)


def _within(parent: Any, kind: str) -> list[Line]:
    lines: list[Line] = []
    for child in parent:
        if child.tag in _SKIPPED or not isinstance(child.tag, str):
            continue
        if child.tag == f"{T}h":
            lines += [Line("", 0, GAP), Line(_text(child), 0, HEADING)]
        elif child.tag == f"{T}p":
            lines += [Line(_text(child), 0, kind), Line("", 0, GAP)]
        elif child.tag == f"{TABLE}table":
            lines += table_lines(_rows(child))
        else:
            lines += _within(child, ITEM if child.tag == f"{T}list-item" else kind)
    return lines


def _rows(table: Any) -> list[list[list[str]]]:
    rows = [
        [
            [text for p in cell.iter(f"{T}p", f"{T}h") if (text := _text(p)).strip()]
            for cell in row.findall(f"{TABLE}table-cell")
        ]
        for row in table.iter(f"{TABLE}table-row")
    ]
    return [row for row in rows if any(row)]
