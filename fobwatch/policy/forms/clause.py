"""One rule of the policy on one page: its words with the details inside them, what enforces it, what it meets (R02)."""

from collections.abc import Mapping
from typing import Any

from django import forms

from fobwatch.design.forms import Form
from fobwatch.policy.forms import parts
from fobwatch.policy.forms.offered import Offered
from fobwatch.policy.forms.rows import FACT_CHOICES, HOW, Shown, posted_rows, row_fields, row_of, row_start
from fobwatch.policy.forms.settings import typed
from fobwatch.policy.rules import edit
from fobwatch.policy.rules.form import FIELD, Clause, Param, Policy, PolicyErrors, own_when
from fobwatch.policy.rules.phrasing import fact_line
from fobwatch.policy.rules.rows import MOST_ROWS, Row, condition_data, rows
from fobwatch.policy.rules.vocabulary import BY_NAME

CONDITIONS = ("when", "need")


class ClauseForm(Form):
    """A clause as fields. `policy_after` is the policy with what was written, once it is valid.

    The rows of its conditions are those of the page that was sent, or those of the clause; `add` names the condition to
    which the page wants one row more.
    """

    policy_after: Policy | None = None

    def __init__(self, data: Any = None, *, policy: Policy, clause: Clause, teams: list[str], **kwargs: Any) -> None:
        self.policy, self.clause = policy, clause
        self.facts: dict[str, tuple[str, ...]] = {}
        self.fixed: dict[str, bool] = {}
        known = sorted({*teams, *clause.audience.get("teams", ())})
        fields, start = parts.fields(policy, clause, known), parts.start(policy, clause)
        for name, condition in (("when", own_when(clause)), ("need", clause.need)):
            fields, start = self._rows(name, rows(condition), data, fields, start)
        self.base_fields = fields  # type: ignore[misc]
        super().__init__(data, initial=start, **kwargs)

    def _rows(
        self, name: str, read: tuple[str, tuple[Row, ...]] | None, data: Any, fields: dict[str, forms.Field],
        start: dict[str, Any],
    ) -> tuple[dict[str, forms.Field], dict[str, Any]]:  # fmt: skip
        self.fixed[name] = read is None
        how, kept = read or ("all", ())
        facts = tuple(row.fact for row in kept)
        if data is not None:
            facts = posted_rows(name, data)
            new = data.get(f"{name}-new", "")
            if data.get("press") == f"add-{name}" and new in BY_NAME and len(facts) < MOST_ROWS:
                facts = (*facts, new)
        self.facts[name] = facts
        made: dict[str, forms.Field] = {f"{name}-how": Offered(label="How they count", choices=HOW)}
        for index, fact in enumerate(facts):
            made |= row_fields(f"{name}-{index}", Row(fact, "==", ""), self.policy)
        more = Offered(label="One more row about", choices=FACT_CHOICES)
        shown: dict[str, Any] = {f"{name}-how": how}
        for index, row in enumerate(kept):
            shown |= row_start(f"{name}-{index}", row)
        return {**fields, **made, f"{name}-new": more}, {**start, **shown}

    # --- what the page shows ---

    @property
    def sentence(self) -> list[str | forms.BoundField]:
        """What staff read, in pieces: words, and the details as fields; the second time, a detail is read only."""
        pieces: list[str | forms.BoundField] = []
        seen: set[str] = set()
        for index, piece in enumerate(FIELD.split(f"{self.clause.text} {self.clause.addition}".strip())):
            name = f"param-{piece}"
            if index % 2 and name not in seen:
                seen.add(name)
                pieces.append(self[name])
            else:
                pieces.append(str(self[name].value()) if index % 2 else piece)
        return pieces

    @property
    def other_details(self) -> list[forms.BoundField]:
        """The details that stand in no sentence of this rule, but in what it checks or says when it closes."""
        spoken = set(FIELD.findall(f"{self.clause.text} {self.clause.addition}"))
        names = (param.name for param in self.policy.params if self.clause.uses(param.name))
        return [self[f"param-{name}"] for name in names if name not in spoken]

    def shown_rows(self, name: str) -> list[Shown]:
        """The rows of a condition for the page."""
        return [
            Shown(
                fact_line(BY_NAME[fact]),
                tuple(self[key] for key in self.fields if key.startswith(f"{name}-{index}-")),
                fact,
                f"{name}-{index}",
            )
            for index, fact in enumerate(self.facts[name])
        ]

    # --- what was written ---

    @property
    def written_on(self) -> list[str]:
        """The fields that say something else than the rule. A browser ends lines in its own way: that is no change."""
        if not self.is_bound:
            return []
        lines = {name: (self[name].value(), self.initial.get(name)) for name in self.changed_data}
        return [one for one, (now, was) in lines.items() if str(now or "").split() != str(was or "").split()]

    def clean(self) -> dict[str, Any]:
        """The clause and the values of its details as data, where the policy accepts them."""
        given: dict[str, Any] = super().clean() or {}
        written = parts.written(self.clause, given)
        if given.get("kind") != "teach":
            for name in CONDITIONS:
                if made := self._condition(name, given):
                    written[name] = made
        values = {one.name: typed(one, self._given(one, given)) for one in self._used()}
        if not self.errors:
            try:
                self.policy_after = edit.write(self.policy, self.clause.id, written, values)
            except PolicyErrors as wrong:
                self._say(wrong)
        return {"written": written, "values": values}

    def _used(self) -> list[Param]:
        return [one for one in self.policy.params if f"param-{one.name}" in self.fields]

    @staticmethod
    def _given(param: Param, given: Mapping[str, Any]) -> Any:
        value = given.get(f"param-{param.name}", "")
        return value.split(",") if param.kind == "groups" else value

    def _condition(self, name: str, given: Mapping[str, Any]) -> list[Any] | None:
        if self.fixed[name] and not self.facts[name]:
            return parts.kept(self.clause, name)
        found = [
            row_of(f"{name}-{index}", fact, given)
            for index, fact in enumerate(self.facts[name])
            if not given.get(f"{name}-{index}-remove")
        ]
        return condition_data(given.get(f"{name}-how") or "all", found)

    def _say(self, wrong: PolicyErrors) -> None:
        for problem in wrong.problems:
            field, sentence = parts.where(problem, self.clause.id, set(self.fields))
            self.add_error(field, sentence)
