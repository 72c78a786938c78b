"""policy prove: what a policy can never do, proved, or a counterexample told as a person."""

import dataclasses
from pathlib import Path

import typer

from fobwatch.policy.rules.clause import PolicyErrors, from_json, load_toml
from fobwatch.policy.rules.form import Policy
from fobwatch.policy.rules.proofs import CANNOT, Comparison, Finding, Status, Weight, check_policy, compare
from fobwatch.web.commands.policy import Which, _policy
from fobwatch.web.commands.printing import Json, give_up, say

WORDS = {Status.PROVED: "Proved", Status.BROKEN: "Not so", Status.UNSETTLED: "Not settled"}
File = typer.Argument(None, help="A policy as TOML, or as JSON; without one, that of the organisation or the template.")
Than = typer.Option(None, "--than", help="Another policy file: say where this policy allows more than that one.")


def prove(
    file: Path | None = File, organisation: str = Which, than: Path | None = Than,
    seconds: float = typer.Option(60.0, min=0.1, help="How long all proofs may take together."), as_json: bool = Json,
) -> None:  # fmt: skip
    """Prove what a policy can never do. Ends with 1 where a claim that must hold does not, or was not settled."""
    policy = read_policy(file, as_json=as_json) if file else _policy(organisation, as_json=as_json)
    if than is not None:
        return _compared(compare(read_policy(than, as_json=as_json), policy, seconds=seconds), as_json=as_json)
    findings = check_policy(policy, seconds=seconds)
    open_musts = [one for one in findings if one.weight is Weight.MUST and one.status is not Status.PROVED]
    say(
        "\n".join([*map(_told, findings), "", CANNOT]), as_json=as_json, right=not open_musts,
        seconds=round(sum(one.seconds for one in findings), 3), findings=[_plain(one) for one in findings],
        limit=CANNOT,
    )  # fmt: skip
    if open_musts:
        raise typer.Exit(1)
    return None


def _compared(found: Comparison, *, as_json: bool) -> None:
    lines = [found.sentence, *(f"- {one.sentence}" for one in found.widenings)]
    say(
        "\n".join(lines), as_json=as_json, status=found.status, result=found.sentence, seconds=found.seconds,
        widenings=[
            {"cells": one.cells, "clauses": one.clauses, "sentence": one.sentence, "facts": dict(one.example.facts)}
            for one in found.widenings
        ],
    )  # fmt: skip
    if found.status is not Status.PROVED:
        raise typer.Exit(1)


def read_policy(file: Path, *, as_json: bool) -> Policy:
    """The checked policy of a file; a sentence and the code 2 where there is none."""
    try:
        text = file.read_text(encoding="utf-8")
        return from_json(text) if file.suffix == ".json" else load_toml(text)
    except (OSError, UnicodeDecodeError):
        give_up(f"{file} cannot be read as text in UTF-8.", as_json=as_json, code=2)
    except PolicyErrors as errors:
        give_up("\n".join(str(problem) for problem in errors.problems), as_json=as_json, code=2)


def _told(one: Finding) -> str:
    lines = [f"{WORDS[one.status]:12}{one.claim} ({one.seconds:.2f} s)"]
    if one.status is not Status.PROVED:
        lines.append(f"{'':12}{one.sentence}")
    return "\n".join(lines + ([f"{'':12}{one.note}"] if one.note else []))


def _plain(one: Finding) -> dict[str, object]:
    """A finding for a machine; the example by its facts in words."""
    fields = {item.name: getattr(one, item.name) for item in dataclasses.fields(one) if item.name != "example"}
    return {**fields, "example": dict(one.example.facts) if one.example else None}
