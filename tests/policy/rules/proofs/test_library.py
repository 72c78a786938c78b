"""The shipped template keeps every claim of the library, and each planted fault is found and told as a person."""

import dataclasses
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from fobwatch.access.rules.emergency import standing
from fobwatch.policy.rules.clause import load_toml, param_words, parse, sentence, with_params
from fobwatch.policy.rules.compile import CELL_BIT, compile_policy
from fobwatch.policy.rules.decide import decide
from fobwatch.policy.rules.proofs import Status, Weight, check_policy, contradictions
from fobwatch.policy.rules.proofs.case import Case, settle
from fobwatch.policy.rules.proofs.decided import EMERGENCY_EMPLOYMENTS, EMERGENCY_STATES, in_emergency
from fobwatch.policy.rules.proofs.library import LIBRARY, check, prove
from fobwatch.policy.rules.proofs.never import GRADES, NEVER, grades
from fobwatch.policy.rules.proofs.prover import Prover
from fobwatch.policy.rules.vocabulary import DEVICE_STATES, EMPLOYMENTS, FACTS
from tests.policy.rules.made import NOW, clause, row
from tests.policy.rules.made import policy as small
from tests.policy.rules.proofs.planted import PLANTED, TEMPLATE, added, planted, template

POLICY = load_toml(TEMPLATE.read_text(encoding="utf-8"))
LONG = 120.0


@pytest.fixture(scope="module")
def shipped():
    return check_policy(POLICY, seconds=LONG)


def one(policy, key):
    """What is found about the claim of this key alone."""
    wanted = [(claim, proof) for claim, proof in LIBRARY if claim.key == key.split(":")[0]]
    return prove(policy, wanted, (), LONG, lambda: 0.0)


def test_the_template_keeps_every_claim(shipped):
    assert {found.key.split(":")[0] for found in shipped} == {claim.key for claim, _ in LIBRARY}
    assert {found.key: found.sentence for found in shipped if found.status is not Status.PROVED} == {
        # Beside "registered", on purpose: who lost a phone reads that, and a lost phone is shut twice.
        "repeats:report-loss": "“Lost or stolen” refuses nobody whom “Register your device” would let in. It may stay,"
        " for its own reason and its own steps."
    }


def test_nothing_is_told_of_the_template_while_it_is_written():
    assert contradictions(POLICY, seconds=LONG) == []


def test_what_grace_and_emergencies_leave_open_is_said_beside_the_proof(shipped):
    notes = {found.key: found.note for found in shipped}
    assert notes["lost-device"] == "It holds in a time of grace and in an emergency too."
    assert "“Encrypt your computer” can be set aside" in notes["files-unencrypted"]
    assert "unverified" in notes["files-unencrypted"]


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(name):
    policy, key = planted(name)
    found = {finding.key: finding for finding in one(policy, key)}
    assert found[key].status is Status.BROKEN
    words = param_words(policy)
    assert all(sentence(policy.clause(blamed).title, words) in found[key].sentence for blamed in found[key].clauses[:1])
    if found[key].example:
        real(policy, found[key])


def real(policy, found):
    """The engine itself decides the example as the finding says: what it opens, or what it refuses."""
    example = found.example
    compiled = compile_policy(dataclasses.replace(policy, effective=example.now))
    aside = compiled.break_glass if "emergency" in found.sentence and in_emergency(example.row) else 0
    allowed = decide(compiled, example.row, example.now, aside=aside).allowed
    opened = [bool(allowed & CELL_BIT[cell]) for cell in found.cells]
    assert set(opened) == {not found.key.startswith("cures")}
    assert example.sentence in found.sentence
    assert len(example.facts) == len(FACTS)


def test_a_lock_out_is_told_once_and_not_rule_by_rule():
    policy, _ = planted("everybody is locked out")
    keys = {found.key for found in check_policy(policy, seconds=LONG) if found.status is Status.BROKEN}
    assert keys == {"somebody", "authors", "against:leaving-or-away+planted"}


def test_the_author_is_told_who_is_shut_out_by_what():
    policy, key = planted("two rules on versions contradict each other")
    text = one(policy, key)[0].sentence
    assert "contradict each other, and can never be met together by all staff on their own iPhone" in text


def test_roles_and_work_in_a_contradiction_are_in_words():
    policy = small(clause("require", need=["all", ["role", "==", "auditor"], ["platform", "!=", "linux"]]))
    (found,) = one(policy, "against")
    assert "all staff with the role" in found.sentence
    assert "line manager" in found.sentence
    (shut,) = one(small(clause("require", need=["role", "==", "ig_lead"])), "against")
    assert "on any device" in shut.sentence


