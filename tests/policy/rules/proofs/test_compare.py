"""Between two versions: nowhere more permissive, or exactly where, for whom, and by which rule."""

import copy

import pytest

from fobwatch.policy.rules.clause import parse, with_params
from fobwatch.policy.rules.compile import CELL_BIT, compile_policy
from fobwatch.policy.rules.decide import decide
from fobwatch.policy.rules.proofs import Status, compare
from fobwatch.policy.rules.proofs.versions import compare_policies
from tests.policy.rules.made import clause
from tests.policy.rules.made import policy as small
from tests.policy.rules.proofs.planted import both, changed, template, without
from tests.policy.rules.proofs.test_agreement import strictly

OLD = parse(template())
LONG = 120.0


def version(plant):
    data = copy.deepcopy(template())
    plant(data)
    return parse(data)


def set_to(**values):
    return with_params(OLD, values)


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        set_to(min_ios="26.0", idle_minutes=5, grace_days=0, record_groups=[]),
        version(changed("encrypted", break_glass=False)),
        set_to(document_groups=[]),
    ],
    ids=["the same", "stricter details", "no emergency", "fewer documents"],
)
def test_what_is_stricter_is_nowhere_more_permissive(new):
    found = compare(OLD, new, seconds=LONG)
    assert (found.status, found.widenings) == (Status.PROVED, ())
    assert "nowhere more permissive" in found.sentence


def only(found):
    (widening,) = found.widenings
    return widening


def test_an_older_version_that_is_let_in_is_told_with_its_rule_and_a_person():
    new = set_to(min_ios="17.0")
    found = compare(OLD, new, seconds=LONG)
    widening = only(found)
    assert widening.clauses == ("version-iphone",)
    assert widening.sentence.startswith(
        "A clinical member of staff on their own iPhone, with version 17, may now view email, calendar and rota."
        " Before, this was refused by “Keep your iPhone up to date”. It is the same for other work: add, share and"
        " download email, calendar and rota; "
    )
    assert found.sentence == "The new version is more permissive in 14 of 25 kinds of work."
    was, becomes = (strictly(compile_policy(one), widening.example.row) for one in (OLD, new))
    assert becomes & ~was & CELL_BIT["mail:view"]


def test_a_grant_to_more_people_is_told():
    found = only(compare(OLD, set_to(record_groups=["clinical", "non_clinical"]), seconds=LONG))
    assert (found.cells, found.clauses) == (("record:view",), ("open-record",))
    assert "A non-clinical member of staff" in found.sentence
    assert "What opens it: “Patient records”." in found.sentence


def test_a_rule_taken_out_is_to_blame_by_its_old_name():
    found = only(compare(OLD, version(without("unaltered")), seconds=LONG))
    assert found.clauses == ("unaltered",)
    assert "refused by “Leave its guards in place”" in found.sentence


def test_a_kind_of_work_that_nobody_could_do_before_is_told():
    new = version(
        lambda data: next(one for one in data["clause"] if one["id"] == "open-record")["on"].append("record:print")
    )
    assert only(compare(OLD, new, seconds=LONG)).cells == ("record:print",)
    assert compare(new, OLD, seconds=LONG).status is Status.PROVED


def test_two_rules_that_are_loosened_are_told_apart():
    found = compare(OLD, set_to(min_ios="17.0", min_android="13"), seconds=LONG)
    assert [widening.clauses for widening in found.widenings] == [("version-iphone",), ("version-android",)]


def test_what_an_emergency_may_newly_set_aside_is_told():
    found = only(compare(OLD, version(changed("screen-lock", break_glass=True)), seconds=LONG))
    assert found.clauses == ("screen-lock",)
    assert "in an emergency" in found.sentence


