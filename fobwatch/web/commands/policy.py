"""policy: look at what is in force or in the template, check a file, export Cedar, Rego and JSON."""

import json
from collections.abc import Callable
from pathlib import Path

import typer

from fobwatch.people.models import Organisation
from fobwatch.policy.models import Version, template
from fobwatch.policy.rules.cedar import cedar_schema, cedar_text
from fobwatch.policy.rules.clause import PolicyErrors, canonical, digest, from_json, load_toml, sentence
from fobwatch.policy.rules.compile import compile_policy
from fobwatch.policy.rules.form import Policy, param_words
from fobwatch.policy.rules.rego import rego_text
from fobwatch.web.commands.printing import Json, give_up, say
from fobwatch.web.reviewing import review

app = typer.Typer(no_args_is_help=True, help="The policy: show it, check a file, export it.")
app.command()(review)
Which = typer.Option("", "--organisation", help="Short name of an organisation; without one, the shipped template.")


def _policy(slug: str, *, as_json: bool) -> Policy:
    if not slug:
        return template()
    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is None:
        known = ", ".join(Organisation.objects.values_list("slug", flat=True)) or "none yet"
        give_up(f"There is no organisation {slug}. There is: {known}.", as_json=as_json, code=2)
    version = Version.in_force(organisation)
    if version is None:
        give_up(f"{organisation.name} has not published a policy yet.", as_json=as_json)
    return from_json(version.content)


@app.command()
def show(organisation: str = Which, as_json: bool = Json) -> None:
    """Print the policy as staff read it."""
    policy = _policy(organisation, as_json=as_json)
    words = param_words(policy)
    lines = [policy.title, f"hash {digest(policy)}", ""]
    for number, clause in enumerate(policy.clauses, 1):
        lines += [f"{number}. {clause.title}", f"   {sentence(clause.text, words)}", ""]
    say(
        "\n".join(lines), as_json=as_json, title=policy.title, hash=digest(policy),
        policy=json.loads(canonical(policy)),
    )  # fmt: skip


@app.command()
def check(file: Path = typer.Argument(help="A policy as TOML, or as JSON."), as_json: bool = Json) -> None:
    """Check a policy file: everything that is wrong with it, at once. Ends with 1 where something is."""
    try:
        text = file.read_text(encoding="utf-8")
        policy = from_json(text) if file.suffix == ".json" else load_toml(text)
        compile_policy(policy)
    except (OSError, UnicodeDecodeError):
        give_up(f"{file} cannot be read as text in UTF-8.", as_json=as_json, code=2)
    except PolicyErrors as errors:
        problems = [str(problem) for problem in errors.problems]
        say("\n".join(problems), as_json=as_json, right=False, problems=problems)
        raise typer.Exit(1) from None
    say(
        f"{file} is right: {len(policy.clauses)} clauses, hash {digest(policy)}.", as_json=as_json, right=True,
        clauses=len(policy.clauses), hash=digest(policy),
    )  # fmt: skip


FORMS: dict[str, Callable[[Policy], str]] = {
    "json": lambda policy: canonical(policy).decode(),
    "cedar": lambda policy: cedar_text(compile_policy(policy)),
    "cedar-schema": lambda policy: json.dumps(cedar_schema(compile_policy(policy).names), indent=1),
    "rego": lambda policy: rego_text(compile_policy(policy)),
}


@app.command()
def export(form: str = typer.Argument(help="json, cedar, cedar-schema or rego."), organisation: str = Which) -> None:
    """Print the policy in the language of another engine."""
    if form not in FORMS:
        give_up(f"The form is one of: {', '.join(FORMS)}.", code=2)
    typer.echo(FORMS[form](_policy(organisation, as_json=False)))
