"""Whether a policy makes sense: nobody shut out, no rule without effect, no rules against each other, no dead end."""

import functools
import itertools
import operator
from collections.abc import Iterator

import z3

from fobwatch.kernel.permission import Permission
from fobwatch.people.rules.roles import ROLES
from fobwatch.policy.rules.form import Atom, Clause, atoms, numbers
from fobwatch.policy.rules.proofs.case import ALL, Case, Claim
from fobwatch.policy.rules.proofs.decided import bits, covering
from fobwatch.policy.rules.proofs.findings import Finding, Weight
from fobwatch.policy.rules.proofs.words import doing, listed, named, those, work_told
from fobwatch.policy.rules.proofs.world import Bool
from fobwatch.policy.rules.vocabulary import BY_NAME, PLATFORMS, STAFF_GROUPS
from fobwatch.policy.rules.words import choice_words

AUTHORS = tuple(key for key, role in ROLES.items() if Permission.WRITE_POLICY in role.permissions)
# What nobody can put right on the device at hand: who somebody is, and what the device is and whose.
KEPT = ("platform", "ownership", "staff_group", "role")

SOMEBODY = Claim("somebody", "Somebody can work.", Weight.MUST)
AUTHORS_CAN = Claim("authors", "Those who write the policy can work too.", Weight.MUST)
MAKES = Claim("makes", "Every make of device can be used for something.", Weight.SHOULD)
GROUPS = Claim("groups", "Every staff group can do something.", Weight.SHOULD)
POINTLESS = Claim("pointless", "No rule is pointless: each one decides something for somebody.", Weight.SHOULD)
REPEATS = Claim("repeats", "No rule only repeats what others say.", Weight.KNOW)
AGAINST = Claim("against", "No rules contradict each other, and whom a rule opens work to can meet the others.",
                Weight.MUST)  # fmt: skip
STEPS = Claim("steps", "Every no that a person could put right says how.", Weight.SHOULD)


def somebody(case: Case, claim: Claim) -> list[Finding]:
    """Whether anything is open to anybody; else the fewest rules that shut it."""
    if case.prover.possible(case.decided.may(*ALL)):
        shown = case.example(case.decided.may(*ALL))
        opened, _ = case.open_to(shown, ALL)
        return [claim.proved(f"For example: {doing(shown.sentence, f'may {work_told(opened)}')}.")]
    clauses = case.names(_shut(case, []))
    return [claim.broken(f"Nobody can do anything. {_why(case, clauses)}", cells=ALL, clauses=clauses)]


def authors(case: Case, claim: Claim) -> list[Finding]:
    """Whether anybody who may write the policy can do any work."""
    here = case.world.among("role", *AUTHORS)
    if case.prover.possible(here, case.decided.may(*ALL)):
        return [claim.proved("Those who could undo a mistake in this policy are not locked out by it.")]
    clauses = case.names(_shut(case, [here]))
    who = listed([choice_words(role) for role in AUTHORS], "or")
    return [claim.broken(f"No {who} can do anything. {_why(case, clauses)}", cells=ALL, clauses=clauses)]


def makes(case: Case, claim: Claim) -> list[Finding]:
    """Whether each make of device can be used for something."""
    return _each(case, claim, "platform", PLATFORMS, "Nobody can use a device of this make for any work: {}.")


def groups(case: Case, claim: Claim) -> list[Finding]:
    """Whether each staff group can do something."""
    return _each(case, claim, "staff_group", STAFF_GROUPS, "These staff cannot do any work: {}.")


def _each(case: Case, claim: Claim, fact: str, choices: tuple[str, ...], text: str) -> list[Finding]:
    broken = []
    for choice in choices:
        here = case.world.among(fact, choice)
        if not case.prover.possible(here, case.decided.may(*ALL)):
            clauses = case.names(_shut(case, [here]))
            told = f"{text.format(choice_words(choice))} {_why(case, clauses)}"
            broken.append(claim.broken(told, of=choice, cells=ALL, clauses=clauses))
    return broken or [claim.proved("We found a way for each.")]


