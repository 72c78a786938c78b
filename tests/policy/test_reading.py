"""The policy as pages show it, and the checklist behind it."""

import dataclasses
import datetime as dt

import pytest

from fobwatch.policy.models import months_after, template
from fobwatch.policy.rules import checklist, reading
from fobwatch.policy.rules.clause import Policy, load_toml, with_params
from fobwatch.policy.rules.reading import Change

T = template()

SMALL = """
title = "Small"
[params.days]
kind = "int"
default = 1
label = "Days"
unit = "days"
[params.protect_shift]
kind = "bool"
default = true
label = "Shifts"
[[clause]]
id = "one"
section = "First"
kind = "require"
title = "One"
text = "Wait {days} days. Then go."
do = "Wait {days} days."
binds = ["staff"]
on = ["mail:view", "mail:share", "chat:*"]
need = ["employment", "==", "active"]
fails = "No."
grace_days = "$days"
break_glass = true
[clause.fix]
any = ["Ask.", "Wait {days} days."]
[[clause]]
id = "two"
section = "Second"
kind = "require"
title = "Two"
text = "Stay."
dont = "Do not go."
binds = ["managers"]
on = ["mail:*"]
set = { watermark = true }
[[clause]]
id = "three"
section = "First"
kind = "teach"
title = "Three"
text = "Learn."
dont = "Do not sleep."
binds = ["staff"]
"""


@pytest.fixture
def small() -> Policy:
    return load_toml(SMALL)


# --- what staff read ---


def test_rules_are_numbered_in_order_with_the_values_filled_in(small: Policy) -> None:
    found = reading.rules(small)
    assert [(one.number, one.text, one.checked) for one in found] == [
        (1, "Wait 1 days. Then go.", True), (2, "Stay.", True), (3, "Learn.", False),
    ]  # fmt: skip


def test_a_section_gathers_its_rules_under_one_heading(small: Policy) -> None:
    assert [(one.title, [rule.number for rule in one.rules]) for one in reading.sections(small)] == [
        ("First", [1, 3]), ("Second", [2]),
    ]  # fmt: skip


def test_only_what_binds_staff_counts_for_how_hard_it_is(small: Policy) -> None:
    assert reading.readability(small).sentences == 3
    assert 0 < reading.readability(T).grade <= 8


# --- what enforces a rule ---


def test_what_enforces_a_rule_is_said_in_words(small: Policy) -> None:
    one, two, three = (reading.enforcement(small, clause) for clause in small.clauses)
    assert one.work == ("Email, calendar and rota: view, share", "Messages")
    assert (one.grade, one.grace) == ("What you tell us is enough.", "A warning for 1 day first.")
    assert one.emergency == "Emergency access may set it aside."
    assert one.platforms == (("Any device", ("Ask.", "Wait 1 days.")),)
    assert (two.work, two.grade, two.grace) == (("Email, calendar and rota",), "", "No time of grace.")
    assert two.emergency == "It holds in emergencies too."
    assert three.work == ()
    lock = reading.enforcement(T, T.clause("screen-lock"))
    assert lock.work == ("All work",)
    assert lock.platforms[0][0] == "iPhone"
    assert reading.enforcement(T, T.clause("check-in")).grace == "A warning for 7 days first."


# --- what a version changes ---


def test_a_changed_parameter_is_said_with_its_words_and_unit() -> None:
    after = with_params(T, {"grace_days": 3, "record_groups": [], "protect_shift": False})
    assert reading.changes(T, after) == (
        Change("Who may look at patient records", "clinical staff", "nobody"),
        Change("Time to put a new problem right", "7 days", "3 days"),
        Change("Never newly block somebody in the middle of a shift", "yes", "no"),
    )
    assert reading.changes(T, T) == ()


def test_rules_and_details_that_come_and_go_are_said_too(small: Policy) -> None:
    after = load_toml(
        SMALL.replace('text = "Stay."', 'text = "Stay here."')
        .replace('id = "three"', 'id = "four"')
        .replace(
            "[params.protect_shift]", '[params.shift_hours]\nkind = "int"\ndefault = 9\nlabel = "Hours"\n[params.x]'
        )
        .replace('[params.x]\nkind = "bool"\ndefault = true\nlabel = "Shifts"\n', "")
    )
    assert reading.changes(small, after) == (
        Change("Hours", "not there", "9"),
        Change("Shifts", "yes", "not there"),
        Change("Rule “Two”", "as it was", "written anew"),
        Change("Rule “Three”", "not there", "new"),
        Change("Rule “Three”", "was a rule", "taken out"),
    )


# --- what an author sets ---


def test_each_detail_stands_once_under_the_rule_that_uses_it(small: Policy) -> None:
    found = [(one.title, [(param.name, said) for param, said in one.params]) for one in reading.choices(small)]
    assert found == [("First", [("days", ("Wait 1 days.",))]), ("Shifts", [("protect_shift", ())])]
    names = [param.name for one in reading.choices(T) for param, _ in one.params]
    assert sorted(names) == sorted(param.name for param in T.params)


# --- the checklist ---


def test_the_template_meets_every_item_and_statement() -> None:
    assert len(checklist.ITEMS) == 26
    assert [line.id for line in (*checklist.items(T), *checklist.guidance(T)) if not line.clauses] == []


def test_what_no_rule_meets_shows(small: Policy) -> None:
    without = dataclasses.replace(T, clauses=tuple(one for one in T.clauses if "P23" not in one.items))
    assert [line.words for line in checklist.items(without) if not line.clauses] == ["Clinical photographs"]
    assert not any(line.clauses for line in checklist.guidance(small))


# --- the day of the review ---


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        ("2026-11-20", 12, "2027-11-20"), ("2026-11-20", 1, "2026-12-20"), ("2026-11-20", 2, "2027-01-20"),
        ("2026-12-31", 2, "2027-02-28"), ("2027-12-31", 2, "2028-02-29"), ("2026-12-01", 12, "2027-12-01"),
    ],
)  # fmt: skip
def test_months_later_is_the_same_day_or_the_last(day: str, months: int, after: str) -> None:
    assert months_after(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(after)
