"""decide: what a device may be used for, and why, from the register or from facts in a file."""

import json
import sys
from pathlib import Path
from typing import Any

import typer

from fobwatch.access.models import register_outcome
from fobwatch.devices.models import Registration
from fobwatch.kernel.clock import epoch, now
from fobwatch.policy.models import Version
from fobwatch.policy.rules.compile import compile_policy
from fobwatch.policy.rules.decide import decide as decide_row
from fobwatch.policy.rules.explain import Explanation, explain
from fobwatch.policy.rules.row import held, pack
from fobwatch.policy.rules.vocabulary import BY_NAME, CELLS, Grade, Kind
from fobwatch.web.commands.policy import Which, _policy
from fobwatch.web.commands.printing import Json, give_up, say

FactsFile = typer.Option(None, "--facts", help='A JSON file of facts, {"platform": "ios", …}; - for standard input.')


def decide(
    registration: str = typer.Option("", help="The id of a registration: decide as if its person had just signed in."),
    facts: Path = FactsFile,
    organisation: str = Which,
    as_json: bool = Json,
) -> None:
    """Say what a device may be used for, with the reasons and the fixes. Nothing is stored."""
    if registration:
        found = Registration.objects.select_related("membership", "organisation").filter(pk=registration).first()
        if found is None:
            give_up("There is no registration with this id.", as_json=as_json, code=2)
        outcome = register_outcome(found, Version.in_force(found.organisation), now())
        explanation, allowed = outcome.explanation, outcome.decision.allowed if outcome.decision else 0
    elif facts:
        given = _read(facts, as_json=as_json)
        moment = epoch(now())
        row = pack({name: _held(name, value, moment, as_json=as_json) for name, value in given.items()})
        decision = decide_row(compile_policy(_policy(organisation, as_json=as_json)), row, moment, moment)
        explanation, allowed = explain(decision), decision.allowed
    else:
        give_up("Say --registration ID or --facts FILE.", as_json=as_json, code=2)
    say(
        _sentences(explanation), as_json=as_json,
        cells=[cell for place, cell in enumerate(CELLS) if allowed >> place & 1],
        answers={answer.kind: answer.status.value for answer in explanation.answers},
        reasons=[{"clause": one.clause, "sentences": one.sentences, "steps": one.steps} for one in explanation.reasons],
    )  # fmt: skip


def _sentences(explanation: Explanation) -> str:
    lines = [f"{answer.label}: {answer.status.value}" for answer in explanation.answers]
    return "\n".join([*lines, "", *(f"- {' '.join(reason.sentences)}" for reason in explanation.reasons)]).rstrip()


def _read(file: Path, *, as_json: bool) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        given = json.loads(text)
    except (OSError, ValueError):
        give_up(f"{file} cannot be read as JSON.", as_json=as_json, code=2)
    if not isinstance(given, dict):
        give_up('Give one JSON object: {"platform": "ios", "os_version": "18.6"}', as_json=as_json, code=2)
    return given


def _held(name: str, value: Any, moment: int, *, as_json: bool) -> Any:
    """A fact as proved just now; of a SINCE or UNTIL fact the value is the time passed or left, in its unit."""
    fact = BY_NAME.get(name)
    if fact is None:
        give_up(f"There is no fact {name}. There is: {', '.join(BY_NAME)}.", as_json=as_json, code=2)
    try:
        if fact.kind is Kind.SINCE:
            value = moment - int(value) * fact.unit
        elif fact.kind is Kind.UNTIL:
            value = moment + int(value) * fact.unit
        return held(name, value, max(fact.grades, default=Grade.ATTESTED), moment)
    except (ValueError, TypeError):
        give_up(f"{value!r} is not a value of {name} ({fact.plain}).", as_json=as_json, code=2)
