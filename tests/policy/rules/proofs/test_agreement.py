"""What the solver reasons about is what the engine decides: for any row, and whatever the policy says."""

import random

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from fobwatch.policy.rules.clause import load_toml
from fobwatch.policy.rules.compile import CELL_BIT, compile_policy
from fobwatch.policy.rules.decide import decide
from fobwatch.policy.rules.proofs.decided import Decided, covering, in_emergency
from fobwatch.policy.rules.proofs.world import NOW, World
from fobwatch.policy.rules.row import NAMES, pack, unpack
from fobwatch.policy.rules.vocabulary import CELLS
from tests.policy.rules import seeded
from tests.policy.rules.made import clause, policy
from tests.policy.rules.proofs.planted import TEMPLATE
from tests.policy.rules.test_conditions import conditions

ROWS = 2_500
assert seeded.NOW == NOW


class Concrete:
    """A policy over a world, read for one row after the other."""

    def __init__(self, checked):
        self.compiled = compile_policy(checked)
        self.world = World(z3.Context())
        self.decided = Decided(self.compiled, self.world)
        groups = self.decided.groups.items()
        self.strict = self.total((self.decided.allowed(masks), cells) for masks, cells in groups)
        self.loose = self.total((self.decided.loosest(cells[0]), cells) for _, cells in groups)

    def total(self, open_cells):
        return z3.Sum([z3.IntVal(0, self.world.context), *(z3.If(so, covering(cells), 0) for so, cells in open_cells)])

    def read(self, total, row):
        known = []
        for name in NAMES:
            held = unpack(row, name)
            live = held.grade if held.expires > NOW else 0
            known += [
                (self.world.value[name], z3.IntVal(held.value, self.world.context)),
                (self.world.grade[name], z3.IntVal(live, self.world.context)),
                (self.world.once[name], z3.BoolVal(held.grade > 0, self.world.context)),
            ]
        return z3.simplify(z3.substitute(total, *known)).as_long()


def strictly(compiled, row):
    held = compiled.bits(row, NOW)
    return compiled.opened(held) & ~compiled.closed(~held & compiled.requires)


@pytest.fixture(scope="module")
def template():
    return Concrete(load_toml(TEMPLATE.read_text(encoding="utf-8")))


def test_the_solver_reads_each_seeded_row_as_the_engine_does(template):
    rows = [pack(facts) for facts in seeded.requests(ROWS)]
    assert any(0 in row[len(NAMES) : 2 * len(NAMES)] for row in rows)
    different = [row for row in rows if template.read(template.strict, row) != strictly(template.compiled, row)]
    assert different == []


def test_what_grace_or_an_emergency_opens_is_never_more_than_the_loosest_reading(template):
    more = 0
    for facts in seeded.requests(600, seed=7):
        row = pack(facts)
        aside = template.compiled.break_glass if in_emergency(row) else 0
        allowed = decide(template.compiled, row, NOW, NOW, aside).allowed
        loosest = template.read(template.loose, row)
        assert allowed & ~loosest == 0
        more += allowed != strictly(template.compiled, row)
    assert more > 50


@settings(max_examples=60, deadline=None)
@given(conditions, conditions, st.integers(0, 5), st.integers(0, 10**6))
def test_the_solver_reads_any_condition_as_the_engine_does(when, need, days, seed):
    grace = {"grace_days": days, "break_glass": days % 2 == 0}
    concrete = Concrete(
        policy(clause("grant", when=when, need=need, on=["chat:*"]), clause("require", when=need, need=when, **grace))
    )
    dice = random.Random(seed)  # noqa: S311
    for _ in range(10):
        row = pack(seeded.request(dice))
        assert concrete.read(concrete.strict, row) == strictly(concrete.compiled, row)
        assert decide(concrete.compiled, row, NOW, NOW).allowed & ~concrete.read(concrete.loose, row) == 0


def test_cells_are_bits_of_the_engine():
    assert covering(CELLS) == sum(CELL_BIT.values())
