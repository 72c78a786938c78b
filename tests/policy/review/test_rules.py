"""The parts of the review: the language of phrases, dates and owners, kinds, and a book that is wrong."""

import datetime as dt
from importlib import resources

import pytest

from fobwatch.policy.rules.review import phrases
from fobwatch.policy.rules.review.book import BookError, book, read_book
from fobwatch.policy.rules.review.control import control_of
from fobwatch.policy.rules.review.lines import Line
from fobwatch.policy.rules.review.phrases import Finder, PhraseError, compared, concepts
from fobwatch.policy.rules.review.report import Review, review
from fobwatch.policy.rules.review.sentences import Sentence

SHIPPED = resources.files("fobwatch.policy").joinpath("data", "review.toml").read_text(encoding="utf-8")


def found(phrase: str, text: str) -> bool:
    finder = Finder(concepts({"device": ["(phone|tablet)"], "it": [phrase]}))
    return "it" in finder.names(compared(text))


@pytest.mark.parametrize(
    ("phrase", "yes", "no"),
    [
        ("lock*", "The phone is locked.", "The phone is blocked."),
        ("words?", "A word.", "A wordy text."),
        ("anti virus", "Anti-virus software", "antivirus"),
        ("(face|finger) id", "face ID", "touch ID"),
        ("the? phone", "my phone", "my mobile"),
        ("(the )? lost {device}", "lost tablet", "lost keys"),
        ("report .. desk", "Report it to the service desk.", "Report it to your own line manager or service desk."),
        ("report ... desk", "Report it to your own line manager or service desk.", "Report it. The desk is open."),
        ("ios # or later", "iOS 17 or later", "iOS or later"),
        ("###", "Ring 4400.", "Ring 44."),
        ("don't share", "Don’t share", "do share"),
        ("patient phone", "the patient's phone", "the patients of a phone"),
    ],
)
def test_a_phrase_means_what_its_language_says(phrase: str, yes: str, no: str) -> None:
    assert found(phrase, yes)
    assert not found(phrase, no)


@pytest.mark.parametrize("phrase", ["a)", "(a", "the?", "{nothing} here", "(a|)"])
def test_a_phrase_that_cannot_be_read_is_named(phrase: str) -> None:
    with pytest.raises(PhraseError):
        concepts({"it": [phrase]})


def test_what_was_seen_is_forgotten_before_it_grows_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "MOST_SEEN", 1)
    finder = Finder(concepts({"it": ["phone"]}))
    for text in ("phone ", "a phone ", "my phone ", "phone "):
        assert finder.names(text) == {"it"}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("\n[concepts]\n", "\n[conceptss]\n", "cannot be read"),
        ('needs = ["antivirus"]', 'needs = ["antiviruss"]', "not among the concepts"),
        ('needs = ["antivirus"]', "needs = []", "needs words to look for"),
        ('item = "P05"', 'item = "P99"', "needs a known item"),
        ('topic = ["antivirus"]', 'topic = ["antiviruss"]', "not among the concepts"),
        ("secret = [", "secret = = [", "cannot be read"),
    ],
)
def test_a_book_that_is_wrong_says_where(before: str, after: str, said: str) -> None:
    with pytest.raises(BookError, match=said):
        read_book(SHIPPED.replace(before, after, 1))


def test_every_item_has_a_rule_terms_and_a_risk() -> None:
    ruled = {rule.item for rule in book().rules} | {"P06", "P26"}
    assert ruled == set(book().items)
    assert all(item.terms and 0 < item.risk <= 10 for item in book().items.values())


