"""The formal document as a Word file (B10): with headings, a language, and tables that repeat their heads.

Pure: from the data of `document.formal` to bytes. Texts go in as texts; nothing in them is taken for a field or a link.
"""

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

BLUE = RGBColor(0x00, 0x30, 0x87)
NOT_IN_FORCE = "This is not the version in force. Do not work by it."
# What XML cannot hold; an organisation may have pasted it.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def word(data: dict[str, Any]) -> bytes:
    """The formal document of a policy as a .docx file."""
    doc = Document()
    _styles(doc, data)
    doc.add_paragraph(_clean(data["organisation"]))
    doc.add_heading(_clean(data["title"]), 0)
    doc.add_paragraph(f"{data['version']}. {data['state']}.")
    if not data["in_force"]:
        doc.add_paragraph().add_run(NOT_IN_FORCE).bold = True
    _control(doc, data)
    for section in data["sections"]:
        doc.add_heading(_clean(section["title"]), 1)
        for rule in section["rules"]:
            doc.add_heading(_clean(f"{rule['number']}. {rule['title']}"), 2)
            doc.add_paragraph(_clean(rule["text"]))
            _table(doc, ("About this rule", rule["kind"]), rule["rows"])
    _appendices(doc, data)
    out = io.BytesIO()
    doc.save(out)
    return out.getvalue()


def _control(doc: Doc, data: dict[str, Any]) -> None:
    doc.add_heading("Document control", 1)
    _table(doc, ("What", "This document"), data["control"])
    if data["ask"]:
        doc.add_paragraph(_clean(data["ask"]))
    doc.add_paragraph(f"Its fingerprint (SHA-256): {data['fingerprint']}")
    doc.add_heading("Version control", 2)
    heads = ("Version", "State", "In force since", "Approved by", "Published by", "What changed")
    if data["editions"]:
        _table(doc, heads, data["editions"])
    else:
        doc.add_paragraph("No version was published yet.")


def _appendices(doc: Doc, data: dict[str, Any]) -> None:
    doc.add_heading("Appendix A: what this organisation chose", 1)
    _table(doc, ("What", "Chosen"), data["choices"])
    doc.add_heading("Appendix B: the 26 items that a policy should have", 1)
    _table(doc, ("Item", "What it asks", "Met by"), data["items"])
    doc.add_heading("Appendix C: the guidance that a policy can meet", 1)
    _table(doc, ("Id", "What it asks", "Met by"), data["guidance"])
    doc.add_paragraph(data["sources"])


def _styles(doc: Doc, data: dict[str, Any]) -> None:
    doc.core_properties.title = _clean(f"{data['title']}, {data['version']}")[:255]
    doc.core_properties.author = _clean(data["organisation"])[:255]
    doc.core_properties.language = "en-GB"
    doc.core_properties.comments = ""
    normal: Any = doc.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    normal.element.get_or_add_rPr().append(language)
    for name in ("Title", "Heading 1", "Heading 2"):
        style: Any = doc.styles[name]
        style.font.name, style.font.color.rgb = "Arial", BLUE
        fonts = style.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)


def _table(doc: Doc, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table: Any = doc.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(_clean(text)).bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = _clean(text)
    doc.add_paragraph()


def _clean(text: str) -> str:
    return _UNSEEN.sub("", text)
