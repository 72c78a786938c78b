"""Web pages: the words that a reader would see, without scripts, menus and entities."""

from typing import Any

from lxml import etree, html

from fobwatch.policy.backends.plain import decoded
from fobwatch.policy.backends.tables import table_lines
from fobwatch.policy.backends.text import Text, Unreadable
from fobwatch.policy.rules.review.lines import GAP, HEADING, ITEM, TEXT, Line

_SKIPPED = frozenset(
    ["script", "style", "nav", "noscript", "template", "svg", "head", "form", "button", "iframe", "object"]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "aside",
        "ul",
        "ol",
        "dl",
        "dd",
        "dt",
        "li",
        "blockquote",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "address",
        "figure",
        "body",
        "html",
        "details",
        "summary",
        "hr",
        "tbody",
    ]
)


def read_html(data: bytes, _name: str) -> Text:
    """The text of a web page. Raises Unreadable."""
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(decoded(data), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as wrong:
        raise Unreadable("This web page holds no text that we can read.") from wrong
    body = root.find("body")
    lines = _within(root if body is None else body, TEXT)
    if not any(line.text.strip() for line in lines):
        raise Unreadable("This web page holds no text that we can read. It may be drawn by a script.")
    return Text(lines)


def _within(parent: Any, kind: str) -> list[Line]:
    lines: list[Line] = []
    run = [parent.text or ""]

    def close() -> None:
        text = " ".join("".join(run).split())
        run.clear()
        if text:
            lines.extend([Line(text, 0, kind), Line("", 0, GAP)])

    for child in parent:
        if not isinstance(child.tag, str) or child.tag in _SKIPPED:
            run.append(child.tail or "")
            continue
        if child.tag == "br":
            close()
        elif child.tag in _BLOCKS:
            close()
            lines += _block(child, kind)
        else:
            run.append(child.text_content())
        run.append(child.tail or "")
    close()
    return lines


def _block(child: Any, kind: str) -> list[Line]:
    if child.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        return [Line("", 0, GAP), Line(" ".join(child.text_content().split()), 0, HEADING)]
    if child.tag == "table":
        rows = [[_cell(cell) for cell in row.iter("td", "th")] for row in child.iter("tr")]
        return table_lines([row for row in rows if any(row)])
    return _within(child, ITEM if child.tag == "li" else kind)


def _cell(cell: Any) -> list[str]:
    return [line.text for line in _within(cell, TEXT) if line.text.strip()]
