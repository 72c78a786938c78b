"""Who may move a registration, and what nobody may do to somebody's own device."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.devices.rules import states
from fobwatch.devices.rules.states import (
    MAY_MOVE,
    MOVERS,
    MOVES,
    PERSONAL_VERBS,
    STATES,
    WORK_VERBS,
    may_change_ownership,
    may_command,
    may_move,
)
from fobwatch.policy.rules.vocabulary import DEVICE_STATES


def test_the_states_are_those_that_a_policy_speaks_of() -> None:
    assert {*STATES, "none"} == set(DEVICE_STATES)
    assert set(states.STATE_WORDS) == set(STATES)


def test_both_tables_cover_everything() -> None:
    assert set(MOVES) == set(STATES)
    assert {(before, after) for before in MOVES for after in MOVES[before]} == set(MAY_MOVE)
    assert all(movers and movers <= set(MOVERS) for movers in MAY_MOVE.values())
    assert set(states.MOVER_WORDS) == set(MOVERS)
    assert {mover for movers in MAY_MOVE.values() for mover in movers} == set(MOVERS)


@pytest.mark.parametrize(
    ("before", "after", "by"), [*itertools.product((*STATES, "none", ""), (*STATES, "none", ""), (*MOVERS, "stranger"))]
)
def test_a_move_is_allowed_exactly_where_the_table_says(before: str, after: str, by: str) -> None:
    verdict = may_move(before, after, by)
    assert verdict.ok == (by in MAY_MOVE.get((before, after), ()))
    assert verdict.ok or (verdict.reason.endswith(".") and verdict.next_step)


def test_every_state_but_removed_can_be_lost_or_removed() -> None:
    for state in STATES:
        assert ("retired" in MOVES[state]) == (state != "retired")
        assert ("lost" in MOVES[state]) == (state not in ("retired", "lost"))


def test_a_lost_code_can_cut_off_and_nothing_else() -> None:
    assert {after for (_, after), movers in MAY_MOVE.items() if states.LOST_CODE in movers} == {"lost"}


def test_only_it_opens_again_what_was_cut_off() -> None:
    for before in ("lost", "suspended"):
        assert MAY_MOVE[before, "active"] == {states.IT}


def test_a_refusal_says_who_can() -> None:
    verdict = may_move("active", "suspended", states.OWNER)
    assert verdict.reason == (
        "Only the IT team or Fobwatch itself can change this device from “Active” to “Suspended”."
    )
    assert may_move("retired", "active", states.IT).next_step == "To use it for work again, register it anew."
    assert may_move("lost", "lost", states.IT).reason == "This device is already lost."


@given(before=st.text(max_size=10), after=st.text(max_size=10))
def test_ownership_never_changes(before: str, after: str) -> None:
    assert may_change_ownership(before, after).ok == (before == after)


def test_a_personal_device_never_becomes_issued() -> None:
    assert not may_change_ownership("personal", "issued")
    assert not may_change_ownership("issued", "personal")


NAMES_OF_OTHERS = (
    "EraseDevice", "DeviceLock", "DeviceLocation", "ClearPasscode", "EnableLostMode", "InstalledApplicationList",
    "RemoveApplication", "WIPE", "LOCK", "RESET_PASSWORD", "START_LOST_MODE", "wipe", "remoteLock", "remote lock",
    "shutDownDevice", "list-apps", " Erase ", "READ MESSAGES",
)  # fmt: skip


@pytest.mark.parametrize("verb", [*PERSONAL_VERBS, *NAMES_OF_OTHERS])
@pytest.mark.parametrize("ownership", ["personal", "shared", "", "unknown", "ISSUED"])
def test_it_refuses_forever_what_reaches_beyond_work(verb: str, ownership: str) -> None:
    verdict = may_command(verb, ownership)
    assert not verdict
    assert "own device" in verdict.reason
    assert "Nothing personal" in verdict.next_step


@given(
    verb=st.one_of(
        st.text(),
        st.sampled_from(sorted(PERSONAL_VERBS)).flatmap(
            lambda verb: st.sampled_from([verb.upper(), verb.title(), verb.replace("_", " "), f"-{verb}!"])
        ),
    ),
    ownership=st.text().filter(lambda word: word != "issued"),
)
def test_on_a_personal_device_only_work_verbs_pass_whatever_is_asked(verb: str, ownership: str) -> None:
    allowed = may_command(verb, ownership).ok
    assert allowed == (states.plain_verb(verb) in {states.plain_verb(work) for work in WORK_VERBS})


@pytest.mark.parametrize("verb", sorted(WORK_VERBS))
@pytest.mark.parametrize("ownership", ["personal", "issued"])
def test_work_can_always_be_taken_away(verb: str, ownership: str) -> None:
    assert may_command(verb, ownership)


def test_no_work_verb_is_a_personal_one() -> None:
    assert not set(map(states.plain_verb, WORK_VERBS)) & set(map(states.plain_verb, PERSONAL_VERBS))


def test_an_issued_device_knows_the_verbs_of_its_owner_and_no_others() -> None:
    assert may_command("erase", "issued")
    assert not may_command("sing", "issued")
