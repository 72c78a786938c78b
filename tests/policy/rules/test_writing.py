"""What an author reads of a clause: conditions as rows and in words, what differs, what stands in the margin."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.policy.models import template
from fobwatch.policy.rules import edit
from fobwatch.policy.rules.check import read
from fobwatch.policy.rules.clause import Policy, parse, to_data, with_params
from fobwatch.policy.rules.difference import SAME, beside, difference, words
from fobwatch.policy.rules.form import Atom, Group
from fobwatch.policy.rules.margin import margin, margin_of
from fobwatch.policy.rules.phrasing import atom_words, condition_words, fact_line, grades_for
from fobwatch.policy.rules.readability import abbreviations, long_sentences
from fobwatch.policy.rules.rows import LETTERS, condition_data, rows
from fobwatch.policy.rules.vocabulary import BY_NAME, Grade

A, B, C = (Atom(name, "==", True) for name in ("encrypted", "unaltered", "antivirus"))


def plain(condition: Any) -> Any:
    if isinstance(condition, Group):
        return [condition.how, *map(plain, condition.parts)]
    return [condition.fact, condition.op, condition.value]


def changed(clause_id: str, **values: Any) -> Policy:
    data = to_data(template())
    data["clause"] = [{**one, **values} if one["id"] == clause_id else one for one in data["clause"]]
    return parse(data)


# --- rows ---

LEAVES = st.sampled_from([A, B, C])
INNER = st.lists(LEAVES, min_size=2, max_size=3).map(tuple)


@st.composite
def two_levels(draw: st.DrawFn) -> Group:
    how = draw(st.sampled_from(["all", "any"]))
    other = "any" if how == "all" else "all"
    parts = draw(st.lists(st.one_of(LEAVES, INNER.map(lambda one: Group(other, one))), min_size=2, max_size=4))
    return Group(how, tuple(parts))


@given(two_levels())
def test_a_condition_of_two_levels_comes_back_from_its_rows(condition: Group) -> None:
    how, found = rows(condition)
    assert condition_data(how, found) == plain(condition)


@pytest.mark.parametrize("condition", [None, A])
def test_one_row_or_none_comes_back_too(condition: Any) -> None:
    made = condition_data(*rows(condition))
    assert made == (plain(condition) if condition else None)


def test_what_no_rows_can_show_is_told() -> None:
    deep = Group("all", (A, Group("any", (B, Group("all", (A, C))))))
    assert rows(deep) is None
    many = Group("all", tuple(Group("any", (A, B)) for _ in range(len(LETTERS) + 1)))
    assert rows(many) is None
    assert rows(Group("all", (A, Group("all", (B, C)))))[1][2].fact == "antivirus"


def test_a_letter_with_one_row_is_that_row() -> None:
    how, found = rows(Group("any", (A, Group("all", (B, C)))))
    assert condition_data(how, found[:2]) == ["any", plain(A), plain(B)]


# --- words ---


@pytest.mark.parametrize(
    ("atom", "said"),
    [
        (Atom("encrypted", "==", True), "storage is encrypted: yes"),
        (Atom("encrypted", "!=", True), "storage is encrypted: no"),
        (Atom("platform", "in", ("ios", "macos")), "make of device: iPhone or Mac"),
        (Atom("platform", "==", "ios"), "make of device: iPhone"),
        (Atom("platform", "!=", "ios"), "make of device: not iPhone"),
        (Atom("os_version", ">=", "$min_ios"), "system version: at least 18.0"),
        (Atom("checked_in", "<=", 30), "days since the last check-in: at most 30"),
        (Atom("staff_group", "in", "$record_groups"), "clinical or not: clinical staff"),
    ],
)
def test_a_comparison_is_read_in_words(atom: Atom, said: str) -> None:
    assert atom_words(template(), atom) == said


def test_a_condition_is_read_in_words() -> None:
    condition = Group("any", (A, Group("all", (B, C))))
    assert condition_words(template(), condition) == (
        "storage is encrypted: yes, or (not jailbroken or rooted: yes, and antivirus is on and current: yes)"
    )
    assert condition_words(template(), None) == ""


def test_a_fact_says_which_grades_exist_for_it() -> None:
    assert fact_line(BY_NAME["screen_lock"]) == "screen lock (proved, seen or you told us)"
    assert fact_line(BY_NAME["antivirus"]) == "antivirus is on and current (you told us)"
    assert grades_for([BY_NAME["screen_lock"], BY_NAME["encrypted"]]) == (Grade.DECLARED, Grade.OBSERVED)
    assert grades_for([]) == (Grade.DECLARED,)


# --- what differs ---


@given(
    st.lists(st.sampled_from(["you", "must", "lock", "it", "now."])), st.lists(st.sampled_from(["you", "may", "it"]))
)
def test_the_runs_hold_both_texts_word_for_word(before: list[str], after: list[str]) -> None:
    runs = words(" ".join(before), " ".join(after))
    assert " ".join(run.text for run in runs if run.kind != "ins").split() == before
    assert " ".join(run.text for run in runs if run.kind != "del").split() == after


def test_a_detail_a_word_and_what_enforces_it_are_told_apart() -> None:
    before = template()
    data = to_data(with_params(before, {"min_ios": "18.2"}))
    for one in data["clause"]:
        if one["id"] == "screen-lock":
            one.update(
                title="Lock it", grade="attested", break_glass=True, binds=["staff", "it"], set={"watermark": True}
            )
            one["audience"] = {"groups": ["clinical"]}
        if one["id"] == "no-copies":
            one["text"] = one["text"].replace("not", "never", 1)
    data["clause"] = [one for one in data["clause"] if one["id"] != "approved-apps"]
    after, made = edit.add(parse(data), section="Leave", title="Hand it in", text="Hand it in.")
    found = difference(before, after)
    assert bool(found)
    assert [(one.what, one.before, one.after) for one in found.params] == [
        ("Oldest iPhone system version", "18.0", "18.2")
    ]
    by_id = {one.id: one for one in found.clauses}
    assert {key: one.what for key, one in by_id.items()} == {
        "version-iphone": "changed", "screen-lock": "changed", "no-copies": "changed", "approved-apps": "removed",
        made: "added",
    }  # fmt: skip
    lines = {line.what: (line.before, line.after) for line in by_id["screen-lock"].lines}
    assert lines["How we must know"] == ("We must see it ourselves.", "The device must prove it.")
    assert lines["Emergencies"][1] == "Emergency access may set it aside."
    assert lines["For"] == ("Everybody", "Clinical staff")
    assert lines["What it sets"] == ("nothing", "a watermark")
    assert lines["Binds"] == ("staff", "staff, IT")
    assert "When it applies" not in lines
    assert [run.kind for run in by_id["version-iphone"].runs] == [SAME, "del", "ins", SAME]
    assert not difference(before, before)


def test_a_rule_that_becomes_taught_says_so() -> None:
    data = to_data(template())
    for one in data["clause"]:
        if one["id"] == "screen-lock":
            for key in ("on", "when", "need", "grade", "fails", "minutes", "fix"):
                one.pop(key)
            one["kind"] = "teach"
    lines = {line.what: line.after for line in difference(template(), read(data)).clauses[0].lines}
    assert lines["What enforces it"] == "Not enforced: taught and audited"
    assert lines["Kinds of work"] == lines["What it asks"] == "nothing"


def test_one_clause_beside_another() -> None:
    policy = template()
    clause = policy.clauses[0]
    assert beside(policy, None, policy, None) is None
    assert beside(policy, clause, policy, clause) is None
    assert beside(policy, None, policy, clause).what == "added"
    assert beside(policy, clause, policy, None).what == "removed"


# --- the margin ---


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Use MFA.", ("MFA",)),
        ("Use two checks (MFA). MFA is good.", ()),
        ("Two checks (called multi-factor authentication, or MFA).", ()),
        ("Use MFA (two checks).", ()),
        ("The NHS has PINs and an IT team.", ()),
        ("SARs and FOI", ("SAR", "FOI")),
    ],
)
def test_an_abbreviation_without_its_words_is_found(text: str, found: tuple[str, ...]) -> None:
    assert abbreviations([text]) == found


def test_the_margin_names_what_is_long_unexplained_and_not_met() -> None:
    long = "You " + "really " * 30 + "must."
    assert long_sentences(f"Short. {long}") == ((long.rstrip("."), 32),)
    assert margin(template()).count == 0
    policy = changed("no-copies", text=f"Ask the XYZ. {long}", items=[], guidance=[])
    found = margin(policy)
    assert [(one.clause, one.words) for one in found.long] == [("no-copies", 32)]
    assert found.abbreviations == ("XYZ",)
    assert "P10" in dict(found.items)
    assert found.count == 2 + len(found.items) + len(found.guidance)
    assert margin_of(policy, policy.clause("no-copies")).abbreviations == ("XYZ",)
    assert margin_of(policy, policy.clause("passkey")).count == 0


# --- own clauses ---


def test_an_own_clause_gets_an_id_of_its_title_that_nobody_has() -> None:
    policy, first = edit.add(template(), section="Leave", title="Hand it in!", text="Hand it in.")
    again, second = edit.add(policy, section="Leave", title="Hand it in!", text="Hand it in.")
    third, no_letters = edit.add(again, section="A new heading", title="…", text="Hand it in.")
    assert (first, second, no_letters) == ("own-hand-it-in", "own-hand-it-in-2", "own-rule")
    assert third.clauses[-1].section == "A new heading"


def test_what_was_added_here_does_not_make_a_national_clause_another() -> None:
    clause = template().clause("passkey")
    assert edit.same_words(dataclasses.replace(clause, addition="Here too.", template="2026.1"), clause)
    assert not edit.same_words(dataclasses.replace(clause, text="Sign in."), clause)
