"""PDF: the text of each page. A page without text is a scan, and is named."""

import pypdfium2 as pdfium

from fobwatch.policy.backends.text import MOST_LINES, MOST_PAGES, Text, Unreadable
from fobwatch.policy.rules.review.lines import Line

SCAN = 12


def read_pdf(data: bytes, _name: str) -> Text:
    """The text of a PDF. Raises Unreadable where it is encrypted, damaged or made of pictures."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as wrong:
        if "password" in str(wrong).lower() or "security" in str(wrong).lower():
            raise Unreadable("This PDF is encrypted. Save it without a password and try again.") from wrong
        raise Unreadable("This PDF is damaged and could not be opened. Ask its sender for another copy.") from wrong
    pages = len(document)
    lines: list[Line] = []
    scans: list[int] = []
    for number in range(1, min(pages, MOST_PAGES) + 1):
        text = _page(document, number)
        if len(text.strip()) < SCAN:
            scans.append(number)
        lines += [Line(line, number) for line in text.splitlines()]
        if len(lines) > MOST_LINES:
            break
    document.close()
    if len(scans) == min(pages, MOST_PAGES):
        raise Unreadable(
            "This PDF is made of pictures, so we cannot read its words. Ask for the document that was scanned."
        )
    return Text(lines, pages, _unread(scans, pages))


def _page(document: pdfium.PdfDocument, number: int) -> str:
    try:
        page = document[number - 1]
        reader = page.get_textpage()
        text = str(reader.get_text_bounded())
        reader.close()
        page.close()
    except pdfium.PdfiumError:
        return ""
    # pdfium writes a hyphen that it took from the end of a line as a character of its own.
    return text.replace("\ufffe", "-").replace("\u0002", "-")


def _unread(scans: list[int], pages: int) -> list[str]:
    found = []
    if scans:
        few = ", ".join(map(str, scans[:12])) + (" and more" if len(scans) > 12 else "")
        found.append(f"Page{'s' if len(scans) > 1 else ''} {few}: a scan or a picture, without words that we can read.")
    if pages > MOST_PAGES:
        found.append(f"We read the first {MOST_PAGES} of {pages} pages.")
    return found
