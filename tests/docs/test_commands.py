"""The commands and settings that the documents name are there."""

import os
import re
import subprocess
import sys

import pytest
import typer

from fobwatch.web.commands import app
from tests.docs.reading import DOCS, ROOT, tables, text

DEPLOY = ROOT / "docs" / "deploy.md"
OUTSIDE = {"manage"}


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.MULTILINE))


def commands() -> dict[str, set[str]]:
    """Each command, and what may stand behind it."""
    group = typer.main.get_command(app)
    return {name: set(getattr(one, "commands", {})) for name, one in group.commands.items()}  # type: ignore[attr-defined]


def said(source: str) -> list[list[str]]:
    """Each command line of `fobwatch` in a document, in words."""
    lines = re.findall(r"(?:^|`|\(|-m )fobwatch ([a-z][^`\n]*)", source, re.MULTILINE)
    return [re.sub(r"[^\w\s-]", " ", line).split() for line in lines if not line.startswith("stands")]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_command_exists(path) -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", text(path), re.MULTILINE))
    assert named - targets() == set()


def test_the_first_page_gives_two_commands() -> None:
    assert {"run", "test"} <= set(re.findall(r"^make ([a-z]+)", text(ROOT / "README.md"), re.MULTILINE))


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_of_fobwatch_exists(path) -> None:
    known = commands()
    for words in said(text(path)):
        if words[0] in OUTSIDE:
            continue
        assert words[0] in known, words
        assert not known[words[0]] or words[1] in known[words[0]], words


def test_options_that_deployment_names_exist() -> None:
    group = typer.main.get_command(app)
    for words in said(text(DEPLOY)):
        if words[0] in OUTSIDE:
            continue
        command = group.commands[words[0]]  # type: ignore[attr-defined]
        if commands()[words[0]]:
            command = command.commands[words[1]]
        there = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= there, words


def test_every_setting_is_on_the_deployment_page_and_no_other() -> None:
    source = "".join(text(ROOT / "fobwatch" / "config" / "settings" / f"{name}.py") for name in ("base", "production"))
    read = set(re.findall(r"""(?:environ\.get\(|_required\()["'](\w+)["']""", source)) - {"FOBWATCH_CHECKS"}
    rows = next(table for table in tables(text(DEPLOY)) if table and "What it is" in table[0])
    assert {row["Name"].strip("`") for row in rows} == read


def test_a_key_for_the_log_is_made_before_there_are_settings() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fobwatch", "audit", "key"], cwd=ROOT, env={"PATH": os.environ["PATH"]},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.strip()) == 44
