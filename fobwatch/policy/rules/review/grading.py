"""A grade for each of the 26 items, with the exact sentence, where it stands, and the reason (R06)."""

import re
from dataclasses import dataclass, replace

from fobwatch.policy.rules.checklist import ITEMS
from fobwatch.policy.rules.review.book import Book, Item, Rule
from fobwatch.policy.rules.review.control import Control
from fobwatch.policy.rules.review.kinds import OTHER, Kind
from fobwatch.policy.rules.review.phrases import compared
from fobwatch.policy.rules.review.reading import Read, matches, refers_away, rest_of
from fobwatch.policy.rules.review.roles import HEADING_OF_ROLES, role_groups
from fobwatch.policy.rules.review.sentences import Sentence, bare
from fobwatch.policy.rules.review.vetoes import NOT_ABOUT_DEVICES, veto

LEAST_WORDS = 6
_ANSWERS = re.compile(r"\b(?:responsib|accountab|answer)", re.IGNORECASE)
_ORDER = {"found": 2, "weak": 1}
# What a document sets for all its readers, whatever device they hold.
_NEVER_OPTIONAL = frozenset({"P18", "P19", "P16", "P26", "P06"})
# What a neighbouring document sets for personal devices where it speaks of them at all.
_ABOUT_WORK = frozenset({"P06", "P14", "P20"})
_REACHED_BY = {"photography policy": frozenset({"P23"}), "messaging policy": frozenset({"P11", "P21", "P24"})}


@dataclass(frozen=True, slots=True)
class Grade:
    """grade: one of GRADES. quote: the sentence, verbatim; where: its page and section; why: the reason."""

    grade: str
    quote: str = ""
    where: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: Rule
    one: Read
    grade: str
    why: str
    score: float
    at: int


def grade_all(reads: list[Read], kind: Kind, control: Control, book: Book) -> dict[str, Grade]:
    """A grade for every item."""
    found: dict[str, Grade] = {}
    hits = _hits(reads, kind, book)
    for item in ITEMS:
        own = hits.get(item, [])
        if item == "P06":
            grade = _roles(reads, kind, book)
        elif item == "P26":
            grade = None
        else:
            grade = _best(item, own, reads) or _under_heading(item, reads, kind, book)
        found[item] = grade or _otherwise(item, reads, kind, book)
    if kind.ban is not None and found["P09"].grade not in _ORDER:
        found["P09"] = _at("found", kind.ban, "It keeps work off personal devices altogether.")
    found["P26"] = _control(control, kind, any(one.grade in _ORDER for one in found.values()))
    return found


def _hits(reads: list[Read], kind: Kind, book: Book) -> dict[str, list[_Hit]]:
    hits: dict[str, list[_Hit]] = {}
    for at, one in enumerate(reads):
        vetoes: dict[str, str] = {}
        away = refers_away(one, book.finder)
        for place in sorted({place for name in one.names for place in book.by_need.get(name, ())}):
            rule = book.rules[place]
            if not matches(rule, one, book.finder) or not _reached(one, kind, rule.item):
                continue
            if rule.item not in vetoes:
                vetoes[rule.item] = veto(one, rule.item)
            if vetoes[rule.item] or (
                away and rule.item != "P19" and not matches(rule, rest_of(one, book.finder), book.finder)
            ):
                continue
            hits.setdefault(rule.item, []).append(_hit(rule, one, at))
    return hits


def _reached(one: Read, kind: Kind, item: str) -> bool:
    """Whether the rule reaches personal devices."""
    about = one.names | one.around
    if kind.ban is not None and item not in NOT_ABOUT_DEVICES:
        return "personal" in (about if one.sentence.lead or one.sentence.before else one.names)
    if kind.own or kind.everything:
        return kind.own or item not in _ABOUT_WORK or bool({"device", "personal"} & about)
    if kind.name == OTHER:
        return "personal" in one.names
    named = "personal" in about or (kind.mostly and "your_device" in about)
    return kind.speaks and (named or item in _REACHED_BY.get(kind.name, frozenset()))


def _hit(rule: Rule, one: Read, at: int) -> _Hit:
    grade, why = rule.grade, rule.why
    score = rule.score + 0.5 * one.strong + 0.5 * ("device" in one.names) + 0.5 * ("personal" in one.names)
    score -= 1.0 * bool(HEADING_OF_ROLES.search(one.sentence.path))
    score -= 0.5 * (len(one.text.split()) > 45) + 1.0 * (one.sentence.zone in ("purpose", "definitions", "risks"))
    if "optional" in one.names and rule.item not in _NEVER_OPTIONAL and not rule.part:
        grade, why, score = "weak", "It is put as a wish or a choice, not as a rule.", score - 1
    return _Hit(rule, one, grade, why, score, at)


