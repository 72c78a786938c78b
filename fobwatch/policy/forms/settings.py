"""The details of the policy, each as a field of its kind."""

from typing import Any

from django import forms

from fobwatch.design.forms import Form
from fobwatch.policy.forms.offered import Several
from fobwatch.policy.rules import reading
from fobwatch.policy.rules.clause import Param, Policy, PolicyErrors, Problem, with_params
from fobwatch.policy.rules.form import Value
from fobwatch.policy.rules.values import param_problem
from fobwatch.policy.rules.vocabulary import STAFF_GROUPS

GROUPS = [("clinical", "Clinical staff"), ("non_clinical", "Non-clinical staff")]
YES_NO = [("yes", "Yes"), ("no", "No")]
TEXT_LENGTH = 200
DIGITS = 10


def _hint(param: Param, said: tuple[str, ...]) -> str:
    bounds = {
        "int": f"From {param.minimum} to {param.maximum} {param.unit}.",
        "groups": "With nobody chosen, it is closed to everyone.",
    }
    read = " ".join(f"“{line}”" for line in said)
    return " ".join(filter(None, (read, bounds.get(param.kind, ""), param.help)))


def _about(param: Param, sentence: str) -> str:
    """A sentence that names its field, because the summary of errors stands apart from the fields."""
    return f"{param.label}: {sentence[0].lower()}{sentence[1:]}"


def _field(param: Param, said: tuple[str, ...]) -> forms.Field:
    field = _bare_field(param, _hint(param, said))
    wrong = param_problem(param.kind, "", param.minimum, param.maximum) or "Write some text."
    field.error_messages["required"] = _about(param, wrong)
    return field


def _bare_field(param: Param, hint: str) -> forms.Field:
    label = param.label
    if param.kind == "groups":
        return Several(label=label, help_text=hint, choices=GROUPS)
    if param.kind == "bool":
        return forms.ChoiceField(label=label, help_text=hint, choices=YES_NO, widget=forms.RadioSelect)
    if param.kind == "int":
        number = forms.TextInput(attrs={"inputmode": "numeric", "width": "5"})
        return forms.CharField(label=f"{label} ({param.unit})" if param.unit else label, help_text=hint, widget=number)
    narrow = forms.TextInput(attrs={"width": "10"} if param.kind == "version" else {})
    return forms.CharField(label=label, help_text=hint, max_length=TEXT_LENGTH, widget=narrow)


def _shown(param: Param) -> Any:
    """A chosen value as the field shows it."""
    if isinstance(param.value, bool):
        return "yes" if param.value else "no"
    return list(param.value) if isinstance(param.value, tuple) else str(param.value)


def typed(param: Param, given: Any) -> Value | list[str]:
    """What was filled in, as the policy's own type; what does not fit stays as it is, and the policy says why."""
    if param.kind == "groups":
        return [group for group in STAFF_GROUPS if group in given]
    if param.kind == "bool":
        return bool(given == "yes")
    if param.kind == "int" and given.isascii() and given.isdigit() and len(given) < DIGITS:
        return int(given)
    return str(given)


class ParamsForm(Form):
    """Every detail that an organisation may choose; what is wrong is said beside its field."""

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        self.policy = policy
        # Django copies the fields of the class; ours come from the policy.
        self.choices = reading.choices(policy)
        placed = [one for group in self.choices for one in group.params]
        self.base_fields = {param.name: _field(param, said) for param, said in placed}  # type: ignore[misc]
        super().__init__(*args, initial={param.name: _shown(param) for param in policy.params}, **kwargs)

    def clean(self) -> dict[str, Any]:
        """The values, typed, where the policy accepts them."""
        given = self.cleaned_data
        values = {one.name: typed(one, given[one.name]) for one in self.policy.params if one.name in given}
        try:
            with_params(self.policy, values)
        except PolicyErrors as wrong:
            for problem in wrong.problems:
                self._say(problem)
        return values

    def _say(self, problem: Problem) -> None:
        known = next((one for one in self.policy.params if one.name == problem.where), None)
        self.add_error(known.name if known else None, _about(known, problem.sentence) if known else problem.sentence)
