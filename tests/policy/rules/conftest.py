"""The policies that every test of the engine runs over: the sample, and the shipped template once it is there."""

from pathlib import Path

import pytest

from fobwatch.policy.rules.clause import load_toml
from fobwatch.policy.rules.compile import compile_policy

HERE = Path(__file__).parent
POLICIES = {"sample": HERE.parent / "sample.toml"}
SHIPPED = HERE.parents[2] / "fobwatch" / "policy" / "data" / "template.toml"
if SHIPPED.exists():
    POLICIES["template"] = SHIPPED


@pytest.fixture(scope="session", params=POLICIES)
def policy(request):
    return load_toml(POLICIES[request.param].read_text())


@pytest.fixture(scope="session")
def sample():
    return load_toml(POLICIES["sample"].read_text())


@pytest.fixture(scope="session")
def compiled(policy):
    return compile_policy(policy)


@pytest.fixture(scope="session")
def small(sample):
    return compile_policy(sample)
