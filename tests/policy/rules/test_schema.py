"""The JSON Schema says what the form says: the shipped template fits it, and what does not fit is refused."""

import copy
import json

import pytest

from fobwatch.policy.rules.clause import from_json, to_data
from fobwatch.policy.rules.form import PolicyErrors
from fobwatch.policy.rules.schema import schema
from tests.policy.schema import problems


def fits(data):
    return problems(data, schema(), schema())


def test_each_policy_fits_the_schema(policy):
    assert fits(json.loads(json.dumps(to_data(policy)))) == []


def changed(policy, change):
    data = copy.deepcopy(json.loads(json.dumps(to_data(policy))))
    change(data)
    return data


WRONG = {
    "a clause without its text": lambda d: d["clause"][0].pop("text"),
    "a word that nobody knows": lambda d: d["clause"][0].update(colour="red"),
    "an id in capitals": lambda d: d["clause"][0].update(id="No"),
    "a kind that is none": lambda d: d["clause"][0].update(kind="allow"),
    "an item that is none": lambda d: d["clause"][0].update(items=["X1"]),
    "a cell that is none": lambda d: d["clause"][0].update(on=["money:view"]),
    "a fact that is none": lambda d: d["clause"][0].update(need=["shoe_size", "==", 9]),
    "an operator of another type": lambda d: d["clause"][0].update(need=["browser_key", "<", True]),
    "a group of nothing": lambda d: d["clause"][0].update(need=["all"]),
    "grace beyond a year": lambda d: d["clause"][0].update(grace_days=366),
    "a grade that is none": lambda d: d["clause"][0].update(grade="certain"),
    "an obligation that is none": lambda d: d["clause"][0].update(set={"explode": True}),
    "a platform that is none": lambda d: d["clause"][0].update(fix={"toaster": ["Unplug it."]}),
    "no clause": lambda d: d.update(clause=[]),
    "no title": lambda d: d.pop("title"),
    "a parameter of no kind": lambda d: next(iter(d["params"].values())).update(kind="colour"),
    "months as a word": lambda d: d.update(review_months="twelve"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_the_schema_refuses_the_reader_refuses_too(sample, what):
    data = changed(sample, WRONG[what])
    assert fits(data) != []
    with pytest.raises(PolicyErrors):
        from_json(json.dumps(data))


def test_a_named_parameter_may_stand_for_days(sample):
    assert fits(changed(sample, lambda d: d["clause"][0].update(grace_days="$grace_days"))) == []
