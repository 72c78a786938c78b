"""The form in which authors say what their policy must keep: choices, no expression."""

from typing import Any

from django import forms

from fobwatch.design.forms import Form
from fobwatch.policy.rules.proofs import Invariant
from fobwatch.policy.rules.proofs.form import problems
from fobwatch.policy.rules.values import is_version
from fobwatch.policy.rules.vocabulary import ACTIONS, BY_NAME, CELLS, CLASSES, FACTS, Kind
from fobwatch.policy.rules.words import choice_words

HOW = [
    ("never", "Nobody like this may ever do it"),
    ("can", "Somebody like this who keeps every rule can do it"),
    ("always", "Everybody like this may do it, whatever else is so"),
]
WHO = ("staff_group", "role", "employment", "ownership", "device_state", "platform")
PROTECTION = ("fact", "holds", "below")
LABELS = {
    "staff_group": "Staff group", "role": "Role", "employment": "Employment", "ownership": "Whose device",
    "device_state": "State of the device", "platform": "Make of device",
}  # fmt: skip
CHECKS = [(fact.name, fact.plain) for fact in FACTS if fact.kind is Kind.BOOL]


def _any(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", "Any"), *choices]


def _words(name: str) -> list[tuple[str, str]]:
    return [(choice, choice_words(choice)) for choice in BY_NAME[name].choices]


class PromiseForm(Form):
    """One claim of one's own. `claim` is what was chosen, once it is valid."""

    name = forms.CharField(
        label="What you call it (optional)", required=False, max_length=80,
        help_text="No names of people. For example: Students and photographs.",
    )  # fmt: skip
    how = forms.ChoiceField(label="What must hold?", choices=HOW, widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label="Which work?", choices=list(CLASSES.items()), widget=forms.CheckboxSelectMultiple
    )
    actions = forms.MultipleChoiceField(
        label="What is done with it?", choices=[(key, verb.capitalize()) for key, verb in ACTIONS.items()],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    fact = forms.ChoiceField(label="A protection", choices=_any(CHECKS), required=False)
    holds = forms.ChoiceField(
        label="Is it there?", choices=[("no", "No, it is known to be missing"), ("yes", "Yes, it is there")],
        required=False,
    )  # fmt: skip
    below = forms.CharField(
        label="System version below (optional)", required=False, max_length=12, help_text="For example, 17.4 or 14.",
        widget=forms.TextInput(attrs={"width": "5"}),
    )  # fmt: skip

    claim: Invariant

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        made = {name: forms.ChoiceField(label=LABELS[name], choices=_any(_words(name)), required=False) for name in WHO}
        first = {name: self.base_fields[name] for name in ("name", "how", "kinds", "actions")}
        last = {name: self.base_fields[name] for name in PROTECTION}
        self.base_fields = first | made | last  # type: ignore[misc]
        super().__init__(*args, **kwargs)

    def clean_below(self) -> str:
        """A version, or nothing."""
        below: str = self.cleaned_data["below"]
        if below and not is_version(below):
            raise forms.ValidationError("Write a version as numbers with dots between them, for example 17.4 or 14.")
        return below

    def clean(self) -> dict[str, Any]:
        """Make the claim of what was chosen."""
        given: dict[str, Any] = self.cleaned_data
        if self.errors:
            return given
        who: list[tuple[str, str, bool | int | str | tuple[str, ...]]] = [
            (name, "==", given[name]) for name in WHO if given[name]
        ]
        if given["fact"]:
            who.append((given["fact"], "==", given["holds"] == "yes"))
        if given["below"]:
            who.append(("os_version", "<", given["below"]))
        chosen = {f"{kind}:{action}" for kind in given["kinds"] for action in given["actions"]}
        cells = tuple(cell for cell in CELLS if cell in chosen)
        self.claim = Invariant(given["how"], tuple(who), cells, given["name"].strip())
        for problem in problems(self.claim):
            self.add_error(None, problem)
        return given
