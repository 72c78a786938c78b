"""The policy as pages show it: sections and rules in words, the summary, what enforces a rule, what a version changes.

Pure. One reading of the clauses for staff, for the author and for print (R01).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fobwatch.policy.rules.clause import to_data
from fobwatch.policy.rules.form import FIELD, Clause, Param, Policy, param_words, said, sentence, value_words
from fobwatch.policy.rules.readability import Readability, report
from fobwatch.policy.rules.values import cells_of
from fobwatch.policy.rules.vocabulary import ACTIONS, CELLS, CLASSES, PLATFORM_WORDS, Grade
from fobwatch.policy.rules.words import choice_words

GRADE_ASKED: dict[Grade, str] = {
    Grade.DECLARED: "What you tell us is enough.",
    Grade.OBSERVED: "We must see it ourselves.",
    Grade.MEASURED: "It must be measured on the device.",
    Grade.MANAGED: "Device management must tell us.",
    Grade.ATTESTED: "The device must prove it.",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A clause as it is read: its number in the policy, and its whole text, what was added here included."""

    number: int
    clause: Clause
    text: str

    @property
    def checked(self) -> bool:
        """Whether Fobwatch checks it; otherwise it is taught, and people check it."""
        return self.clause.kind != "teach"

    @property
    def audience(self) -> str:
        """Who it is for, in words; empty where it is for everybody."""
        return audience_words(self.clause)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the rules under it."""

    title: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs between two versions: what it is, how it was, how it will be."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Enforcement:
    """What enforces a rule, in words; each part may be empty."""

    work: tuple[str, ...]
    grade: str
    grace: str
    emergency: str
    platforms: tuple[tuple[str, tuple[str, ...]], ...]


def rules(policy: Policy) -> tuple[Rule, ...]:
    """Every clause in order, numbered from 1, as staff read it."""
    return tuple(Rule(number, clause, said(policy, clause)) for number, clause in enumerate(policy.clauses, 1))


def sections(policy: Policy) -> tuple[Section, ...]:
    """The rules under the headings of the policy, in the order in which each heading first appears."""
    found: dict[str, list[Rule]] = {}
    for rule in rules(policy):
        found.setdefault(rule.clause.section, []).append(rule)
    return tuple(Section(title, tuple(under)) for title, under in found.items())


def audience_words(clause: Clause) -> str:
    """Who a clause is for: "Clinical staff in Theatres"; empty where it is for everybody."""
    groups = " and ".join(choice_words(one) for one in clause.audience.get("groups", ()))
    roles = " or ".join(choice_words(one) for one in clause.audience.get("roles", ()))
    teams = ", ".join(clause.audience.get("teams", ()))
    if not (groups or roles or teams):
        return ""
    parts = (f"{groups} staff".strip(), f"with the role {roles}" if roles else "", f"in {teams}" if teams else "")
    whom = " ".join(filter(None, parts))
    return whom[:1].upper() + whom[1:]


def is_for(clause: Clause, *, staff_group: str = "", role: str = "", team: str = "") -> bool:
    """Whether a clause is for such a member; what is not told is not asked (R08, R10)."""
    told = (("groups", staff_group), ("roles", role), ("teams", team))
    return all(not one or not clause.audience.get(key) or one in clause.audience[key] for key, one in told)


def readability(policy: Policy) -> Readability:
    """How hard the rules that bind staff are to read, together."""
    return report([rule.text for rule in rules(policy) if "staff" in rule.clause.binds])


def enforcement(policy: Policy, clause: Clause) -> Enforcement:
    """What enforces a clause: the kinds of work, the evidence, the time of grace, emergencies, the steps of the fix."""
    words = param_words(policy)
    days = policy.grace_seconds(clause) // 86_400
    return Enforcement(
        work=_work(clause),
        grade=GRADE_ASKED[clause.grade] if clause.need else "",
        grace=f"A warning for {days} day{'' if days == 1 else 's'} first." if days else "No time of grace.",
        emergency="Emergency access may set it aside." if clause.break_glass else "It holds in emergencies too.",
        platforms=tuple(
            (PLATFORM_WORDS.get(platform, "Any device"), tuple(sentence(step, words) for step in steps))
            for platform, steps in clause.fix.items()
        ),
    )


def _work(clause: Clause) -> tuple[str, ...]:
    """The kinds of work that a clause covers: "All work", or "Messages: view, share"."""
    covered = 0
    for pattern in clause.on:
        covered |= cells_of(pattern)
    if covered == (1 << len(CELLS)) - 1:
        return ("All work",)
    lines = []
    for kind, label in CLASSES.items():
        here = [verb for action, verb in ACTIONS.items() if covered >> CELLS.index(f"{kind}:{action}") & 1]
        if here:
            lines.append(label if len(here) == len(ACTIONS) else f"{label}: {', '.join(here)}")
    return tuple(lines)


def chosen(param: Param) -> str:
    """The value of a parameter in words, with its unit: "7 days", "18.0", "nobody"."""
    words = value_words(param.value)
    return f"{words} {param.unit}" if param.unit else words


def changes(before: Policy, after: Policy) -> tuple[Change, ...]:
    """What a version changes against another, in words: parameters first, then the rules themselves."""
    return (*param_changes(before, after), *_rewritten(before, after))


def param_changes(before: Policy, after: Policy) -> tuple[Change, ...]:
    """The details that were set otherwise, came or went."""
    old = {param.name: param for param in before.params}
    new = {param.name: param for param in after.params}
    found = [
        Change(param.label, chosen(old[name]) if name in old else "not there", chosen(param))
        for name, param in new.items()
        if name not in old or old[name].value != param.value
    ]
    found += [Change(param.label, chosen(param), "not there") for name, param in old.items() if name not in new]
    return tuple(found)


def _rewritten(before: Policy, after: Policy) -> Iterator[Change]:
    old, new = ({one["id"]: one for one in to_data(policy)["clause"]} for policy in (before, after))
    for key in dict.fromkeys((*new, *old)):
        title = f"Rule “{(new.get(key) or old[key])['title']}”"
        if key not in old:
            yield Change(title, "not there", "new")
        elif key not in new:
            yield Change(title, "was a rule", "taken out")
        elif old[key] != new[key]:
            yield Change(title, "as it was", "written anew")


@dataclass(frozen=True, slots=True)
class Choices:
    """Parameters to set under one heading, each with the sentences in which staff will read it."""

    title: str
    params: tuple[tuple[Param, tuple[str, ...]], ...]


def choices(policy: Policy) -> tuple[Choices, ...]:
    """The parameters under the section whose rule first uses each; what no rule uses comes last."""
    headings = dict.fromkeys(clause.section for clause in policy.clauses)
    under: dict[str, list[tuple[Param, tuple[str, ...]]]] = {title: [] for title in headings}
    words = param_words(policy)
    for param in policy.params:
        using = [clause for clause in policy.clauses if clause.uses(param.name)]
        read = tuple(
            sentence(line, words)
            for clause in using
            for line in f"{clause.text} {clause.addition}".replace("? ", "?\n").replace(". ", ".\n").split("\n")
            if param.name in FIELD.findall(line)
        )
        under.setdefault(using[0].section if using else "Shifts", []).append((param, read))
    return tuple(Choices(title, tuple(params)) for title, params in under.items() if params)
