"""Word documents: paragraphs, headings, lists and tables of the main part, then headers and footers."""

import zipfile
from collections.abc import Iterator
from typing import Any

from fobwatch.policy.backends.packed import opened, part
from fobwatch.policy.backends.tables import table_lines
from fobwatch.policy.backends.text import Text, Unreadable
from fobwatch.policy.rules.review.lines import GAP, HEADING, ITEM, TEXT, Line

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAIN = "word/document.xml"
MACROS = "It carries macros. We did not run them."


def read_word(data: bytes, _name: str) -> Text:
    """The text of a Word document (DOCX, DOCM). Raises Unreadable."""
    archive = opened(data)
    names = archive.namelist()
    body = part(archive, MAIN).find(f"{W}body")
    if body is None:
        raise Unreadable("This Word document has no text.")
    lines = _edges(archive, names)
    for element in _blocks(body):
        lines += _lines(element)
    unread = [MACROS] if any("vbaproject" in name.lower() for name in names) else []
    pictures = sum(name.startswith("word/media/") for name in names)
    if pictures:
        unread.append(f"{pictures} picture{'s' if pictures > 1 else ''}: we do not read words inside pictures.")
    if not any(line.text.strip() for line in lines):
        raise Unreadable("This Word document holds no text that we can read. It may be made of pictures.")
    return Text(lines, unread=unread)


def _edges(archive: zipfile.ZipFile, names: list[str]) -> list[Line]:
    """Headers and footers, once each: the review date often stands there."""
    seen: dict[str, None] = {}
    for name in sorted(names):
        if name.startswith(("word/header", "word/footer")) and name.endswith(".xml"):
            for paragraph in part(archive, name).iter(f"{W}p"):
                seen.setdefault(_text(paragraph))
    return [Line(text, 0, TEXT) for text in seen if text.strip()] + [Line("", 0, GAP)]


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, content controls opened."""
    for child in parent:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            if content is not None:
                yield from _blocks(content)


def _text(paragraph: Any) -> str:
    found = []
    for element in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}noBreakHyphen"):
        found.append(element.text or "" if element.tag == f"{W}t" else "-" if element.tag.endswith("Hyphen") else " ")
    return "".join(found)


def _lines(element: Any) -> list[Line]:
    if element.tag == f"{W}tbl":
        rows = [
            [[text for p in cell.iter(f"{W}p") if (text := _text(p)).strip()] for cell in row.findall(f"{W}tc")]
            for row in element.findall(f"{W}tr")
        ]
        return table_lines([row for row in rows if any(row)])
    style = element.find(f"{W}pPr/{W}pStyle")
    name = (style.get(f"{W}val") or "").lower() if style is not None else ""
    if name.startswith("toc") and name != "tocheading":
        return []
    text = _text(element)
    if not text.strip():
        return [Line("", 0, GAP)]
    if name.startswith(("heading", "title", "subtitle")):
        return [Line("", 0, GAP), Line(text, 0, HEADING)]
    listed = element.find(f"{W}pPr/{W}numPr") is not None or name.startswith("listb") or name.startswith("listn")
    # A paragraph of Word is whole: nothing is rejoined across it.
    return [Line(text, 0, ITEM if listed and not _is_heading_like(text) else TEXT), Line("", 0, GAP)]


def _is_heading_like(text: str) -> bool:
    """A numbered paragraph that is short and does not end like a sentence: a heading by hand."""
    return len(text.split()) <= 5 and text.strip()[-1:] not in ".;:," and text.strip()[:1].isupper()
