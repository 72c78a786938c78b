"""A rule of the organisation's own, as it begins: a heading, a title and its words."""

from typing import Any

from django import forms

from fobwatch.design.forms import Form


class OwnClauseForm(Form):
    """What an own rule begins with. It is taught until its author says what enforces it."""

    section = forms.ChoiceField(label="Under which heading?")
    title = forms.CharField(
        label="Title", max_length=120, help_text="A few words, as an order: “Lock your screen”.",
        error_messages={"required": "Enter a title"},
    )  # fmt: skip
    text = forms.CharField(
        label="What staff read", max_length=2000, widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="Short sentences, “you” and “we”.",
    )  # fmt: skip

    def __init__(self, *args: Any, sections: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [(one, one) for one in sections]  # type: ignore[attr-defined]
