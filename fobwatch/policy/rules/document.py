"""The policy as a document to print: everything that the PDF and the Word file say, as plain data (B10, B23).

Pure. `design.paper` and `docx` lay it out; neither adds a word of policy.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fobwatch.policy.rules import checklist, possible, reading
from fobwatch.policy.rules.form import Policy
from fobwatch.policy.rules.vocabulary import PLATFORM_WORDS

STATES = {
    "draft": "Draft. Not in force",
    "review": "In review. Not in force",
    "approved": "Approved. Not in force yet",
    "published": "In force",
    "superseded": "Replaced by a newer version",
}
SOURCES = (
    "Ids that begin with B are of NHS England’s guidance on bringing your own device; R, W, T and M are of further"
    " sources. The list is in the documentation of Fobwatch. No NHS body has assessed this document."
)
KINDS = {"grant": "Checked: opens work", "require": "Checked", "teach": "Taught"}


@dataclass(frozen=True, slots=True)
class Edition:
    """One line of the version control table. approved, by: the role of who approved and published it, never a name."""

    number: int
    state: str
    since: dt.date | None
    approved: str
    by: str
    changed: str


@dataclass(frozen=True, slots=True)
class About:
    """What stands around the text: whose policy, which version, its fingerprint (SHA-256), and its history."""

    organisation: str
    number: int
    state: str
    fingerprint: str
    since: dt.date | None
    review_on: dt.date | None
    ask: str
    editions: tuple[Edition, ...] = ()


def day(value: dt.date | None, otherwise: str = "Not yet") -> str:
    """ "Friday 27 November 2026"; `otherwise` where there is none."""
    return f"{value:%A} {value.day} {value:%B} {value.year}" if value else otherwise


def _head(policy: Policy, about: About) -> dict[str, Any]:
    return {
        "title": policy.title,
        "organisation": about.organisation,
        "version": f"Version {about.number}",
        "state": STATES[about.state],
        "in_force": about.state == "published",
        "control": [
            ["Organisation", about.organisation],
            ["Version", str(about.number)],
            ["State", STATES[about.state]],
            ["In force since", day(about.since)],
            ["Owner", str(policy.values.get("owner_role", "")) or "Not named"],
            ["To be reviewed by", day(about.review_on)],
            ["Made from template", policy.template_version or "None"],
        ],
        "fingerprint": about.fingerprint,
        "ask": about.ask,
    }


def staff(policy: Policy, about: About, reader: possible.Reader, *, everything: bool = False) -> dict[str, Any]:
    """The page for staff: do and don't, then the rules that concern the reader, with the steps for their device."""
    found = possible.mine(policy, reader, everything=everything)
    dos, donts = possible.in_short(policy, found.sections, reader)
    return _head(policy, about) | {
        "for": _for_whom(reader, everything),
        "dos": list(dos),
        "donts": list(donts),
        "sections": [
            {"title": section.title, "rules": [_staff_rule(policy, rule, reader.platform) for rule in section.rules]}
            for section in found.sections
        ],
        "left_out": [f"Rule {rule.number}, {rule.clause.title}. {why}" for rule, why in found.left_out],
        "platform": PLATFORM_WORDS.get(reader.platform, ""),
    }


def _for_whom(reader: possible.Reader, everything: bool) -> str:
    if everything or not reader.known:
        return "Every rule, for everybody."
    group = {"clinical": "clinical staff", "non_clinical": "non-clinical staff"}.get(reader.staff_group, "all staff")
    device = PLATFORM_WORDS.get(reader.platform, "")
    return f"The rules for {group}{f', and for this device: {device}' if device else ''}."


def _staff_rule(policy: Policy, rule: reading.Rule, platform: str) -> dict[str, Any]:
    steps = possible.steps(policy, rule.clause, platform)
    return {"number": rule.number, "title": rule.clause.title, "text": rule.text, "steps": list(steps)}


def formal(policy: Policy, about: About) -> dict[str, Any]:
    """The formal document: version control, every rule with what enforces it, and what it meets, in two appendices."""
    numbers = {clause.id: number for number, clause in enumerate(policy.clauses, 1)}
    return _head(policy, about) | {
        "editions": [
            [str(one.number), one.state, day(one.since), one.approved, one.by, one.changed] for one in about.editions
        ],
        "sections": [
            {"title": section.title, "rules": [_formal_rule(policy, rule) for rule in section.rules]}
            for section in reading.sections(policy)
        ],
        "choices": [[param.label, reading.chosen(param)] for param in policy.params],
        "items": _met(checklist.items(policy), numbers),
        "guidance": _met(checklist.guidance(policy), numbers),
        "sources": SOURCES,
    }


BINDS = {
    "staff": "all staff", "managers": "managers", "it": "IT", "ig": "the IG team", "organisation": "the organisation",
}  # fmt: skip


def _formal_rule(policy: Policy, rule: reading.Rule) -> dict[str, Any]:
    how = reading.enforcement(policy, rule.clause)
    rows = [["Binds", ", ".join(BINDS[one] for one in rule.clause.binds) or "Nobody named"]]
    if rule.checked:
        rows += [["Kinds of work", "; ".join(how.work)], ["How it is known", how.grade or "Nothing to be known"]]
    if rule.clause.kind == "require":
        rows += [["Time to put right", how.grace], ["Emergencies", how.emergency]]
    meets = ", ".join((*rule.clause.items, *rule.clause.guidance))
    return {
        "number": rule.number, "title": rule.clause.title, "text": rule.text, "kind": KINDS[rule.clause.kind],
        "rows": [*rows, ["Meets", meets or "Nothing named"]],
    }  # fmt: skip


def _met(lines: Iterable[checklist.Line], numbers: dict[str, int]) -> list[list[str]]:
    return [
        [line.id, line.words, ", ".join(f"Rule {numbers[one.id]}" for one in line.clauses) or "Not met"]
        for line in lines
    ]


def asked_by_whom(policy: Policy, who: str) -> list[dict[str, Any]]:
    """The duties of managers, IT, the IG team or the organisation: each rule that binds them (B12, B22).

    said: the sentences of the rule that name them; where none does the whole rule, and `named` is false.
    """
    bound = [rule for rule in reading.rules(policy) if who in rule.clause.binds]
    found = [(rule, _naming(rule.text, NAMED[who])) for rule in bound]
    return [
        {"rule": rule, "said": said or [rule.text], "named": bool(said), "checked": rule.checked}
        for rule, said in found
    ]


NAMED = {
    "managers": ("Managers", "manager"),
    "it": ("IT ", "IT."),
    "ig": ("IG", "information governance"),
    "organisation": ("The organisation", "We ", "we "),
}


def _naming(text: str, words: tuple[str, ...]) -> list[str]:
    parts = text.replace("? ", "?\n").replace(". ", ".\n").split("\n")
    return [part for part in parts if any(word in part for word in words)]
