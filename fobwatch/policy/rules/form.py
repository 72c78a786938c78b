"""The form of a policy: its parameters, its clauses, their conditions and their words (R02, B10).

Nothing here decides: `check` reads and refuses, `compile` turns a checked policy into a function.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from fobwatch.policy.rules.vocabulary import BY_NAME, Fact, Grade, Kind, version_number

FIELD = re.compile(r"\{([^{}]*)\}")
# Read by the engine itself: whether grace may end in the middle of a shift, and how long a shift is (hours).
PROTECT_SHIFT, SHIFT_HOURS = "protect_shift", "shift_hours"

Value = bool | int | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a policy: `where` is the clause id, the parameter or "policy"."""

    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"


class PolicyErrors(ValueError):
    """A policy that cannot be read. `problems` holds all that is wrong with it, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Param:
    """What an organisation may choose. kind: version, int, bool, groups or text; `value` is what it chose.

    minimum and maximum bound an int, in `unit`.
    """

    name: str
    kind: str
    default: Value
    value: Value
    label: str
    help: str = ""
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Atom:
    """One comparison: a fact, an operator, and a typed value or "$param"."""

    fact: str
    op: str
    value: Value


@dataclass(frozen=True, slots=True)
class Group:
    """All or any of several conditions."""

    how: str
    parts: tuple["Condition", ...]


Condition = Atom | Group


@dataclass(frozen=True, slots=True)
class Clause:
    """The atom of policy: what staff read, where it is enforced, what cures it (the form is docs of `check`).

    grade: the least grade demanded of every fact in `need`. grace_days: whole days, or "$param".
    minutes: about how long the fix takes. set: obligations. fix: steps per platform, or "any".
    addition: what the organisation adds to the text. own: written here, not nationally. template: the version of the
    national template that it was last compared with; empty for that of the policy. audience: "groups", "roles" and
    "teams" that it is for, all where none is named; `when` holds the groups and roles too, so that they are enforced.
    """

    id: str
    kind: str
    section: str
    title: str
    text: str
    addition: str = ""
    do: str = ""
    dont: str = ""
    binds: tuple[str, ...] = ()
    guidance: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    own: bool = False
    template: str = ""
    audience: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    on: tuple[str, ...] = ()
    when: Condition | None = None
    need: Condition | None = None
    grade: Grade = Grade.DECLARED
    grace_days: int | str = 0
    break_glass: bool = False
    set: Mapping[str, bool | int | str] = field(default_factory=dict)
    fails: str = ""
    minutes: int = 0
    fix: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def uses(self, name: str) -> bool:
        """Whether the clause speaks of a parameter, in its words or in what it checks."""
        compared = (atom.value for part in (self.when, self.need) for atom in atoms(part))
        steps = (step for lines in self.fix.values() for step in lines)
        texts = (self.title, self.text, self.addition, self.do, self.dont, self.fails, *steps)
        values = (self.grace_days, *self.set.values(), *compared)
        return f"${name}" in values or any(name in FIELD.findall(text) for text in texts)


@dataclass(frozen=True, slots=True)
class Policy:
    """A checked policy with the values chosen for its parameters.

    effective: the moment this version took effect, epoch seconds; 0 for a draft. left_out: the national clauses that
    the organisation does without, each with the version of the template at which it said so. values: the chosen value
    of each parameter, by name.
    """

    title: str
    template_version: str
    review_months: int
    params: tuple[Param, ...]
    clauses: tuple[Clause, ...]
    effective: int = 0
    left_out: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Value] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Gather the values once: the gate resolves some of them with each request."""
        object.__setattr__(self, "values", MappingProxyType({param.name: param.value for param in self.params}))

    def clause(self, clause_id: str) -> Clause:
        """The clause with this id. Raises KeyError where there is none."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)

    def grace_seconds(self, clause: Clause) -> int:
        """How long this clause warns before it closes, in seconds."""
        return int(self.resolve(clause.grace_days)) * 86_400  # type: ignore[arg-type]

    def resolve(self, value: Value) -> Value:
        """A value as written, or what was chosen for the "$param" that it names."""
        return self.values[value[1:]] if isinstance(value, str) and value.startswith("$") else value


def _audience(audience: Mapping[str, tuple[str, ...]]) -> tuple[Atom, ...]:
    """The groups and roles of an audience as comparisons; a team is no fact, so it is none."""
    named = (("groups", "staff_group"), ("roles", "role"))
    return tuple(Atom(fact, "in", audience[key]) for key, fact in named if audience.get(key))


def for_audience(when: Condition | None, audience: Mapping[str, tuple[str, ...]]) -> Condition | None:
    """The condition under which a clause applies, narrowed to its audience."""
    parts: tuple[Condition, ...] = (*_audience(audience), *([when] if when else []))
    return Group("all", parts) if len(parts) > 1 else next(iter(parts), None)


def own_when(clause: Clause) -> Condition | None:
    """The condition of a clause as it is written, without its audience."""
    named = len(_audience(clause.audience)) if clause.kind != "teach" else 0
    if not named or clause.when is None:
        return clause.when
    return clause.when.parts[named] if isinstance(clause.when, Group) and len(clause.when.parts) > named else None


def atoms(condition: Condition | None) -> Iterator[Atom]:
    """Every comparison of a condition, left to right."""
    if isinstance(condition, Atom):
        yield condition
    elif condition is not None:
        for part in condition.parts:
            yield from atoms(part)


def number(fact: Fact, value: Value) -> int:
    """A typed value as the whole number that is compared: versions and choices by their order, ages in seconds."""
    if fact.kind is Kind.VERSION:
        return version_number(str(value))
    if fact.kind is Kind.CHOICE:
        return fact.choices.index(str(value))
    return int(value) * fact.unit  # type: ignore[arg-type]


def numbers(policy: Policy, atom: Atom) -> tuple[int, ...]:
    """What an atom compares its fact with: one number, or for `in` as many as were chosen (none closes)."""
    fact, value = BY_NAME[atom.fact], policy.resolve(atom.value)
    return tuple(number(fact, one) for one in (value if isinstance(value, tuple) else (value,)))


def value_words(value: Value) -> str:
    """A chosen value as it is read in a sentence: "7", "17.4", "yes", "clinical and non-clinical staff"."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        groups = " and ".join(group.replace("_", "-") for group in value)
        return f"{groups} staff" if groups else "nobody"
    return str(value)


def sentence(text: str, words: Mapping[str, str]) -> str:
    """The text with each {name} replaced by its words. Raises KeyError for a name without words."""
    return FIELD.sub(lambda found: words[found.group(1)], text)


def said(policy: Policy, clause: Clause, words: Mapping[str, str] | None = None) -> str:
    """All that staff read of a clause: its text and what the organisation adds, with the parameters filled in.

    words: those of `param_words`, by whoever asks for many clauses.
    """
    words = param_words(policy) if words is None else words
    return " ".join(sentence(text, words) for text in (clause.text, clause.addition) if text)


def param_words(policy: Policy) -> dict[str, str]:
    """What each {param} of a text says, for `sentence`."""
    return {param.name: value_words(param.value) for param in policy.params}