def _why(case: Case, clauses: tuple[str, ...]) -> str:
    if not clauses:
        return "No rule opens anything to them."
    return f"What shuts it: {named(case.compiled, clauses)}."


def _shut(case: Case, here: list[Bool]) -> list[int]:
    """The fewest clauses we find that shut everything in a context; empty where no grant opens anything there."""
    for (grants, requires), _ in case.decided.groups.items():
        if case.prover.possible(*here, case.decided.granted(grants)):
            return _core(case, [*here, case.decided.granted(grants)], bits(requires))
    return []


def _core(case: Case, here: list[Bool], requires: list[int]) -> list[int]:
    """Clauses that cannot all hold here although any fewer of them can. There must be some."""
    kept = list(requires)
    for index in requires:
        fewer = [one for one in kept if one != index]
        if not case.prover.possible(*here, *(case.decided.holds[one] for one in fewer)):
            kept = fewer
    return kept


def pointless(case: Case, claim: Claim) -> list[Finding]:
    """The clauses that neither open, refuse nor limit anything for anybody."""
    broken = []
    for index, clause in _enforced(case):
        ways = list(_alone(case, index, others=clause.kind == "grant"))
        if any(case.prover.possible(*way) for way in ways) or _obliges(case, index):
            continue
        if not ways:
            why = "It covers only work that no rule opens."
        elif clause.kind == "require":
            why = "Everybody whom it could concern meets it already."
        else:
            why = "It opens nothing to anybody that another rule does not open or shut."
        title = named(case.compiled, [clause.id])
        broken.append(claim.broken(f"{title} has no effect. {why}", of=clause.id, clauses=(clause.id,)))
    return broken or [claim.proved("Each rule opens, refuses or limits something for somebody.")]


def repeats(case: Case, claim: Claim) -> list[Finding]:
    """The clauses that refuse somebody, but never anybody whom others do not refuse too."""
    broken = []
    for index, clause in _enforced(case):
        ways = [way for way in _alone(case, index, others=False) if case.prover.possible(*way)]
        alone = any(case.prover.possible(*way) for way in _alone(case, index))
        if clause.kind == "grant" or not ways or alone or _obliges(case, index):
            continue
        beside = functools.reduce(operator.or_, (masks[1] for masks in case.decided.groups if masks[1] >> index & 1))
        core = case.names(_core(case, ways[0], bits(beside & ~(1 << index))))
        text = (
            f"{named(case.compiled, [clause.id])} refuses nobody whom {named(case.compiled, core)} would let in. It may"
            " stay, for its own reason and its own steps."
        )
        broken.append(claim.broken(text, of=clause.id, clauses=(clause.id, *core)))
    return broken or [claim.proved("Take any rule out, and somebody's answer changes.")]


def _enforced(case: Case) -> list[tuple[int, Clause]]:
    return [(index, one) for index, one in enumerate(case.policy.clauses) if one.kind != "teach"]


def _alone(case: Case, index: int, *, others: bool = True) -> Iterator[list[Bool]]:
    """By group of cells: what is so where a clause decides alone; others=False: whatever other clauses say."""
    decided, bit = case.decided, 1 << index
    for grants, requires in decided.groups:
        if requires & bit:
            kept = [z3.Not(decided.closed_by(requires & ~bit))] if others else []
            yield [decided.granted(grants), z3.Not(decided.holds[index]), *kept]
        elif grants & bit:
            kept = [z3.Not(decided.granted(grants & ~bit)), z3.Not(decided.closed_by(requires))] if others else []
            yield [decided.holds[index], *kept]


def _obliges(case: Case, index: int) -> bool:
    """Whether a clause limits what somebody may do where it is open: its `set`."""
    clause, decided = case.clause(index), case.decided
    speaks = decided.holds[index] if clause.kind == "grant" else decided.applies(index)
    return bool(clause.set) and case.prover.possible(speaks, decided.may(*decided.cells_of(index)))


