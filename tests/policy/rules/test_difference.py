"""Independent judges agree on every cell of every request, unknown facts included; nothing missing ever lets in."""

import json

import cedarpy
import numpy as np
import pytest
import regopy

from fobwatch.policy.rules.batch import Column, bits_batch, decide_batch
from fobwatch.policy.rules.cedar import cedar_request, cedar_schema, cedar_text
from fobwatch.policy.rules.clause import to_data
from fobwatch.policy.rules.compile import CELL_BIT
from fobwatch.policy.rules.decide import decide
from fobwatch.policy.rules.rego import rego_input, rego_text
from fobwatch.policy.rules.row import EXPIRES_AT, GRADES_AT, INDEX, NAMES, pack
from fobwatch.policy.rules.vocabulary import BY_NAME, CELLS
from tests.policy.reference import allows
from tests.policy.rules.seeded import NOW, requests

COUNT = 10_000


@pytest.fixture(scope="module")
def asked():
    return requests(COUNT)


@pytest.fixture(scope="module")
def rows(asked):
    return [pack(facts) for facts in asked]


def columns(rows):
    table = np.array(rows, np.int64)
    return {
        name: Column(table[:, at], table[:, GRADES_AT + at].astype(np.int8), table[:, EXPIRES_AT + at])
        for at, name in enumerate(NAMES)
    }


def strict(compiled, row):
    bits = compiled.bits(row, NOW)
    return compiled.opened(bits) & ~compiled.closed(~bits & compiled.requires)


def test_python_the_hand_written_judge_and_cedar_agree(compiled, policy, asked, rows):
    data, opened = to_data(policy), 0
    text, schema = cedar_text(compiled), json.dumps(cedar_schema(compiled.names))
    assert cedarpy.validate_policies(text, schema)
    handles = cedarpy.PolicySet.from_str(text), cedarpy.Entities.from_json_str("[]")
    schema = cedarpy.Schema.from_json_str(schema)
    for number, (facts, row) in enumerate(zip(asked, rows, strict=True)):
        cell = CELLS[number % len(CELLS)]
        ours = bool(strict(compiled, row) & CELL_BIT[cell])
        cedar = cedarpy.is_authorized(cedar_request(compiled, row, NOW, cell), *handles, schema=schema)
        assert not cedar.diagnostics.errors
        assert ours == allows(data, facts, NOW, cell) == cedar.allowed, (number, cell, facts)
        opened += ours
    assert 0.05 < opened / COUNT < 0.95


def test_the_hand_written_judge_agrees_on_every_cell(compiled, policy, asked, rows):
    data = to_data(policy)
    for facts, row in zip(asked[:800], rows, strict=False):
        allowed = strict(compiled, row)
        assert [allows(data, facts, NOW, cell) for cell in CELLS] == [bool(allowed & CELL_BIT[cell]) for cell in CELLS]


def test_rego_agrees(compiled, asked, rows, request):
    judge = regopy.Interpreter()
    judge.add_module("fobwatch.rego", rego_text(compiled))
    seen = set()
    few = 200 if "sample" in request.node.name else 40
    for number, row in enumerate(rows[:few]):
        cell = CELLS[number % len(CELLS)]
        judge.set_input(rego_input(compiled, row, NOW, cell))
        # What is not allowed may be answered as false or as undefined; only true opens.
        rego = str(judge.query("data.fobwatch.allow")) == '{"expressions":[true]}'
        assert rego == bool(strict(compiled, row) & CELL_BIT[cell]), (number, cell, asked[number])
        seen.add(rego)
    assert seen == {True, False}


def test_the_batch_and_the_generated_function_agree(compiled, rows):
    table = columns(rows)
    allowed, bits = decide_batch(compiled, table, NOW), bits_batch(compiled, table, NOW)
    for number, row in enumerate(rows):
        assert int(bits[number]) == compiled.bits(row, NOW)
        assert int(allowed[number]) == strict(compiled, row)


def without(row, name):
    at = GRADES_AT + INDEX[name]
    return (*row[:at], 0, *row[at + 1 :])


def test_no_single_missing_fact_lets_in_even_with_grace(compiled, rows):
    for row in rows[:2_500]:
        before = decide(compiled, row, NOW, started=NOW - 3600).allowed
        for name in compiled.names:
            after = decide(compiled, without(row, name), NOW, started=NOW - 3600).allowed
            assert after & ~before == 0, name


def test_a_better_grade_never_loses_anything(compiled, rows):
    for row in rows[:2_500]:
        before = decide(compiled, row, NOW).allowed
        for name in compiled.names:
            at, best = GRADES_AT + INDEX[name], max(BY_NAME[name].grades)
            if 0 < row[at] < best:
                better = (*row[:at], int(best), *row[at + 1 :])
                assert before & ~decide(compiled, better, NOW).allowed == 0, name


def test_expiry_never_lets_in(compiled, rows):
    for row in rows[:1_000]:
        before = decide(compiled, row, NOW).allowed
        for name in compiled.names:
            at = EXPIRES_AT + INDEX[name]
            expired = (*row[:at], NOW, *row[at + 1 :])
            assert decide(compiled, expired, NOW).allowed & ~before == 0, name
