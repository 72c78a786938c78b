"""A whole register with time of grace: the same as deciding one by one, under the sample and the template."""

import dataclasses

import numpy as np
import pytest

from fobwatch.policy.rules.batch import Column, blame, stand
from fobwatch.policy.rules.batch_grace import graced_cells
from fobwatch.policy.rules.compile import CELL_BIT, compile_policy
from fobwatch.policy.rules.decide import decide
from fobwatch.policy.rules.row import EXPIRES_AT, GRADES_AT, NAMES, OBSERVED_AT, pack
from tests.policy.rules.made import NOW, clause, compiled
from tests.policy.rules.seeded import requests
from tests.policy.rules.test_batch import column

DAY = 86_400


def columns(rows):
    table = np.array(rows, np.int64)
    return {
        name: Column(table[:, at], table[:, GRADES_AT + at], table[:, EXPIRES_AT + at], table[:, OBSERVED_AT + at])
        for at, name in enumerate(NAMES)
    }


@pytest.fixture(scope="module")
def rows():
    return [pack(facts) for facts in requests(5_000, seed=11)]


@pytest.mark.parametrize("since", [0, NOW - 40 * DAY, NOW - 3 * DAY, NOW])
def test_grace_for_a_register_is_grace_for_each_device(policy, rows, since):
    engine = compile_policy(dataclasses.replace(policy, effective=since))
    table = columns(rows)
    standing = stand(engine, table, NOW)
    graced = graced_cells(engine, table, NOW, standing)
    expected = [decide(engine, row, NOW, started=NOW) for row in rows]
    assert graced.tolist() == [one.allowed for one in expected]
    assert any(one.graced for one in expected)
    assert (graced != standing.cells).any()


def test_without_grace_in_the_policy_nothing_is_graced(policy, rows):
    engine = compile_policy(
        dataclasses.replace(policy, clauses=tuple(dataclasses.replace(one, grace_days=0) for one in policy.clauses))
    )
    table = columns(rows)
    standing = stand(engine, table, NOW)
    assert graced_cells(engine, table, NOW, standing) is standing.cells


def test_what_was_never_known_has_no_grace():
    engine = compiled(
        clause("require", id="age", on=["*:*"], need=["checked_in", "<=", 3], grace_days=7),
    )
    old = Column(*(np.array([one]) for one in (NOW - 5 * DAY, 5, NOW + DAY, NOW - 5 * DAY)))
    state = Column(*(np.array([one]) for one in (1, 5, NOW + DAY, 1)))

    def opens(**held):
        return bool(graced_cells(engine, held, NOW, stand(engine, held, NOW))[0] & CELL_BIT["mail:view"])

    assert opens(checked_in=old, device_state=state)
    assert not opens(checked_in=old)
    assert not opens(checked_in=old._replace(observed=None), device_state=state)
    assert not opens(antivirus=column(1), device_state=state)
    assert not opens(checked_in=old, device_state=state._replace(value=np.array([3])))


def test_blame_names_what_closed_and_what_no_longer_opens():
    old = compiled(
        clause("grant", id="pictures", on=["images:view"], need=["role", "==", "staff"]),
        clause("require", id="age", on=["mail:view"], need=["auto_lock_minutes", "<=", 5]),
    )
    new = compiled(
        clause("require", id="virus", on=["mail:*"], need=["antivirus", "==", True]),
        clause("require", id="age", on=["mail:view"], need=["auto_lock_minutes", "<=", 2]),
        clause("grant", id="pictures", on=["images:view"], need=["role", "==", "manager"]),
    )
    table = {"auto_lock_minutes": column(2, 4, 9), "role": column(0, 1, 0), "antivirus": column(0, 0, 1)}
    before, after = stand(old, table, NOW), stand(new, table, NOW)
    closing, ungranted = blame(old, new, before.bits, after.bits, before.cells & ~after.cells)
    names = [one.id for one in new.policy.clauses]
    virus, age = 1 << names.index("virus"), 1 << names.index("age")
    assert closing.tolist() == [virus, virus | age, 0]
    pictures = 1 << [one.id for one in old.policy.clauses].index("pictures")
    assert ungranted.tolist() == [pictures, 0, pictures]


def test_grace_of_alternatives_and_of_choices_counts_from_the_last_and_from_the_first(rows):
    engine = compiled(
        clause("require", id="kind", on=["*:*"], need=["platform", "in", ["ios", "macos"]], grace_days=30),
        clause(
            "require", id="either", on=["mail:*"], grace_days=20,
            need=["any", ["encrypted", "==", True], ["all", ["os_fixes", ">", 3], ["platform", "in", ["linux"]]]],
        ),
    )  # fmt: skip
    table = columns(rows)
    expected = [decide(engine, row, NOW, started=NOW).allowed for row in rows]
    assert graced_cells(engine, table, NOW, stand(engine, table, NOW)).tolist() == expected