def one(text: str, lead: str = "", kind: str = "text") -> Sentence:
    return Sentence(text, 0, "", "", kind, lead)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Review date: 31 March 2027", dt.date(2027, 3, 31)),
        ("Next review: 1st of Feb 2027", dt.date(2027, 2, 1)),
        ("Review due June 2027", dt.date(2027, 6, 30)),
        ("Next review 12/2026", dt.date(2026, 12, 31)),
        ("Date for review 05/11/27", dt.date(2027, 11, 5)),
        ("Date for review 05/11/2027", dt.date(2027, 11, 5)),
        ("Review date: 2027-11-05", dt.date(2027, 11, 5)),
        ("This policy will be reviewed again in May 2028.", dt.date(2028, 5, 31)),
        ("Review date: 31/13/2027", None),
        ("Last reviewed on 4 May 2024", None),
        ("Review date: TBC", None),
        ("Review date to follow, approved 4 May 2024", None),
    ],
)
def test_the_date_of_the_next_review_is_read_day_before_month(text: str, date: dt.date | None) -> None:
    assert control_of([one(text)]).due == date


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Policy owner: Head of Digital", "Head of Digital"),
        ("Owner: TBC", ""),
        ("Owner: [insert]", ""),
        ("Head of IT is the owner of this policy.", "Head of IT"),
        ("This policy is reviewed annually by the Governance Group.", "Governance Group"),
        ("This list is maintained by staff.", ""),
        ("The device owner: Anyone", ""),
    ],
)
def test_the_owner_is_whoever_is_named(text: str, owner: str) -> None:
    assert control_of([one(text)]).owner == owner


def test_a_row_of_a_table_names_date_and_owner() -> None:
    control = control_of([one("Head of IT", "Owner", "cell"), one("May 2027", "Review date", "cell")])
    assert (control.owner, control.due) == ("Head of IT", dt.date(2027, 5, 31))


def of(*lines: str) -> Review:
    return review([Line(line) for text in lines for line in (text, "")])


def test_nothing_at_all_is_a_document_too() -> None:
    nothing = review([])
    assert (nothing.kind.name, nothing.kind.title) == ("not a policy about devices", "")
    assert set(nothing.gaps) == set(book().items)


def test_a_ban_with_an_exception_is_none() -> None:
    allowed = of("Personal Devices Policy", "Personal devices must not be used for work unless IT has enrolled them.")
    assert allowed.kind.name == "BYOD policy"
    banned = of("Personal Devices Policy", "Personal devices must not be used for work.")
    assert banned.kind.ban is not None
    assert banned.items["P09"].grade == "found"
    assert banned.items["P01"].grade == "na"


def test_what_is_missing_comes_by_risk_to_patients_data() -> None:
    gaps = of("Personal Devices Policy", "1. Rules", "Phones must be locked with a PIN.").gaps
    assert gaps[:3] == ("P02", "P12", "P17")
    assert "P01" not in gaps


def test_what_an_author_would_mend_is_listed() -> None:
    mended = of(
        "Personal Devices Policy",
        "Ask the [insert team] about MDM, and see [1].",
        "The information governance (IG) team knows. SAR means a request.",
        "Who wrote this: TBC",
    )
    assert mended.placeholders == ("[insert team]", "TBC")
    assert mended.acronyms == ("MDM", "TBC")


def test_a_check_without_anybody_who_checks_is_weak() -> None:
    assert of("Personal Devices Policy", "Compliance will be audited.").items["P16"].grade == "weak"
    assert of("Personal Devices Policy", "The IG team will audit compliance.").items["P16"].grade == "found"


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("You do not have to tell us that a phone is lost.", "P17"),
        ("Staff do not need to encrypt, protect or update phones.", "P03"),
    ],
)
def test_the_opposite_of_a_rule_is_no_rule(text: str, item: str) -> None:
    assert of("Personal Devices Policy", "1. Rules", text).items[item].grade == "notfound"


def test_a_rule_under_its_heading_counts_where_no_phrase_fits_and_is_marked_as_weak() -> None:
    said = of("Personal Devices Policy", "1. Training", "Staff must come and see us before they start.")
    assert said.items["P14"].grade == "weak"
    assert "words that we do not know" in said.items["P14"].why
    aim = of("Personal Devices Policy", "1. Aims of training", "To make sure that staff come and see us first.")
    assert aim.items["P14"].grade == "notfound"
