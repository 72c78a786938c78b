"""What an author wants to hold beside the library: made of choices (`form`), proved like any other claim."""

from collections.abc import Sequence

import z3

from fobwatch.policy.rules.compile import atom_text
from fobwatch.policy.rules.form import Atom
from fobwatch.policy.rules.proofs.case import Case, Claim
from fobwatch.policy.rules.proofs.findings import Finding, Invariant, Weight
from fobwatch.policy.rules.proofs.form import claim_words
from fobwatch.policy.rules.proofs.words import doing, named, work_told
from fobwatch.policy.rules.proofs.world import Bool
from fobwatch.policy.rules.vocabulary import Grade


def claims(own: Sequence[Invariant]) -> list[tuple[Claim, Invariant]]:
    """A claim for each, with a key by its place."""
    return [
        (Claim(f"own-{place}", f"{one.name}: {claim_words(one)}" if one.name else claim_words(one), Weight.MUST), one)
        for place, one in enumerate(own, 1)
    ]


def own_claim(one: Invariant, case: Case, claim: Claim) -> list[Finding]:
    """Prove an author's own claim; it must have no `form.problems`."""
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
