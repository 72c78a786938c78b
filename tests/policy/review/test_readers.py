"""One conformance suite for every reader, and what each says of a document that it cannot read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fobwatch.policy.backends import packed, pdf, text
from fobwatch.policy.backends.readers import read_document
from fobwatch.policy.backends.text import Unreadable
from fobwatch.policy.rules.review.report import review
from tests.policy.review import made

FORMS: dict[str, Callable[[Path], bytes]] = {
    "policy.txt": lambda _: made.as_text(),
    "policy.md": lambda _: made.as_markdown(),
    "policy.html": lambda _: made.as_html(),
    "policy.docx": lambda _: made.as_word(),
    "policy.docm": lambda _: made.as_word(macro=True),
    "policy.odt": lambda _: made.as_opendocument(),
    "policy.pdf": made.as_pdf,
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_says_the_same(name: str, tmp_path: Path) -> None:
    found = review(read_document(FORMS[name](tmp_path), name).lines)
    covered = {key for key, one in found.items.items() if one.grade in ("found", "weak")}
    assert covered == {"P01", "P12", "P17", "P22", "P26"}
    assert found.kind.name == "BYOD policy"
    assert found.items["P17"].quote == made.PARAGRAPHS[3]
    assert found.items["P22"].quote == "lend the phone to family"
    assert found.control.owner == "Head of Digital"
    assert str(found.control.due) == "2028-03-31"


# Any text may be a text: what a name says of one is no lie.
@pytest.mark.parametrize("name", [name for name in FORMS if not name.endswith((".txt", ".md"))])
def test_a_name_that_lies_is_seen_through(name: str, tmp_path: Path) -> None:
    data = FORMS[name](tmp_path)
    got = read_document(data, "policy.txt")
    assert got.unread[0].startswith("The name says text, but it is ")
    assert any("phone" in line.text for line in got.lines)


def test_a_macro_is_named_and_not_run() -> None:
    assert "It carries macros. We did not run them." in read_document(made.as_word(macro=True), "a.docm").unread


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "nothing in it": ("a.txt", b"", "empty"),
    "only spaces": ("a.txt", b"  \n ", "empty"),
    "only spaces in markdown": ("a.md", b"  \n ", "empty"),
    "not text": ("a.txt", bytes(range(256)) * 40, "not a document that we can read"),
    "an old word document": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 90, "old Word document"),
    "rich text": ("a.rtf", b"{\\rtf1 hello}", "RTF"),
    "a docx that is not": ("a.docx", b"\0\1\2\3" * 90, "called DOCX, but it is not one"),
    "a damaged archive": ("a.docx", b"PK\3\4" + b"x" * 90, "damaged"),
    "an archive of something else": ("a.docx", made.packed({"hello.txt": b"hello"}), "archive"),
    "a word document with broken xml": ("a.docx", made.packed({"word/document.xml": b"<w:document"}), "damaged"),
    "a word document without a body": ("a.docx", made.packed({"word/document.xml": b"<a/>"}), "no text"),
    "a word document of pictures": (
        "a.docx",
        made.packed({"word/document.xml": f"<w:document {made.W}><w:body/></w:document>".encode()}),
        "no text that we can read",
    ),
    "an empty opendocument": ("a.odt", made.packed({"content.xml": b"<a/>"}), "no text that we can read"),
    "an encrypted opendocument": (
        "a.odt",
        made.packed({"content.xml": b"x", "META-INF/manifest.xml": b"<m:encryption-data/>"}),
        "encrypted",
    ),
    "a page of scripts": ("a.html", b"<html><body><script>x()</script></body></html>", "no text that we can read"),
    "an empty page": ("a.html", b"<!-- -->", "no text that we can read"),
    "a damaged pdf": ("a.pdf", b"%PDF-1.7 nonsense", "damaged"),
    "an encrypted pdf": ("a.pdf", made.encrypted_pdf(), "encrypted"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_said_in_a_sentence(case: str) -> None:
    name, data, said = REFUSED[case]
    with pytest.raises(Unreadable, match=said) as wrong:
        read_document(data, name)
    assert str(wrong.value).endswith(".")


def test_a_pdf_of_pictures_is_named_as_that(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="made of pictures"):
        read_document(made.pdf_of("#rect(width: 4cm)\n#pagebreak()\n#rect()", tmp_path), "scan.pdf")


def test_a_page_that_is_a_scan_is_named(tmp_path: Path) -> None:
    source = "Phones must be locked with a PIN.\n#pagebreak()\n#rect()\n#pagebreak()\nReport a lost phone to the desk."
    got = read_document(made.pdf_of(source, tmp_path), "a.pdf")
    assert got.pages == 3
    assert got.unread == ["Page 2: a scan or a picture, without words that we can read."]
    assert {line.page for line in got.lines if line.text.strip()} == {1, 3}


def test_a_long_pdf_is_read_as_far_as_the_limit_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = made.pdf_of("#for n in range(30) [Page of a policy number #n #pagebreak()]", tmp_path)
    monkeypatch.setattr(pdf, "MOST_PAGES", 12)
    got = read_document(data, "long.pdf")
    assert got.unread[-1] == f"We read the first 12 of {got.pages} pages."
    monkeypatch.setattr(pdf, "MOST_LINES", 2)
    assert len(read_document(data, "long.pdf").lines) < 6


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MOST_INFLATED", 100_000)
    bomb = made.packed({"word/document.xml": b"<a>" + b" " * 200_000})
    with pytest.raises(Unreadable, match="unpacks to far more"):
        read_document(bomb, "bomb.docx")


def test_a_bomb_that_lies_about_its_size_is_stopped_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    archive = packed.opened(made.packed({"a.xml": b"<a>" + b" " * 5_000 + b"</a>"}))
    monkeypatch.setattr(packed, "MOST_INFLATED", 1_000)
    with pytest.raises(Unreadable, match="unpacks to far more"):
        packed.part(archive, "a.xml")


def test_an_archive_with_a_password_says_so() -> None:
    class Locked:
        def open(self, name: str) -> None:
            raise RuntimeError("password required")

    with pytest.raises(Unreadable, match="encrypted"):
        packed.part(Locked(), "a.xml")  # type: ignore[arg-type]
    with pytest.raises(Unreadable, match="damaged"):
        packed.part(packed.opened(made.packed({"a": b""})), "missing.xml")


def test_a_document_with_entities_is_not_read() -> None:
    evil = (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document {made.W}><w:body>&x;</w:body></w:document>'
    )
    with pytest.raises(Unreadable, match="definitions of its own"):
        read_document(made.packed({"word/document.xml": evil.encode()}), "evil.docx")


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fobwatch.policy.backends.readers.MOST_BYTES", 10)
    with pytest.raises(Unreadable, match="larger than"):
        read_document(b"a" * 11, "a.txt")
    assert text.MOST_BYTES > 10


def test_utf_16_and_windows_text_are_read() -> None:
    assert read_document("Naïve phones".encode("utf-16"), "a.txt").lines[0].text == "Naïve phones"
    assert read_document("Naïve phones".encode("cp1252"), "a.txt").lines[0].text == "Naïve phones"


def test_a_form_feed_begins_a_page() -> None:
    got = read_document(b"one\ftwo", "a.txt")
    assert (got.pages, [line.page for line in got.lines]) == (2, [1, 2])


def cell(text: str) -> str:
    return f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


LONG = "Anybody who loses a phone that is used for work must tell the service desk at once, by day or by night"
WORD_BODY = f"""
<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr><w:r><w:t>Loss of phones 4</w:t></w:r></w:p>
<w:p/>
<w:sdt><w:sdtContent><w:p><w:pPr><w:numPr/></w:pPr>
<w:r><w:t>lock</w:t><w:tab/><w:t>the phone</w:t><w:noBreakHyphen/></w:r></w:p></w:sdtContent></w:sdt>
<w:sdt/>
<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Lost phones</w:t></w:r></w:p>
<w:tbl>
 <w:tr>{cell("Rule")}{cell("Detail")}</w:tr><w:tr>{cell("Owner")}{cell("Head of IT")}</w:tr>
 <w:tr>{cell("Loss")}{cell(LONG)}</w:tr>
