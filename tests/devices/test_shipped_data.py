"""The shipped support table and checklist: readable by the rules, honest about what was checked, and short."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from fobwatch.devices.rules.evidence import from_declaration
from fobwatch.devices.rules.support import fixes_until, parse_row
from fobwatch.policy.rules.readability import report
from fobwatch.policy.rules.vocabulary import BY_NAME, PLATFORMS, Grade, Kind, version_number

FOLDER = Path(__file__).parents[2] / "fobwatch/devices/data"
RELEASES: list[dict[str, Any]] = tomllib.loads((FOLDER / "support.toml").read_text(encoding="utf-8"))["release"]
CHECKLIST: dict[str, Any] = tomllib.loads((FOLDER / "checklist.toml").read_text(encoding="utf-8"))
QUESTIONS: list[dict[str, Any]] = CHECKLIST["question"]
PHONES = ("ios", "ipados", "android")


def group_of(question: dict[str, Any], platform: str) -> str:
    """The screen on which a platform is asked this question."""
    return str(question.get("group_on", {}).get(platform, question["group"]))


def asked(platform: str) -> list[dict[str, Any]]:
    return [question for question in QUESTIONS if platform in question["platforms"]]


# --- the support table ---


def test_every_line_is_one_that_the_rules_can_read() -> None:
    lines = [(parse_row(row).platform, parse_row(row).version) for row in RELEASES]
    assert len(set(lines)) == len(lines)
    assert {platform for platform, _ in lines} == set(PLATFORMS)


def test_no_line_claims_more_than_was_checked() -> None:
    for row in RELEASES:
        assert row["verified"] is False
        assert row["source"]
        assert "secondary" in row["source"] or "endoflife" in row["source"] or "fixes_until" not in row


@pytest.mark.parametrize(
    ("platform", "version", "ended"),
    [
        ("ios", "17.4", True), ("ios", "26.1", False), ("ipados", "16.7", True), ("ipados", "26", False),
        ("android", "13", True), ("android", "15", False), ("windows", "10", True), ("windows", "11", False),
        ("windows", "11.23", True), ("macos", "13.7.8", True), ("macos", "15.2", False), ("linux", "24.04", False),
        ("linux", "20.04", True), ("chromeos", "156", False),
    ],
)  # fmt: skip
def test_it_says_which_versions_still_get_fixes(platform: str, version: str, ended: bool) -> None:
    found = fixes_until(platform, version_number(version), map(parse_row, RELEASES))
    assert found.until is not None
    assert (found.until < dt.date(2026, 11, 22)) is ended


def test_a_version_that_no_line_names_is_not_known() -> None:
    assert not fixes_until("ios", version_number("9"), map(parse_row, RELEASES)).known


# --- the checklist ---


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_a_question_has_all_that_a_page_needs(question: dict[str, Any]) -> None:
    assert set(question["platforms"]) <= set(PLATFORMS)
    assert question["question"].endswith("?")
    assert question["yes"].endswith(".")
    assert question["guidance"]
    assert "any" in question["how"] or set(question["how"]) == set(question["platforms"])
    assert {group_of(question, platform) for platform in question["platforms"]} <= set(CHECKLIST["group"])


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_an_answer_can_be_kept_as_evidence(question: dict[str, Any]) -> None:
    for fact in question["facts"]:
        assert Grade.DECLARED in BY_NAME[fact].grades
        values = {"yes": [0, 1], "version": [version_number("26.1")]}.get(question["kind"]) or [
            choice["value"] for choice in question["choices"]
        ]
        assert (BY_NAME[fact].kind is Kind.BOOL) is (question["kind"] == "yes")
        for value in values:
            assert from_declaration(fact, value, question["fresh_days"]).value == value


@pytest.mark.parametrize("platform", PLATFORMS)
def test_it_is_short(platform: str) -> None:
    screens = {group_of(question, platform) for question in asked(platform)}
    assert len(asked(platform)) <= 6
    assert screens <= ({"lock", "private", "apps", "lost"} if platform in PHONES else {"computer"})


@pytest.mark.parametrize("platform", PLATFORMS)
def test_no_fact_is_asked_twice(platform: str) -> None:
    facts = [fact for question in asked(platform) for fact in question["facts"]]
    assert len(set(facts)) == len(facts)


def test_erasing_is_said_to_delete_private_things_too() -> None:
    (question,) = (question for question in QUESTIONS if question["facts"] == ["remote_wipe_on"])
    assert "deletes everything" in question["yes"]
    assert "photos" in question["yes"]


def test_the_checklist_can_be_read() -> None:
    texts = [text for question in QUESTIONS for text in (question["question"], question["yes"])]
    steps = [step for question in QUESTIONS for how in question["how"].values() for step in how]
    assert report(texts).grade <= 8
    assert report(steps).grade <= 8
