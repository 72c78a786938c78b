"""The national template: complete, plain, curable, and open to those whom it should open for."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from fobwatch.policy.rules.clause import load_toml, param_words, sentence
from fobwatch.policy.rules.readability import grade, report
from fobwatch.policy.rules.vocabulary import BY_NAME, PLATFORMS, Grade

PATH = Path(__file__).parents[3] / "fobwatch/policy/data/template.toml"
TEXT = PATH.read_text(encoding="utf-8")
DATA: dict[str, Any] = tomllib.loads(TEXT)
CLAUSES: list[dict[str, Any]] = DATA["clause"]
POLICY = load_toml(TEXT)
WORDS = param_words(POLICY)

ITEMS = {f"P{number:02}" for number in range(1, 27)}
STATEMENTS = {
    f"{letter}{number:02}"
    for letter, last in (("B", 29), ("R", 11), ("W", 7), ("M", 7), ("T", 21))
    for number in range(1, last + 1)
}
PROMISED = {
    "B02", "B03", "B05", "B10", "B11", "B12", "B13", "B14", "B15", "B16", "B18", "B19", "B20", "B21",
    "B22", "B23", "B24", "B25", "B26", "B27", "B28", "R01", "R08", "R11", "W03", "W04", "T01", "T02",
    "T04", "T05", "T06", "T07", "T08", "T09", "T12", "T16",
}  # fmt: skip
# What a clause must say to set the rule of an item, not only name it.
SAID = {
    "P01": r"must have a screen lock", "P02": r"multi-factor", "P03": r"must be encrypted",
    "P04": r"automatic updates.*system.*apps", "P05": r"antivirus", "P06": r"(?s)You keep.*Managers.*IT keeps.*IG team",
    "P07": r"access ends that day.*remove all work data", "P08": r"away for more than \d+ weeks, we pause",
    "P09": r"(is|are) open to|cannot save", "P10": r"Do not sync, upload or back up", "P11": r"main record.*delete",
    "P12": r"Do not keep patient information", "P13": r"Register it with IT|list of all devices",
    "P14": r"We train you when you start", "P15": r"look for it and hand it to us",
    "P16": r"The IG team checks a sample .* every \d+ months", "P17": r"Tell us at once.*I lost my phone.*service desk",
    "P18": r"deletes everything on it, your photos", "P19": r"disciplinary", "P20": r"impact assessment \(DPIA\)",
    "P21": r"Use only the apps .* approved list", "P22": r"Nobody else may use", "P23": r"Never use the camera app",
    "P24": r"messages about work in our own", "P25": r"not allowed", "P26": r"owns this policy and reviews it",
}  # fmt: skip


def spoken(clause: dict[str, Any]) -> str:
    """The text as staff read it."""
    return sentence(clause["text"], WORDS)


def facts_in(condition: Any) -> set[str]:
    """The facts of a raw condition."""
    if not condition:
        return set()
    if condition[0] in ("all", "any"):
        return set().union(*map(facts_in, condition[1:]))
    return {condition[0]}


def platforms_of(condition: Any) -> set[str]:
    """The platforms that a raw `when` names; all where it names none."""
    if condition and condition[0] == "all":
        return set.intersection(*map(platforms_of, condition[1:]))
    if condition and condition[0] == "platform":
        return {condition[2]} if condition[1] == "==" else set(condition[2])
    return set(PLATFORMS)


REQUIRES = [clause for clause in CLAUSES if clause["kind"] == "require"]


def by_id(clause: dict[str, Any]) -> str:
    return str(clause["id"])


# --- complete ---


def test_it_has_about_thirty_clauses_with_ids_of_their_own() -> None:
    ids = [clause["id"] for clause in CLAUSES]
    assert len(set(ids)) == len(ids)
    assert 28 <= len(ids) <= 35


def test_it_meets_all_26_items_and_no_others() -> None:
    assert {item for clause in CLAUSES for item in clause["items"]} == ITEMS == set(SAID)


@pytest.mark.parametrize("item", sorted(ITEMS))
def test_a_clause_sets_the_rule_of_the_item(item: str) -> None:
    citing = [spoken(clause) for clause in CLAUSES if item in clause["items"]]
    assert any(re.search(SAID[item], text) for text in citing)
    assert not any(re.search(r"\b(if possible|where possible|ideally)\b", text) for text in citing)


def test_it_meets_the_guidance_that_a_policy_can_meet_and_cites_no_other() -> None:
    cited = {statement for clause in CLAUSES for statement in clause["guidance"]}
    assert cited <= STATEMENTS
    assert cited >= PROMISED


def test_every_clause_says_whom_it_binds_and_what_it_comes_from() -> None:
    assert all(clause["binds"] and clause["guidance"] and clause["section"] for clause in CLAUSES)
    assert {who for clause in CLAUSES for who in clause["binds"]} == {"staff", "managers", "it", "ig", "organisation"}


def test_taught_clauses_enforce_nothing() -> None:
    taught = [clause for clause in CLAUSES if clause["kind"] == "teach"]
    assert taught
    assert not any({"on", "when", "need"} & set(clause) for clause in taught)


# --- plain ---


def test_staff_can_read_it() -> None:
    texts = [spoken(clause) for clause in CLAUSES if "staff" in clause["binds"]]
    found = report(texts)
    assert found.grade <= 8, found.longest


@pytest.mark.parametrize("clause", [c for c in CLAUSES if len(c["text"].split()) >= 20], ids=by_id)
def test_each_longer_clause_can_be_read(clause: dict[str, Any]) -> None:
    assert grade(spoken(clause)) <= 8


@pytest.mark.parametrize("clause", REQUIRES, ids=by_id)
def test_what_a_refusal_says_can_be_read(clause: dict[str, Any]) -> None:
    facts = {"platform": "iPhone", "os_version": "17.4", "checked_in": "40 days", "employment": "away"}
    steps = [sentence(step, WORDS) for steps in clause["fix"].values() for step in steps]
    assert report([sentence(clause["fails"], WORDS | facts), *steps]).grade <= 8


# --- curable ---


@pytest.mark.parametrize("clause", REQUIRES, ids=by_id)
def test_every_refusal_has_a_sentence_and_steps_for_each_device_that_it_can_meet(clause: dict[str, Any]) -> None:
    assert clause["fails"].endswith(".")
    assert clause["minutes"] > 0
    fixes = clause["fix"]
    assert "any" in fixes or set(fixes) == platforms_of(clause.get("when"))
    assert all(
        len(steps) >= 2 and all(step.endswith(".") or step.endswith("?") for step in steps) for steps in fixes.values()
    )


@pytest.mark.parametrize("clause", REQUIRES, ids=by_id)
def test_the_grade_demanded_exists_for_every_fact(clause: dict[str, Any]) -> None:
    demanded = Grade[clause.get("grade", "declared").upper()]
    assert all(max(BY_NAME[fact].grades) >= demanded for fact in facts_in(clause["need"]))


def test_an_emergency_never_sets_aside_who_you_are_or_whose_device_it_is() -> None:
    safe = {clause["id"] for clause in REQUIRES if not clause.get("break_glass")}
    assert safe == {
        "registered", "passkey", "fresh-passkey", "screen-lock", "unaltered", "report-loss", "leaving-or-away",
    }  # fmt: skip
    assert not any(clause.get("break_glass") for clause in CLAUSES if clause["kind"] == "grant")


def test_grace_is_given_only_to_what_an_emergency_may_set_aside() -> None:
    assert {c["id"] for c in REQUIRES if c.get("grace_days")} == {c["id"] for c in REQUIRES if c.get("break_glass")}


@pytest.mark.parametrize("clause", REQUIRES, ids=by_id)
def test_nothing_about_the_device_is_asked_of_a_shared_ward_computer(clause: dict[str, Any]) -> None:
    about_device = {fact for fact in facts_in(clause["need"]) if BY_NAME[fact].about.value == "device"}
    assert not about_device or "ownership" in facts_in(clause["when"])


def test_the_parameters_that_an_organisation_sets_are_there() -> None:
    assert {
        "idle_minutes", "absolute_hours", "min_ios", "min_ipados", "min_android", "min_windows", "min_macos",
        "min_chromeos", "mail_groups", "chat_groups", "document_groups", "record_groups", "image_groups", "grace_days",
        "protect_shift", "shift_hours", "break_glass_minutes", "checkin_days", "reverify_minutes", "auto_lock_minutes",
        "owner_role", "review_months",
    } <= set(POLICY.values)  # fmt: skip
    assert DATA["review_months"] == POLICY.values["review_months"]