</w:tbl>
"""


def test_word_tables_lists_and_controls_are_read_and_contents_are_not() -> None:
    parts = {
        "word/document.xml": f"<w:document {made.W}><w:body>{WORD_BODY}</w:body></w:document>".encode(),
        "word/footer1.xml": f"<w:ftr {made.W}><w:p><w:r><w:t>Review date: May 2027</w:t></w:r></w:p></w:ftr>".encode(),
        "word/media/a.png": b"x",
        "word/media/b.png": b"x",
    }
    got = read_document(made.packed(parts), "a.docx")
    lines = [(line.kind, line.label, line.text) for line in got.lines if line.text.strip()]
    assert lines[0] == ("text", "", "Review date: May 2027")
    assert lines[1] == ("item", "", "lock the phone-")
    assert lines[2] == ("text", "", "Lost phones")
    assert ("cell", "", "Owner Head of IT") in lines
    assert lines[-1][:2] == ("cell", "Loss Detail")
    assert got.unread == ["2 pictures: we do not read words inside pictures."]


def test_web_tables_breaks_and_menus() -> None:
    page = b"""<html><head><title>x</title></head><body><nav>menu</nav>Loose <b>words</b><br>next<!-- no -->
    <table><tr><th>Rule</th><th>Detail</th></tr><tr><td>One cell that stands alone and has a lot of words in it,
    more than fourteen of them at any rate</td></tr><tr></tr></table></body></html>"""
    lines = [(line.kind, line.text) for line in read_document(page, "a.html").lines if line.text.strip()]
    assert lines[:2] == [("text", "Loose words"), ("text", "next")]
    assert lines[2] == ("cell", "Rule Detail")
    assert lines[3][1].startswith("One cell")


def test_markdown_rows_and_front_matter() -> None:
    source = b"""---
owner: Head of IT
---
| Rule | Detail |
|------|--------|
| Loss | Anybody who loses a phone that is used for work must tell the service desk at once |
| Owner | Head of IT |
"""
    lines = [(line.kind, line.label, line.text) for line in read_document(source, "a.md").lines if line.text.strip()]
    assert lines[0][2] == "owner: Head of IT"
    assert ("cell", "Loss", lines[2][2]) == lines[2]
    assert lines[-1] == ("cell", "", "Owner Head of IT")


def test_opendocument_tables_and_spaces() -> None:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    )
    body = (
        "<text:table-of-content><text:p>Loss 4</text:p></text:table-of-content><!-- no -->"
        "<text:p>two<text:s/>words <text:span>here</text:span><office:annotation>no</office:annotation></text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>Owner</text:p></table:table-cell>"
        "<table:table-cell><text:p>Head of IT</text:p></table:table-cell></table:table-row></table:table>"
    )
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    content = f"<office:document-content {names}>{text}</office:document-content>"
    parts = {"content.xml": content.encode(), "META-INF/manifest.xml": b"<m/>", "Basic/a.xml": b""}
    got = read_document(made.packed(parts), "a.odt")
    assert [line.text for line in got.lines if line.text.strip()] == ["two words here", "Owner Head of IT"]
    assert got.unread == ["It carries macros. We did not run them."]
