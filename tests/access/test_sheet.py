"""The sheet says what is so, says nothing it was not told, and says the same as the membership's own dates."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.access.rules.sheet import ALWAYS, DAY, Sheet, employment_on, facts, iso_day, row
from fobwatch.people.models import Membership
from fobwatch.policy.rules.row import FOREVER, Held, pack
from fobwatch.policy.rules.vocabulary import BY_NAME, FACTS, About

NOW = 1_795_170_000
TODAY = iso_day(NOW // DAY)
DEVICE_FACTS = [fact.name for fact in FACTS if fact.about is About.DEVICE]
SHEET = Sheet(
    role="staff", clinical=True, employment="active", away_from=None, away_until=None, leaves_on=None,
    ownership="personal", device_state="active", facts='{"screen_lock": [1, 2, 1795000000, 1797000000]}',
    read_at=1_795_000_000, how="passkey", verified=NOW - 60, started=NOW - 60, understands=1_800_000_000,
)  # fmt: skip
DATES = st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 9))


def value(name: str, word: str) -> int:
    return BY_NAME[name].choices.index(word)


def test_it_says_what_it_was_told() -> None:
    assert facts(SHEET, NOW) == {
        "screen_lock": Held(1, 2, 1_795_000_000, 1_797_000_000),
        "ownership": Held(value("ownership", "personal"), 5, ALWAYS),
        "device_state": Held(value("device_state", "active"), 5, ALWAYS),
        "role": Held(value("role", "staff"), 5, ALWAYS),
        "staff_group": Held(value("staff_group", "clinical"), 5, ALWAYS),
        "employment": Held(value("employment", "active"), 5, ALWAYS),
        "policy_read": Held(1, 5, 1_795_000_000),
        "understands": Held(1_800_000_000, 5, ALWAYS),
        "passkey_verified": Held(1, 5, NOW - 60),
        "verified": Held(NOW - 60, 5, NOW - 60),
    }


def test_the_row_is_the_packed_facts() -> None:
    assert row(SHEET, NOW) == pack(facts(SHEET, NOW))


def test_a_policy_that_was_not_confirmed_is_known_not_to_be() -> None:
    assert facts(SHEET._replace(read_at=0), NOW)["policy_read"] == Held(0, 5, ALWAYS, FOREVER)


def test_who_never_passed_the_training_is_to_do_it_since_they_joined() -> None:
    assert facts(SHEET._replace(understands=0, joined=NOW - 5), NOW)["understands"] == Held(NOW - 5, 5, ALWAYS, FOREVER)


def test_who_has_not_confirmed_the_policy_has_not_since_they_joined() -> None:
    assert facts(SHEET._replace(read_at=0, joined=NOW - 5), NOW)["policy_read"] == Held(0, 5, NOW - 5, FOREVER)


@pytest.mark.parametrize("clinical", [False, 0])
def test_staff_who_are_not_clinical_are_known_as_such(clinical: bool | int) -> None:
    assert facts(SHEET._replace(clinical=clinical), NOW)["staff_group"].value == value("staff_group", "non_clinical")


@pytest.mark.parametrize(("how", "demo", "counts"), [
    ("passkey", False, True), ("passkey", True, True), ("demo", True, True), ("demo", False, False), ("", True, False),
])  # fmt: skip
def test_a_persona_counts_as_a_passkey_in_the_demo_only(how: str, demo: bool, counts: bool) -> None:
    found = facts(SHEET._replace(how=how), NOW, demo=demo)
    assert found["passkey_verified"].value == int(counts)
    assert ("verified" in found) is counts


@pytest.mark.parametrize("field", ["role", "ownership", "device_state", "employment"])
def test_a_word_outside_the_vocabulary_is_missing(field: str) -> None:
    assert field not in facts(SHEET._replace(**{field: "king"}), NOW)


def test_no_registration_on_a_browser_is_a_state_and_no_ownership() -> None:
    found = facts(SHEET._replace(ownership="", device_state="none", facts="{}"), NOW)
    assert found["device_state"].value == value("device_state", "none")
    assert not {"ownership", *DEVICE_FACTS} & set(found)


@pytest.mark.parametrize("text", [
    "", "not json", '{"auto_lock_minutes": [9223372036854775808, 1, 1, 0]}',
    "[]", "null", '"text"', '{"screen_lock": 1}', '{"screen_lock": [1, 2, 3]}',
    '{"screen_lock": [true, 2, 3, 4]}', '{"screen_lock": [1, 2, 3, null]}', '{"screen_lock": [1, 2, 3, 4.5]}',
    '{"role": [1, 5, 1, 9999999999]}', '{"device_state": [1, 5, 1, 9999999999]}', '{"made_up": [1, 5, 1, 9]}',
])  # fmt: skip
def test_evidence_that_is_not_evidence_is_missing(text: str) -> None:
    told = facts(SHEET._replace(facts=text), NOW)
    assert told == facts(SHEET._replace(facts="{}"), NOW)


@given(held=st.dictionaries(st.sampled_from(DEVICE_FACTS), st.tuples(*[st.integers(1, 5)] * 4)))
def test_all_evidence_reaches_its_place(held: dict[str, tuple[int, int, int, int]]) -> None:
    found = facts(SHEET._replace(facts=json.dumps(held)), NOW)
    assert {name: tuple(found[name]) for name in DEVICE_FACTS if name in found} == held


@given(employment=st.sampled_from(["active", "away", "leaving", "left"]), away_from=DATES, away_until=DATES,
       leaves_on=DATES, day=DATES.filter(bool))  # fmt: skip
def test_employment_is_what_the_membership_says(
    employment: str, away_from: dt.date | None, away_until: dt.date | None, leaves_on: dt.date | None, day: dt.date
) -> None:
    member = Membership(
        employment=employment, away_from=away_from, away_until=away_until, leaves_on=leaves_on, clinical=False
    )
    texts = [date and date.isoformat() for date in (away_from, away_until, leaves_on)]
    assert employment_on(employment, *texts, day.isoformat()) == member.employment_on(day)


def test_the_last_day_is_a_day_of_work_and_the_next_is_not() -> None:
    sheet = SHEET._replace(leaves_on=TODAY)
    assert facts(sheet, NOW)["employment"].value == value("employment", "leaving")
    assert facts(sheet, NOW + DAY)["employment"].value == value("employment", "left")


def test_evidence_without_an_end_lasts() -> None:
    held = facts(SHEET._replace(facts='{"checked_in": [1795000000, 2, 1795000000, 0]}'), NOW)["checked_in"]
    assert held.expires == FOREVER
