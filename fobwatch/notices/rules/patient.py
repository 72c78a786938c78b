"""The notice for patients, made of the policy in force and of nothing else (B01).

Pure. Each sentence stands in `data/patients.toml` and is taken only where a clause says the thing.
"""

import datetime as dt
import functools
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

from fobwatch.policy.rules.form import Policy, atoms
from fobwatch.policy.rules.possible import Opened, opened, possible
from fobwatch.policy.rules.vocabulary import STAFF_GROUPS

TITLE = "How staff may use their own phones and computers for work"


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, what stands under it in words, and as a list; either may be empty."""

    title: str
    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """How patients reach the organisation; each may be empty. Never the name of a member of staff."""

    ask_email: str = ""
    ask_phone: str = ""
    ask_post: str = ""
    dpo_email: str = ""
    dpo_phone: str = ""
    complain: str = ""
    privacy_notice: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """The whole notice. version and the dates are of the policy that it was made from; None without a policy."""

    organisation: str
    title: str
    parts: tuple[Part, ...]
    contact: Contact
    version: int | None = None
    since: dt.date | None = None
    review_on: dt.date | None = None

    @property
    def data(self) -> dict[str, Any]:
        """The notice as plain data, for the JSON: dates as ISO text."""
        plain = asdict(self)
        for key in ("since", "review_on"):
            plain[key] = plain[key].isoformat() if plain[key] else None
        return plain


@functools.lru_cache(maxsize=1)
def _sentences() -> Mapping[str, Any]:
    text = resources.files("fobwatch.notices").joinpath("data", "patients.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def parts_of(policy: Policy) -> tuple[Part, ...]:
    """What a policy means for patients, under headings."""
    groups = {group: opened(policy, group) for group in STAFF_GROUPS}
    may = _may(groups)
    found = [
        Part(
            "What staff may do on their own device",
            "Staff may use their own phone or computer for some work, if they choose to. On it they may:"
            if may
            else "Staff may not use their own phones or computers for work with your information.",
            may,
        )
    ]
    if may:
        found.append(
            Part(
                "What must be so first",
                "We ask for all of this before we let a device in. Some of it we check, and some staff tell us:",
                _must(policy),
            )
        )
    found.append(Part("What staff may never do", "Staff must not:", _by_item(policy, "never")))
    found.append(_photographs(policy, groups))
    found.append(Part("What else we do", "", _by_item(policy, "also")))
    return tuple(one for one in found if one.lines or not one.text.endswith(":"))


def _may(groups: Mapping[str, tuple[Opened, ...]]) -> tuple[str, ...]:
    lines = []
    for index, one in enumerate(groups[STAFF_GROUPS[0]]):
        here = {group: lines_[index].actions for group, lines_ in groups.items()}
        verbs = {action for actions in here.values() for action in actions}
        said = [text for action, text in _sentences()["may"][one.kind].items() if action in verbs]
        if not verbs:
            continue
        clinical_only = bool(here["clinical"]) and not here["non_clinical"]
        # The last that is open says the most.
        text = said[-1] if said else f"Use this kind of work: {one.label.lower()}."
        lines.append(f"{text} Only clinical staff may do this." if clinical_only else text)
    return tuple(lines)


def _must(policy: Policy) -> tuple[str, ...]:
    """What requires ask of an own device, each once, in the order of the sentences."""
    known = {"ownership": "personal"}
    asked = {
        atom.fact
        for clause in policy.clauses
        if clause.kind == "require" and possible(policy, clause.when, known)
        for atom in atoms(clause.need)
    }
    return tuple(text for fact, text in _sentences()["must"].items() if fact in asked)


def _by_item(policy: Policy, table: str) -> tuple[str, ...]:
    met = {item for clause in policy.clauses for item in clause.items}
    return tuple(text for item, text in _sentences()[table].items() if item in met)


def _photographs(policy: Policy, groups: Mapping[str, tuple[Opened, ...]]) -> Part:
    takes = any(one.kind == "images" and "create" in one.actions for found in groups.values() for one in found)
    if not takes:
        return Part("Photographs", "Staff may not photograph you with their own device.")
    if not any("P23" in clause.items for clause in policy.clauses):
        return Part("Photographs", "Staff may photograph you for your care with their own device.")
    return Part(
        "Photographs",
        "Staff ask you first. You can say no. The picture goes to your health record and does not stay on their phone.",
    )


def notice(
    *, organisation: str, policy: Policy | None, contact: Contact, version: int | None = None,
    since: dt.date | None = None, review_on: dt.date | None = None,
) -> Notice:  # fmt: skip
    """The notice of an organisation; without a policy it says that nothing is open."""
    if policy is None:
        text = f"{organisation} has not published a policy for this. Until it does, staff may not use their own phones"
        parts: tuple[Part, ...] = (Part("There is no policy yet", f"{text} or computers for work through Fobwatch."),)
        return Notice(organisation, TITLE, parts, contact)
    return Notice(organisation, TITLE, parts_of(policy), contact, version, since, review_on)
