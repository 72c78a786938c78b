"""Documents in every form, made from the same paragraphs, and documents that are not what they should be."""

import io
import zipfile
from pathlib import Path

import docx
import typst

TITLE = "Personal Devices Policy"
PARAGRAPHS = [
    "Owner: Head of Digital",
    "Review date: 31 March 2028",
    "Every phone must be locked with a PIN of six digits.",
    "A lost phone must be reported to the IT service desk at once.",
]
LISTED = ["lend the phone to family", "keep patient data on the phone"]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def as_text() -> bytes:
    return "\n\n".join([TITLE, *PARAGRAPHS, "Staff must not:", *(f"• {one}" for one in LISTED)]).encode()


def as_markdown() -> bytes:
    return "\n\n".join([f"# {TITLE}", *PARAGRAPHS, "Staff must not:", *(f"- {one}" for one in LISTED)]).encode()


def as_html() -> bytes:
    body = "".join(f"<p>{one}</p>" for one in [*PARAGRAPHS, "Staff must not:"])
    listed = "".join(f"<li>{one}</li>" for one in LISTED)
    return f"<!doctype html><html><body><h1>{TITLE}</h1>{body}<ul>{listed}</ul></body></html>".encode()


def as_word(*, macro: bool = False) -> bytes:
    document = docx.Document()
    document.add_heading(TITLE, 0)
    for one in [*PARAGRAPHS, "Staff must not:"]:
        document.add_paragraph(one)
    for one in LISTED:
        document.add_paragraph(one, style="List Bullet")
    out = io.BytesIO()
    document.save(out)
    return with_part(out.getvalue(), "word/vbaProject.bin", b"macro") if macro else out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def as_opendocument() -> bytes:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    body = "".join(f"<text:p>{one}</text:p>" for one in [*PARAGRAPHS, "Staff must not:"])
    listed = "".join(f"<text:list-item><text:p>{one}</text:p></text:list-item>" for one in LISTED)
    content = (
        f"<office:document-content {names}><office:body><office:text><text:h>{TITLE}</text:h>{body}"
        f"<text:list>{listed}</text:list></office:text></office:body></office:document-content>"
    )
    return packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})


def pdf_of(source: str, folder: Path) -> bytes:
    """A PDF from typst's own language."""
    file = folder / "made.typ"
    file.write_text(source, encoding="utf-8")
    return bytes(typst.compile(str(file)))


def as_pdf(folder: Path) -> bytes:
    paragraphs = "\n\n".join([*PARAGRAPHS, "Staff must not:"])
    listed = "\n".join(f"- {one}" for one in LISTED)
    return pdf_of(f"= {TITLE}\n\n{paragraphs}\n\n{listed}\n", folder)


def encrypted_pdf() -> bytes:
    """A PDF that names a handler of security which asks for a key."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"4 0 obj<</Filter/Standard/V 1/R 2/O(" + b"a" * 32 + b")/U(" + b"b" * 32 + b")/P -4>>endobj\n"
        b"trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>\n%%EOF"
    )
