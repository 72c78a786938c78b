"""The easy summary of the policy: short sentences, one idea each, all of them out of the clauses (R01).

Pure. It shortens nothing by guessing: a line that joins two things is cut in two where that is safe, and a line that
stays long is named to the author. Pictures, and a trial with people who need easy words, are for the organisation.
"""

import re
from dataclasses import dataclass

from fobwatch.policy.rules.form import Policy
from fobwatch.policy.rules.possible import Opened, Reader, in_short, mine, opened
from fobwatch.policy.rules.readability import Readability, report, sentences, words

LONGEST = 15
_KINDS = {
    "mail": "email, your calendar and your rota",
    "chat": "work messages",
    "documents": "work documents",
    "record": "patient records",
    "images": "photographs of patients",
}
# A cut here leaves two orders; anywhere else it could turn one around. Never in a "do not".
_JOIN = re.compile(r", and (?=[a-z]+ )|, (?=then [a-z]+ )")
# The statement of the guidance that people choose for themselves.
CHOICE = "R11"


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and the sentences under it, one idea each."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Easy:
    """The whole summary, how hard it is to read, and the sentences that are too long for it."""

    parts: tuple[Part, ...]
    readability: Readability
    too_long: tuple[str, ...]


def easy(policy: Policy, reader: Reader) -> Easy:
    """The summary for a reader: what they can use, what to do, what not to do."""
    found = mine(policy, reader)
    parts = [_uses(policy, reader)]
    for section in found.sections:
        dos, donts = in_short(policy, (section,), reader)
        lines = [*(line for one in dos for line in _cut(one)), *(line for one in donts for line in _ended(one))]
        if lines:
            parts.append(Part(section.title, tuple(lines)))
    lines = [line for part in parts for line in part.lines]
    return Easy(tuple(parts), report(lines), tuple(line for line in lines if len(words(line)) > LONGEST))


def _uses(policy: Policy, reader: Reader) -> Part:
    found = opened(policy, reader.staff_group)
    some = any(one.actions for one in found)
    lines = ["You can use it for some work." if some else "You cannot use it for work."]
    if some and any(CHOICE in clause.guidance for clause in policy.clauses):
        lines.append("You do not have to.")
    return Part("Your own phone or computer", (*lines, *map(_use, found)))


def _use(one: Opened) -> str:
    what = _KINDS[one.kind]
    if not one.actions:
        return f"Do not use it for {what}."
    if one.actions == ("view",):
        return f"You can look at {what}."
    return f"You can take {what}." if one.kind == "images" else f"You can use {what}."


def _cut(line: str) -> list[str]:
    """An order as sentences of one idea each: "Ask first, and write it down." is two."""
    parts = [part for one in sentences(line) for part in _JOIN.split(one)]
    return [f"{part[0].upper()}{part[1:]}." for part in parts]


def _ended(line: str) -> list[str]:
    return [f"{one}." for one in sentences(line)]
