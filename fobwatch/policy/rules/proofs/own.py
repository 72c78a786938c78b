"""What an author wants to hold beside the library: made of choices, checked before it is proved."""

from collections.abc import Sequence

import z3

from fobwatch.policy.rules.compile import atom_text
from fobwatch.policy.rules.form import Atom, value_words
from fobwatch.policy.rules.proofs.case import Case, Claim
from fobwatch.policy.rules.proofs.findings import Finding, Invariant, Weight
from fobwatch.policy.rules.proofs.words import doing, listed, named, work_told
from fobwatch.policy.rules.proofs.world import Bool
from fobwatch.policy.rules.values import OPERATORS, value_problem
from fobwatch.policy.rules.vocabulary import BY_NAME, CELLS, Grade, Kind
from fobwatch.policy.rules.words import choice_words

HOWS = {
    "never": "Nobody like this may ever",
    "always": "Everybody like this may always",
    "can": "Somebody like this who keeps every rule can",
}
MOST_CHOICES = 6
_OPS = {"==": "is", "!=": "is not", "<": "below", "<=": "at most", ">": "above", ">=": "at least"}


def problems(one: Invariant) -> list[str]:
    """What is wrong with an author's own claim, as sentences; empty where it can be proved."""
    found = [] if one.how in HOWS else [f"“{one.how}” is none of: {', '.join(HOWS)}."]
    if not one.cells:
        found.append("Choose at least one kind of work.")
    found += [f"“{cell}” is not a kind of work that we know." for cell in one.cells if cell not in CELLS]
    if len(one.who) > MOST_CHOICES:
        found.append(f"Choose at most {MOST_CHOICES} facts.")
    for name, op, value in one.who:
        fact = BY_NAME.get(name)
        if fact is None:
            found.append(f"“{name}” is not a fact that we know.")
        elif op not in OPERATORS[fact.kind]:
            found.append(f"“{op}” does not fit the fact “{fact.plain}”.")
        elif wrong := value_problem(fact, op, list(value) if isinstance(value, tuple) else value):
            found.append(wrong)
    return found


def told(one: Invariant) -> str:
    """The claim as a sentence, for a page: "Nobody like this may ever print documents: role: auditor."."""
    who = listed([_fact_told(*choice) for choice in one.who]) or "anybody"
    return f"{HOWS.get(one.how, one.how)} {work_told(one.cells, 'or' if one.how == 'never' else 'and')}: {who}."


def _fact_told(name: str, op: str, value: bool | int | str | tuple[str, ...]) -> str:
    fact = BY_NAME[name]
    if fact.kind is Kind.CHOICE:
        values = value if isinstance(value, tuple) else (str(value),)
        return f"{fact.plain}: {'not ' if op == '!=' else ''}{listed([choice_words(each) for each in values], 'or')}"
    if fact.kind is Kind.BOOL:
        return f"{fact.plain}: {'yes' if (value is True) == (op == '==') else 'no'}"
    return f"{fact.plain} {_OPS[op]} {value_words(value)}"


def claims(own: Sequence[Invariant]) -> list[tuple[Claim, Invariant]]:
    """A claim for each, with a key by its place."""
    return [
        (Claim(f"own-{place}", f"{one.name}: {told(one)}" if one.name else told(one), Weight.MUST), one)
        for place, one in enumerate(own, 1)
    ]


def own_claim(one: Invariant, case: Case, claim: Claim) -> list[Finding]:
    """Prove an author's own claim; it must have no `problems`."""
    who = [_so(case, *choice) for choice in one.who]
    if one.how == "never":
        return _never(case, claim, who, one.cells)
    if one.how == "always":
        return _always(case, claim, who, one.cells)
    shut = tuple(cell for cell in one.cells if not case.prover.possible(*who, case.decided.may(cell)))
    if not shut:
        return [claim.proved("We found somebody like this for each kind of work.")]
    return [claim.broken(f"Nobody like this can ever {work_told(shut, 'or')}, whatever they do.", cells=shut)]


def _so(case: Case, name: str, op: str, value: bool | int | str | tuple[str, ...]) -> Bool:
    """That a choice is known to be so; the same text as in a clause."""
    return eval(atom_text(case.policy, Atom(name, op, value), Grade.DECLARED), case.world.space)  # noqa: S307


def _never(case: Case, claim: Claim, who: list[Bool], cells: tuple[str, ...]) -> list[Finding]:
    wrong = case.decided.may(*cells)
    if not case.prover.possible(*who, wrong):
        return [claim.proved()]
    shown = case.example(*who, wrong)
    opened, grants = case.open_to(shown, cells)
    text = case.told(shown, opened, grants)
    return [claim.broken(text, cells=opened, clauses=case.names(grants), shown=shown)]


def _always(case: Case, claim: Claim, who: list[Bool], cells: tuple[str, ...]) -> list[Finding]:
    wrong = z3.Or([z3.Not(case.decided.may(cell)) for cell in cells])
    if not case.prover.possible(*who, wrong):
        return [claim.proved()]
    shown = case.example(*who, wrong)
    opened, _ = case.open_to(shown, cells)
    shut = tuple(cell for cell in cells if cell not in opened)
    blamed = case.names(case.closing(shown, shut))
    because = f"What refuses it: {named(case.compiled, blamed)}." if blamed else "No rule opens it to them."
    text = f"{doing(shown.sentence, f'may not {work_told(shut)}')}. {because}"
    return [claim.broken(text, cells=shut, clauses=blamed, shown=shown)]