def test_a_rule_that_repeated_another_still_counts_where_the_other_can_be_set_aside():
    need = ["encrypted", "==", True]
    soft = clause("require", id="soft", need=need, break_glass=True)
    found = only(compare(small(soft, clause("require", id="hard", need=need)), small(soft), seconds=LONG))
    assert found.clauses == ("soft",)
    assert "could now view, add, share, download and print" in found.sentence or "do anything with" in found.sentence


def test_a_longer_time_of_grace_is_told_once_for_all_its_rules():
    found = only(compare(OLD, set_to(grace_days=10), seconds=LONG))
    assert len(found.clauses) == 15
    assert found.sentence.startswith("Rules that warn for 10 days before they refuse; it was 7: ")
    assert decide(compile_policy(OLD), found.example.row, found.example.now).graced


def test_a_limit_that_falls_away_is_told():
    found = compare(OLD, set_to(idle_minutes=30), seconds=LONG)
    assert only(found).clauses == ("passkey",)
    assert "with one limit less: sign-out after 15 minutes without use." in only(found).sentence
    gone = compare(OLD, version(changed("open-record", set={})), seconds=LONG)
    assert only(gone).cells == ("record:view",)
    shorter = both(changed("passkey", set={"idle_minutes": 5, "absolute_hours": "$absolute_hours"}))
    data = copy.deepcopy(template())
    shorter(data)
    del data["params"]["idle_minutes"]
    for one in data["clause"]:
        one["text"] = one["text"].replace("{idle_minutes}", "5")
    assert compare(OLD, parse(data), seconds=LONG).status is Status.PROVED


def test_a_limit_of_a_rule_that_does_not_apply_is_none():
    limited = small(clause("require", when=["platform", "==", "ios"], set={"watermark": True}))
    everywhere = small(clause("require", set={"watermark": True}))
    assert compare(limited, everywhere, seconds=LONG).status is Status.PROVED
    assert only(compare(everywhere, limited, seconds=LONG)).clauses == ("require",)


def test_a_longer_grace_of_a_rule_that_covers_nothing_open_is_no_change():
    def version_of(days):
        return small(clause("require", need=["encrypted", "==", True], grace_days=days, on=["chat:*"]))

    assert compare(version_of(3), version_of(9), seconds=LONG).status is Status.PROVED


def test_a_longer_grace_that_an_emergency_or_another_rule_makes_pointless_is_no_change():
    def version_of(days):
        return small(
            clause("require", id="grace", need=["encrypted", "==", True], grace_days=days),
            clause("require", id="hard", need=["encrypted", "==", True]),
        )

    assert compare(version_of(3), version_of(9), seconds=LONG).status is Status.PROVED


def test_what_is_not_settled_in_time_is_said():
    unsettled = compare(OLD, OLD, seconds=0)
    assert (unsettled.status, unsettled.widenings) == (Status.UNSETTLED, ())
    ticks = iter(range(10**6))
    some = compare_policies(OLD, set_to(min_ios="17.0", record_groups=["non_clinical"]), 3_000, lambda: next(ticks))
    assert some.status in (Status.BROKEN, Status.UNSETTLED)
    assert "not settled in 3000 seconds" in some.sentence or some.widenings


def test_each_rule_that_was_taken_out_is_told():
    facts = ("antivirus", "non_admin", "not_shared", "encrypted", "unaltered", "notifications_hidden", "screen_lock")
    rules = [clause("require", id=f"rule-{at}", need=[fact, "==", True]) for at, fact in enumerate(facts)]
    found = compare(small(*rules), small(), seconds=LONG)
    assert {widening.clauses for widening in found.widenings} == {(f"rule-{at}",) for at in range(len(facts))}


def test_it_can_be_called_twice():
    # A part of the package with the name of a function would take its place once it is loaded.
    from fobwatch.policy.rules import proofs

    proofs.compare(OLD, OLD, seconds=LONG)
    assert proofs.compare(OLD, OLD, seconds=LONG).status is Status.PROVED
    assert all(callable(getattr(proofs, name)) for name in ("check_policy", "compare", "contradictions"))
