"""The rows of a condition as fields: a fact, how it is compared, with what; only choices that fit are offered (R02)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from fobwatch.policy.forms.offered import Offered, Several
from fobwatch.policy.rules.form import Param, Policy, Value
from fobwatch.policy.rules.phrasing import CHOICE_OPS, NUMBER_OPS, fact_line
from fobwatch.policy.rules.rows import LETTERS, MOST_ROWS, Row
from fobwatch.policy.rules.values import param_kinds
from fobwatch.policy.rules.vocabulary import BY_NAME, FACTS, Fact, Kind
from fobwatch.policy.rules.words import choice_words

HOW = [("all", "all of these"), ("any", "any one of these")]
TOGETHER = [("", "on its own"), *((one, f"together with the other {one}") for one in LETTERS[:4])]
FACT_CHOICES = [("", "Choose a fact"), *((fact.name, fact_line(fact)) for fact in FACTS)]
DIGITS = 9


@dataclass(frozen=True, slots=True)
class Shown:
    """One row on the page: what it is about, and its fields."""

    legend: str
    fields: tuple[forms.BoundField, ...]
    fact: str
    name: str


def row_fields(name: str, row: Row, policy: Policy) -> dict[str, forms.Field]:
    """The fields of one row, by their names on the page."""
    fact = BY_NAME[row.fact]
    fields: dict[str, forms.Field] = {}
    if fact.kind is Kind.BOOL:
        fields["value"] = Offered(label="Is it so?", choices=[("yes", "Yes"), ("no", "No")])
    elif fact.kind is Kind.CHOICE:
        fields["op"] = Offered(label="How", choices=list(CHOICE_OPS.items()))
        words = [(one, choice_words(one)) for one in fact.choices]
        fields["value"] = Several(label="Which", choices=words)
    else:
        fields["op"] = Offered(label="How", choices=list(NUMBER_OPS.items()))
        fields["value"] = forms.CharField(
            label="Than what", required=False, max_length=20, widget=forms.TextInput(attrs={"width": "5"})
        )
    details = [(param.name, param.label) for param in _details(policy, fact)]
    if details:
        fields["param"] = Offered(label="Or as one of your details says", choices=[("", "No, as above"), *details])
    fields["letter"] = Offered(label="It counts", choices=TOGETHER)
    fields["remove"] = forms.BooleanField(label="Take this row out", required=False)
    return {f"{name}-{key}": field for key, field in fields.items()}


def _details(policy: Policy, fact: Fact) -> Iterator[Param]:
    kinds = {*param_kinds(fact, "in"), *param_kinds(fact, "==")}
    return (param for param in policy.params if param.kind in kinds)


def row_start(name: str, row: Row) -> dict[str, Any]:
    """A row as its fields show it."""
    value: Any = row.value
    detail = value[1:] if isinstance(value, str) and value.startswith("$") else ""
    kind = BY_NAME[row.fact].kind
    if detail:
        value = [] if kind is Kind.CHOICE else ""
    elif kind is Kind.BOOL:
        value = "yes" if value == (row.op == "==") else "no"
    elif kind is Kind.CHOICE:
        value = list(value) if isinstance(value, tuple) else [str(value)]
    else:
        value = str(value)
    op = "in" if kind is Kind.CHOICE and row.op == "==" else row.op
    shown = {"op": op, "value": value, "param": detail, "letter": row.letter}
    return {f"{name}-{key}": one for key, one in shown.items()}


def row_of(name: str, fact: str, given: Mapping[str, Any]) -> Row:
    """A row as it was filled in; what does not fit stays as it is, and the policy says why."""
    kind, value = BY_NAME[fact].kind, given.get(f"{name}-value") or ""
    op, letter = given.get(f"{name}-op") or "==", given.get(f"{name}-letter") or ""
    read: Value
    if detail := given.get(f"{name}-param"):
        return Row(fact, "in" if kind is Kind.CHOICE else op, f"${detail}", letter)
    if kind is Kind.BOOL:
        return Row(fact, "==", value != "no", letter)
    if kind is Kind.CHOICE:
        chosen = tuple(value)
        read = chosen[0] if len(chosen) == 1 else chosen
        return Row(fact, op if op == "!=" else "==" if len(chosen) == 1 else "in", read, letter)
    whole = kind is not Kind.VERSION and value.isascii() and value.isdigit() and len(value) <= DIGITS
    return Row(fact, op, int(value) if whole else value, letter)


def posted_rows(name: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    """The facts of the rows that a page sent, in their order; a fact that there is not is left out."""
    facts = (data.get(f"{name}-{index}-fact", "") for index in range(MOST_ROWS))
    return tuple(fact for fact in facts if fact in BY_NAME)
