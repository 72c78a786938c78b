"""The book of the review: concepts and rules as `data/review.toml` tells them, checked and ready to use."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from fobwatch.policy.rules.checklist import ITEMS
from fobwatch.policy.rules.review.phrases import Finder, PhraseError, concepts

GRADES = ("found", "weak", "refers", "na", "notfound")
GRADE_WORDS = {
    "found": "Found",
    "weak": "Weak",
    "refers": "Refers to another document",
    "na": "Does not apply",
    "notfound": "Not found",
}
COVERED = ("found", "weak")


class BookError(ValueError):
    """The data of the review cannot be used. The text says where and why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to say an item. needs: all in the sentence; near: in it or around it; without: none in it."""

    item: str
    needs: tuple[tuple[str, ...], ...]
    near: tuple[tuple[str, ...], ...]
    tail: tuple[tuple[str, ...], ...]
    without: frozenset[str]
    says: str
    grade: str
    part: str
    score: int
    why: str


@dataclass(frozen=True, slots=True)
class Item:
    """What a page says about an item: its risk to patients' data (10 is worst), and what we look for.

    topic: concepts that are its subject; heading: those that name a section about it; never: those that rule it out.
    """

    id: str
    words: str
    risk: int
    terms: tuple[str, ...]
    topic: frozenset[str]
    heading: frozenset[str]
    never: frozenset[str]


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that the review looks for. by_need: the places of the rules that begin with a concept."""

    finder: Finder
    items: Mapping[str, Item]
    rules: tuple[Rule, ...]
    by_need: Mapping[str, tuple[int, ...]]


def read_book(text: str) -> Book:
    """The book from TOML. Raises BookError."""
    try:
        data = tomllib.loads(text)
        known = concepts(data["concepts"])
        rules = tuple(_rule(one, known) for one in data["rule"])
        items = {key: _item(key, data["item"][key], known, rules) for key in ITEMS}
    except (tomllib.TOMLDecodeError, PhraseError, KeyError, TypeError) as wrong:
        raise BookError(f"The rules of the review cannot be read: {wrong}") from wrong
    by_need: dict[str, list[int]] = {}
    for at, rule in enumerate(rules):
        for name in rule.needs[0]:
            by_need.setdefault(name, []).append(at)
    return Book(Finder(known), items, rules, {name: tuple(places) for name, places in by_need.items()})


def _item(key: str, data: Mapping[str, Any], known: Mapping[str, Any], rules: tuple[Rule, ...]) -> Item:
    topic, heading = frozenset(data["topic"]), frozenset(data.get("heading", ()))
    _known(key, topic | heading, known)
    never = frozenset(name for rule in rules if rule.item == key for name in rule.without if name.startswith("not_"))
    return Item(key, ITEMS[key], int(data["risk"]), tuple(data["terms"]), topic, heading, never)


def _rule(data: Mapping[str, Any], known: Mapping[str, Any]) -> Rule:
    groups = {key: tuple(tuple(one.split("|")) for one in data.get(key, ())) for key in ("needs", "near", "tail")}
    without = frozenset(data.get("without", ()))
    _known(data["item"], {name for group in groups.values() for one in group for name in one} | without, known)
    grade, part = data.get("grade", ""), data.get("part", "")
    says = data.get("says", "duty")
    if data["item"] not in ITEMS or bool(grade) == bool(part) or says not in ("duty", "no", "any"):
        raise BookError(f"A rule of {data['item']} needs a known item, a grade or a part, and a way of speaking.")
    if not groups["needs"] or (grade and grade not in COVERED):
        raise BookError(f"A rule of {data['item']} needs words to look for, and earns “found” or “weak”.")
    return Rule(
        data["item"], groups["needs"], groups["near"], groups["tail"], without, says, grade, part,
        int(data.get("score", 0)), data["why"],
    )  # fmt: skip


def _known(where: str, names: set[str] | frozenset[str], known: Mapping[str, Any]) -> None:
    for name in sorted(names):
        if name not in known:
            raise BookError(f"A rule of {where} speaks of “{name}”, which is not among the concepts.")


# Counts up when the program itself judges differently, so that what was kept is judged again.
METHOD = 1


@lru_cache(maxsize=1)
def _text() -> str:
    return resources.files("fobwatch.policy").joinpath("data", "review.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def book() -> Book:
    """The book that is shipped."""
    return read_book(_text())


@lru_cache(maxsize=1)
def edition() -> str:
    """A short name for the shipped rules as they are."""
    return f"{METHOD}-{hashlib.sha256(_text().encode()).hexdigest()[:12]}"
