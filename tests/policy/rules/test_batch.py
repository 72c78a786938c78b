"""A whole register at once, in chunks; what would change between two versions, and which clause is to blame."""

import numpy as np
import pytest

from fobwatch.policy.rules import batch
from fobwatch.policy.rules.batch import Column, TooManyClauses, bits_batch, decide_batch, what_if
from fobwatch.policy.rules.clause import with_params
from fobwatch.policy.rules.compile import CELL_BIT, compile_policy
from fobwatch.policy.rules.row import FOREVER, pack
from fobwatch.policy.rules.vocabulary import CELLS
from tests.policy.rules.made import NOW, clause, compiled
from tests.policy.rules.seeded import requests
from tests.policy.rules.test_difference import columns, strict


def column(*values):
    size = len(values)
    return Column(np.array(values), np.full(size, 5, np.int8), np.full(size, FOREVER))


def test_chunks_change_nothing(small, monkeypatch):
    table = columns([pack(facts) for facts in requests(100)])
    whole = decide_batch(small, table, NOW)
    monkeypatch.setattr(batch, "CHUNK", 7)
    assert (decide_batch(small, table, NOW) == whole).all()
    assert whole.dtype == np.uint32
    assert bits_batch(small, table, NOW).dtype == np.uint64


def test_a_fact_without_a_column_is_missing_for_all():
    engine = compiled(clause("require", need=["antivirus", "==", False]))
    assert not (decide_batch(engine, {"unaltered": column(1, 1)}, NOW) & CELL_BIT["mail:view"]).any()
    assert (decide_batch(engine, {"antivirus": column(0, 1)}, NOW) & CELL_BIT["mail:view"]).tolist() == [1, 0]


def test_an_empty_register_is_an_empty_answer(small):
    assert decide_batch(small, {"antivirus": column()}, NOW).tolist() == []


@pytest.mark.parametrize("table", [{}, {"antivirus": column(1), "unaltered": column(1, 1)}])
def test_it_refuses_columns_that_do_not_fit(small, table):
    with pytest.raises(ValueError, match="the same length"):
        decide_batch(small, table, NOW)


def test_it_says_how_many_clauses_it_can_hold():
    many = [clause("require", id=f"c{number}", need=["antivirus", "==", True]) for number in range(64)]
    assert decide_batch(compiled(*many[:63]), {"antivirus": column(1, 0)}, NOW).astype(bool).tolist() == [True, True]
    with pytest.raises(TooManyClauses, match="65 clauses"):
        decide_batch(compiled(*many), {"antivirus": column(1)}, NOW)


def test_what_if_names_the_clause_to_blame():
    old = compiled(
        clause("grant", id="pictures", on=["images:view"], need=["role", "==", "staff"]),
        clause("require", id="age", on=["mail:view"], need=["auto_lock_minutes", "<=", 5]),
    )
    new = compiled(
        clause("grant", id="pictures", on=["images:view"], need=["role", "==", "manager"]),
        clause("require", id="age", on=["mail:view"], need=["auto_lock_minutes", "<=", 2]),
        clause("require", id="virus", on=["mail:view"], need=["antivirus", "==", True]),
    )
    table = {"auto_lock_minutes": column(2, 4, 9), "role": column(0, 1, 0), "antivirus": column(0, 0, 1)}
    change = what_if(old, new, table, NOW)
    by = {one.cell: one for one in change.changes}
    assert (by["mail:view"].loses, by["mail:view"].gains) == (2, 0)
    assert by["mail:view"].lost_by == {"age": 1, "virus": 2}
    assert (by["images:view"].loses, by["images:view"].gains) == (2, 1)
    assert (by["images:view"].lost_by, by["images:view"].gained_by) == ({"pictures": 2}, {"pictures": 1})
    assert [bool(mask & CELL_BIT["mail:view"]) for mask in change.lost] == [True, True, False]
    assert set(by) == {"mail:view", "images:view"}


def test_what_if_counts_as_deciding_twice_does(sample):
    old, new = compile_policy(sample), compile_policy(with_params(sample, {"min_ios": "18.5", "lock_minutes": 1}))
    rows = [pack(facts) for facts in requests(2_000, seed=3)]
    change = what_if(old, new, columns(rows), NOW)
    before, after = [strict(old, row) for row in rows], [strict(new, row) for row in rows]
    lost = {cell: sum(bool(a & ~b & CELL_BIT[cell]) for a, b in zip(before, after, strict=True)) for cell in CELLS}
    assert {one.cell: one.loses for one in change.changes} == {cell: n for cell, n in lost.items() if n}
    assert any(lost.values())
    assert not change.gained.any()
    assert {name for one in change.changes for name in one.lost_by} <= {"updated-ios", "auto-lock"}
