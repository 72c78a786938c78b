"""policy simulate: a synthetic fleet under two versions, said as synthetic, and refused where nothing can be tried."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from fobwatch.access.rules.fleet import SYNTHETIC, fleet
from fobwatch.access.rules.whatif import standing_under
from fobwatch.policy.models import template
from fobwatch.policy.rules.compile import compile_policy
from fobwatch.policy.rules.vocabulary import BY_NAME
from fobwatch.web.commands import app

NOW = 1_800_000_000
runner = CliRunner()


def run(*words: str) -> tuple[int, str]:
    done = runner.invoke(app, ["policy", "simulate", *words])
    return done.exit_code, done.output


def test_it_says_that_it_is_synthetic_and_how_long_it_took() -> None:
    code, said = run("--fleet", "2000", "--set", "min_ios=26.0", "--set", "auto_lock_minutes=2")
    assert code == 0
    assert SYNTHETIC in said
    assert "With min_ios=26.0, auto_lock_minutes=2:" in said
    assert "This change would stop " in said
    assert "Keep your iPhone up to date" in said
    assert "2,000 devices of " in said
    assert "Compared under two versions in " in said


def test_it_answers_a_machine_with_one_object() -> None:
    _, said = run("--fleet", "1000", "--json")
    found = json.loads(said)
    assert found["set"] == ["min_ios=26.0"]
    assert found["synthetic"] == SYNTHETIC
    assert found["devices"] == 1_000
    assert 0 < found["lose"] < found["people"] < 1_000
    assert {"seconds_to_make_it", "seconds_to_compare", "works", "blame", "platforms", "gaps"} <= set(found)
    again = json.loads(run("--fleet", "1000", "--json")[1])
    assert again["lose"] == found["lose"]
    assert json.loads(run("--fleet", "1000", "--seed", "7", "--json")[1])["works"] != found["works"]


def test_what_changes_nothing_is_said() -> None:
    code, said = run("--fleet", "1", "--set", "min_ios=18.0")
    assert code == 0
    assert "would take nothing away from anybody" in said
    assert "What takes it away" not in said


@pytest.mark.parametrize(("words", "said"), [
    (["--fleet", "0"], "Make up from 1 to 5,000,000 devices"),
    (["--fleet", "5000001"], "Make up from 1 to 5,000,000 devices"),
    (["--seed", "-1"], "Make up from 1 to 5,000,000 devices"),
    (["--set", "min_ios"], "Say --set NAME=VALUE. NAME is one of: min_ios"),
    (["--set", "owner_role=x"], "Say --set NAME=VALUE."),
    (["--set", "min_ios=newest"], "min_ios: Write a version as numbers"),
    (["--set", "checkin_days=0"], "checkin_days: Enter a whole number from 1 to 90."),
])  # fmt: skip
def test_what_cannot_be_simulated_is_said(words: list[str], said: str) -> None:
    code, output = run("--fleet", "10", *words)
    assert code == 2
    assert said in output


def test_the_fleet_is_whole_and_the_same_for_the_same_seed() -> None:
    one, same, other = fleet(3_000, NOW), fleet(3_000, NOW), fleet(3_000, NOW, seed=1)
    assert set(one.columns) == set(BY_NAME)
    assert all(np.array_equal(one.columns[name].value, same.columns[name].value) for name in BY_NAME)
    assert not np.array_equal(one.columns["platform"].value, other.columns["platform"].value)
    assert one.people < 3_000
    staff_group = one.columns["staff_group"].value
    assert all(len({*staff_group[one.person == person].tolist()}) == 1 for person in range(200))
    open_now = np.count_nonzero(standing_under(compile_policy(template()), one, NOW).standing.cells)
    assert 0.2 < open_now / 3_000 < 0.95
