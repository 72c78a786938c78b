"""Documents that the code itself knows: what is stored, who may do what, and the words of a policy. Text only."""

import json
from collections.abc import Iterable, Sequence

from django.apps import apps
from django.db import models

from fobwatch.kernel.permission import SENTENCES, Permission
from fobwatch.kernel.privacy import Kept, Kind
from fobwatch.people.rules.roles import ROLES
from fobwatch.policy.rules.schema import schema
from fobwatch.policy.rules.vocabulary import ACTIONS, CLASSES, FACTS, GRADE_WORDS, About, Fact, Grade
from fobwatch.policy.rules.vocabulary import Kind as FactKind

GENERATED = "This page is written by `python -m tests.docs.regenerate`. A test fails when it is out of date."
KIND_WORDS = {
    Kind.NONE: "Says nothing about a person",
    Kind.STAFF: "Staff data",
    Kind.PATIENT: "Identifies a patient",
    Kind.CLINICAL: "Clinical content",
    Kind.SECRET: "Secret",
}
ABOUT_WORDS = {
    About.DEVICE: "The device", About.REGISTRATION: "Its registration", About.PERSON: "The person",
    About.SESSION: "The session",
}  # fmt: skip
FACT_WORDS = {
    FactKind.BOOL: "yes or no", FactKind.INT: "a whole number", FactKind.VERSION: "a version",
    FactKind.SINCE: "time since", FactKind.UNTIL: "time until",
}  # fmt: skip
APP_WORDS = {
    "audit": "The log", "people": "People and sign-in", "policy": "The policy", "devices": "Devices",
    "access": "Decisions and emergencies", "gateway": "Other systems", "notices": "Questions and notices",
}  # fmt: skip


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a Markdown table; a bar inside a cell is escaped."""
    lines = [headings, ["---"] * len(headings), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines]


def kept_words(kept: Kept) -> str:
    """How long, in words; that nothing deletes a row by itself is said too."""
    if not kept.days and not kept.unless:
        return "No number of days is set, so `fobwatch purge` leaves these rows."
    days = "1 day" if kept.days == 1 else f"{kept.days or 0:,} days"
    field, values = kept.only or ("", ())
    where = f", where `{field}` is {' or '.join(f'`{one}`' for one in values)}" if kept.only else ""
    lean = f"no other row (`{'`, `'.join(kept.unless)}`) leans on it" if kept.unless else ""
    if not kept.days:
        return f"Until {lean}. Then `fobwatch purge` deletes the row."
    then = f", once {lean}" if lean else ""
    return f"{days} after `{kept.after}`{where}{then}. Then `fobwatch purge` deletes the row."


def privacy_markdown() -> str:
    """What is stored: a table for each model, from its inner `class Privacy` (UK GDPR, Article 30, in part)."""
    tables = [model for model in apps.get_models() if model.__module__.startswith("fobwatch.")]
    lines = [
        "# What Fobwatch stores",
        "",
        GENERATED,
        "",
        "One table for each table of the database. Every field is there: a test fails when one is left out. It is made"
        " to be copied into an organisation's record of processing and its DPIA. It is not legal advice. Times of"
        " keeping marked *unverified* are our proposal: nobody has checked them against the Records Management Code.",
        "",
        _patient_sentence(tables),
        "",
        "The log on the server's screen or in its files holds no personal data by design: see `fobwatch/web/logs.py`.",
        "",
        *table(["Kind of field", "Meaning"], [[kind.value, KIND_WORDS[kind]] for kind in Kind]),
    ]
    app = ""
    for model in tables:
        if model._meta.app_label != app:
            app = model._meta.app_label
            lines += ["", f"## {APP_WORDS.get(app, app)}"]
        lines += _model_lines(model)
    return "\n".join(lines) + "\n"


def _patient_sentence(tables: Iterable[type[models.Model]]) -> str:
    """Where patient data is held, or that none is meant to be."""
    kinds = (Kind.PATIENT.value, Kind.CLINICAL.value)
    held = [model.__name__ for model in tables if any(getattr(model.__dict__["Privacy"], kind, "") for kind in kinds)]
    beside = (
        "Free text that staff type, the reason for emergency access for example, can hold it all the same: see"
        " [the threats](security/threats.md)."
    )
    if held:
        return f"Patient data: {', '.join(held)}. {beside}"
    return f"No field today holds a patient's identity or clinical content on purpose. {beside}"


def _model_lines(model: type[models.Model]) -> list[str]:
    """One model: what it is, whose, how long, and each field with its kind."""
    privacy = model.__dict__["Privacy"]
    first = (model.__doc__ or "").strip().splitlines()[0]
    rows = [
        [f"`{name}`", kind.value]
        for kind in reversed(Kind)
        for name in getattr(privacy, kind.value, "").split()
    ]  # fmt: skip
    return [
        "", f"### {model.__name__}", "", first, "",
        f"- **Whose:** {privacy.whose}.",
        f"- **How long:** {kept_words(privacy.kept)}",
        f"- **Because:** {privacy.kept.because.rstrip('.')}.",
        "",
        *table(["Field", "Kind"], rows),
    ]  # fmt: skip


def roles_markdown() -> str:
    """Roles in plain English, and what each may do (B12, B22)."""
    privileged = ", ".join(role.name for role in ROLES.values() if role.privileged)
    lines = [
        "# Roles and what they may do",
        "",
        GENERATED,
        "",
        "The same list stands in the program, on the page `people:roles`. One role belongs to one person in one"
        " organisation. A small practice can give *Practice lead* to one person.",
        "",
        "Emergency access does not come with a role. It belongs to clinical staff of every role, and to nobody else:"
        f" {SENTENCES[Permission.BREAK_GLASS][0].lower()}{SENTENCES[Permission.BREAK_GLASS][1:]}",
        "",
        f"A new sign-in link for a privileged role waits for a second person. Privileged: {privileged}.",
    ]
    for role in ROLES.values():
        held = [
            f"- {SENTENCES[one]}" for one in Permission if one in role.permissions and one != Permission.BREAK_GLASS
        ]
        lines += ["", f"## {role.name}", "", role.sentence, "", *held]
    return "\n".join(lines) + "\n"


def vocabulary_markdown() -> str:
    """The facts, grades and cells that a policy may speak of (B14)."""
    lines = [
        "# The words of a policy",
        "",
        GENERATED,
        "",
        "A rule of the policy compares facts, and asks how well each is known. A fact that is missing, or out of date,"
        " closes what the rule protects.",
        "",
        "## How well a fact is known",
        "",
        "From worst to best. What a person told us is never shown as measured.",
        "",
        *table(["Grade", "On the screen"], [[grade.name.lower(), GRADE_WORDS[grade]] for grade in Grade]),
        "",
        "## Cells: kinds of work and what is done with them",
        "",
        "Each kind of work times each action is one cell. Another system's path is registered to one cell; what is"
        " not registered stays closed.",
        "",
        *table(["Kind of work", "On the screen"], [[f"`{key}`", words] for key, words in CLASSES.items()]),
        "",
        *table(["Action", "On the screen"], [[f"`{key}`", words] for key, words in ACTIONS.items()]),
    ]
    for about in About:
        rows = [_fact_row(fact) for fact in FACTS if fact.about is about]
        lines += ["", f"## Facts: {ABOUT_WORDS[about].lower()}", ""]
        lines += table(["Fact", "Meaning", "Value", "Grades there are today", "Said where it is missing"], rows)
    return "\n".join(lines) + "\n"


def _fact_row(fact: Fact) -> list[str]:
    value = "one of: " + ", ".join(fact.choices) if fact.kind is FactKind.CHOICE else FACT_WORDS[fact.kind]
    unit = {86_400: " in days", 60: " in minutes"}.get(fact.unit, "")
    grades = ", ".join(grade.name.lower() for grade in fact.grades)
    return [f"`{fact.name}`", fact.plain, value + unit, grades, fact.missing]


PAGES = {
    "docs/privacy.md": privacy_markdown,
    "docs/roles.md": roles_markdown,
    "docs/vocabulary.md": vocabulary_markdown,
    "docs/policy.schema.json": lambda: json.dumps(schema(), indent=1) + "\n",
}
