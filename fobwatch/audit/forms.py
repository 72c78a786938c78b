"""What the log page may be narrowed to."""

from collections.abc import Mapping
from typing import Any

from django import forms

from fobwatch.design.forms import Form

ANYTHING = ("", "Anything")


class LogFilter(Form):
    """By person and by device (references, set by the links in each row), and by what was done."""

    action = forms.ChoiceField(label="What was done", required=False)
    actor = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    object = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, sentences: Mapping[str, str]) -> None:
        super().__init__(data)
        said = sorted(sentences.items(), key=lambda pair: pair[1])
        self.fields["action"].choices = [ANYTHING, *said]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """The filters that are set and make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