def test_a_demanded_grade_that_is_not_asked_for_by_the_engine_would_be_found():
    case = Case(POLICY, Prover(LONG))
    index = next(place for place, clause in enumerate(POLICY.clauses) if clause.id == "screen-lock")
    case.decided.holds[index] = case.decided.condition(POLICY.clauses[index].need)
    (found,) = settle(case, GRADES, grades)
    assert (found.key, found.status, found.clauses) == ("grades:screen-lock", Status.BROKEN, ("screen-lock",))


def test_a_rule_with_a_grade_that_covers_nothing_open_breaks_nothing():
    policy = small(
        clause("require", id="closed", on=["chat:*"], need=["screen_lock", "==", True], grade="observed"),
        clause("require", id="said", need=["encrypted", "==", True]),
        clause("require", id="bare", set={"watermark": True}),
    )
    assert [found.status for found in one(policy, "grades")] == [Status.PROVED]


def test_a_rule_that_only_limits_is_not_pointless_and_one_that_does_nothing_is():
    limits = small(clause("require", id="limits", set={"watermark": True}))
    nothing = small(clause("require", id="nothing"))
    assert [found.key for found in one(limits, "pointless")] == ["pointless"]
    assert [found.key for found in one(nothing, "pointless")] == ["pointless:nothing"]
    granted = small(clause("grant", id="set", on=["mail:*"], set={"no_download": True}))
    assert [found.key for found in one(granted, "pointless")] == ["pointless"]
    assert [found.key for found in one(granted, "repeats")] == ["repeats"]


def test_a_rule_for_two_grants_repeats_only_where_all_of_it_is_said_elsewhere():
    need = ["encrypted", "==", True]
    policy = small(clause("require", id="wide", need=need, on=["mail:*"]), clause("require", id="part", need=need))
    assert [found.key for found in one(policy, "repeats")] == ["repeats:wide", "repeats:part"]


def test_what_is_not_settled_in_time_is_never_called_proved():
    found = check_policy(POLICY, seconds=0)
    assert {finding.status for finding in found} == {Status.UNSETTLED}
    assert found[0].sentence == "This was not proved in 0 seconds. It may hold or not."
    # The stopwatch runs out in the middle: what was proved by then stays proved.
    ticks = iter(range(10**6))
    halfway = check(POLICY, (), 60, lambda: next(ticks) / 4)
    assert {finding.status for finding in halfway[:1]} == {Status.PROVED}
    assert halfway[-1].status is Status.UNSETTLED


def test_the_solver_giving_up_is_unsettled(monkeypatch):
    policy, _ = planted("encryption is not asked for")
    import z3

    monkeypatch.setattr(z3.Solver, "check", lambda self, *facts: z3.unknown)
    assert {finding.status for finding in check_policy(policy)} == {Status.UNSETTLED}


def test_two_can_be_proved_at_once():
    policies = [POLICY, planted("a jailbroken phone may")[0]] * 2
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda policy: one(policy, "altered-device"), policies))
    assert [answer[0].status for answer in found] == [Status.PROVED, Status.BROKEN] * 2


def test_every_claim_is_a_sentence_and_has_a_weight():
    assert all(claim.sentence.endswith(".") for claim, _ in LIBRARY)
    assert {claim.weight for claim, _ in LIBRARY} == set(Weight)
    assert len({claim.key for claim, _ in LIBRARY}) == len(LIBRARY)
    assert {never.claim.key for never in NEVER} < {claim.key for claim, _ in LIBRARY}


def test_times_are_those_of_the_stopwatch(shipped):
    assert all(found.seconds > 0 for found in shipped)
    assert sum(found.seconds for found in shipped) < LONG


@pytest.mark.parametrize("state", DEVICE_STATES)
@pytest.mark.parametrize("employment", EMPLOYMENTS)
def test_emergencies_are_taken_as_access_gives_them(state, employment):
    here = row(device_state=state, employment=employment)
    assert bool(standing(here, NOW)) == in_emergency(here)
    assert in_emergency(here) == (state in EMERGENCY_STATES and employment in EMERGENCY_EMPLOYMENTS)
    assert not in_emergency(row(device_state=None))


def test_the_solver_is_loaded_only_when_something_is_proved():
    program = "import sys, fobwatch.policy.rules.proofs; sys.exit('z3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_parameters_count_as_they_are_chosen():
    assert [found.key for found in one(with_params(POLICY, {"image_groups": []}), "pointless")] == [
        "pointless:take-photographs"
    ]


def test_more_than_64_rules_can_be_proved():
    data = template()
    for number in range(40):
        added(["auto_lock_minutes", "<=", 30], clause_id=f"more-{number}")(data)
    assert [found.key for found in one(parse(data), "lost-device")] == ["lost-device"]
