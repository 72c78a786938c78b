"""Many reviews side by side: a table, a heat map, distributions, who allows own devices without a policy (R06)."""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fobwatch.policy.rules.checklist import ITEMS
from fobwatch.policy.rules.review.book import COVERED, GRADE_WORDS
from fobwatch.policy.rules.review.kinds import BAN, BYOD

Data = Mapping[str, Any]
# A sign for each grade, so that colour is never alone.
SIGNS = {"found": "✔", "weak": "~", "refers": "→", "na": "·", "notfound": "–"}
_READING = ((0, 9, "up to 9"), (9, 12, "9 to 12"), (12, 15, "12 to 15"), (15, 99, "15 and more"))
_WORDS = (
    (0, 1000, "under 1,000"),
    (1000, 3000, "1,000 to 3,000"),
    (3000, 6000, "3,000 to 6,000"),
    (6000, 10**9, "6,000 and more"),
)
_COVER = ((0, 7, "0 to 6"), (7, 14, "7 to 13"), (14, 20, "14 to 19"), (20, 27, "20 to 26"))
_OVERDUE = {"True": "yes", "False": "no"}
_FREE_TEXT = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a distribution: its words, how many documents, and the share of the largest row in per cent."""

    words: str
    count: int
    share: int


def read_ones(documents: Mapping[str, Data]) -> dict[str, Data]:
    """The documents that could be read, by name."""
    return {name: one for name, one in documents.items() if not one.get("error")}


def item_counts(documents: Mapping[str, Data]) -> list[tuple[str, str, int]]:
    """For each item: id, words, and how many documents cover it; the least covered first."""
    read = read_ones(documents).values()
    rows = [(key, words, sum(one["items"][key]["grade"] in COVERED for one in read)) for key, words in ITEMS.items()]
    return sorted(rows, key=lambda row: (row[2], row[0]))


def distributions(documents: Mapping[str, Data]) -> dict[str, list[Bar]]:
    """How coverage, age, length and reading grade are spread, each as rows of a table."""
    read = list(read_ones(documents).values())
    ages = Counter(_age(one) for one in read)
    return {
        "Items covered, of 26": _bars([one["covered"] for one in read], _COVER),
        "Date of review": _rows([(words, ages[words]) for words in ("in date", "overdue", "no date found")]),
        "Length in words": _bars([one["readability"]["words"] for one in read], _WORDS),
        "Reading grade (years of schooling)": _bars([one["readability"]["grade"] for one in read], _READING),
    }


def _age(one: Data) -> str:
    return "no date found" if one["overdue"] is None else "overdue" if one["overdue"] else "in date"


def _bars(values: list[float], bounds: tuple[tuple[int, int, str], ...]) -> list[Bar]:
    return _rows([(words, sum(low <= value < high for value in values)) for low, high, words in bounds])


def _rows(counts: list[tuple[str, int]]) -> list[Bar]:
    most = max((count for _, count in counts), default=0) or 1
    return [Bar(words, count, round(100 * count / most)) for words, count in counts]


def allowed_without(documents: Mapping[str, Data]) -> list[str]:
    """The documents that let staff use their own devices although they are no policy for it."""
    return [
        name
        for name, one in read_ones(documents).items()
        if one["kind"] not in (BYOD, BAN) and one["allows_personal_devices"]
    ]


def to_csv(documents: Mapping[str, Data]) -> str:
    """One row a document; a cell that a spreadsheet could take for a formula is made text."""
    out = io.StringIO()
    writer = csv.writer(out)
    head = [
        "document",
        "kind",
        "covered",
        "reading_grade",
        "words",
        "pages",
        "owner",
        "review_date",
        "overdue",
        "error",
    ]
    writer.writerow([*head, *ITEMS])
    for name, one in documents.items():
        readability = one.get("readability", {})
        row = [
            name, one.get("kind", ""), one.get("covered", ""), readability.get("grade", ""),
            readability.get("words", ""), one.get("pages") or "", one.get("owner") or "", one.get("review_date") or "",
            _OVERDUE.get(str(one.get("overdue")), ""), one.get("error", ""),
        ]  # fmt: skip
        grades = [GRADE_WORDS[one["items"][key]["grade"]] if not one.get("error") else "" for key in ITEMS]
        writer.writerow([_safe(cell) for cell in [*row, *grades]])
    return out.getvalue()


def _safe(cell: Any) -> str:
    text = str(cell)
    return f"'{text}" if text.startswith(_FREE_TEXT) else text


def by_risk(one: Data, risks: Mapping[str, int]) -> list[str]:
    """The items of one document: what is missing first, and among equals what risks patients' data most."""
    order = {"notfound": 0, "refers": 1, "weak": 2, "found": 3, "na": 4}
    return sorted(ITEMS, key=lambda key: (order[one["items"][key]["grade"]], -risks[key], key))
