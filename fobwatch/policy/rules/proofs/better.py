"""Whether doing as one is told helps: better never loses access, and what is put right stays right."""

from collections.abc import Iterator

import z3

from fobwatch.policy.rules.form import atoms
from fobwatch.policy.rules.proofs.case import Case, Claim
from fobwatch.policy.rules.proofs.decided import Decided, bits
from fobwatch.policy.rules.proofs.findings import Finding, Weight
from fobwatch.policy.rules.proofs.sense import KEPT
from fobwatch.policy.rules.proofs.words import doing, named, work_told
from fobwatch.policy.rules.proofs.world import NOW, Bool, World
from fobwatch.policy.rules.row import NAMES
from fobwatch.policy.rules.vocabulary import BY_NAME, Fact, Kind

BETTER = Claim("better", "Better never loses access: a safer device, or one better known, may do no less.", Weight.MUST)
CURES = Claim("cures", "Every remedy cures: whoever puts right all that a no names gets a yes.", Weight.MUST)
# Numbers that are better the less they are; of other numbers nothing is claimed.
LESS_IS_BETTER = ("auto_lock_minutes",)


def better(case: Case, claim: Claim) -> list[Finding]:
    """Fact by fact: whether somebody loses anything when only this fact gets better, or is known better."""
    broken = []
    for name in case.compiled.names:
        after = World(case.prover.context, "_after")
        for other in NAMES:
            if other != name:
                after.value[other], after.grade[other] = case.world.value[other], case.world.grade[other]
        improved = z3.And(_improved(BY_NAME[name], case.world, after), *after.typed(name))
        then = Decided(case.compiled, after)
        for masks, cells in case.decided.groups.items():
            lost = [improved, case.decided.allowed(masks), z3.Not(then.allowed(masks))]
            if case.prover.possible(*lost):
                broken.append(_loses(case, claim, name, cells, lost))
                break
    return broken or [claim.proved()]


def _improved(fact: Fact, before: World, after: World) -> Bool:
    """That a fact is known at least as well as before, and is at least as good."""
    old, new = before.value[fact.name], after.value[fact.name]
    if fact.kind is Kind.CHOICE or (fact.kind is Kind.INT and fact.name not in LESS_IS_BETTER):
        good = new == old
    else:
        good = new <= old if fact.name in LESS_IS_BETTER else new >= old
    return z3.And(before.grade[fact.name] >= 1, after.grade[fact.name] >= before.grade[fact.name], good)


def _loses(case: Case, claim: Claim, name: str, cells: tuple[str, ...], lost: list[Bool]) -> Finding:
    shown = case.example(*lost)
    to_blame = [
        clause.id for clause in case.policy.clauses
        if any(atom.fact == name for part in (clause.when, clause.need) for atom in atoms(part))
    ]  # fmt: skip
    text = (
        f"{doing(shown.sentence, f'may {work_told(cells)}')}, but would lose this if one thing got better, or were"
        f" known better: {BY_NAME[name].plain}. It stands in {named(case.compiled, to_blame)}."
    )
    return claim.broken(text, of=name, cells=cells, clauses=to_blame, shown=shown)


def cures(case: Case, claim: Claim) -> list[Finding]:
    """Whether somebody of whom we know make and place, and who then does all that the failing rules ask, is let in.

    They change nothing else, and undo nothing that was right. Who somebody is, and whose device it is, stays. That all
    rules can be met at once is proved by `against`.
    """
    decided, after = case.decided, World(case.prover.context, "_after")
    then = Decided(case.compiled, after)
    with case.prover.within(*after.rules(), *_same(case, after), *(case.world.known(name) for name in KEPT)):
        for (grants, requires), cells in decided.groups.items():
            done = [*_done(case, then, requires), *_untouched(case, after, requires)]
            still = [decided.granted(grants), decided.closed_by(requires), then.closed_by(requires), *done]
            if case.prover.possible(*still):
                shown = case.example(*still)
                held = then.compiled.bits(after.row(case.prover.model()), NOW)
                refused = case.names(bits(~held & requires))
                asked = case.names(bits(~case.compiled.bits(shown.row, NOW) & requires))
                told = doing(shown.sentence, f"is refused: {work_told(cells)}")
                text = (
                    f"{told}. They do what {named(case.compiled, asked)} asks, and are then refused by"
                    f" {named(case.compiled, refused)}."
                )
                both = tuple(dict.fromkeys((*asked, *refused)))
                return [claim.broken(text, cells=cells, clauses=both, shown=shown)]
    return [claim.proved(note="Where we do not know the make of a device, the first step is to check in.")]


def _same(case: Case, after: World) -> Iterator[Bool]:
    for name in KEPT:
        yield z3.And(after.value[name] == case.world.value[name], after.grade[name] == case.world.grade[name])


def _done(case: Case, then: Decided, requires: int) -> Iterator[Bool]:
    """That each clause which failed before is met after, by doing what it asks."""
    for index in bits(requires):
        need = then.condition(case.clause(index).need, case.clause(index).grade)
        yield z3.Or(case.decided.holds[index], need)


def _untouched(case: Case, after: World, requires: int) -> Iterator[Bool]:
    """That what no failing clause asks for stays as it is, and that no comparison of a need ceases to hold."""
    touched: dict[str, list[Bool]] = {}
    then = Decided(case.compiled, after)
    for index in bits(requires):
        clause, failed = case.clause(index), z3.Not(case.decided.holds[index])
        for atom in atoms(clause.need):
            touched.setdefault(atom.fact, []).append(failed)
            held = case.decided.condition(atom, clause.grade)
            yield z3.Implies(z3.And(failed, held), then.condition(atom, clause.grade))
    for name in NAMES:
        if name not in KEPT:
            same = z3.And(
                after.value[name] == case.world.value[name], after.grade[name] == case.world.grade[name],
                after.once[name] == case.world.once[name],
            )  # fmt: skip
            yield z3.Or(same, *touched.get(name, []))
