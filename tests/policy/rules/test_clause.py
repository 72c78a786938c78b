"""A policy is read or refused as a whole, each refusal a sentence with its clause; what is read comes back."""

import copy
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.policy.rules import clause as face
from fobwatch.policy.rules.clause import PolicyErrors, canonical, digest, from_json, load_toml, parse, with_params
from fobwatch.policy.rules.form import Atom, atoms
from fobwatch.policy.rules.vocabulary import Grade
from tests.policy.rules.conftest import POLICIES

PLAIN = tomllib.loads("""
title = "Plain"
[params.days]
kind = "int"
default = 7
label = "Days"
minimum = 1
maximum = 28
[params.oldest]
kind = "version"
default = "17"
label = "Oldest"
[params.who]
kind = "groups"
default = ["clinical"]
label = "Who"
[[clause]]
id = "open"
kind = "grant"
section = "S"
title = "T"
text = "For {who}."
on = ["mail:*"]
need = ["staff_group", "in", "$who"]
[[clause]]
id = "new"
kind = "require"
section = "S"
title = "T"
text = "Run {oldest} within {days} days."
on = ["*:*"]
when = ["all", ["platform", "==", "ios"]]
need = ["os_version", ">=", "$oldest"]
grace_days = "$days"
fails = "Your {platform} runs {os_version}, not {oldest}."
set = { idle_minutes = "$days", watermark = true }
[[clause]]
id = "taught"
kind = "teach"
section = "S"
title = "T"
text = "Take care."
""")


def changed(path, value):
    data = copy.deepcopy(PLAIN)
    at = data
    for key in path[:-1]:
        at = at[key]
    if value is not None:
        at[path[-1]] = value
    elif isinstance(at, list) or path[-1] in at:
        del at[path[-1]]
    return data


NEW, OPEN, TAUGHT, DAYS = ("clause", 1), ("clause", 0), ("clause", 2), ("params", "days")
DEEP = ["antivirus", "==", True]
for _ in range(9):
    DEEP = ["all", DEEP]

