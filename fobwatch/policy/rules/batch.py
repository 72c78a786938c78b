"""The same expressions for a whole register at once: columns in, one mask of cells per device out (B20, B29).

The strict decision: without grace and break-glass, which belong to one person's session.
"""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fobwatch.policy.rules.compile import Compiled
from fobwatch.policy.rules.vocabulary import CELLS

Numbers = npt.NDArray[Any]
MOST_CLAUSES = 64
# Rows at a time: what is being worked on stays in the processor's cache, whatever the size of the register.
CHUNK = 16_384


class Column(NamedTuple):
    """One fact of many devices: columns of whole numbers of equal length, as in `Held`.

    observed: since when it is so; only grace asks for it, and without it the fact was never known.
    """

    value: Numbers
    grade: Numbers
    expires: Numbers
    observed: Numbers | None = None


class Standing(NamedTuple):
    """Where each device stands: the clauses that hold as uint64, a bit each, and the open cells as uint32."""

    bits: Numbers
    cells: Numbers


class TooManyClauses(ValueError):
    """A batch keeps the clauses of a device in 64 bits."""

    def __init__(self, count: int) -> None:
        super().__init__(f"This policy has {count} clauses. A whole register can be decided with up to 64.")


def decide_batch(compiled: Compiled, columns: Mapping[str, Column], now: int) -> Numbers:
    """The open cells of each device as uint32, a bit per cell. A fact without a column is missing for all.

    Raises TooManyClauses beyond 64, and ValueError where there is no column at all.
    """
    return stand(compiled, columns, now).cells


def bits_batch(compiled: Compiled, columns: Mapping[str, Column], now: int) -> Numbers:
    """The clauses that hold for each device as uint64, bit i for clause i. Raises as `decide_batch` does."""
    return stand(compiled, columns, now).bits


def stand(compiled: Compiled, columns: Mapping[str, Column], now: int) -> Standing:
    """The clauses that hold for each device, and its open cells. Raises as `decide_batch` does."""
    length = _length(columns)
    found = Standing(np.empty(length, np.uint64), np.empty(length, np.uint32))
    for rows, held, cells in _chunks(compiled, columns, now):
        found.bits[rows], found.cells[rows] = held, cells
    return found


def covered(tables: tuple[tuple[int, ...], ...], bits: Numbers) -> Numbers:
    """The cells that a mask of clauses covers together, for each device; tables: `Compiled.opens` or `.closes`."""
    cells = np.zeros(len(bits), np.uint32)
    for place, table in enumerate(tables):
        if any(table):
            cells |= np.array(table, np.uint32).take((bits >> np.uint64(8 * place) & np.uint64(255)).astype(np.intp))
    return cells


def blame(old: Compiled, new: Compiled, before: Numbers, after: Numbers, lost: Numbers) -> tuple[Numbers, Numbers]:
    """The clauses that took the cells of `lost` from each device, as two masks of uint64.

    before, after: the bits of `stand` under both versions. First, the clauses of `new` that close what a grant still
    opens; second, the grants of `old` that nothing follows.
    """
    closing, ungranted = np.zeros(len(lost), np.uint64), np.zeros(len(lost), np.uint64)
    rows = np.flatnonzero(lost)
    gone, opened = lost[rows], covered(new.opens, after[rows]) & lost[rows]
    for tally, compiled, which, held, cells in (
        (closing, new, new.requires, ~after[rows], opened), (ungranted, old, old.grants, before[rows], gone & ~opened),
    ):  # fmt: skip
        for index, covers in enumerate(compiled.cells):
            if which >> index & 1 and covers:
                bit = np.uint64(1 << index)
                tally[rows[(held & bit != 0) & (cells & np.uint32(covers) != 0)]] |= bit
    return closing, ungranted


