"""The form in which a policy file of another organisation comes in."""

from django import forms

from fobwatch.design.forms import Form

MOST_BYTES = 1_000_000


class ImportForm(Form):
    """A policy file of another organisation."""

    file = forms.FileField(
        label="Policy file (JSON)",
        help_text="As the other organisation downloads it from the page of a version. Up to 1 MB.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty. Choose another one."},
    )

    def clean_file(self) -> bytes:
        """The bytes of the file, where it is not too large."""
        given = self.cleaned_data["file"]
        if given.size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 1 MB. A policy is much smaller.")
        return bytes(given.read())