WRONG = [
    ((*NEW, "need"), ["colour", "==", 1], "new", "not a fact that we know"),
    ((*NEW, "need"), ["os_version", "~", "17"], "new", "does not fit the fact"),
    ((*NEW, "need"), ["checked_in", "==", 3], "new", "does not fit the fact"),
    ((*NEW, "need"), ["os_version", ">=", 17], "new", "compared with a version"),
    ((*NEW, "need"), ["os_version", ">=", "17.x"], "new", "compared with a version"),
    ((*NEW, "need"), ["antivirus", "==", 1], "new", "true or false"),
    ((*NEW, "need"), ["auto_lock_minutes", "<=", True], "new", "whole number"),
    ((*NEW, "need"), ["auto_lock_minutes", "<=", 10**30], "new", "whole number"),
    ((*NEW, "need"), ["platform", "==", "nokia"], "new", "not a choice"),
    ((*NEW, "need"), ["platform", "in", "ios"], "new", "needs a list of choices"),
    ((*NEW, "need"), ["platform", "in", []], "new", "needs a list of choices"),
    ((*NEW, "need"), ["platform", "==", ["ios"]], "new", "needs one choice"),
    ((*NEW, "need"), ["platform", "==", "$oldest"], "new", "does not fit here"),
    ((*NEW, "need"), ["staff_group", "in", "$oldest"], "new", "does not fit here"),
    ((*NEW, "need"), ["os_version", ">=", "$newest"], "new", "not a parameter"),
    ((*NEW, "need"), "yes", "new", "must be [all or any"),
    ((*NEW, "need"), ["all"], "new", "without a condition"),
    ((*NEW, "need"), ["all", 3], "new", "must be [all or any"),
    ((*NEW, "need"), ["platform", "=="], "new", "not [fact, operator, value]"),
    ((*NEW, "need"), DEEP, "new", "at most 8 deep"),
    ((*NEW, "grade"), "attested", "new", "at best observed"),
    ((*NEW, "grade"), "certain", "new", "“grade” is one of"),
    ((*NEW, "grace_days"), 1.5, "new", "whole number"),
    ((*NEW, "grace_days"), "$oldest", "new", "does not fit here"),
    ((*OPEN, "grace_days"), 3, "open", "Only a clause of the kind require"),
    ((*NEW, "on"), ["record:erase"], "new", "is not a cell"),
    ((*NEW, "on"), ["records:*"], "new", "is not a cell"),
    ((*NEW, "on"), ["record"], "new", "is not a cell"),
    ((*NEW, "on"), None, "new", "which kinds of work"),
    ((*NEW, "on"), "*:*", "new", "list of texts"),
    ((*NEW, "fails"), None, "new", "“fails” is missing"),
    ((*NEW, "fails"), "Your {oldest} {phone}", "new", "not a parameter"),
    ((*NEW, "text"), "Run {oldest within {days}", "new", "curly bracket"),
    ((*NEW, "text"), "Run {os_version} {oldest} {days}", "new", "“{os_version}” in “text” is not a parameter"),
    ((*NEW, "title"), "\ud800", "new", "must be text"),
    ((*NEW, "section"), " ", "new", "is missing"),
    ((*NEW, "break_glass"), "yes", "new", "true or false"),
    ((*NEW, "set"), {"music": True}, "new", "is none of"),
    ((*NEW, "set"), {"watermark": 1}, "new", "must be true or false"),
    ((*NEW, "set"), {"idle_minutes": 0}, "new", "whole number from 1"),
    ((*NEW, "set"), {"idle_minutes": True}, "new", "whole number from 1"),
    ((*NEW, "set"), 3, "new", "table of names"),
    ((*NEW, "fix"), {"nokia": ["Turn it off."]}, "new", "is not a platform"),
    ((*NEW, "fix"), {"any": ["Ask {nobody}."]}, "new", "“fix any” is not a parameter"),
    ((*NEW, "guidance"), ["B3"], "new", "an id of the guidance"),
    ((*NEW, "items"), ["Q01"], "new", "an id of a policy item"),
    ((*NEW, "binds"), ["robots"], "new", "one of: staff"),
    ((*NEW, "colour"), "red", "new", "We do not know the word 'colour'"),
    ((*NEW, "kind"), "forbid", "new", "“kind” is one of"),
    ((*NEW, "id"), "Not This", "clause 2", "an “id” of small letters"),
    ((*NEW, "id"), "open", "open", "2 clauses have this id"),
    ((*TAUGHT, "need"), ["antivirus", "==", True], "taught", "only taught has no “need”"),
    (("clause",), [], "policy", "at least one clause"),
    (("clause",), ["open"], "clause 1", "A clause is a table"),
    (("title",), "", "policy", "“title” is missing"),
    (("title",), 3, "policy", "must be text"),
    (("colour",), 3, "policy", "We do not know the word"),
    (("order",), ["days"], "policy", "name each parameter once"),
    (("params",), [], "policy", "table of names"),
    (("values",), {"nights": 3}, "nights", "no parameter of this name"),
    (("values",), {"days": 29}, "days", "from 1 to 28"),
    (("values",), {"days": "3"}, "days", "from 1 to 28"),
    (("values",), {"oldest": "new"}, "oldest", "numbers with dots"),
    (("values",), {"who": ["robots"]}, "who", "staff groups"),
    (("values",), {"who": ["clinical", "clinical"]}, "who", "each once"),
    ((*DAYS, "kind"), "colour", "days", "not a kind of parameter"),
    ((*DAYS, "default"), 0, "days", "The default does not fit. Enter"),
    ((*DAYS, "colour"), 0, "days", "We do not know the word"),
    ((*DAYS, "label"), None, "days", "“label” is missing"),
    (("params", "oldest", "minimum"), 3, "oldest", "Only a whole number has"),
    (("params", "shift_hours"), {"kind": "text", "default": "", "label": "L"}, "shift_hours", "of the kind “int”"),
    (("params", "protect_shift"), {"kind": "bool", "default": 1, "label": "L"}, "protect_shift", "yes or no"),
    (("params", "spare"), {"kind": "text", "default": 1, "label": "L"}, "spare", "Write some text"),
    (("params", "spare"), {"kind": "text", "default": "", "label": "L"}, "spare", "No clause speaks of"),
    (("params", "Spare"), {"kind": "text", "default": "", "label": "L"}, "Spare", "a name in small letters"),
    (("params", "spare"), 3, "spare", "a name in small letters"),
]


@pytest.mark.parametrize(("path", "value", "where", "words"), WRONG)
def test_it_refuses_with_a_sentence_and_the_place(path, value, where, words):
    with pytest.raises(PolicyErrors) as refused:
        parse(changed(path, value))
    assert any(one.where == where and words in one.sentence for one in refused.value.problems), str(refused.value)