@dataclass(frozen=True, slots=True)
class Change:
    """What one cell would gain and lose between two versions: devices, and the clauses to blame with their devices."""

    cell: str
    gains: int
    loses: int
    gained_by: dict[str, int]
    lost_by: dict[str, int]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The difference of two versions over one register.

    gained, lost: a mask of cells per device. changes: by cell, only where something changes.
    """

    gained: Numbers
    lost: Numbers
    changes: tuple[Change, ...]


def what_if(old: Compiled, new: Compiled, columns: Mapping[str, Column], now: int) -> WhatIf:
    """Who would gain and lose what when `new` replaces `old`. Raises as `decide_batch` does."""
    gained, lost = (np.empty(_length(columns), np.uint32) for _ in range(2))
    tallies: dict[str, tuple[dict[str, int], dict[str, int]]] = {cell: ({}, {}) for cell in CELLS}
    counts = {cell: [0, 0] for cell in CELLS}
    for (rows, bits_old, was), (_, bits_new, becomes) in zip(
        _chunks(old, columns, now), _chunks(new, columns, now), strict=True
    ):
        gained[rows], lost[rows] = becomes & ~was, was & ~becomes
        for place, cell in enumerate(CELLS):
            for way, (changed, closed, opened) in enumerate(
                ((gained[rows], (old, bits_old), (new, bits_new)), (lost[rows], (new, bits_new), (old, bits_old)))
            ):
                who = (changed >> place & 1).astype(bool)
                if who.any():
                    counts[cell][way] += int(who.sum())
                    _blame(tallies[cell][way], cell, who, closed, opened)
    changes = tuple(
        Change(cell, counts[cell][0], counts[cell][1], tallies[cell][0], tallies[cell][1])
        for cell in CELLS
        if any(counts[cell])
    )
    return WhatIf(gained, lost, changes)


def _blame(
    tally: dict[str, int], cell: str, who: Numbers, closed: tuple[Compiled, Numbers], opened: tuple[Compiled, Numbers]
) -> None:
    """Count the clauses that closed the cell on one side, or else the grants that opened it on the other."""
    compiled, bits = closed
    grants, requires = compiled.masks(cell)
    no_grant = (bits & np.uint64(grants)) == 0
    for index, clause in enumerate(compiled.policy.clauses):
        if requires >> index & 1:
            _count(tally, clause.id, who & ~no_grant & ((bits >> np.uint64(index)) & np.uint64(1) == 0))
    compiled, bits = opened
    grants, _ = compiled.masks(cell)
    for index, clause in enumerate(compiled.policy.clauses):
        if grants >> index & 1:
            _count(tally, clause.id, who & no_grant & ((bits >> np.uint64(index)) & np.uint64(1) == 1))


def _count(tally: dict[str, int], clause_id: str, who: Numbers) -> None:
    count = int(np.count_nonzero(who))
    if count:
        tally[clause_id] = tally.get(clause_id, 0) + count


def _length(columns: Mapping[str, Column]) -> int:
    lengths = {len(part) for column in columns.values() for part in column if part is not None}
    if len(lengths) != 1:
        raise ValueError("The columns of a register are all of the same length, and there is at least one.")
    return lengths.pop()


def _chunks(compiled: Compiled, columns: Mapping[str, Column], now: int) -> Iterator[tuple[slice, Numbers, Numbers]]:
    """Chunk by chunk: the rows, the bits of the clauses and the open cells."""
    count = len(compiled.expressions)
    if count > MOST_CLAUSES:
        raise TooManyClauses(count)
    code = {index: _code(text) for index, text in enumerate(compiled.expressions) if text}
    opens, closes = (np.array(tables, np.uint32) for tables in (compiled.opens, compiled.closes))
    length = _length(columns)
    for start in range(0, length, CHUNK):
        rows = slice(start, min(start + CHUNK, length))
        packed = _packed(compiled, code, columns, rows, now)
        cells = np.zeros(packed.shape[1], np.uint32)
        closed = np.zeros(packed.shape[1], np.uint32)
        for place in range(len(opens)):
            cells |= opens[place].take(packed[place])
            closed |= closes[place].take(~packed[place])
        yield rows, np.ascontiguousarray(packed.T).view(np.uint64)[:, 0], cells & ~closed


@functools.lru_cache(maxsize=512)
def _code(text: str) -> CodeType:
    return compile(text, "<policy>", "eval")


def _packed(
    compiled: Compiled, code: dict[int, CodeType], columns: Mapping[str, Column], rows: slice, now: int
) -> Numbers:
    """Eight rows of bytes, a byte per device: clause 0 is the lowest bit of the first."""
    space: dict[str, Any] = {"now": now, "__builtins__": {}}
    size = rows.stop - rows.start
    for name in compiled.names:
        column = columns.get(name)
        if column is None:
            space[f"v_{name}"], space[f"g_{name}"] = np.zeros(size, np.int64), np.zeros(size, np.int8)
        else:
            space[f"v_{name}"] = column.value[rows]
            space[f"g_{name}"] = column.grade[rows] * (now < column.expires[rows])
    packed = np.zeros((MOST_CLAUSES // 8, size), np.uint8)
    for index in range(len(compiled.expressions)):
        # The same text that the single decision runs: names of the vocabulary and whole numbers only.
        held = eval(code[index], space).view(np.uint8) if index in code else np.uint8(1)  # noqa: S307
        packed[index >> 3] |= held << np.uint8(index & 7)
    return packed
