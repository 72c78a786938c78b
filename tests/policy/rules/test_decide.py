"""Decisions: grace by its table, break-glass, obligations, and when a decision can change."""

import pytest

from fobwatch.policy.rules.compile import CELL_BIT, clause_text, compile_policy
from fobwatch.policy.rules.decide import decide, obligations
from fobwatch.policy.rules.row import FOREVER, Held, held, pack, unpack
from fobwatch.policy.rules.vocabulary import CELLS, Grade
from tests.policy.reference import judge
from tests.policy.rules.made import DAY, NOW, clause, compiled, policy, row, said

LOCK = ["auto_lock_minutes", "<=", 5]
SHIFT = {
    "protect_shift": {"kind": "bool", "default": True, "label": "L"},
    "shift_hours": {"kind": "int", "default": 13, "label": "L"},
}


def lock(need=LOCK, **more):
    return clause("require", need=need, grace_days=7, **more)


def seen(days, expires=FOREVER):
    return said(NOW - days * DAY, Grade.OBSERVED, NOW - days * DAY, expires)


def test_a_good_device_is_let_in_everywhere(small):
    decision = decide(small, row(), NOW)
    assert decision.may("mail:view")
    assert not decision.may("mail:erase")
    assert decision.failing == 1 << 23
    assert decision.graced == ()


@pytest.mark.parametrize(
    ("changes", "need", "since"),
    [
        ({"auto_lock_minutes": said(9)}, LOCK, NOW - DAY),
        ({"auto_lock_minutes": said(9, observed=NOW - 8 * DAY)}, LOCK, None),
        ({"auto_lock_minutes": said(2, expires=NOW - 60)}, LOCK, NOW - 60),
        ({"auto_lock_minutes": said(2, expires=NOW)}, LOCK, NOW),
        # Wrong long ago, and out of date only now: the time of grace does not begin anew.
        ({"auto_lock_minutes": said(9, observed=NOW - 8 * DAY, expires=NOW - 60)}, LOCK, None),
        ({"auto_lock_minutes": None}, LOCK, None),
        ({"auto_lock_minutes": said(9), "device_state": "lost"}, LOCK, None),
        ({"auto_lock_minutes": said(9), "device_state": None}, LOCK, None),
        ({"auto_lock_minutes": said(9), "device_state": said("active", expires=NOW)}, LOCK, None),
        ({"checked_in": seen(31)}, ["checked_in", "<=", 30], NOW - DAY + 1),
        ({"checked_in": seen(31)}, ["checked_in", "<", 30], NOW - DAY),
        ({"checked_in": seen(40)}, ["checked_in", "<=", 30], None),
        ({"checked_in": seen(31, NOW - 60)}, ["checked_in", "<=", 30], NOW - DAY + 1),
        ({"os_fixes": said(NOW - DAY)}, ["os_fixes", ">=", 0], NOW - DAY + 1),
        ({"os_fixes": said(NOW - DAY)}, ["os_fixes", ">", 0], NOW - DAY),
        ({"os_fixes": said(NOW + DAY)}, ["os_fixes", ">=", 2], NOW - DAY + 1),
        # Too new: only time will make it right, so it fails since it was observed.
        ({"checked_in": said(NOW - 60, Grade.OBSERVED)}, ["checked_in", ">=", 1], NOW - DAY),
        # All: from the first that failed. Any: from the last.
        ({"auto_lock_minutes": said(9), "antivirus": said(False, observed=NOW - 5 * DAY)},
         ["all", LOCK, ["antivirus", "==", True]], NOW - 5 * DAY),
        ({"auto_lock_minutes": said(9), "antivirus": said(False, observed=NOW - 8 * DAY)},
         ["all", LOCK, ["antivirus", "==", True]], None),
        ({"auto_lock_minutes": said(9), "antivirus": said(False, observed=NOW - 8 * DAY)},
         ["any", LOCK, ["antivirus", "==", True]], NOW - DAY),
        ({"auto_lock_minutes": said(9), "antivirus": None}, ["any", LOCK, ["antivirus", "==", True]], None),
        ({"auto_lock_minutes": said(9), "unaltered": said(True), "antivirus": said(False)},
         ["all", LOCK, ["any", ["unaltered", "==", True], ["antivirus", "==", True]]], NOW - DAY),
    ],
)  # fmt: skip
def test_grace_by_its_table(changes, need, since):
    engine = compiled(lock(need))
    decision = decide(engine, row(**changes), NOW)
    if since is None:
        assert decision.graced == ()
        assert not decision.may("mail:view")
        assert decision.failing == 2
    else:
        assert decision.graced == ((1, since + 7 * DAY),)
        assert decision.may("mail:view")
        assert decision.failing == 0
    assert not decision.bits & 2


