"""The forms of sign-in and of the staff list."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from fobwatch.design.forms import DayField, Form
from fobwatch.kernel.verdict import Verdict
from fobwatch.people.models import Membership, Organisation
from fobwatch.people.rules.invitations import LIFETIME_WORDS
from fobwatch.people.rules.members import IN_LIST, NUMBER_HELD, OWN_MANAGER, dates_fit
from fobwatch.people.rules.roles import ROLE_CHOICES
from fobwatch.people.rules.staff_text import MOST_BYTES

CLINICAL = [("yes", "Clinical"), ("no", "Not clinical")]


def _problem(verdict: Verdict) -> ValidationError:
    """A refusal as the error of a field."""
    return ValidationError(f"{verdict.reason} {verdict.next_step}")


class PasskeyNameForm(Form):
    """Another name for a passkey."""

    label = forms.CharField(label="Name of this passkey", max_length=80, help_text="For example, “My iPhone”")


class RemovePasskeyForm(Form):
    """Remove a passkey. With the last one, the person says that they know what happens."""

    understood = forms.BooleanField(label="I understand. I will ask my IT team for a new link to sign in again.")

    def __init__(self, *args: Any, last: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not last:
            del self.fields["understood"]


class MemberForm(Form):
    """What the staff list says about somebody, but for name and address."""

    role = forms.ChoiceField(label="Role", choices=ROLE_CHOICES, initial="staff")
    clinical = forms.ChoiceField(
        label="Staff group", choices=CLINICAL, widget=forms.RadioSelect,
        help_text="Clinical staff can open clinical systems in an emergency.",
    )  # fmt: skip
    job_title = forms.CharField(label="Job title", max_length=120, required=False)
    team = forms.CharField(label="Team", max_length=120, required=False)
    staff_number = forms.CharField(label="Employee number", max_length=24, required=False)
    manager = forms.ChoiceField(label="Line manager", required=False)

    def __init__(self, *args: Any, organisation: Organisation, member: Membership | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._organisation, self._member = organisation, member
        self._managers = {one.pk: one for one in Membership.managers(organisation)}
        names = [(key, one.person.name) for key, one in self._managers.items()]
        self.fields["manager"].choices = [("", "Nobody on record"), *names]  # type: ignore[attr-defined]

    def clean_clinical(self) -> bool:
        """As yes or no."""
        return bool(self.cleaned_data["clinical"] == "yes")

    def clean_staff_number(self) -> str:
        """A number that nobody else has."""
        number = str(self.cleaned_data["staff_number"])
        if Membership.number_held(self._organisation, number, but=self._member):
            raise _problem(NUMBER_HELD)
        return number

    def clean_manager(self) -> Membership | None:
        """As the membership of this organisation."""
        manager = self._managers.get(self.cleaned_data["manager"])
        if manager and manager == self._member:
            raise _problem(OWN_MANAGER)
        return manager


class AddMemberForm(MemberForm):
    """Somebody new."""

    name = forms.CharField(label="Full name", max_length=120)
    email = forms.EmailField(
        label="Work e-mail address", max_length=254,
        help_text=f"We send a one-time link there. It works for {LIFETIME_WORDS['join']}.",
    )  # fmt: skip
    field_order = ["name", "email"]

    def clean_email(self) -> str:
        """An address that is not in the staff list yet."""
        email = str(self.cleaned_data["email"])
        if Membership.listed(self._organisation, email):
            raise _problem(IN_LIST)
        return email


class ChangeMemberForm(MemberForm):
    """Somebody who is in the list, with where their employment stands."""

    employment = forms.ChoiceField(label="Employment", choices=Membership.EMPLOYMENTS, widget=forms.RadioSelect)
    away_from = DayField(label="Away from", required=False)
    away_until = DayField(label="Away until", required=False)
    leaves_on = DayField(label="Last day of work", required=False)

    def clean(self) -> dict[str, Any]:
        """The dates must go with the state."""
        cleaned: dict[str, Any] = super().clean() or {}
        dates = {name: cleaned.get(name) for name in ("away_from", "away_until", "leaves_on")}
        verdict = dates_fit(employment=cleaned.get("employment", ""), **dates)
        if not verdict:
            self.add_error("employment", verdict.reason)
        return cleaned


class LinkForm(Form):
    """Send somebody a one-time link; a tiny practice may say why one person alone does it."""

    exception_reason = forms.CharField(
        label="Why can't a second person approve this?", widget=forms.Textarea, required=False, max_length=1000,
        help_text="Your practice lets one person send this link alone, with a reason that is kept in the log."
        " Leave it empty to wait for a second person.",
    )  # fmt: skip

    def __init__(self, *args: Any, alone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not alone:
            del self.fields["exception_reason"]


class SharedComputerForm(Form):
    """The place of a shared computer."""

    label = forms.CharField(
        label="Where does this computer stand?", max_length=80, help_text="For example, “Ward 6, desk by the window”"
    )


class StaffFileForm(Form):
    """A staff file."""

    file = forms.FileField(
        label="Staff file (CSV)", help_text=f"Up to {MOST_BYTES // 1_000_000} MB. You see what it would change first.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty. Choose another one."},
    )  # fmt: skip


class ContactsForm(Form):
    """The help lines of an organisation."""

    help_name = forms.CharField(label="Who helps staff in the daytime", max_length=80)
    help_phone = forms.CharField(label="Their phone number", max_length=40, required=False)
    help_email = forms.EmailField(label="Their e-mail address", required=False)
    help_hours = forms.CharField(
        label="When they can be reached", max_length=80, required=False, help_text="For example, weekdays 8am to 6pm"
    )
    night_name = forms.CharField(label="Who helps out of hours", max_length=80, required=False)
    night_phone = forms.CharField(label="Their phone number out of hours", max_length=40, required=False)
    ig_email = forms.EmailField(label="E-mail address of information governance", required=False)
    single_approver = forms.BooleanField(
        label="Only one person here can approve a link or the policy. They may do it alone, with a reason in the log.",
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """A refusal without a way to reach somebody helps nobody."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("help_phone") and not cleaned.get("help_email"):
            self.add_error("help_phone", "Enter a phone number or an e-mail address.")
        return cleaned
