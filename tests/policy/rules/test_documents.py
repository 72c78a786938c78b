"""The policy as PDF, Word and easy words: everything is there, tagged, and nothing becomes markup."""

import datetime as dt
import io
import re

import pypdfium2
import pytest
from docx import Document

from fobwatch.design import paper
from fobwatch.policy.models import template
from fobwatch.policy.rules import document, easy, possible
from fobwatch.policy.rules.checklist import ITEMS
from fobwatch.policy.rules.clause import digest, parse, to_data, with_params
from fobwatch.policy.rules.readability import words
from fobwatch.policy.rules.reading import rules
from fobwatch.policy.rules.word import NOT_IN_FORCE, word
from fobwatch.policy.rules.workflow import STATES

DAY = dt.date(2026, 11, 1)
EDITION = document.Edition(
    3, "In force", DAY, "Caldicott Guardian", "Information governance lead", "The oldest iPhone version was raised."
)
NURSE = possible.Reader("clinical", "ios", "staff")


def about(state: str = "published", **more: object) -> document.About:
    fields: dict[str, object] = {
        "organisation": "Fennimore Hospitals", "number": 3, "state": state, "fingerprint": digest(template()),
        "since": DAY, "review_on": dt.date(2027, 11, 1), "ask": "Ask: ig@example.org", "editions": (EDITION,),
    }  # fmt: skip
    return document.About(**{**fields, **more})


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as opened:
        pages = [page.get_textpage().get_text_bounded() for page in opened]
    return re.sub(r"\s+", " ", " ".join(pages))


def staff(large: bool = False) -> bytes:
    return paper.pdf("fobwatch.policy", "staff.typ", document.staff(template(), about(), NURSE), large=large)


def formal(**more: object) -> bytes:
    return paper.pdf("fobwatch.policy", "formal.typ", document.formal(template(), about(**more)))


@pytest.mark.parametrize("make", [staff, formal])
def test_a_pdf_is_tagged_has_a_language_a_title_and_says_that_it_is_pdf_ua(make) -> None:
    pdf = make()
    for mark in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang", b"pdfuaid:part", b"SourceSansPro"):
        assert mark in pdf, mark
    with pypdfium2.PdfDocument(pdf) as opened:
        assert opened.get_metadata_value("Title") == "Using your own phone or computer for work, Version 3"


def test_the_page_for_staff_has_their_rules_and_the_steps_for_their_device() -> None:
    said = text_of(staff())
    assert "Set a PIN of six digits or more." in said
    assert "How to do it: iPhone" in said
    assert "Tap “Turn Passcode On”." in said
    assert "An iPhone must run iOS 18.0 or newer." in said
    assert "Windows Update" not in said
    assert "Rules that were left out" in said


def test_large_print_is_larger_and_longer() -> None:
    with pypdfium2.PdfDocument(staff()) as usual, pypdfium2.PdfDocument(staff(large=True)) as large:
        assert len(large) > len(usual)


def test_the_formal_document_holds_every_rule_every_item_and_its_history() -> None:
    said = text_of(formal())
    for rule in rules(template()):
        assert f"{rule.number}. {rule.clause.title}" in said
    for item in ITEMS:
        assert f"{item} " in said
    for words_ in (
        "Version control",
        EDITION.changed,
        EDITION.approved,
        EDITION.by,
        "Monday 1 November 2027",
        "Appendix C",
    ):
        assert words_ in said
    assert "No NHS body has assessed this document." in said


def test_a_version_that_is_not_in_force_says_so_in_both_files() -> None:
    assert NOT_IN_FORCE in text_of(formal(state="draft", since=None, review_on=None, editions=()))
    data = document.formal(template(), about("draft", editions=(), since=None, ask=""))
    opened = Document(io.BytesIO(word(data)))
    said = [paragraph.text for paragraph in opened.paragraphs]
    assert NOT_IN_FORCE in said
    assert "No version was published yet." in said
    assert set(document.STATES) == set(STATES)


def test_the_word_file_opens_with_headings_and_tables_that_repeat_their_heads() -> None:
    opened = Document(io.BytesIO(word(document.formal(template(), about()))))
    heads = [one.text for one in opened.paragraphs if one.style.name.startswith("Heading")]
    assert heads[:2] == ["Document control", "Version control"]
    assert "1. Register your device" in heads
    assert opened.core_properties.title == "Using your own phone or computer for work, Version 3"
    assert opened.core_properties.language == "en-GB"
    assert all(table.rows[0]._tr.trPr.xpath("w:tblHeader") for table in opened.tables)
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    assert {"P01", "P26", "B11", EDITION.changed} <= set(cells)


