"""What people fill in about emergency access, and how a policy is published."""

import datetime as dt
import zoneinfo
from typing import Any

from django import forms

from fobwatch.access.rules.emergency import SHORTEST_REASON, reason_verdict
from fobwatch.design.forms import DayField, Form
from fobwatch.policy.rules.vocabulary import CLASSES
from fobwatch.policy.rules.workflow import may_start

LONDON = zoneinfo.ZoneInfo("Europe/London")
HOURS = [(str(hour), f"{hour:02}:00") for hour in range(24)]


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


class PublishForm(Form):
    """What is published, in the publisher's own words, whether staff have to confirm it anew, and from when."""

    material = forms.ChoiceField(
        label="Do staff have to read and confirm it again?",
        choices=[
            ("yes", "Yes, something important changed"),
            ("no", "No, what they confirmed before still counts"),
        ],
        widget=forms.RadioSelect,
        help_text="Choose yes when the change asks something new of staff, or opens or closes a kind of work.",
    )
    change_note = forms.CharField(
        label="What changed, in a sentence or two",
        help_text="Staff read this at the top of the policy.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    start = forms.ChoiceField(
        label="From when is it in force?", choices=[("now", "From now"), ("later", "From a day to come")],
        widget=forms.RadioSelect, initial="now",
    )  # fmt: skip
    day = DayField(label="From which day?", required=False, help_text="Only if you chose a day to come.")
    hour = forms.ChoiceField(label="From what time of that day?", choices=HOURS, initial="9")
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, first: bool, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        if first:
            del self.fields["material"], self.fields["change_note"]

    def clean(self) -> dict[str, Any]:
        """The moment from which it is in force, in London; None for now."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["starts_at"] = None
        if cleaned.get("start") == "later" and not self.errors:
            if not cleaned.get("day"):
                self.add_error("day", "Enter the day from which it is in force.")
            else:
                starts_at = dt.datetime.combine(cleaned["day"], dt.time(int(cleaned["hour"])), LONDON)
                if may := may_start(starts_at, self.now):
                    cleaned["starts_at"] = starts_at
                else:
                    self.add_error("day", f"{may.reason} {may.next_step}")
        return cleaned
