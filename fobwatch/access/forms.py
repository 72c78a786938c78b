"""What people fill in about emergency access, and how the register is searched."""

from typing import Any

from django import forms

from fobwatch.access.rules.emergency import SHORTEST_REASON, reason_verdict
from fobwatch.design.forms import Form
from fobwatch.policy.rules.vocabulary import CLASSES


class EmergencyForm(Form):
    """One kind of work and why."""

    kind = forms.ChoiceField(label="What do you need to open?", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Why do you need it now?",
        help_text="For example: “Chest pain on Ward 6, no computer free”. Do not name the patient.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        field.choices = [(kind, CLASSES[kind]) for kind in kinds]  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        """A reason that can be reviewed and does not look as if it named a patient."""
        text = str(self.cleaned_data["reason"])
        verdict = reason_verdict(text)
        if not verdict:
            raise forms.ValidationError(verdict.reason)
        return text


class ReviewForm(Form):
    """How emergency access was used."""

    outcome = forms.ChoiceField(
        label="Was it right?",
        widget=forms.RadioSelect,
        choices=[("right", "Yes, it was needed"), ("follow_up", "It needs a follow-up")],
    )
    note = forms.CharField(
        label="Note",
        required=False,
        help_text="Say what follows. The person can read this. Do not name a patient.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class OwnReviewForm(ReviewForm):
    """How the only reviewer of a tiny practice used emergency access herself: an exception, always with a note."""

    note = forms.CharField(
        label="How was it used?",
        help_text="This is kept with your name. Do not name a patient.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        min_length=SHORTEST_REASON,
        error_messages={
            "required": "Say how it was used.",
            "min_length": f"Say how it was used, in at least {SHORTEST_REASON} characters.",
        },
    )
