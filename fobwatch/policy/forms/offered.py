"""Choices of which none is an answer too, so that no label says “optional”."""

from typing import Any

from django import forms


class Offered(forms.ChoiceField):
    """One choice, or the empty one."""

    def validate(self, value: Any) -> None:
        """Refuse what is not offered."""
        if value:
            super().validate(value)


class Several(forms.MultipleChoiceField):
    """Some choices, or none."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: list[str]) -> None:
        """Refuse what is not offered."""
        if value:
            super().validate(value)
