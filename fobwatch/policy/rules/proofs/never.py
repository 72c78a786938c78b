"""What must never be, whatever an organisation chooses: a table of claims, each with its plain sentence.

Each is proved strictly. Where `hard`, it must hold in a time of grace and in an emergency too; elsewhere the note
says whether it does.
"""

from collections.abc import Callable
from dataclasses import dataclass

import z3

from fobwatch.policy.rules.proofs.case import ALL, Case, Claim
from fobwatch.policy.rules.proofs.decided import bits, covering
from fobwatch.policy.rules.proofs.findings import Example, Finding, Weight
from fobwatch.policy.rules.proofs.words import doing, named, work_told
from fobwatch.policy.rules.proofs.world import NOW, Bool, World
from fobwatch.policy.rules.vocabulary import CELLS, Grade

MAKES_ENCRYPT = ("ios", "ipados", "android", "chromeos")
LEAVES = tuple(
    cell for cell in CELLS
    if cell.endswith((":download", ":print")) or cell in ("documents:share", "record:share", "images:share")
)  # fmt: skip
PATIENTS = tuple(cell for cell in CELLS if cell.startswith(("record:", "images:")))
ENCRYPT_NOTE = (
    "We take it that an iPhone, iPad, Android device or Chromebook with a screen lock that we have seen encrypts its"
    " storage: their makers say so, unverified for each device."
)
BOTH = "It holds in a time of grace and in an emergency too."


@dataclass(frozen=True, slots=True)
class Never:
    """Nobody of whom `who` is so may ever do the work of `cells`."""

    claim: Claim
    cells: tuple[str, ...]
    who: Callable[[World], Bool]
    hard: bool
    note: str = ""


def _unencrypted(world: World) -> Bool:
    by_itself = z3.And(world.among("platform", *MAKES_ENCRYPT), world.among("screen_lock", True, least=Grade.OBSERVED))
    return z3.Not(z3.Or(world.among("encrypted", True), by_itself))


def _gone(world: World) -> Bool:
    return z3.Not(world.among("device_state", "active", "enrolling", "none"))


def _outside(world: World) -> Bool:
    return z3.Not(z3.Or(world.among("device_state", "active"), world.among("ownership", "shared")))


def _told_lock(world: World) -> Bool:
    seen = world.among("screen_lock", True, least=Grade.OBSERVED)
    return z3.And(world.among("ownership", "personal", "issued"), z3.Not(seen))


def _altered(world: World) -> Bool:
    own = z3.And(world.among("ownership", "personal"), world.among("platform", *MAKES_ENCRYPT))
    return z3.And(own, z3.Not(world.among("unaltered", True)))


NEVER = (
    Never(Claim("files-unencrypted", "No file is saved, printed or passed on where the storage is not encrypted.",
                Weight.MUST), LEAVES, _unencrypted, hard=False, note=ENCRYPT_NOTE),
    Never(Claim("records-passkey", "Nobody reaches patient records or photographs unless their passkey has answered.",
                Weight.MUST), PATIENTS, lambda world: z3.Not(world.among("passkey_verified", True)), hard=True),
    Never(Claim("lost-device", "A device that is lost, suspended or off the register opens nothing.", Weight.MUST),
          ALL, _gone, hard=True),
    Never(Claim("unregistered-device", "Nothing opens on a device that is not on the register, but for ward computers.",
                Weight.MUST), ALL, _outside, hard=True),
    Never(Claim("left", "Somebody who has left opens nothing.", Weight.MUST), ALL,
          lambda world: z3.Not(world.among("employment", "active", "away", "leaving")), hard=True),
    Never(Claim("word-for-lock", "A person's word alone is never enough for the screen lock.", Weight.SHOULD), ALL,
          _told_lock, hard=True),
    Never(Claim("altered-device", "An own phone, tablet or Chromebook that may be jailbroken or rooted opens nothing.",
                Weight.SHOULD), ALL, _altered, hard=False),
)  # fmt: skip
GRADES = Claim("grades", "Evidence below the grade that a rule demands never counts.", Weight.MUST)


def never(one: Never, case: Case, claim: Claim) -> list[Finding]:
    """Whether nobody may; else who may, and which rules open it."""
    who = one.who(case.world)
    strict = case.decided.may(*one.cells)
    if case.prover.possible(who, strict):
        shown = case.example(who, strict)
        opened, grants = case.open_to(shown, one.cells)
        text = case.told(shown, opened, grants)
        return [claim.broken(text, cells=opened, clauses=case.names(grants), shown=shown, note=one.note)]
    loose = case.decided.loosest(*one.cells)
    if not case.prover.possible(who, loose):
        return [claim.proved(note=f"{BOTH} {one.note}".strip())]
    shown = case.example(who, loose)
    cells = case.open_loosely(shown, one.cells)
    aside = _set_aside(case, shown, cells)
    told = f"While a time of grace runs, or in an emergency, {named(case.compiled, aside)} can be set aside."
    told = f"{told} {doing(shown.sentence, f'could then {work_told(cells)}')}."
    if one.hard:
        return [claim.broken(told, cells=cells, clauses=aside, shown=shown, note=one.note)]
    return [claim.proved(note=f"{told} {one.note}".strip())]


def _set_aside(case: Case, shown: Example, cells: tuple[str, ...]) -> tuple[str, ...]:
    """The clauses over some cells that do not hold for an example and that grace or an emergency sets aside."""
    compiled = case.compiled
    waived = (compiled.graceful & compiled.requires) | compiled.break_glass
    failing = bits(~compiled.bits(shown.row, NOW) & waived)
    return case.names(index for index in failing if compiled.cells[index] & covering(cells))


def grades(case: Case, claim: Claim) -> list[Finding]:
    """Whether what is open stays open when all evidence below the grade of its rules is taken away."""
    broken = []
    for index in bits(case.compiled.requires):
        clause = case.clause(index)
        if clause.need is None or clause.grade <= Grade.DECLARED:
            continue
        cells = case.decided.cells_of(index)
        less = z3.And(
            case.decided.condition(clause.when), case.decided.may(*cells), z3.Not(case.decided.without_less(index))
        )
        if cells and case.prover.possible(less):
            shown = case.example(less)
            opened, grants = case.open_to(shown, cells)
            text = case.told(shown, opened, grants)
            broken.append(claim.broken(text, of=clause.id, cells=opened, clauses=(clause.id,), shown=shown))
    return broken or [claim.proved()]