def test_grace_ends_at_its_deadline():
    engine, facts = compiled(lock()), row(auto_lock_minutes=said(9, observed=NOW))
    assert decide(engine, facts, NOW + 7 * DAY - 1).may("mail:view")
    assert not decide(engine, facts, NOW + 7 * DAY).may("mail:view")


def test_a_new_version_begins_the_grace_of_what_it_asks():
    old = row(auto_lock_minutes=said(9, observed=NOW - 90 * DAY))
    assert decide(compiled(lock(), effective=NOW - DAY), old, NOW).graced == ((1, NOW + 6 * DAY),)


@pytest.mark.parametrize(
    ("started", "deadline"),
    [
        (None, NOW + 3_600),
        (NOW - 3_600, NOW + 12 * 3_600),
        (NOW - 12 * 3_600, NOW + 3_600),
        (NOW + 3_600, NOW + 3_600),
    ],
)
def test_grace_does_not_end_in_the_middle_of_a_shift(started, deadline):
    engine = compiled(lock(), params=SHIFT)
    facts = row(auto_lock_minutes=said(9, observed=NOW - 7 * DAY + 3_600))
    assert decide(engine, facts, NOW, started=started).graced == ((1, deadline),)


def test_grace_that_ended_before_the_session_is_not_revived():
    engine = compiled(lock(), params=SHIFT)
    facts = row(auto_lock_minutes=said(9, observed=NOW - 7 * DAY - 3_600))
    assert not decide(engine, facts, NOW, started=NOW - 60).may("mail:view")
    assert decide(engine, facts, NOW, started=NOW - 2 * 3_600).may("mail:view")


def test_a_shift_is_not_protected_unless_the_policy_says_so():
    engine = compiled(lock(), params=SHIFT, values={"protect_shift": False})
    assert engine.shift == 0


def test_a_require_without_a_need_never_has_grace():
    engine = compiled(clause("require", grace_days=7), clause("require", id="hard", need=LOCK))
    assert decide(engine, row(auto_lock_minutes=said(9)), NOW).graced == ()


def test_break_glass_sets_aside_only_what_the_policy_allows_and_only_where_asked():
    engine = compiled(
        clause("require", id="soft", on=["*:*"], need=LOCK, break_glass=True),
        clause("require", id="hard", on=["mail:*"], need=["unaltered", "==", True]),
        clause("grant", id="emergency", on=["images:view"], need=["role", "==", "manager"], break_glass=True),
    )
    facts = row(auto_lock_minutes=said(9), unaltered=said(False))
    assert decide(engine, facts, NOW).allowed == 0
    lifted = decide(engine, facts, NOW, aside=0b11111)
    assert lifted.may("record:view")
    assert lifted.may("images:view")
    assert not lifted.may("mail:view")
    assert lifted.aside == 0b1010
    record = sum(bit for cell, bit in CELL_BIT.items() if cell.startswith("record:"))
    assert decide(engine, facts, NOW, aside=0b11111, within=record).allowed == record
    assert decide(engine, facts, NOW, aside=0b100).allowed == 0


def test_obligations_are_the_least_number_and_any_flag():
    engine = compiled(
        clause("require", id="a", on=["mail:*"], set={"idle_minutes": 10, "watermark": True, "view_only": False}),
        clause("require", id="b", on=["*:*"], set={"idle_minutes": 5, "absolute_hours": 12}),
        clause("require", id="ios", on=["*:*"], when=["platform", "==", "ios"], set={"no_download": True}),
        clause("require", id="both", on=["mail:*"], set={"view_only": True},
               when=["all", ["platform", "==", "ios"], ["ownership", "==", "issued"]]),
        clause("require", id="any", on=["mail:*"], set={"absolute_hours": 1},
               when=["any", ["platform", "==", "mac" "os"], ["ownership", "==", "issued"]]),
        clause("grant", id="more", on=["images:*"], need=["role", "==", "manager"], set={"view_only": True}),
    )  # fmt: skip
    decision = decide(engine, row(), NOW)
    least = {"idle_minutes": 5, "absolute_hours": 12, "no_download": True}
    assert obligations(decision, "mail:view") == {**least, "watermark": True}
    assert obligations(decision, "record:view") == least
    assert obligations(decision, "images:view") == {}
    assert obligations(decide(engine, row(role="manager"), NOW), "images:view") == {**least, "view_only": True}
    unknown = decide(engine, row(platform=None, ownership=None), NOW)
    assert obligations(unknown, "mail:view")["absolute_hours"] == 1
    assert obligations(unknown, "mail:view")["view_only"] is True