def test_it_refuses_a_name_in_fails_that_is_a_fact_and_a_parameter():
    data = changed(("params", "os_fixes"), {"kind": "int", "default": 1, "label": "L"})
    data["clause"][1]["fails"] = "{os_fixes}"
    with pytest.raises(PolicyErrors, match="both a fact and a parameter"):
        parse(data)


def test_it_tells_everything_that_is_wrong_at_once():
    data = changed((*NEW, "need"), ["colour", "==", 1])
    data["clause"][0]["on"] = ["x:y"]
    data["params"]["days"]["default"] = -1
    with pytest.raises(PolicyErrors) as refused:
        parse(data)
    assert {"days", "open", "new"} <= {one.where for one in refused.value.problems}


@pytest.mark.parametrize("text", ["title = ", "[" * 5_000 + "]" * 5_000])
def test_it_refuses_what_is_not_toml(text):
    with pytest.raises(PolicyErrors, match=r"not a TOML file|We do not know"):
        load_toml(text)


@pytest.mark.parametrize("text", ["{", "[]", "3", b"\xff", "[" * 100_000])
def test_it_refuses_what_is_not_a_policy_in_json(text):
    with pytest.raises(PolicyErrors):
        from_json(text)


def test_the_canonical_form_reads_back_the_same(policy):
    again = from_json(canonical(policy))
    assert again == policy
    assert digest(again) == digest(policy)
    assert len(digest(policy)) == 64


def test_writing_out_a_default_does_not_change_the_hash():
    assert digest(parse(changed((*NEW, "grade"), "declared"))) == digest(parse(PLAIN))
    assert digest(parse(changed((*NEW, "grade"), "observed"))) != digest(parse(PLAIN))


def test_the_order_of_parameters_is_kept():
    assert [param.name for param in from_json(canonical(parse(PLAIN))).params] == ["days", "oldest", "who"]


def test_other_values_are_chosen_and_checked():
    policy = with_params(parse(PLAIN), {"days": 14, "who": ("clinical", "non_clinical")})
    assert policy.values == {"days": 14, "oldest": "17", "who": ("clinical", "non_clinical")}
    assert policy.grace_seconds(policy.clause("new")) == 14 * 86_400
    assert digest(policy) != digest(parse(PLAIN))
    with pytest.raises(PolicyErrors) as refused:
        with_params(policy, {"days": 0, "oldest": "", "other": 1})
    assert {one.where for one in refused.value.problems} == {"days", "oldest", "other"}
    assert str(refused.value.problems[0]) == "days: Enter a whole number from 1 to 28."


def test_words():
    policy = parse(PLAIN)
    words = face.param_words(policy)
    assert face.sentence(policy.clause("open").text, words) == "For clinical staff."
    assert [face.value_words(one) for one in (True, False, (), ("clinical", "non_clinical"))] == [
        "yes", "no", "nobody", "clinical and non-clinical staff",
    ]  # fmt: skip
    with pytest.raises(KeyError):
        policy.clause("none")


def test_what_is_read():
    clause = parse(PLAIN).clause("new")
    assert list(atoms(clause.when)) == [Atom("platform", "==", "ios")]
    assert list(atoms(None)) == []
    assert clause.grade is Grade.DECLARED


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["all", "any", "in", "==", "platform", "os_version", "$days", "$", "17", "ios", "{days}"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip
places = st.sampled_from(
    [(*NEW, key) for key in PLAIN["clause"][1]] + [(*DAYS, key) for key in PLAIN["params"]["days"]]
    + [(*NEW, "fix"), (*NEW, "grade"), (*NEW, "break_glass"), (*NEW, "binds"), ("values",), ("order",), NEW, DAYS]
    + [("clause",), ("params",), ("title",), ("effective",), ("review_months",)]
)  # fmt: skip


@given(places, junk)
def test_whatever_it_is_given_it_reads_or_refuses(path, value):
    try:
        policy = parse(changed(path, value))
    except PolicyErrors:
        return
    assert from_json(canonical(policy)) == policy


@pytest.mark.parametrize("name", POLICIES)
def test_the_policies_that_we_ship_load(name):
    assert load_toml(POLICIES[name].read_text()).clauses
