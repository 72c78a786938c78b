"""The bank: questions by the clause that they teach, and the modules that are made of them (B17, R10).

A question may hold parameters of the policy ("{auto_lock_minutes}"), so that it is true of the organisation's own; it
is left out where its clause or a parameter is not in the version in force.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fobwatch.policy.rules.form import FIELD, Policy, Value, atoms, param_words, said, sentence
from fobwatch.policy.rules.readability import words
from fobwatch.policy.rules.reading import is_for

# Silent reading of English by adults, words a second: about 240 a minute, secondary source, 2026-11-22, unverified.
WORDS_A_SECOND = 4.0
SECONDS_TO_CHOOSE = 5
MOST_SECONDS = 360
# What an organisation's own question may be at most, so that a module stays short.
MOST_WORDS = 110
FEWEST_WRONG, MOST_WRONG = 2, 3
START = "start"
MANAGERS = "managers"


@dataclass(frozen=True, slots=True)
class Module:
    """A short training. asks: questions in it. first: sections of the policy that are asked about before others.

    opened_by: the parameter that names the staff groups it is for; empty for everybody. managers: for line managers.
    """

    key: str
    title: str
    lead: str
    asks: int
    first: tuple[str, ...] = ()
    opened_by: str = ""
    managers: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it is written: choices with the right one first, `why` teaches, `when` says of which policies
    it is true: parameters and the values that they must have.
    """

    key: str
    clause: str
    text: str
    choices: tuple[str, ...]
    why: str
    modules: tuple[str, ...] = (START,)
    when: Mapping[str, Value] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[str, ...]:
        """Everything that is read of it."""
        return (self.text, *self.choices, self.why)

    def names(self) -> set[str]:
        """The parameters that it speaks of."""
        return {name for part in self.parts for name in FIELD.findall(part)} | set(self.when)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a member is asked it: parameters filled in, choices in their order for this attempt.

    right: the place of the right choice. seconds: how long it takes to read it, its answer and its rule.
    """

    key: str
    clause: str
    section: str
    text: str
    choices: tuple[str, ...]
    right: int
    why: str
    seconds: int


def modules(data: Mapping[str, Any]) -> dict[str, Module]:
    """The modules of a bank's file by key. Raises KeyError where one is not whole."""
    return {
        key: Module(
            key=key, title=row["title"], lead=row["lead"], asks=row["asks"], first=tuple(row.get("first", ())),
            opened_by=row.get("opened_by", ""), managers=row.get("managers", False),
        )
        for key, row in data["module"].items()
    }  # fmt: skip


def questions(data: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions of a bank's file. Raises ValueError with a sentence for the first that is not whole."""
    found: list[Question] = []
    for clause, rows in data["question"].items():
        for number, row in enumerate(rows, 1):
            one = Question(
                key=f"{clause}-{number}", clause=clause, text=row["text"], choices=(row["right"], *row["wrong"]),
                why=row["why"], modules=tuple(row.get("modules", (START,))),
                when={name: tuple(x) if isinstance(x, list) else x for name, x in row.get("when", {}).items()},
            )  # fmt: skip
            wrong = problem(one)
            if wrong:
                raise ValueError(f"{one.key}: {wrong}")
            found.append(one)
    return tuple(found)


def problem(one: Question) -> str:
    """What is wrong with a question, as a sentence; empty where it can be asked."""
    if not all(part.strip() for part in one.parts):
        return "The question, each choice and the explanation need words."
    if not FEWEST_WRONG <= len(one.choices) - 1 <= MOST_WRONG:
        return "A question has one right choice and two or three wrong ones."
    if len({choice.strip().casefold() for choice in one.choices}) < len(one.choices):
        return "Two choices say the same."
    count = sum(len(words(part)) for part in one.parts)
    if count > MOST_WORDS:
        return f"It has {count} words in all. Use at most {MOST_WORDS}, so that the training stays short."
    return ""


def usable(bank: Iterable[Question], policy: Policy) -> tuple[Question, ...]:
    """The questions that are true of this policy: their clause is in it, their parameters too, with those values."""
    clauses, values = {clause.id for clause in policy.clauses}, policy.values
    return tuple(
        one
        for one in bank
        if one.clause in clauses
        and one.names() <= set(values)
        and all(values[name] == wanted for name, wanted in one.when.items())
    )


def asked(one: Question, policy: Policy, order: tuple[int, ...], filled: Mapping[str, str] | None = None) -> Asked:
    """A usable question in the words of this policy. order: the places of its choices as they are shown.

    filled: what each parameter says, by whoever asks many questions of one policy.
    """
    filled, clause = param_words(policy) if filled is None else filled, policy.clause(one.clause)
    choices = tuple(sentence(one.choices[place], filled) for place in order)
    text, why, rule = sentence(one.text, filled), sentence(one.why, filled), said(policy, clause, filled)
    count = sum(len(words(part)) for part in (text, *choices, why, clause.title, rule))
    return Asked(
        key=one.key, clause=one.clause, section=clause.section, text=text, choices=choices, right=order.index(0),
        why=why, seconds=SECONDS_TO_CHOOSE + round(count / WORDS_A_SECOND),
    )  # fmt: skip


def offered(found: Mapping[str, Module], policy: Policy, *, staff_group: str, manages: bool) -> tuple[Module, ...]:
    """The modules for somebody of a staff group, in their order; those for managers where they manage somebody."""
    return tuple(
        one
        for one in found.values()
        if (not one.managers or manages) and (not one.opened_by or staff_group in _groups(policy, one.opened_by))
    )


def _groups(policy: Policy, name: str) -> tuple[str, ...]:
    value = policy.values.get(name)
    return value if isinstance(value, tuple) else ()


def suits(one: Question, policy: Policy, *, staff_group: str, role: str, team: str) -> bool:
    """Whether a question is for such a member: not about a rule for others, nor about what is opened to others only."""
    clause = policy.clause(one.clause)
    if not is_for(clause, staff_group=staff_group, role=role, team=team):
        return False
    groups = [policy.resolve(atom.value) for atom in atoms(clause.need) if atom.fact == "staff_group"]
    opened = clause.kind == "grant"
    return not opened or all(staff_group in group for group in groups if isinstance(group, tuple))


def minutes(module: Module, mine: Iterable[Question], policy: Policy) -> int:
    """About how many minutes a module takes with these usable questions, rounded up."""
    seconds = [asked(one, policy, tuple(range(len(one.choices)))).seconds for one in mine]
    count = min(module.asks, len(seconds))
    return math.ceil(count * sum(seconds) / max(len(seconds), 1) / 60)
