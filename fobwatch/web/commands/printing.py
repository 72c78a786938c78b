"""How commands speak: a sentence for a person, one JSON object for a machine, a reason for every no."""

import json
from typing import Any, NoReturn

import typer

Json = typer.Option(False, "--json", help="Print one JSON object instead of sentences.")


def say(sentence: str, *, as_json: bool = False, **facts: Any) -> None:
    """Print the sentence, or the facts as one JSON object."""
    typer.echo(json.dumps(facts, ensure_ascii=False, default=str) if as_json else sentence)


def give_up(sentence: str, *, as_json: bool = False, code: int = 1) -> NoReturn:
    """Print why not, on standard error, and end with a code that is not 0."""
    typer.echo(json.dumps({"error": sentence}, ensure_ascii=False) if as_json else sentence, err=True)
    raise typer.Exit(code)
