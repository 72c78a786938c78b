"""Which rules and kinds of work can concern somebody at all, where only some facts are known (R10, B02).

What is not known counts as possible. Conditions have no "not", so this never leaves out a rule that could bind, and
never says closed of what could be open. It decides nothing: `decide` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fobwatch.policy.rules.form import Atom, Clause, Condition, Policy, param_words, sentence
from fobwatch.policy.rules.reading import Rule, Section, audience_words, is_for, sections
from fobwatch.policy.rules.values import cells_of
from fobwatch.policy.rules.vocabulary import ACTIONS, CELLS, CLASSES, PLATFORMS

Known = Mapping[str, str]
# Whose duties a role has beside those of all staff (B12, B22).
DUTIES: dict[str, frozenset[str]] = {
    "manager": frozenset({"managers"}),
    "it_support": frozenset({"it"}),
    "ig_lead": frozenset({"ig", "organisation"}),
    "dpo": frozenset({"ig"}),
    "caldicott_guardian": frozenset({"ig"}),
    "practice_lead": frozenset({"managers", "it", "ig", "organisation"}),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the policy, so far as we know: staff group and platform are words of the vocabulary, or empty."""

    staff_group: str = ""
    platform: str = ""
    role: str = ""
    team: str = ""

    @property
    def known(self) -> dict[str, str]:
        """The facts that are known of the reader on an own device."""
        facts = {"staff_group": self.staff_group, "platform": self.platform, "role": self.role}
        return {name: value for name, value in facts.items() if value}


@dataclass(frozen=True, slots=True)
class Mine:
    """The policy as it concerns one reader: the rules to keep, and those that were left out, each with its reason."""

    sections: tuple[Section, ...]
    left_out: tuple[tuple[Rule, str], ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A kind of work that the policy can open: its name, the verbs, and the clauses that open it."""

    kind: str
    label: str
    actions: tuple[str, ...]
    clauses: tuple[Clause, ...]


def possible(policy: Policy, condition: Condition | None, known: Known) -> bool:
    """Whether a condition can hold for somebody of whom these choices are known."""
    if condition is None:
        return True
    if isinstance(condition, Atom):
        return condition.fact not in known or _holds(policy, condition, known[condition.fact])
    tests = (possible(policy, part, known) for part in condition.parts)
    return all(tests) if condition.how == "all" else any(tests)


def _holds(policy: Policy, atom: Atom, value: str) -> bool:
    asked = policy.resolve(atom.value)
    if atom.op == "in":
        return isinstance(asked, tuple) and value in asked
    return (value == asked) == (atom.op == "==")


def mine(policy: Policy, reader: Reader, *, everything: bool = False) -> Mine:
    """The rules that can concern this reader, under their headings; the others with the reason why not.

    everything: leave out nothing.

    Numbers are those of the whole policy, so that two readers speak of the same rule.
    """
    kept: list[Section] = []
    out: list[tuple[Rule, str]] = []
    for section in sections(policy):
        here = []
        for rule in section.rules:
            why = "" if everything else _why_not(policy, rule.clause, reader)
            if why:
                out.append((rule, why))
            else:
                here.append(rule)
        if here:
            kept.append(Section(section.title, tuple(here)))
    return Mine(tuple(kept), tuple(out))


def _binds(clause: Clause, reader: Reader) -> bool:
    """Whether a clause is about what this reader does; one that names nobody is about everybody."""
    return not clause.binds or bool({"staff", *DUTIES.get(reader.role, ())} & set(clause.binds))


def _why_not(policy: Policy, clause: Clause, reader: Reader) -> str:
    """Why a clause cannot concern this reader, in a few words; empty where it can."""
    if not _binds(clause, reader):
        return "It is about the work of others."
    if not is_for(clause, staff_group=reader.staff_group, role=reader.role, team=reader.team):
        return f"It is for others: {audience_words(clause)[0].lower()}{audience_words(clause)[1:]}."
    own = {"ownership": "personal"}
    if not possible(policy, clause.when, reader.known | own) and not possible(
        policy, clause.when, reader.known | {"ownership": "issued"}
    ):
        return "It is about another kind of device."
    if clause.kind == "grant" and not possible(policy, clause.need, reader.known):
        return "It is not open to your staff group."
    return ""


def opened(policy: Policy, staff_group: str, ownership: str = "personal") -> tuple[Opened, ...]:
    """What grants can open to a staff group, on an own device unless told otherwise; a line for each kind of work.

    A kind without verbs is closed, whatever the device. What stands here is open only once every rule is met.
    """
    known = {"staff_group": staff_group, "ownership": ownership}
    grants = [
        clause
        for clause in policy.clauses
        if clause.kind == "grant" and possible(policy, clause.when, known) and possible(policy, clause.need, known)
    ]
    lines = []
    for kind, label in CLASSES.items():
        here = {clause.id: _verbs(clause, kind) for clause in grants}
        verbs = tuple(action for action in ACTIONS if any(action in found for found in here.values()))
        lines.append(Opened(kind, label, verbs, tuple(clause for clause in grants if here[clause.id])))
    return tuple(lines)


def _verbs(clause: Clause, kind: str) -> tuple[str, ...]:
    covered = 0
    for pattern in clause.on:
        covered |= cells_of(pattern)
    return tuple(action for action in ACTIONS if covered >> CELLS.index(f"{kind}:{action}") & 1)


def steps(policy: Policy, clause: Clause, platform: str) -> tuple[str, ...]:
    """How a rule is met on a platform, in steps; those for any device where it has none of its own. May be empty."""
    found = clause.fix.get(platform) or clause.fix.get("any", ()) if platform in PLATFORMS else ()
    words = param_words(policy)
    return tuple(sentence(step, words) for step in found)


def in_short(policy: Policy, kept: tuple[Section, ...], reader: Reader) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What this reader has to do and must not do, in one line each, of the rules that were kept."""
    words = param_words(policy)
    clauses = [rule.clause for section in kept for rule in section.rules if _binds(rule.clause, reader)]
    return (
        tuple(sentence(one.do, words) for one in clauses if one.do),
        tuple(sentence(one.dont, words) for one in clauses if one.dont),
    )
