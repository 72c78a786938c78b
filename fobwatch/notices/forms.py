"""What people fill in: a search, a question, an answer, and how patients reach the organisation."""

from django import forms

from fobwatch.design.forms import Form
from fobwatch.kernel.patients import names_no_patient
from fobwatch.kernel.verdict import Verdict
from fobwatch.notices.rules import questions as rules
from fobwatch.notices.rules.sites import read_sites
from fobwatch.policy.rules.search import LONGEST_QUERY


def _checked(verdict: Verdict, text: str) -> str:
    if not verdict:
        raise forms.ValidationError(verdict.reason)
    return text


class SearchForm(Form):
    """What somebody wants to know, in their own words. It is never kept, and never part of an address."""

    query = forms.CharField(
        label="May I …?",
        help_text="For example: “send a photo on WhatsApp”, “print at home”, “lost phone”. Do not name a patient.",
        max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"spellcheck": "true"}),
        error_messages={"required": "Write what you want to know, in a few words."},
    )

    def clean_query(self) -> str:
        """The words, where they do not look as if they named a patient."""
        text = str(self.cleaned_data["query"])
        return _checked(names_no_patient(text, "Ask without naming a patient."), text)


class QuestionForm(Form):
    """A question to the IG team."""

    text = forms.CharField(
        label="Your question",
        help_text="Do not name a patient, and give no NHS number or date of birth.",
        max_length=rules.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "true"}),
        error_messages={"required": "Write your question."},
    )

    def clean_text(self) -> str:
        """A question that can be answered and does not look as if it named a patient."""
        text = str(self.cleaned_data["text"])
        return _checked(rules.text_verdict(text), text)


class AnswerForm(Form):
    """The answer to a question."""

    text = forms.CharField(
        label="The answer",
        help_text="The person who asked gets an e-mail that it is there. Do not name a patient.",
        max_length=rules.LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "true"}),
        error_messages={"required": "Write the answer."},
    )

    def clean_text(self) -> str:
        """An answer that does not look as if it named a patient."""
        text = str(self.cleaned_data["text"])
        return _checked(rules.answer_verdict(text), text)


class EntryForm(Form):
    """A question and its answer as all staff will read them."""

    question = forms.CharField(
        label="The question, as all staff will read it",
        help_text="Change what could tell who asked.",
        max_length=rules.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    answer = forms.CharField(
        label="The answer, as all staff will read it",
        max_length=rules.LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean_question(self) -> str:
        """A question that does not look as if it named a patient."""
        text = str(self.cleaned_data["question"])
        return _checked(rules.answer_verdict(text), text)

    def clean_answer(self) -> str:
        """An answer that does not look as if it named a patient."""
        text = str(self.cleaned_data["answer"])
        return _checked(rules.answer_verdict(text), text)


def _lines(label: str, help_text: str, rows: int = 3) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=2_000, widget=area)


class DeskForm(Form):
    """How patients ask and complain, and where the notice may be shown. Roles, never a person's name."""

    ask_email = forms.EmailField(
        label="E-mail for questions of patients", required=False, max_length=254,
        help_text="Without one, the notice gives the address of the IG team.",
    )  # fmt: skip
    ask_phone = forms.CharField(label="Phone for questions of patients", required=False, max_length=40)
    ask_post = _lines("Address for letters", "Street, town and postcode, one a line.")
    dpo_email = forms.EmailField(label="E-mail of the data protection officer", required=False, max_length=254)
    dpo_phone = forms.CharField(label="Phone of the data protection officer", required=False, max_length=40)
    complain = _lines("How to complain to you", "For example your patient advice service, with its phone number.")
    privacy_notice = forms.URLField(
        label="Address of your privacy notice", required=False, max_length=200, assume_scheme="https",
        error_messages={"invalid": "Write the whole address, like https://www.example.nhs.uk/privacy."},
    )  # fmt: skip
    more = _lines("Anything else patients should know", "It stands on the notice as you write it.")
    sites = _lines(
        "Sites that may show the notice in a frame",
        "One a line, like https://www.example.nhs.uk. Nobody else can show it in a frame.",
    )
    answer_days = forms.IntegerField(
        label="You mean to answer staff within (days)", min_value=1, max_value=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "width": "3"}),
        error_messages={
            "invalid": "Days to answer: write a whole number from 1 to 30.",
            "min_value": "Days to answer: write a whole number from 1 to 30.",
            "max_value": "Days to answer: write a whole number from 1 to 30.",
        },
    )  # fmt: skip

    def clean_privacy_notice(self) -> str:
        """An address that a link may lead to: https and nothing else."""
        text = str(self.cleaned_data["privacy_notice"])
        if text and not text.startswith("https://"):
            raise forms.ValidationError("The address of your privacy notice begins with https://.")
        return text

    def clean_sites(self) -> str:
        """The sites, each a whole https origin."""
        sites, wrong = read_sites(str(self.cleaned_data["sites"]))
        if wrong:
            raise forms.ValidationError(wrong)
        return "\n".join(sites)
