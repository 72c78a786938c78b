"""Why a sentence cannot set a rule for somebody's own device, whatever its words."""

import re
from collections.abc import Callable

from fobwatch.policy.rules.review.reading import IMPERATIVE, Read

_PATIENT_FIRST = re.compile(
    r"^\W*(?:patients|visitors|residents|relatives|families|parents|pupils|service users|"
    r"carers|members of the public|inpatients)"
    r"(?: (?:and|or) \w+)?\s+(?:may|must|should|can|are|will|who|shall|need|have|do|cannot|visiting|wishing)\b",
    re.IGNORECASE,
)
_PATIENT_PHONE = re.compile(
    r"\b(?:patients?|visitors?|residents?|service users?|relatives?)['’]?s?['’]? (?:and "
    r"visitors['’]? )?(?:own |personal |mobile )*(?:phones?|devices?|mobiles?|tablets?)\b|"
    r"\bby (?:patients|visitors|residents|relatives)\b",
    re.IGNORECASE,
)
_BLANK = re.compile(
    r"\[[^\]]*\b(?:insert|describe|add|enter|local rule|to be (?:confirmed|completed|"
    r"agreed)|tbc|tba|detail)\b[^\]]*\]|<[^>]*\b(?:insert|add|enter)\b[^>]*>|_{4,}|\bTBC\b|"
    r"\{\{[^}]*\}\}|\bx{3,}\b|\.{6,}",
    re.IGNORECASE,
)
# What a risk list, or a sentence about what may happen, may still say.
_SPEAKS_OF_RISK = frozenset({"P06", "P16", "P19", "P20", "P26"})
# What can be set by saying that only an issued device will do.
_ONLY_ISSUED = frozenset({"P09", "P10", "P12", "P23", "P24"})
NOT_ABOUT_DEVICES = frozenset({"P06", "P14", "P16", "P19", "P20", "P26"})
_DEAD = frozenset({"control", "equality", "related", "patients"})
_ONLY = re.compile(r"\b(?:only|never|not|no|exclusively|solely)\b", re.IGNORECASE)
_STAFF = re.compile(
    r"\b(?:staff|you|your|employees?|clinicians?|users?|colleagues?|workers?|nurses?|doctors?|we)\b", re.IGNORECASE
)
_FIRM = re.compile(
    r"\b(?:must|shall|should|never|do not|required to|prohibited|will be|need to|have to)\b", re.IGNORECASE
)
_PURPOSE_LEAD = re.compile(
    r"\b(?:purpose|aims?|objectives?|sets? out|covers?|describes?|outlines?|explains?|seeks?|intended|designed)\b",
    re.IGNORECASE,
)
_EVERY_DEVICE = re.compile(
    r"\b(?:all|any|every|both|whether|regardless|either)\b.{0,25}\b(?:devices?|phones?|equipment)\b", re.IGNORECASE
)
# A sentence with fewer words than this beside its blank was left blank itself.
BESIDE_A_BLANK = 6


def veto(one: Read, item: str) -> str:
    """Why a sentence cannot set an item; empty where it can."""
    return next((sentence for applies, sentence in _VETOES if applies(one, item)), "")


def _dead(one: Read, _item: str) -> bool:
    return one.sentence.zone in _DEAD


def _patients(one: Read, _item: str) -> bool:
    theirs = _PATIENT_PHONE.search(one.text) and not re.search(r"\bstaff\b", one.text, re.IGNORECASE)
    return bool(theirs or _PATIENT_FIRST.match(one.text))


def _issued(one: Read, item: str) -> bool:
    if "personal" in one.names or item in NOT_ABOUT_DEVICES:
        return False
    under = one.sentence.zone == "issued"
    # "Only on an issued device" rules a personal one out, so it is a rule about both.
    if item in _ONLY_ISSUED and _ONLY.search(one.text) and not under:
        return False
    said = "issued" in one.names and "not_issued" not in one.names and not _EVERY_DEVICE.search(one.text)
    return said or (under and "personal" not in one.around)


def _blank(one: Read, _item: str) -> bool:
    """Whether what was left blank is the rule itself, and not a number or a name in it."""
    rest = _BLANK.sub(" ", one.text)
    return rest != one.text and len(re.findall(r"[A-Za-z]{3,}", rest)) < BESIDE_A_BLANK


def _explains(one: Read, _item: str) -> bool:
    return not _FIRM.search(one.text) and ("defines" in one.names or one.sentence.zone == "definitions")


def _purpose(one: Read, _item: str) -> bool:
    lead = one.sentence.lead if one.sentence.kind == "item" and "purpose_talk" in one.around else ""
    said = "purpose_talk" in one.names and not _FIRM.search(one.text)
    under = one.sentence.zone == "purpose"
    aim = under and (not one.strong or bool(re.match(r"\W*to\b", one.text, re.IGNORECASE)))
    return bool(_PURPOSE_LEAD.search(lead)) or said or aim


def _risk(one: Read, item: str) -> bool:
    speaks = "risk_talk" in one.names or one.sentence.zone == "risks"
    return speaks and item not in _SPEAKS_OF_RISK and not _FIRM.search(one.text) and not IMPERATIVE.match(one.text)


_VETOES: tuple[tuple[Callable[[Read, str], bool], str], ...] = (
    (_dead, "It stands in a part of the document that sets no rules."),
    (_patients, "It is about patients or visitors."),
    (_issued, "It is only about devices that the organisation gives out."),
    (_blank, "The rule was left blank."),
    (_explains, "It explains a word."),
    (_purpose, "It says what the policy is for."),
    (_risk, "It describes a risk."),
)
