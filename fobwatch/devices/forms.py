"""What is asked of people about devices."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from fobwatch.design.forms import DayField, Form
from fobwatch.devices.models import Group, Question, Registration
from fobwatch.devices.rules.evidence import Item
from fobwatch.devices.rules.lostcode import normalise
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.rules.vocabulary import PLATFORM_WORDS, Grade, version_number, version_text

HELP = "help"
YES, NOT_YET = "1", "0"
OWN = "own"


class ChecklistForm(Form):
    """The questions of one screen. `helped` names those for which the person asked for help instead of answering."""

    group: Group

    @property
    def helped(self) -> list[str]:
        """The questions to show the steps for."""
        return [name for name, value in self.cleaned_data.items() if value == HELP]

    def items(self) -> list[Item]:
        """The answers as declared evidence; a question left with "help me" has none."""
        found: list[Item] = []
        for question in self.group.questions:
            value = self.cleaned_data[question.id]
            if value != HELP:
                found += question.items(value if isinstance(value, int) else int(value))
        return found


def checklist_form(group: Group, known: Mapping[str, tuple[int, int, int, int]], data: Any = None) -> ChecklistForm:
    """The form of one screen, with what the person told us before."""
    fields = {question.id: _field(question) for question in group.questions}
    made: type[ChecklistForm] = type("Screen", (ChecklistForm,), {"group": group, **fields})
    return made(data, initial=_told(group, known))


def _field(question: Question) -> forms.Field:
    if question.kind == "version":
        return VersionField(label=question.text, help_text="For example, 26.1")
    if question.kind == "yes":
        choices = [(YES, "Yes"), (NOT_YET, "Not yet"), (HELP, "Help me with this")]
    else:
        choices = [(str(value), label) for value, label in question.choices]
    return forms.ChoiceField(label=question.text, choices=choices, widget=forms.RadioSelect)


def _told(group: Group, known: Mapping[str, tuple[int, int, int, int]]) -> dict[str, str]:
    """What the person said before. What we saw is not put into their mouth."""
    found = {}
    for question in group.questions:
        row = known.get(question.facts[0])
        if row and row[1] == Grade.DECLARED:
            found[question.id] = version_text(row[0]) if question.kind == "version" else str(row[0])
    return found


class VersionField(forms.CharField):
    """A version as people read it from their settings; its value is a number of the vocabulary."""

    def clean(self, value: Any) -> Any:
        """The version as a number. Raises ValidationError with how to write it."""
        text = super().clean(value)
        try:
            return version_number(text)
        except ValueError as problem:
            raise ValidationError(str(problem), code="version") from None


class WhichForm(Form):
    """Whether this is a device that was issued to the person, or their own. Nothing is guessed for them (B27)."""

    device = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": "Choose which device this is."})

    def __init__(self, *args: Any, issued: Sequence[Registration], organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one = len(issued) == 1
        names = [(each.pk, f"Yes, this is {each.device.label}") for each in issued]
        field = self.fields["device"]
        field.choices = [*names, (OWN, "No, this is my own device")]  # type: ignore[attr-defined]
        what = f"{issued[0].device.label}. Is this that device?" if one else "these devices. Is this one of them?"
        field.label = f"{organisation.name} issued you {what}"


class IssueForm(Form):
    """A device that the organisation gives to one of its members. Without `organisation` the person is known."""

    person = forms.CharField(
        label="Who gets it?", max_length=254, help_text="Their full name, work e-mail address or employee number",
        error_messages={"required": "Write who gets the device."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": False}),
    )  # fmt: skip
    label = forms.CharField(
        label="Name or number of the device", max_length=80,
        help_text="What stands on it, so that they know which one is meant. For example, Laptop F1234",
        widget=forms.TextInput(attrs={"autocomplete": "off", "width": 20}),
        error_messages={"required": "Write the name or number that stands on the device."},
    )  # fmt: skip

    def __init__(self, *args: Any, organisation: Organisation | None, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._organisation, self._today = organisation, today
        if organisation is None:
            del self.fields["person"]

    def clean_person(self) -> Membership:
        """The one member whom the words name. Raises ValidationError where they name nobody, or several."""
        words = str(self.cleaned_data["person"])
        found = named(self._organisation, words, self._today) if self._organisation else []
        if len(found) == 1:
            return found[0]
        raise ValidationError(
            "More than one person fits. Write the e-mail address or employee number of the one you mean."
            if found
            else "Nobody who works here fits. Look in the staff list for how the name is written.",
            code="who",
        )


def named(organisation: Organisation, words: str, today: dt.date) -> list[Membership]:
    """Who works here today and is meant by these words: one by address or number, else everybody of that name."""
    meant = Q(person__email__iexact=words) | Q(staff_number__iexact=words) | Q(person__name__iexact=words)
    rows = Membership.search(organisation, day=today, words=words).filter(meant)
    found = [member for member in rows if member.employment_on(today) != "left"]
    exact = [member for member in found if member.person.name.casefold() != words.casefold()]
    return exact or found


class LostCodeForm(Form):
    """The lost code, as it stands on the paper."""

    code = forms.CharField(
        label="Lost code", max_length=64, help_text="13 letters and numbers, for example ABCD-EFGH-JKMN-P",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": False, "width": 20}
        ),
        error_messages={"required": "Enter the lost code."},
    )  # fmt: skip

    def clean_code(self) -> str:
        """The plain letters; what cannot be a code is said at the field, so that it can be put right there."""
        try:
            return normalise(self.cleaned_data["code"])
        except Refused as refused:
            raise ValidationError(f"{refused.verdict.reason} {refused.verdict.next_step}") from None


class ReasonForm(Form):
    """Why IT does this. The owner of the device reads it."""

    reason = forms.CharField(
        label="Why?", max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The person whose device it is can read this. Do not name a patient.",
        error_messages={"required": "Say why, in a few words."},
    )  # fmt: skip


class SupportForm(Form):
    """One line of the support table."""

    platform = forms.ChoiceField(label="Kind of device", choices=list(PLATFORM_WORDS.items()))
    version = forms.CharField(label="Version", max_length=24, help_text="18 covers 18.1 and 18.7.2 too")
    fixes_until = DayField(
        label="Security fixes until", required=False, help_text="Leave it empty if no end is published."
    )
    source = forms.CharField(
        label="Where you read it", max_length=200, help_text="The maker's page, or the letter that says so"
    )
    checked_on = DayField(label="The day you looked")

    def clean_fixes_until(self) -> dt.date | None:
        """An empty date is no date."""
        return self.cleaned_data["fixes_until"] or None
