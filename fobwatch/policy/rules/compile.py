"""A checked policy becomes one function: facts in, one bit per clause out, and two masks per cell (B10, B14).

Each clause is emitted once, as text of comparisons joined by & and |. The same text runs on Python numbers here and
on numpy columns in `batch`. Nothing but names of the vocabulary and whole numbers ever gets into that text.
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fobwatch.policy.rules.form import PROTECT_SHIFT, SHIFT_HOURS, Atom, Clause, Condition, Policy, atoms, numbers
from fobwatch.policy.rules.leaf import Tree, tree
from fobwatch.policy.rules.row import EXPIRES_AT, NAMES, OBSERVED_AT, Row, fresh
from fobwatch.policy.rules.values import cells_of
from fobwatch.policy.rules.vocabulary import BY_NAME, CELLS, Grade, Kind

Bits = Callable[[Row, int], int]
# A clause by its index, and the obligations that it sets.
Setting = tuple[int, tuple[tuple[str, bool | int], ...]]

ALL_CELLS = (1 << len(CELLS)) - 1
CELL_BIT = {cell: 1 << index for index, cell in enumerate(CELLS)}

OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def atom_text(policy: Policy, atom: Atom, grade: int, *, holds: bool = True) -> str:
    """One comparison as text; with holds=False, that it is *known* not to hold. Both close where the fact is missing.

    Ages are compared by moving `now` to the other side, so that the moment itself is all that is stored.
    """
    fact, chosen = BY_NAME[atom.fact], numbers(policy, atom)
    known = f"(g_{fact.name} >= {grade})"
    name = f"v_{fact.name}"
    if atom.op == "in":
        tests = [f"({name} {'==' if holds else '!='} {one})" for one in chosen]
        # A grade is never negative: nothing chosen means that nothing is in it.
        joined = (" | " if holds else " & ").join(tests) or f"(g_{fact.name} {'<' if holds else '>='} 0)"
        return f"({known} & ({joined}))"
    op = atom.op if holds else OPPOSITE[atom.op]
    if fact.kind is Kind.SINCE:
        return f"({known} & ((now - {name}) {op} {chosen[0]}))"
    if fact.kind is Kind.UNTIL:
        return f"({known} & (({name} - now) {op} {chosen[0]}))"
    return f"({known} & ({name} {op} {chosen[0]}))"


def condition_text(policy: Policy, condition: Condition, grade: int, *, holds: bool = True) -> str:
    """A condition as text. There is no "not": its negation moves down into the comparisons."""
    if isinstance(condition, Atom):
        return atom_text(policy, condition, grade, holds=holds)
    joint = " & " if (condition.how == "all") == holds else " | "
    return f"({joint.join(condition_text(policy, part, grade, holds=holds) for part in condition.parts)})"


def clause_text(policy: Policy, clause: Clause) -> str:
    """The expression of one clause; empty where it always holds (taught only, or without a condition).

    A grant holds when both its `when` and its `need` hold. A require passes when its `when` is known not to apply
    or its `need` holds: what is not known closes.
    """
    need = condition_text(policy, clause.need, clause.grade) if clause.need else ""
    if clause.kind == "grant":
        when = condition_text(policy, clause.when, Grade.DECLARED) if clause.when else ""
        return f"({when} & {need})" if when and need else when or need
    if not need or not clause.when:
        return need
    off = condition_text(policy, clause.when, Grade.DECLARED, holds=False)
    # The shorter one first: one decision stops there as soon as it holds.
    first, second = sorted((need, off), key=len)
    return f"({first} | {second})"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A policy ready to decide. Bit i of every mask of clauses is clause i of the policy.

    expressions: the emitted text per clause, empty where it always holds. names: the facts that it looks at.
    grants, requires, graceful, break_glass: clauses by kind. cells: what each clause covers.
    opened, closed: the cells that the held grants among some bits open, and that some failing clauses close.
    opens, closes: the same as tables, one per byte of clauses.
    sets: by cell, the clauses that oblige the other system, each as its index and what it sets, without what is off.
    whens, needs: the conditions with their numbers. grace: seconds per clause. shift: seconds in which grace does not
    end once a session has started, else 0.
    """

    policy: Policy
    bits: Bits
    expressions: tuple[str, ...]
    names: tuple[str, ...]
    grants: int
    requires: int
    graceful: int
    break_glass: int
    cells: tuple[int, ...]
    opened: Callable[[int], int]
    closed: Callable[[int], int]
    opens: tuple[tuple[int, ...], ...]
    closes: tuple[tuple[int, ...], ...]
    sets: Mapping[str, tuple[Setting, ...]]
    whens: tuple[Tree | None, ...]
    needs: tuple[Tree | None, ...]
    grace: tuple[int, ...]
    shift: int

    def masks(self, cell: str) -> tuple[int, int]:
        """The clauses that grant this cell, and those that it requires. Raises KeyError for an unknown cell."""
        bit = CELL_BIT[cell]
        covering = mask(bool(cells & bit) for cells in self.cells)
        return covering & self.grants, covering & self.requires


