"""`fobwatch policy prove`: sentences for a person, an object for a machine, and an end that a script can read."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fobwatch.people.models import Organisation
from fobwatch.policy.models import template
from fobwatch.policy.rules.clause import canonical, with_params
from fobwatch.web.commands import app
from tests.policy.rules.proofs.planted import TEMPLATE, planted


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["policy", "prove", *words, "--seconds", "300"])


def answer(*words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*words, "--json").stdout.strip().splitlines()[-1])
    return found


def write(path: Path, name: str) -> str:
    path.write_bytes(canonical(planted(name)[0]))
    return str(path)


def test_it_proves_the_template_and_says_what_no_proof_shows() -> None:
    done = run()
    assert done.exit_code == 0, done.output
    assert "Proved      Somebody who has left opens nothing." in done.stdout
    assert "A proof is about the rules, not about the world" in done.stdout
    found = answer(str(TEMPLATE))
    assert found["right"] is True
    assert {one["status"] for one in found["findings"]} == {"proved", "broken"}


def test_a_broken_policy_ends_with_1_and_tells_of_a_person(tmp_path: Path) -> None:
    file = write(tmp_path / "policy.json", "encryption is not asked for")
    done = run(file)
    assert done.exit_code == 1
    assert "Not so      No file is saved" in done.stdout
    assert "on a work Windows computer, with storage not encrypted, may download" in done.stdout
    found = answer(file)
    assert found["right"] is False
    (broken,) = [one for one in found["findings"] if one["key"] == "files-unencrypted"]
    assert broken["example"]["storage is encrypted"] == "no (seen)"
    assert broken["clauses"] == ["issued-devices"]


def test_two_files_are_compared(tmp_path: Path) -> None:
    stricter = tmp_path / "stricter.json"
    stricter.write_bytes(canonical(with_params(template(), {"min_ios": "26.0"})))
    done = run(str(stricter), "--than", str(TEMPLATE))
    assert done.exit_code == 0, done.output
    assert "nowhere more permissive" in done.stdout
    back = run(str(TEMPLATE), "--than", str(stricter))
    assert back.exit_code == 1
    assert "- A clinical member of staff on their own iPhone, with version" in back.stdout
    found = answer(str(TEMPLATE), "--than", str(stricter))
    assert found["status"] == "broken"
    assert found["widenings"][0]["clauses"] == ["version-iphone"]


@pytest.mark.django_db
def test_an_organisation_without_a_policy_is_told_so(hospital: Organisation) -> None:
    assert run("--organisation", hospital.slug).exit_code == 1


def test_what_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path) -> None:
    missing = run(str(tmp_path / "none.toml"))
    assert (missing.exit_code, "cannot be read" in missing.output) == (2, True)
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("title = 3")
    refused = run(str(wrong))
    assert (refused.exit_code, "policy:" in refused.output) == (2, True)
