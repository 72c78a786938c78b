"""The safety, security and guidance documents say nothing that is not there."""

import re
from pathlib import Path

import pytest

from fobwatch.policy.models import template
from tests.docs.reading import (
    DOCS,
    GUIDANCE,
    HAZARDS,
    NONE_YET,
    ROOT,
    THREATS,
    broken_links,
    faults_of_names,
    faults_of_proof,
    tables,
    text,
)

IDS = [
    f"{letter}{number:02}"
    for letter, last in (("B", 29), ("R", 11), ("W", 7), ("M", 7), ("T", 21))
    for number in range(1, last + 1)
]
FIELDS = (
    "Causes", "Effect on a patient", "Initial risk (proposed)", "Residual risk (proposed)", "What remains",
    "Owner and status",
)  # fmt: skip
MUST = {
    "missing or out of date", "loses its trust", "not recognised", "clocks disagree", "stricter", "middle of a shift",
    "employment", "lost or stolen", "has left", "shared computer", "outlives", "unlocked phone", "passed by",
    "wrong kind", "slow", "3 a.m.", "passkey is lost", "help line", "does not open", "misused", "wrong organisation",
    "e-mail", "lock screen", "names a patient",
}  # fmt: skip
SECTIONS = dict(re.findall(r"^### (H\d+: [^\n]+)\n(.*?)(?=^##|\Z)", text(HAZARDS), re.MULTILINE | re.DOTALL))
THREAT_ROWS = [row for table in tables(text(THREATS)) for row in table if "Threat" in row]
GUIDANCE_ROWS = [row for table in tables(text(GUIDANCE)) for row in table]


def id_of(row: dict[str, str]) -> str:
    return row["Id"]


# --- hazards ---


def test_hazards_are_numbered_without_a_gap_and_none_of_the_known_ones_is_left_out() -> None:
    assert [title.split(":")[0] for title in SECTIONS] == [f"H{number:02}" for number in range(1, len(SECTIONS) + 1)]
    titles = "\n".join(SECTIONS).lower()
    assert [words for words in MUST if words not in titles] == []


@pytest.mark.parametrize("title", SECTIONS)
def test_a_hazard_has_all_its_parts(title: str) -> None:
    said = dict(re.findall(r"^- \*\*([^:*]+):\*\* (.+)$", SECTIONS[title], re.MULTILINE))
    assert tuple(said) == FIELDS
    assert all(len(words) > 10 for words in said.values())
    assert len(tables(SECTIONS[title])) == 1


@pytest.mark.parametrize("title", SECTIONS)
def test_the_score_of_a_hazard_is_that_of_the_table(title: str) -> None:
    matrix = {row["Severity"]: row for row in tables(text(HAZARDS))[0]}
    found = re.findall(
        r"^- \*\*(?:Initial|Residual) risk .*\*\* (.+) \u00d7 (.+) = (\d)$", SECTIONS[title], re.MULTILINE
    )
    assert len(found) == 2
    for severity, likelihood, score in found:
        assert matrix[severity][likelihood] == score
    assert int(found[1][2]) <= int(found[0][2]), "controls do not make it worse"


@pytest.mark.parametrize("title", SECTIONS)
def test_every_control_of_a_hazard_names_a_test_that_exists(title: str) -> None:
    rows = tables(SECTIONS[title])[0]
    assert all(set(row) == {"Control", "Where", "Test"} and row["Control"] and row["Where"] for row in rows)
    assert [fault for row in rows for fault in faults_of_proof(row["Test"])] == []
    assert any(row["Test"] != NONE_YET for row in rows)


def test_the_open_sign_off_stands_at_the_top_and_is_repeated_on_the_first_page() -> None:
    top = text(HAZARDS)[:400]
    assert "open. Nobody has signed this" in top
    assert "claim to\nbe a medical device" in text(HAZARDS)
    assert "Not assessed, not signed off, not endorsed" in text(ROOT / "README.md")


# --- threats ---


def test_threats_have_ids_of_their_own() -> None:
    ids = [row["Id"] for row in THREAT_ROWS]
    assert len(ids) > 50
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("row", THREAT_ROWS, ids=id_of)
def test_every_threat_has_a_control_and_a_test_that_exists_or_says_none_yet(row: dict[str, str]) -> None:
    assert set(row) == {"Id", "Threat", "Kind", "Control", "Test", "What remains"}
    assert row["Threat"]
    assert row["Control"]
    assert row["Kind"] in set("STRIDE")
    assert faults_of_proof(row["Test"]) == []
    assert row["Test"] != NONE_YET or row["What remains"], "without a test, say what remains"


# --- guidance ---


def test_every_statement_of_the_guidance_is_there_once_and_in_order() -> None:
    assert [row["Id"] for row in GUIDANCE_ROWS] == IDS


@pytest.mark.parametrize("row", GUIDANCE_ROWS, ids=id_of)
def test_every_statement_names_a_test_that_exists_or_claims_nothing(row: dict[str, str]) -> None:
    feature = row["Feature, and where"]
    assert row["The statement, in short"]
    assert faults_of_proof(row["Test"]) == []
    assert (row["Test"] == NONE_YET) is feature.startswith(NONE_YET)


def test_what_is_text_only_stands_in_the_template() -> None:
    cited = {statement for clause in template().clauses for statement in clause.guidance}
    said = {row["Id"] for row in GUIDANCE_ROWS if row["Feature, and where"].startswith("Text only")}
    assert said - cited == set()


def test_rules_that_are_named_are_in_the_template() -> None:
    known = {clause.id for clause in template().clauses}
    for row in GUIDANCE_ROWS:
        for words in re.findall(r"Rules? ((?:`[a-z-]+`[^`;:.]{0,12})+)", row["Feature, and where"]):
            assert set(re.findall(r"`([a-z-]+)`", words)) <= known, row["Id"]


# --- all ---


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_files_and_links_that_are_named_exist(path: Path) -> None:
    assert faults_of_names(text(path)) == []
    assert broken_links(path) == []


def test_the_pictures_that_are_shown_are_there() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)\s]+)\)", text(ROOT / "README.md"))
    assert shown
    assert [name for name in shown if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_document_holds_the_path_of_a_machine(path: Path) -> None:
    assert str(ROOT) not in text(path)
    assert not re.search(r"(?<![\w.])/(home|root|Users|tmp|work)/", text(path))