def mask(flags: Iterable[object]) -> int:
    """A bit per flag, the first one lowest."""
    return sum(1 << index for index, flag in enumerate(flags) if flag)


def _look_up(tables: tuple[tuple[int, ...], ...]) -> Callable[[int], int]:
    """The cells that a mask of clauses covers together: one look per byte that has any."""
    looks = [f"t{at}[bits >> {8 * at} & 255]" for at, table in enumerate(tables) if any(table)]
    space: dict[str, Any] = {f"t{at}": table for at, table in enumerate(tables)} | {"__builtins__": {}}
    made: Callable[[int], int] = eval(f"lambda bits: {' | '.join(looks) or '0'}", space)  # noqa: S307  (whole numbers)
    return made


def _tables(cells: tuple[int, ...], which: int) -> tuple[tuple[int, ...], ...]:
    """For each byte of clauses, the cells that the set ones among `which` cover together."""
    tables = []
    for low in range(0, max(len(cells), 1), 8):
        byte = [cells[index] if which >> index & 1 else 0 for index in range(low, min(low + 8, len(cells)))]
        table = [0] * 256
        for bits in range(256):
            for index, covered in enumerate(byte):
                if bits >> index & 1:
                    table[bits] |= covered
        tables.append(tuple(table))
    return tuple(tables)


def _sets(policy: Policy, cells: tuple[int, ...]) -> dict[str, tuple[Setting, ...]]:
    """What each clause sets for each cell that it covers, with the numbers that were chosen."""
    resolved = [[(name, policy.resolve(one)) for name, one in clause.set.items()] for clause in policy.clauses]
    written = [
        tuple((name, value if value is True else int(value)) for name, value in pairs if value is not False)  # type: ignore[arg-type]
        for pairs in resolved
    ]
    return {
        cell: tuple((index, pairs) for index, pairs in enumerate(written) if pairs and cells[index] & bit)
        for cell, bit in CELL_BIT.items()
    }


def _source(expressions: tuple[str, ...], names: set[str]) -> str:
    """The text of the function that gives the bits. It begins with every clause held and takes away what fails.

    On truth values `and` and `or` say the same as & and |, and stop as soon as they know: twice as fast.
    """
    wanted = [f"v_{name}" if name in names else "_" for name in NAMES]
    wanted += [f"g_{name}" if name in names else "_" for name in NAMES]
    lines = [
        "def bits(row, now):",
        f"    if now >= min(row[{EXPIRES_AT}:]):",
        "        row = fresh(row, now)",
        f"    {', '.join(wanted)} = row[:{OBSERVED_AT}]",
        f"    held = {(1 << len(expressions)) - 1}",
    ]
    for index, text in enumerate(expressions):
        if text:
            quick = text.replace(" & ", " and ").replace(" | ", " or ")
            lines += [f"    if not {quick}:", f"        held -= {1 << index}"]
    return "\n".join([*lines, "    return held"])


def build(expressions: tuple[str, ...], names: set[str]) -> Bits:
    """The function of a row and a moment that gives one bit per clause."""
    space: dict[str, Any] = {"fresh": fresh, "min": min, "__builtins__": {}}
    # Every name in the text comes from the vocabulary and every other word of it is a whole number that we wrote.
    exec(compile(_source(expressions, names), "<policy>", "exec"), space)  # noqa: S102
    made: Bits = space["bits"]
    return made


def compile_policy(policy: Policy) -> Compiled:
    """Compile a checked policy: some milliseconds, so keep the result under its `digest`."""
    clauses = policy.clauses
    expressions = tuple(clause_text(policy, clause) for clause in clauses)
    names = {atom.fact for clause in clauses for part in (clause.when, clause.need) for atom in atoms(part)}
    cells = tuple(functools.reduce(int.__or__, map(cells_of, clause.on), 0) for clause in clauses)
    grants = mask(clause.kind == "grant" for clause in clauses)
    requires = mask(clause.kind == "require" for clause in clauses)
    grace = tuple(policy.grace_seconds(clause) for clause in clauses)
    opens, closes = _tables(cells, grants), _tables(cells, requires)
    values = policy.values
    return Compiled(
        policy=policy,
        bits=build(expressions, names),
        expressions=expressions,
        names=tuple(name for name in NAMES if name in names),
        grants=grants,
        requires=requires,
        graceful=mask(grace),
        break_glass=mask(clause.break_glass for clause in clauses),
        cells=cells,
        opened=_look_up(opens),
        closed=_look_up(closes),
        opens=opens,
        closes=closes,
        sets=_sets(policy, cells),
        whens=tuple(tree(policy, clause.when, Grade.DECLARED) if clause.when else None for clause in clauses),
        needs=tuple(tree(policy, clause.need, clause.grade) if clause.need else None for clause in clauses),
        grace=grace,
        shift=int(values.get(SHIFT_HOURS, 0)) * 3600 if values.get(PROTECT_SHIFT) else 0,  # type: ignore[arg-type]
    )