def against(case: Case, claim: Claim) -> list[Finding]:
    """Where a rule opens work to somebody who can then never meet the rules: who, and the fewest rules that say so."""
    found: dict[tuple[int, ...], tuple[list[str], set[str]]] = {}
    for (grants, requires), cells in case.decided.groups.items():
        for words, here in _contexts(case, requires | grants):
            facts, todo = [*here, case.decided.granted(grants)], bits(requires)
            while not _can_hold(case, facts, todo) and case.prover.possible(*facts):
                core = _core(case, facts, todo)
                who, work = found.setdefault(tuple(core), ([], set()))
                who.append(words)
                work.update(cells)
                todo = [one for one in todo if one != core[0]]
    broken = []
    for rules, (who, work) in found.items():
        broken.append(_dead_end(case, claim, rules, list(dict.fromkeys(who)), work))
    return broken or [claim.proved("Whoever may do some work by one rule can meet all the others at once.")]


def _can_hold(case: Case, facts: list[Bool], clauses: list[int]) -> bool:
    return case.prover.possible(*facts, *(case.decided.holds[one] for one in clauses))


def _dead_end(case: Case, claim: Claim, core: tuple[int, ...], who: list[str], work: set[str]) -> Finding:
    clauses = case.names(core)
    cells = tuple(cell for cell in ALL if cell in work)
    concerned = "; ".join(who[:3]) + (f"; and {len(who) - 3} more like this" if len(who) > 3 else "")
    title = named(case.compiled, clauses)
    says = (
        f"{title} contradict each other, and can never be met together"
        if len(core) > 1
        else f"{title} can never be met"
    )
    text = f"{says} by {concerned}. Another rule opens this to them, and it stays shut: {work_told(cells)}."
    return claim.broken(text, of="+".join(clauses), cells=cells, clauses=clauses)


def _contexts(case: Case, clauses: int) -> Iterator[tuple[str, list[Bool]]]:
    """Every kind of person and device that these clauses tell apart, in words and for the solver."""
    spoken = [
        atom for index in bits(clauses) for part in (case.clause(index).when, case.clause(index).need)
        for atom in atoms(part)
    ]  # fmt: skip
    kinds = [_alike(case, name, [atom for atom in spoken if atom.fact == name]) for name in KEPT]
    for platform, ownership, group, role in itertools.product(*kinds):
        chosen = zip(KEPT, (platform, ownership, group, role), strict=True)
        here = [case.world.among(name, *choices) for name, choices in chosen if choices]
        yield those(group, role, ownership, platform), here


def _alike(case: Case, name: str, spoken: list[Atom]) -> list[tuple[str, ...]]:
    """The choices of a fact, those together that no comparison tells apart; one empty lot where none speaks of it."""
    lots: dict[tuple[bool, ...], list[str]] = {}
    for place, choice in enumerate(BY_NAME[name].choices if spoken else ()):
        told = [(place in numbers(case.policy, atom)) == (atom.op != "!=") for atom in spoken]
        # The world itself tells a shared computer from others.
        lots.setdefault((*told, choice == "shared"), []).append(choice)
    return [tuple(choices) for choices in lots.values()] or [()]


def steps(case: Case, claim: Claim) -> list[Finding]:
    """Whether each rule has steps on every make of device on which somebody can be refused by it."""
    broken = []
    for index in bits(case.compiled.requires):
        clause, decided = case.clause(index), case.decided
        without = [make for make in PLATFORMS if not clause.fix.get(make) and not clause.fix.get("any")]
        for grants, requires in decided.groups:
            if without and requires >> index & 1:
                known = [case.world.known(atom.fact) for part in (clause.when, clause.need) for atom in atoms(part)]
                refused = [decided.granted(grants), z3.Not(decided.holds[index]), *known]
                here = [make for make in without if case.prover.possible(case.world.among("platform", make), *refused)]
                if here:
                    makes = listed([choice_words(make) for make in here])
                    text = f"{named(case.compiled, [clause.id])} says no on these without any steps: {makes}."
                    cells = tuple(cell for cell in ALL if covering((cell,)) & case.compiled.cells[index])
                    broken.append(claim.broken(text, of=clause.id, cells=cells, clauses=(clause.id,)))
                    break
    return broken or [claim.proved("Wherever a rule can say no, it has steps for that make of device.")]