EVIL = '#eval("1+1") *not bold* $x$ <script> \\ "quoted" @ref // gone'


def evil():
    data = to_data(template())
    data["clause"][0]["text"] = EVIL
    data["clause"][0]["title"] = "\x07Bell"
    return parse(data)


def test_words_of_a_rule_are_printed_and_never_run() -> None:
    data = document.staff(evil(), about(), possible.Reader())
    said = text_of(paper.pdf("fobwatch.policy", "staff.typ", data))
    assert '#eval("1+1") *not bold* $x$ <script>' in said
    opened = Document(io.BytesIO(word(document.formal(evil(), about()))))
    assert EVIL in [one.text for one in opened.paragraphs]
    assert "1. Bell" in [one.text for one in opened.paragraphs]


def test_a_letter_that_the_font_lacks_becomes_a_question_mark_and_not_a_failure() -> None:
    data = to_data(template())
    data["clause"][0]["text"] = "Register 📱 your 機器."
    made = document.staff(parse(data), about(), possible.Reader())
    assert "Register ? your ??." in text_of(paper.pdf("fobwatch.policy", "staff.typ", made))


def test_for_whom_it_is_printed_is_said() -> None:
    assert document.staff(template(), about(), possible.Reader())["for"] == "Every rule, for everybody."
    assert document.staff(template(), about(), NURSE, everything=True)["for"] == "Every rule, for everybody."
    porter = document.staff(template(), about(), possible.Reader("non_clinical"))
    assert porter["for"] == "The rules for non-clinical staff."
    assert document.staff(template(), about(), possible.Reader("", "ios"))["for"].endswith("for this device: iPhone.")


# --- duties ---


def test_managers_and_it_have_their_duties_in_the_words_of_the_policy() -> None:
    managers = {one["rule"].clause.id: one for one in document.asked_by_whom(template(), "managers")}
    assert set(managers) == {clause.id for clause in template().clauses if "managers" in clause.binds}
    assert any("Managers check leavers" in line for line in managers["checks"]["said"])
    assert managers["leaving-or-away"]["said"] == [managers["leaving-or-away"]["rule"].text]
    it = document.asked_by_whom(template(), "it")
    assert any("IT keeps the list of devices" in line for one in it for line in one["said"])


def test_each_sentence_of_a_duty_stands_in_its_rule() -> None:
    for who in document.NAMED:
        for one in document.asked_by_whom(template(), who):
            assert all(line in one["rule"].text for line in one["said"])


# --- easy words ---


@pytest.mark.parametrize("group", ["clinical", "non_clinical"])
def test_the_easy_summary_has_short_sentences_of_one_idea(group: str) -> None:
    made = easy.easy(template(), possible.Reader(group, "", "staff"))
    assert made.too_long == ()
    assert made.readability.grade <= 4
    for part in made.parts:
        assert part.lines
        for line in part.lines:
            assert len(words(line)) <= easy.LONGEST
            assert line.endswith(".")


def test_an_order_of_two_ideas_is_cut_and_a_ban_never() -> None:
    lines = [line for part in easy.easy(template(), NURSE).parts for line in part.lines]
    assert "Move notes to the main record the same day." in lines
    assert "Then delete them." in lines
    data = to_data(template())
    data["clause"][0]["dont"] = "Do not use it, and then sell it"
    lines = [line for part in easy.easy(parse(data), NURSE).parts for line in part.lines]
    assert "Do not use it, and then sell it." in lines


def test_what_is_open_and_closed_is_said_for_the_reader() -> None:
    nurse = easy.easy(template(), possible.Reader("clinical")).parts[0].lines
    porter = easy.easy(template(), possible.Reader("non_clinical")).parts[0].lines
    assert "You can take photographs of patients." in nurse
    assert "You do not have to." in nurse
    assert "Do not use it for patient records." in porter


def test_a_policy_that_opens_nothing_says_so() -> None:
    groups = [param.name for param in template().params if param.kind == "groups"]
    closed = with_params(template(), {name: [] for name in groups})
    assert easy.easy(closed, NURSE).parts[0].lines[0] == "You cannot use it for work."


def test_a_long_line_is_named_to_the_author() -> None:
    data = to_data(template())
    data["clause"][0]["do"] = "Register " + "very " * 20 + "soon."
    assert len(easy.easy(parse(data), NURSE).too_long) == 1
