"""What can concern somebody: never less than the engine decides, and left out only with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.policy.models import template
from fobwatch.policy.rules import possible
from fobwatch.policy.rules.clause import with_params
from fobwatch.policy.rules.compile import compile_policy
from fobwatch.policy.rules.decide import decide
from fobwatch.policy.rules.form import atoms
from fobwatch.policy.rules.reading import rules
from fobwatch.policy.rules.row import pack
from fobwatch.policy.rules.vocabulary import PLATFORMS, STAFF_GROUPS
from tests.policy.rules.made import NOW, clause, facts
from tests.policy.rules.made import policy as made

COMPILED = compile_policy(template())
READERS = st.builds(
    possible.Reader, st.sampled_from(["", *STAFF_GROUPS]), st.sampled_from(["", *PLATFORMS]),
    st.sampled_from(["", "staff", "manager", "practice_lead"]),
)  # fmt: skip


def ids(sections):
    return [rule.clause.id for section in sections for rule in section.rules]


@given(READERS)
def test_each_rule_is_shown_or_left_out_with_a_reason_and_keeps_its_number(reader: possible.Reader) -> None:
    found = possible.mine(template(), reader)
    left = [rule for rule, _ in found.left_out]
    both = sorted([rule for section in found.sections for rule in section.rules] + left, key=lambda rule: rule.number)
    assert tuple(both) == rules(template())
    assert all(why for _, why in found.left_out)


@given(st.sampled_from(STAFF_GROUPS), st.sampled_from(PLATFORMS), st.sampled_from(["personal", "issued"]))
def test_a_rule_that_closes_something_for_the_reader_is_never_left_out(group: str, platform: str, owner: str) -> None:
    shown = set(ids(possible.mine(template(), possible.Reader(group, platform, "staff")).sections))
    for fact in ("screen_lock", "encrypted", "unaltered", "not_shared", "browser_key", "os_version"):
        row = pack(facts(staff_group=group, platform=platform, ownership=owner, **{fact: None}))
        decision = decide(COMPILED, row, NOW, NOW)
        closing = {
            one.id for index, one in enumerate(template().clauses)
            if one.kind == "require" and decision.failing >> index & 1
        }  # fmt: skip
        assert closing <= shown


@pytest.mark.parametrize("group", STAFF_GROUPS)
def test_what_the_engine_opens_is_said_to_be_possible(group: str) -> None:
    decision = decide(COMPILED, pack(facts(staff_group=group, ownership="personal")), NOW, NOW)
    said = {f"{one.kind}:{action}" for one in possible.opened(template(), group) for action in one.actions}
    from fobwatch.policy.rules.vocabulary import CELLS

    assert {cell for cell in CELLS if decision.may(cell)} <= said


def test_what_is_closed_to_a_group_is_named() -> None:
    found = possible.mine(template(), possible.Reader("non_clinical", "ios", "staff"))
    why = {rule.clause.id: reason for rule, reason in found.left_out}
    assert why["open-record"] == "It is not open to your staff group."
    assert why["version-android"] == "It is about another kind of device."
    assert "version-iphone" in ids(found.sections)


def test_without_anything_known_every_rule_stays() -> None:
    assert possible.mine(template(), possible.Reader()).left_out == ()


def test_a_rule_for_others_is_for_them_only() -> None:
    policy = made(clause("teach", id="theirs", binds=["managers"]), clause("teach", id="ours", binds=["staff"]))
    assert "theirs" not in ids(possible.mine(policy, possible.Reader("clinical", "", "staff")).sections)
    assert "theirs" in ids(possible.mine(policy, possible.Reader("clinical", "", "manager")).sections)


def test_everything_is_everything_and_in_short_is_only_what_the_reader_does() -> None:
    policy = made(
        clause("teach", id="theirs", binds=["managers"], do="Look at the list."),
        clause("teach", id="ours", binds=["staff"], do="Lock it.", dont="Do not lend it."),
        clause("teach", id="anybodys", do="Ask."),
    )
    nurse, manager = possible.Reader("clinical", "", "staff"), possible.Reader("clinical", "", "manager")
    everything = possible.mine(policy, nurse, everything=True)
    assert (ids(everything.sections), everything.left_out) == (["open-all", "theirs", "ours", "anybodys"], ())
    assert possible.in_short(policy, everything.sections, nurse) == (("Lock it.", "Ask."), ("Do not lend it.",))
    assert possible.in_short(policy, everything.sections, manager)[0] == ("Look at the list.", "Lock it.", "Ask.")


def test_a_rule_for_a_group_a_role_or_a_team_is_left_out_for_others_with_whom_it_is_for() -> None:
    policy = made(
        clause("teach", id="theatres", binds=["staff"], audience={"teams": ["Theatres"]}),
        clause("require", id="clinical", need=["screen_lock", "==", True], audience={"groups": ["clinical"]}),
    )
    porter = possible.mine(policy, possible.Reader("non_clinical", "", "staff", "Portering"))
    why = {rule.clause.id: reason for rule, reason in porter.left_out}
    assert why["theatres"] == "It is for others: staff in Theatres."
    assert why["clinical"] == "It is for others: clinical staff."
    nurse = possible.mine(policy, possible.Reader("clinical", "", "staff", "Theatres"))
    assert nurse.left_out == ()


@pytest.mark.parametrize(
    ("need", "yes"),
    [
        (["role", "==", "staff"], True), (["role", "!=", "staff"], False), (["role", "in", ["manager", "dpo"]], False),
        (["any", ["role", "==", "dpo"], ["screen_lock", "==", True]], True),
        (["all", ["role", "==", "dpo"], ["screen_lock", "==", True]], False),
    ],
)  # fmt: skip
def test_what_is_not_known_counts_as_possible(need: list[object], yes: bool) -> None:
    policy = made(clause("grant", need=need))
    assert possible.possible(policy, policy.clauses[1].need, {"role": "staff"}) is yes
    assert possible.possible(policy, policy.clauses[1].need, {})


def test_closed_to_all_is_closed() -> None:
    policy = with_params(template(), {"record_groups": []})
    records = next(one for one in possible.opened(policy, "clinical") if one.kind == "record")
    assert (records.actions, records.clauses) == ((), ())


def test_steps_are_those_of_the_device_or_of_any() -> None:
    policy = template()
    assert possible.steps(policy, policy.clause("screen-lock"), "ios")[0] == "Open Settings."
    assert possible.steps(policy, policy.clause("check-in"), "linux") == tuple(policy.clause("check-in").fix["any"])
    assert possible.steps(policy, policy.clause("screen-lock"), "") == ()
    assert "{" not in " ".join(possible.steps(policy, policy.clause("auto-lock"), "ios"))
    assert atoms(None) is not None
