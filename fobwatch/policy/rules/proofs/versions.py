"""Two versions of a policy: nowhere more permissive, or exactly where, for whom, and by which rule (B10, R02).

Three things are compared, each over every person and device that there can be: what is open; what can be open in a
time of grace or an emergency; and how much of what is open is limited (`set`), cell by cell.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

import z3

from fobwatch.policy.rules.compile import CELL_BIT, Compiled, compile_policy
from fobwatch.policy.rules.form import Policy
from fobwatch.policy.rules.proofs.case import Case
from fobwatch.policy.rules.proofs.decided import Decided, bits
from fobwatch.policy.rules.proofs.findings import Comparison, Example, Status, Widening
from fobwatch.policy.rules.proofs.person import example
from fobwatch.policy.rules.proofs.prover import Prover, Unsettled
from fobwatch.policy.rules.proofs.words import doing, named, work_told
from fobwatch.policy.rules.proofs.world import NOW, Bool
from fobwatch.policy.rules.vocabulary import CELLS

NOWHERE = "The new version is nowhere more permissive. This holds for every person and every device that there can be."
_LIMITS = {
    "idle_minutes": "sign-out after {} minutes without use", "absolute_hours": "sign-out after {} hours",
    "no_download": "no download", "watermark": "a watermark", "view_only": "view only",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """The old and the new version before one solver. `old` and `new` share their world.

    told: by cells, the people of whom nothing is told yet, as `_opened` left it.
    """

    old: Decided
    new: Decided
    case: Case
    told: dict[tuple[str, ...], list[Bool]] = field(default_factory=dict)

    def masks(self) -> dict[tuple[tuple[int, int], tuple[int, int]], tuple[str, ...]]:
        """Cells that the same clauses decide in both versions, where the new one grants anything."""
        found: dict[tuple[tuple[int, int], tuple[int, int]], list[str]] = {}
        for cell in CELLS:
            found.setdefault((self.old.compiled.masks(cell), self.new.compiled.masks(cell)), []).append(cell)
        return {both: tuple(cells) for both, cells in found.items() if both[1][0]}


def compare_policies(
    old: Policy, new: Policy, seconds: float, clock: Callable[[], float] = time.perf_counter
) -> Comparison:
    """Where the new version opens what the old one closed. Of both, the values that are chosen count."""
    prover = Prover(seconds, clock)
    began, case = clock(), Case(new, prover)
    pair = Pair(Decided(compile_policy(replace(old, effective=NOW)), case.world), case.decided, case)
    found: list[Widening] = []
    try:
        for part in (_opened, _aside, _longer, _unlimited):
            found += _merged(part(pair))
    except Unsettled:
        text = f"This was not settled in {seconds:g} seconds. The new version may be more permissive elsewhere too."
        status = Status.BROKEN if found else Status.UNSETTLED
        return Comparison(status, text, tuple(found), clock() - began)
    if not found:
        return Comparison(Status.PROVED, NOWHERE, (), clock() - began)
    cells = {cell for one in found for cell in one.cells}
    text = f"The new version is more permissive in {len(cells)} of {len(CELLS)} kinds of work."
    return Comparison(Status.BROKEN, text, tuple(found), clock() - began)


def _opened(pair: Pair) -> Iterator[Widening]:
    """What is open to somebody now, that was closed; once for each set of clauses to blame."""
    for (old, new), cells in pair.masks().items():
        facts = [pair.new.allowed(new), z3.Not(_allowed(pair.old, old))]
        others = pair.told.setdefault(cells, [])
        while pair.case.prover.possible(*facts, *others):
            shown = _example(pair, *facts, *others)
            failing = bits(~pair.old.compiled.bits(shown.row, NOW) & old[1])
            held = bits(pair.new.compiled.bits(shown.row, NOW) & new[0])
            granted = bool(pair.old.compiled.bits(shown.row, NOW) & old[0])
            yield _told(pair, cells, shown, failing, [] if granted else held)
            # Somebody else next: somebody to whom these clauses do not matter.
            others += [pair.old.holds[index] for index in failing]
            others += [] if granted else [z3.Not(pair.new.holds[index]) for index in held]


def _told(pair: Pair, cells: tuple[str, ...], shown: Example, failing: list[int], held: list[int]) -> Widening:
    before, after = _ids(pair.old.compiled, failing), _ids(pair.new.compiled, held)
    text = f"{doing(shown.sentence, f'may now {work_told(cells)}')}."
    if before:
        text += f" Before, this was refused by {named(pair.old.compiled, before)}."
    if after:
        text += f" What opens it: {named(pair.new.compiled, after)}."
    return Widening(cells, tuple(dict.fromkeys((*before, *after))), shown, text)


def _aside(pair: Pair) -> Iterator[Widening]:
    """What grace or an emergency opens now, that neither opened before."""
    compiled = pair.new.compiled
    for cells in pair.masks().values():
        new, old = pair.new.loosest(cells[0]), pair.old.loosest(cells[0])
        facts = [new, z3.Not(old), z3.Not(pair.new.may(cells[0])), *pair.told[cells]]
        if not pair.case.prover.possible(*facts):
            continue
        shown = _example(pair, *facts)
        failing = bits(~compiled.bits(shown.row, NOW) & (compiled.graceful | compiled.break_glass))
        clauses = _ids(compiled, [one for one in failing if compiled.cells[one] & CELL_BIT[cells[0]]])
        text = (
            f"{doing(shown.sentence, f'could now {work_told(cells)}')} while a time of grace runs, or in an emergency."
            f" What can now be set aside: {named(compiled, clauses)}."
        )
        yield Widening(cells, clauses, shown, text)


def _longer(pair: Pair) -> Iterator[Widening]:
    """Clauses that warn for longer than they did before they close, together where the days are the same."""
    old, new = pair.old.compiled, pair.new.compiled
    before = {clause.id: old.grace[index] for index, clause in enumerate(old.policy.clauses)}
    longer: dict[tuple[int, int], list[int]] = {}
    for index, clause in enumerate(new.policy.clauses):
        was, becomes = before.get(clause.id, 0) // 86_400, new.grace[index] // 86_400
        if 0 < was < becomes and pair.new.cells_of(index):
            longer.setdefault((was, becomes), []).append(index)
    for (was, becomes), indexes in longer.items():
        refused = z3.Or([z3.Not(pair.new.holds[index]) for index in indexes])
        facts = [refused, pair.new.loosest(*CELLS), z3.Not(pair.new.may(*CELLS))]
        if pair.case.prover.possible(*facts):
            clauses = _ids(new, indexes)
            cells = {cell for index in indexes for cell in pair.new.cells_of(index)}
            days = f"warn for {becomes} days before they refuse; it was {was}"
            text = f"Rules that {days}: {named(new, clauses)}."
            yield Widening(_in_order(cells), clauses, _example(pair, *facts), text)


def _unlimited(pair: Pair) -> Iterator[Widening]:
    """What is open in both, and less limited now."""
    for (old, new), cells in pair.masks().items():
        both = [_allowed(pair.old, old), pair.new.allowed(new)]
        for name, most in sorted({(name, value) for _, name, value in _settings(pair.old.compiled, cells[0])}):
            was, still = _limited(pair.old, cells[0], name, most), _limited(pair.new, cells[0], name, most)
            facts = [*both, was, z3.Not(still)]
            if pair.case.prover.possible(*facts):
                shown = _example(pair, *facts)
                limit = _LIMITS[name].format(most)
                text = f"{doing(shown.sentence, f'may {work_told(cells)}')} with one limit less: {limit}."
                setting = (index for index, key, value in _settings(pair.old.compiled, cells[0]) if key == name)
                yield Widening(cells, _ids(pair.old.compiled, dict.fromkeys(setting)), shown, text)
                break


def _settings(compiled: Compiled, cell: str) -> list[tuple[int, str, bool | int]]:
    return [(index, name, value) for index, pairs in compiled.sets[cell] for name, value in pairs]


def _limited(decided: Decided, cell: str, name: str, most: bool | int) -> Bool:
    """Whether a limit on a cell is at least as strict as `most` for this person."""
    ways = [
        decided.holds[index] if decided.compiled.grants >> index & 1 else decided.applies(index)
        for index, key, value in _settings(decided.compiled, cell)
        if key == name and value <= most
    ]
    return z3.Or(ways) if ways else z3.BoolVal(False, decided.world.context)


def _merged(parts: Iterable[Widening]) -> list[Widening]:
    """One widening for each set of clauses to blame, with the first example, and all the kinds of work."""
    found: dict[tuple[str, ...], list[Widening]] = {}
    for one in parts:
        found.setdefault(one.clauses, []).append(one)
    merged = []
    for first, *others in found.values():
        more = _in_order({cell for one in others for cell in one.cells} - {*first.cells})
        also = f" It is the same for other work: {work_told(more)}." if more else ""
        merged.append(replace(first, cells=_in_order({*first.cells, *more}), sentence=f"{first.sentence}{also}"))
    return merged


def _in_order(cells: set[str]) -> tuple[str, ...]:
    return tuple(cell for cell in CELLS if cell in cells)


def _allowed(decided: Decided, masks: tuple[int, int]) -> Bool:
    return decided.allowed(masks) if masks[0] else z3.BoolVal(False, decided.world.context)


def _example(pair: Pair, *facts: Bool) -> Example:
    return example(pair.case.prover, pair.new.compiled, pair.case.world, *facts)


def _ids(compiled: Compiled, indexes: Iterable[int]) -> tuple[str, ...]:
    return tuple(compiled.policy.clauses[index].id for index in indexes)