def _best(item: str, hits: list[_Hit], reads: list[Read]) -> Grade | None:
    if not hits:
        return None
    whole = [hit for hit in hits if hit.grade]
    parts = {hit.rule.part for hit in hits if hit.rule.part}
    if parts and not whole:
        best = max(hits, key=lambda hit: (sum(other.at == hit.at for other in hits), hit.score, -hit.at))
        both = len(parts) > 1
        return _grade(best, "found" if both else "weak", _both(item) if both else f"{best.rule.why} It says no more.")
    best = max(whole, key=lambda hit: (_ORDER[hit.grade], hit.score, -hit.at))
    best = _completed(item, best, reads)
    return _grade(best, best.grade, best.why)


def _under_heading(item: str, reads: list[Read], kind: Kind, book: Book) -> Grade | None:
    """The first rule of a section that is called after the item, where no phrase was found."""
    about = book.items[item]
    if not about.heading or not kind.own or kind.ban is not None:
        return None
    first = next((one for one in reads if _rule_under(about, one, book) and not veto(one, item)), None)
    if first is None:
        return None
    return _at("weak", first.sentence, "It stands under a heading about this, in words that we do not know. Read it.")


def _rule_under(about: Item, one: Read, book: Book) -> bool:
    label = one.sentence.lead if one.sentence.kind == "cell" else ""
    called = book.finder.names(compared(label or one.sentence.section))
    ruled_out = about.never | {"read_and_sign", "opposite", "refers"}
    return (
        bool(called & about.heading)
        and "issued" not in called
        and not ruled_out & one.names
        and len(one.text.split()) >= LEAST_WORDS
        and (one.strong or bool(label))
    )


def _both(item: str) -> str:
    return (
        "It says what happens to work data and to access when somebody leaves."
        if item == "P07"
        else "It moves information to the record and deletes it from the device."
    )


def _grade(hit: _Hit, grade: str, why: str) -> Grade:
    return _at(grade, hit.one.sentence, why)


def _completed(item: str, hit: _Hit, reads: list[Read]) -> _Hit:
    """The hit, weaker where its sentence and its neighbours leave out the half that the item needs."""
    near = [one for one in reads[max(hit.at - 2, 0) : hit.at + 4] if one.sentence.section == hit.one.sentence.section]
    names = frozenset().union(*(one.names for one in near), hit.one.around)
    if item == "P17" and "route" not in names:
        return replace(hit, grade="weak", why="It says that loss is reported, but not to whom.")
    if item == "P18" and "private_things" not in names:
        return replace(hit, grade="weak", why="It says nothing about what happens to private content.")
    if item == "P16" and not {"role_it", "role_ig", "role_manager", "role_leader"} & hit.one.names:
        return replace(hit, grade="weak", why="It does not say who checks.")
    return hit


def _at(grade: str, sentence: Sentence, why: str) -> Grade:
    return Grade(grade, bare(sentence.text), sentence.where, why)


def _roles(reads: list[Read], kind: Kind, book: Book) -> Grade | None:
    said: list[tuple[Read, frozenset[str]]] = []
    for one in reads:
        if _reached(one, kind, "P06") and (groups := role_groups(one, book.finder)):
            said.append((one, groups))
    groups = frozenset().union(*(found for _, found in said)) if said else frozenset()
    if not groups:
        return None
    ranked = sorted(said, key=lambda pair: -(2 * bool(pair[1] - {"role_staff"}) + bool(_ANSWERS.search(pair[0].text))))
    best = ranked[0][0]
    if len(groups) > 1:
        return _at("found", best.sentence, "It says what several roles answer for.")
    return _at("weak", best.sentence, "It says what one role answers for, and no other.")


def _control(control: Control, kind: Kind, reached: bool) -> Grade:
    if not (kind.own or kind.ban is not None or reached):
        return Grade("notfound", why="Nothing in this document sets a rule for personal devices.")
    if control.due_at is not None and control.owner_at is not None:
        return _at("found", control.due_at, "It has a date or cycle of review, and an owner.")
    if control.due_at is not None:
        return _at("weak", control.due_at, "It has a date or cycle of review, but no owner.")
    if control.owner_at is not None:
        return _at("weak", control.owner_at, "It has an owner, but no date of review.")
    return Grade("na" if kind.ban is not None else "notfound", why="We found no owner and no date of review.")


def _otherwise(item: str, reads: list[Read], kind: Kind, book: Book) -> Grade:
    """What to say of an item that the document does not set."""
    if kind.ban is not None:
        return Grade("na", why="This document bans personal devices, so the item cannot apply.")
    topic = book.items[item].topic
    for one in reads:
        if one.sentence.zone in ("related", "control", "definitions", "equality") or not topic & one.names:
            continue
        if refers_away(one, book.finder) and _reached(one, kind, item) and not veto(one, item):
            return _at("refers", one.sentence, "It sends the reader to another document.")
    for one in reads:
        if topic & one.names and (reason := veto(one, item)):
            return Grade("notfound", why=f"The nearest sentence does not count. {reason}")
    return Grade("notfound", why="We looked for the words below and found no rule.")
