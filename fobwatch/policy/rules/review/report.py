"""The review of one document: kind, grades, readability, owner and date, and what an author would mend."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from fobwatch.policy.rules import readability
from fobwatch.policy.rules.checklist import ITEMS
from fobwatch.policy.rules.review.book import COVERED, Book, book
from fobwatch.policy.rules.review.control import Control, control_of
from fobwatch.policy.rules.review.grading import Grade, grade_all
from fobwatch.policy.rules.review.kinds import Kind, kind_of, title_of
from fobwatch.policy.rules.review.lines import CELL, HEADING, Block, Line, blocks
from fobwatch.policy.rules.review.reading import read
from fobwatch.policy.rules.review.sentences import Sentence, bare, heading_sentences, sentences

# A title of more words than this is a sentence.
TITLE = 18
_PLACEHOLDER = re.compile(
    r"\[[^\]\n]{2,80}\]|<(?:insert|add|enter|name|date|organisation|your)[^>\n]{0,60}>|"
    r"\{\{[^}\n]{1,60}\}\}|\b(?:TBC|TBA|XXX+)\b|_{5,}|\binsert (?:name|date|number|organisation|"
    r"details)\b",
    re.IGNORECASE,
)
_NOT_PLACEHOLDER = re.compile(r"^\[(?:\d{1,3}|\d{4}|sic|x|\.\.\.|…|ref.*|see .*)\]$", re.IGNORECASE)
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9&]{1,6}s?\b")
# What explains capital letters: their words before them in brackets' reach, or after them.
_BEFORE = re.compile(r"[a-z]\s*\(\s*[\u2018'\"“]?$")
_AFTER = re.compile(r"[’'\"”]?\s*(?:\(\s*[A-Za-z]{3,}|[:–—=-]\s+[A-Z][a-z]+|means |stands for |is short for )")
_KNOWN = frozenset(
    [
        "NHS",
        "UK",
        "GP",
        "IT",
        "PIN",
        "PC",
        "CD",
        "DVD",
        "USB",
        "PDF",
        "ID",
        "OK",
        "TV",
        "AM",
        "PM",
        "HR",
        "A4",
        "II",
        "III",
        "IV",
        "VI",
        "NI",
        "EU",
        "US",
        "FAQ",
        "GPS",
        "SMS",
        "DR",
        "MR",
        "MRS",
        "THE",
        "AND",
        "NOT",
        "MUST",
        "ALL",
        "NO",
        "DO",
    ]
)
_CAPITALS = re.compile(r"^[^a-z]+$")


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that is said about one document."""

    kind: Kind
    items: dict[str, Grade]
    control: Control
    words: int
    grade: float
    reading_age: float
    long_sentences: tuple[str, ...]
    acronyms: tuple[str, ...]
    placeholders: tuple[str, ...]
    sentences: int

    @property
    def gaps(self) -> tuple[str, ...]:
        """The items that nothing covers, those first that risk patients' data most."""
        open_items = [key for key, one in self.items.items() if one.grade not in (*COVERED, "na")]
        return tuple(sorted(open_items, key=lambda key: (-book().items[key].risk, key)))


def review(lines: list[Line], using: Book | None = None) -> Review:
    """Review the lines of one document."""
    rules = using or book()
    parts = blocks(lines)
    title = title_of(parts)
    for part in parts[:15]:
        if part.text == title and len(title.split()) < TITLE:
            part.kind = HEADING
    said = sentences(parts)
    kind = kind_of(parts, said, rules.finder)
    control = control_of([*said, *heading_sentences(parts)])
    reads = [read(one, rules.finder, own=kind.own and kind.ban is None) for one in said]
    body = [bare(one.text) for one in said if _is_body(one)]
    hard = readability.report(body)
    return Review(
        kind, grade_all(reads, kind, control, rules), control, hard.words, hard.grade, hard.reading_age, hard.longest,
        _acronyms(parts), _placeholders(parts), len(said),
    )  # fmt: skip


def _is_body(one: Sentence) -> bool:
    """Whether a sentence is read as text: not a table of control, a label or a list of documents."""
    return one.zone not in ("control", "related", "equality") and one.kind != CELL and len(one.text.split()) > 3


def _placeholders(parts: list[Block]) -> tuple[str, ...]:
    found = {match.group(): None for part in parts for match in _PLACEHOLDER.finditer(part.text)}
    return tuple(one for one in found if not _NOT_PLACEHOLDER.match(one))


def _acronyms(parts: list[Block]) -> tuple[str, ...]:
    """Capital letters that nothing explains: neither "words (ABC)" nor "ABC (words)", "ABC: Words", "ABC means"."""
    texts = [part.text for part in parts if not (part.kind == HEADING and _CAPITALS.match(part.text))]
    whole = "\n".join(texts)
    found: dict[str, bool] = {}
    for match in _ACRONYM.finditer(whole):
        letters = match.group().removesuffix("s")
        before, after = whole[max(0, match.start() - 4) : match.start()], whole[match.end() : match.end() + 16]
        found[letters] = found.get(letters, False) or bool(_BEFORE.search(before) or _AFTER.match(after))
    return tuple(letters for letters, explained in found.items() if not explained and letters not in _KNOWN)


def as_data(one: Review, today: dt.date) -> dict[str, Any]:
    """The review as `policy review --json` prints it. overdue: None where no date was found."""
    due = one.control.due
    return {
        "kind": one.kind.name,
        "error": None,
        "title": one.kind.title,
        "bans_personal_devices": one.kind.ban is not None,
        "allows_personal_devices": one.kind.allows and one.kind.ban is None,
        "items": {key: _item(one.items[key], key) for key in ITEMS},
        "readability": {
            "grade": one.grade,
            "reading_age": one.reading_age,
            "words": one.words,
            "sentences": one.sentences,
        },
        "review_date": due.isoformat() if due else None,
        "review_cycle": one.control.cycle,
        "overdue": due < today if due else None,
        "owner": one.control.owner or None,
        "placeholders": list(one.placeholders),
        "acronyms": list(one.acronyms),
        "long_sentences": list(one.long_sentences),
        "covered": sum(grade.grade in COVERED for grade in one.items.values()),
        "gaps": list(one.gaps),
    }


def unread_data(sentence: str) -> dict[str, Any]:
    """What is said of a document that could not be read: the same shape, and the sentence why."""
    blank = {"grade": "notfound", "quote": "", "where": "", "why": "This document could not be read."}
    return {
        "kind": "could not be read",
        "error": sentence,
        "items": {key: dict(blank) for key in ITEMS},
        "readability": {"grade": 0.0, "reading_age": 0.0, "words": 0, "sentences": 0},
        "review_date": None,
        "covered": 0,
        "unread": [sentence],
    }


def _item(grade: Grade, key: str) -> dict[str, Any]:
    data: dict[str, Any] = {"grade": grade.grade, "quote": grade.quote, "where": grade.where, "why": grade.why}
    if grade.grade == "notfound":
        data["looked_for"] = list(book().items[key].terms)
    return data
