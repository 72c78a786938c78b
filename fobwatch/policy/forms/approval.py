"""The forms of the way of a version: sent, approved, sent back, published, compared."""

from collections.abc import Iterable
from typing import Any

from django import forms

from fobwatch.design.forms import Form
from fobwatch.people.models import Membership
from fobwatch.policy.models import Version


class SubmitForm(Form):
    """What the approver should know."""

    note = forms.CharField(
        label="What should the approver know?", max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": "3"}), help_text="Why you change it, and who asked for it.",
    )  # fmt: skip
    shown = forms.CharField(widget=forms.HiddenInput, required=False)


class ApproveForm(Form):
    """The approval; who works alone says why."""

    reason = forms.CharField(
        label="Why do you approve what you wrote yourself?", max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="Nobody else here can approve it. Your reason stands in the log and with the version.",
    )  # fmt: skip
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, alone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not alone:
            del self.fields["reason"]


class SendBackForm(Form):
    """What the authors should change."""

    note = forms.CharField(
        label="What should be changed?", max_length=1000, widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="The authors read this beside the draft.",
    )  # fmt: skip
    shown = forms.CharField(widget=forms.HiddenInput, required=False)


class OwnerForm(Form):
    """Who answers for the policy."""

    owner = forms.ChoiceField(label="Who owns this policy?", help_text="They hear from us when its review is due.")

    def __init__(self, *args: Any, members: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(one.pk, f"{one.person.name}, {one.job_title or one.role_card.name}") for one in members]
        self.fields["owner"].choices = [("", "Choose"), *names]  # type: ignore[attr-defined]


class CompareForm(Form):
    """Two versions to read beside each other."""

    before = forms.ChoiceField(label="From")
    after = forms.ChoiceField(label="To")

    def __init__(self, *args: Any, versions: list[Version], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("before", "after"):
            choices = [
                (str(one.number), f"Version {one.number}, {one.get_state_display().lower()}") for one in versions
            ]
            self.fields[name].choices = choices  # type: ignore[attr-defined]
