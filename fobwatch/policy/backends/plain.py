"""Plain text and Markdown."""

import re

from fobwatch.policy.backends.text import Text, Unreadable
from fobwatch.policy.rules.review.lines import CELL, GAP, HEADING, ITEM, Line

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
FORMS = "We read PDF, Word (DOCX), OpenDocument (ODT), web pages, Markdown and text."
NOT_TEXT = f"This is not a document that we can read. {FORMS}"


def decoded(data: bytes) -> str:
    """The text of bytes: UTF-16 with its mark, UTF-8, or what Windows writes. Raises Unreadable for what is no text."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if len(_CONTROL.findall(text[:20_000])) > len(text[:20_000]) // 100:
        raise Unreadable(NOT_TEXT)
    return text


def read_text(data: bytes, _name: str) -> Text:
    """The lines of a plain text; a form feed begins a page. Raises Unreadable."""
    text = decoded(data)
    if not text.strip():
        raise Unreadable("This file is empty.")
    sheets = text.split("\f")
    paged = len(sheets) > 1
    lines = [Line(line, at if paged else 0) for at, sheet in enumerate(sheets, 1) for line in sheet.splitlines()]
    return Text(lines, pages=len(sheets) if paged else None)


def read_markdown(data: bytes, _name: str) -> Text:
    """The lines of a Markdown text. Raises Unreadable."""
    text = decoded(data)
    if not text.strip():
        raise Unreadable("This file is empty.")
    return Text([line for raw in _front_matter(text).splitlines() for line in _markdown(raw)])


def _front_matter(text: str) -> str:
    """The text with the fence of its front matter gone; what it says stays, because owner and date stand there."""
    return re.sub(r"\A---\n(.*?)\n---\n", r"\1\n\n", text, count=1, flags=re.DOTALL)


def _markdown(raw: str) -> list[Line]:
    if match := re.match(r"^#{1,6}\s+(.*?)\s*#*\s*$", raw):
        return [Line("", 0, GAP), Line(match.group(1), 0, HEADING), Line("", 0, GAP)]
    if re.match(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+\S", raw):
        return [Line(re.sub(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+", "", raw), 0, ITEM)]
    if _ROW.match(raw):
        cells = [cell.strip() for cell in raw.strip().strip("|").split("|")]
        if _RULE.match(raw) or not any(cells):
            return [Line("", 0, GAP)]
        label = cells[0] if len(cells) > 1 and len(cells[0].split()) <= 6 else ""
        rest = cells[1:] if label else cells
        if sum(len(cell.split()) for cell in cells) <= 10:
            return [Line(" ".join(cells), 0, CELL)]
        return [Line(cell, 0, CELL, label) for cell in rest if cell]
    return [Line(raw)]
