"""Which reader a document needs: by what it is, not by what its name says."""

import re
import zipfile
from pathlib import PurePath

from fobwatch.policy.backends.opendocument import read_opendocument
from fobwatch.policy.backends.packed import opened
from fobwatch.policy.backends.pdf import read_pdf
from fobwatch.policy.backends.plain import FORMS, read_markdown, read_text
from fobwatch.policy.backends.text import MOST_BYTES, Reader, Text, Unreadable
from fobwatch.policy.backends.web import read_html
from fobwatch.policy.backends.word import MAIN, read_word

SUFFIXES = frozenset([".pdf", ".docx", ".docm", ".odt", ".html", ".htm", ".xhtml", ".md", ".markdown", ".txt", ".text"])
NAMES: dict[Reader, str] = {
    read_pdf: "PDF", read_word: "Word", read_opendocument: "OpenDocument", read_html: "web page",
    read_markdown: "Markdown", read_text: "text",
}  # fmt: skip
_BY_SUFFIX: dict[str, Reader] = {
    ".pdf": read_pdf, ".docx": read_word, ".docm": read_word, ".odt": read_opendocument, ".html": read_html,
    ".htm": read_html, ".xhtml": read_html, ".md": read_markdown, ".markdown": read_markdown,
}  # fmt: skip
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_document(data: bytes, name: str) -> Text:
    """The text of a document. Raises Unreadable with a sentence that says what to do."""
    if not data:
        raise Unreadable("This file is empty.")
    if len(data) > MOST_BYTES:
        raise Unreadable(
            f"This file is larger than {MOST_BYTES // 2**20} MB. Save it without its pictures and try again."
        )
    reader = _reader(data, name)
    text = reader(data, name)
    promised = _BY_SUFFIX.get(PurePath(name).suffix.lower(), read_text)
    if reader is not promised and not {reader, promised} <= {read_text, read_markdown}:
        text.unread.insert(0, f"The name says {NAMES[promised]}, but it is {NAMES[reader]}. We read it as that.")
    return text


def _reader(data: bytes, name: str) -> Reader:
    suffix = PurePath(name).suffix.lower()
    if b"%PDF-" in data[:1024]:
        return read_pdf
    if data.startswith(_OLE):
        raise Unreadable(
            "This is an old Word document (DOC), or one that is encrypted. Save it as DOCX without "
            "a password and try again."
        )
    if data.startswith(b"PK"):
        return _packed(data)
    if data.startswith(b"{\\rtf"):
        raise Unreadable("This is a rich text document (RTF). Save it as DOCX and try again.")
    if _HTML.search(data[:4096]) or suffix in (".html", ".htm", ".xhtml"):
        return read_html
    if suffix in (".pdf", ".docx", ".docm", ".odt") and b"\0" in data[:4096]:
        raise Unreadable(f"This file is called {suffix[1:].upper()}, but it is not one, or it is damaged.")
    return read_markdown if suffix in (".md", ".markdown") else read_text


def _packed(data: bytes) -> Reader:
    archive: zipfile.ZipFile = opened(data)
    names = set(archive.namelist())
    if MAIN in names:
        return read_word
    if "content.xml" in names:
        return read_opendocument
    raise Unreadable(f"This is an archive, but not a Word or OpenDocument text. {FORMS}")
