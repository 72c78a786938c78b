"""Who answers for what (P06): roles as subjects of duties, not of tasks in passing."""

import re

from fobwatch.policy.rules.review.phrases import Finder, compared
from fobwatch.policy.rules.review.reading import Read
from fobwatch.policy.rules.review.vetoes import veto

GROUPS = ("role_leader", "role_manager", "role_it", "role_ig", "role_staff")
HEADING_OF_ROLES = re.compile(
    r"\b(?:roles?|responsibilit\w+|duties|accountab\w+|who does what|who is responsible|who answers)\b", re.IGNORECASE
)

_DUTY = re.compile(r"\b(?:responsible|accountable)\b", re.IGNORECASE)
_FALLS = re.compile(
    r"\b(?:duty|responsibility|job|role) of\b|\b(?:falls?|belongs?) to\b|\b(?:rests?|lies|lie|sits) with\b",
    re.IGNORECASE,
)


def role_groups(one: Read, finder: Finder) -> frozenset[str]:
    """The groups of roles whose duty the sentence states."""
    if veto(one, "P06") or "passing" in one.names:
        return frozenset()
    sentence = one.sentence
    under_roles = bool(HEADING_OF_ROLES.search(sentence.path) or HEADING_OF_ROLES.search(sentence.section))
    label = finder.names(compared(sentence.lead)) if sentence.kind in ("cell", "item") else frozenset()
    heading = finder.names(compared(sentence.section))
    first = compared(re.split(r"\b(?:is|are|has|have|will|must|should|shall|to|for)\b", one.text, maxsplit=1)[0])
    subject = finder.names(first) if len(first.split()) <= 14 else frozenset()
    everywhere = len(_DUTY.findall(one.text)) > 1 or bool(_FALLS.search(one.text))
    found = {group for group in GROUPS if group in (one.names if everywhere else subject)}
    stated = "answers_for" in one.names
    if not under_roles:
        found.discard("role_staff")
        return (
            frozenset(found)
            if stated
            and found
            and re.search(r"responsib|accountab|answer|oversee|overall|leads|duty of|job of", one.text, re.IGNORECASE)
            else frozenset()
        )
    if not found:
        found = {group for group in GROUPS if group in label or group in heading}
    if len(found) > 1 and "role_staff" in found:
        found.discard("role_staff")
    return frozenset(found) if stated or one.duty else frozenset()
