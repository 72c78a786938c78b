"""What is installed is what was locked."""

import json
import re

import pytest

from tests.docs.reading import ROOT, text


@pytest.mark.parametrize("name", ["run", "dev", "node"])
def test_every_package_of_the_lock_has_a_hash(name: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", text(ROOT / "requirements" / f"{name}.txt"))
    packages = [entry for entry in entries if "==" in entry.splitlines()[0]]
    assert packages
    assert [entry.splitlines()[0] for entry in packages if "--hash=sha256:" not in entry] == []


def test_every_npm_package_of_the_lock_has_a_hash() -> None:
    packages = json.loads(text(ROOT / "package-lock.json"))["packages"]
    assert [name for name, one in packages.items() if name and not one.get("integrity", "").startswith("sha512-")] == []


def test_installing_refuses_what_is_not_in_the_lock() -> None:
    assert "--require-hashes" in text(ROOT / "Makefile")
    assert "npm ci" in text(ROOT / "fobwatch" / "design" / "build.py").replace('"ci"', "npm ci")
