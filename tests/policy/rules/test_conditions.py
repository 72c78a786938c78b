"""Whatever condition is written, the generated function, the batch and the hand-written judge read it alike."""

import random

from hypothesis import given
from hypothesis import strategies as st

from fobwatch.policy.rules.batch import bits_batch
from fobwatch.policy.rules.clause import to_data
from fobwatch.policy.rules.row import pack
from fobwatch.policy.rules.values import OPERATORS
from fobwatch.policy.rules.vocabulary import FACTS, Kind
from tests.policy.reference import judge
from tests.policy.rules.made import clause, compiled
from tests.policy.rules.seeded import NOW, request
from tests.policy.rules.test_difference import columns


@st.composite
def comparisons(draw):
    fact = draw(st.sampled_from(FACTS))
    op = draw(st.sampled_from(OPERATORS[fact.kind]))
    if fact.kind is Kind.CHOICE:
        choice = st.sampled_from(fact.choices)
        return [fact.name, op, draw(st.lists(choice, min_size=1, unique=True) if op == "in" else choice)]
    values = {Kind.BOOL: st.booleans(), Kind.VERSION: st.sampled_from(["13", "17.0", "150"])}
    return [fact.name, op, draw(values.get(fact.kind, st.integers(-2, 40)))]


conditions = st.recursive(
    comparisons(),
    lambda inner: st.builds(
        lambda how, parts: [how, *parts], st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)


@given(conditions, conditions, st.integers(0, 10**6))
def test_every_reading_of_a_condition_agrees(when, need, seed):
    engine = compiled(clause("grant", when=when, need=need), clause("require", when=when, need=need))
    dice = random.Random(seed)  # noqa: S311
    asked = [request(dice) for _ in range(20)]
    rows = [pack(facts) for facts in asked]
    batch = bits_batch(engine, columns(rows), NOW)
    values = to_data(engine.policy)["values"]
    for facts, row, bits in zip(asked, rows, batch, strict=True):
        applies, holds = judge(when, values, facts, NOW), judge(need, values, facts, NOW)
        grant, require = applies is True and holds is True, applies is False or holds is True
        assert engine.bits(row, NOW) == int(bits) == 1 | grant << 1 | require << 2
