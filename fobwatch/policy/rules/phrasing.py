"""A condition in words, for authors: "make of device is iPhone, and system version at least 18.0"."""

from fobwatch.policy.rules.form import Atom, Condition, Policy, value_words
from fobwatch.policy.rules.vocabulary import BY_NAME, GRADE_WORDS, Fact, Grade, Kind
from fobwatch.policy.rules.words import choice_words

# How a comparison is chosen and read, by the kind of fact; "in" and "==" read alike.
NUMBER_OPS = {
    ">=": "at least", "<=": "at most", ">": "more than", "<": "less than", "==": "exactly", "!=": "anything but",
}  # fmt: skip
CHOICE_OPS = {"in": "one of", "!=": "not"}


def fact_line(fact: Fact) -> str:
    """A fact as an author chooses it, with the grades that exist for it: "screen lock (proved or you told us)"."""
    grades = [GRADE_WORDS[grade].lower() for grade in fact.grades]
    words = grades[0] if len(grades) == 1 else f"{', '.join(grades[:-1])} or {grades[-1]}"
    return f"{fact.plain} ({words})"


def value_said(policy: Policy, atom: Atom) -> str:
    """The value of a comparison in words; of a parameter, what was chosen for it."""
    value = policy.resolve(atom.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(atom.value, str) and atom.value.startswith("$"):
        return value_words(value)
    if BY_NAME[atom.fact].kind is Kind.CHOICE:
        return " or ".join(choice_words(one) for one in (value if isinstance(value, tuple) else (str(value),)))
    return str(value)


def atom_words(policy: Policy, atom: Atom) -> str:
    """One comparison in words."""
    fact, value = BY_NAME[atom.fact], value_said(policy, atom)
    if fact.kind is Kind.BOOL:
        said_yes = (value == "yes") == (atom.op == "==")
        return f"{fact.plain}: {'yes' if said_yes else 'no'}"
    if fact.kind is Kind.CHOICE:
        return f"{fact.plain}: {'not ' if atom.op == '!=' else ''}{value}"
    return f"{fact.plain}: {NUMBER_OPS[atom.op]} {value}"


def condition_words(policy: Policy, condition: Condition | None) -> str:
    """A condition in words, parts of parts in brackets; empty where there is none."""
    if condition is None:
        return ""
    if isinstance(condition, Atom):
        return atom_words(policy, condition)
    parts = [condition_words(policy, part) for part in condition.parts]
    said = [f"({words})" if not isinstance(part, Atom) else words
            for part, words in zip(condition.parts, parts, strict=True)]  # fmt: skip
    return (", and " if condition.how == "all" else ", or ").join(said)


def grades_for(facts: list[Fact]) -> tuple[Grade, ...]:
    """The grades that may be asked of all these facts together, weakest first."""
    best = min((fact.grades[0] for fact in facts), default=Grade.DECLARED)
    return tuple(grade for grade in Grade if Grade.DECLARED <= grade <= best)