def test_what_is_set_aside_still_obliges():
    engine = compiled(clause("grant", on=["images:*"], need=LOCK, break_glass=True, set={"watermark": True}))
    decision = decide(engine, row(auto_lock_minutes=said(9)), NOW, aside=2)
    assert obligations(decision, "images:view") == {"watermark": True}


@pytest.mark.parametrize(
    ("need", "changes", "expires"),
    [
        (LOCK, {}, None),
        (LOCK, {"auto_lock_minutes": said(2, expires=NOW + 5)}, NOW + 5),
        (LOCK, {"auto_lock_minutes": None}, None),
        (LOCK, {"auto_lock_minutes": said(9)}, NOW + 6 * DAY),
        (LOCK, {"device_state": said("active", Grade.ATTESTED, expires=NOW + 3)}, NOW + 3),
        (["checked_in", "<=", 30], {"checked_in": NOW}, NOW + 30 * DAY + 1),
        (["checked_in", "<", 30], {"checked_in": NOW}, NOW + 30 * DAY),
        (["os_fixes", ">=", 1], {"os_fixes": said(NOW + 2 * DAY)}, NOW + DAY + 1),
        (["os_fixes", ">", 1], {"os_fixes": said(NOW + 2 * DAY)}, NOW + DAY),
    ],
)
def test_it_says_when_time_alone_can_change_it(need, changes, expires):
    engine, facts = compiled(lock(need)), row(**changes)
    decision = decide(engine, facts, NOW)
    assert decision.expires == expires
    if expires:
        assert decide(engine, facts, expires - 1).allowed == decision.allowed


def test_nobody_chosen_closes_and_is_known_not_to_apply():
    who = {"who": {"kind": "groups", "default": [], "label": "L"}}
    engine = compiled(
        clause("grant", id="none", on=["images:*"], need=["staff_group", "in", "$who"]),
        clause("require", id="off", on=["mail:*"], when=["staff_group", "in", "$who"], need=LOCK),
        params=who,
    )
    decision = decide(engine, row(auto_lock_minutes=None), NOW)
    assert decision.may("mail:view")
    assert not decision.may("images:view")
    assert not decide(engine, row(auto_lock_minutes=None, staff_group=None), NOW).may("mail:view")


def test_a_clause_without_conditions_always_holds():
    made = policy(clause("teach"), clause("require"), clause("grant", when=LOCK), clause("grant", id="g", need=LOCK))
    assert [clause_text(made, one) for one in made.clauses][:3] == ["", "", ""]
    assert compile_policy(made).names == ("auto_lock_minutes",)


def test_masks_of_a_cell(small):
    grants, requires = small.masks("record:download")
    assert grants == 0b100
    assert requires & 1 << 23
    with pytest.raises(KeyError):
        small.masks("record:erase")


def test_a_row_holds_what_was_packed():
    facts = pack({"os_version": held("os_version", "17.4", Grade.OBSERVED, NOW), "colour": Held(1, 1, 1)})
    assert unpack(facts, "os_version") == (17_004_000, 2, NOW, FOREVER)
    assert unpack(facts, "platform").grade == 0
    with pytest.raises(KeyError):
        held("colour", 1, Grade.DECLARED, NOW)
    with pytest.raises(ValueError, match="not in"):
        held("platform", "nokia", Grade.DECLARED, NOW)


def test_the_hand_written_judge_knows_three_answers():
    known = {"antivirus": held("antivirus", True, Grade.DECLARED, NOW)}
    yes, no, unknown = ["antivirus", "==", True], ["antivirus", "==", False], ["unaltered", "==", True]
    table = {("all", 0): None, ("any", 0): True, ("all", 1): False, ("any", 1): None}
    for (how, which), answer in table.items():
        assert judge([how, unknown, (yes, no)[which]], {}, known, NOW) is answer


def test_every_cell_is_in_the_masks():
    assert list(CELL_BIT) == list(CELLS)
