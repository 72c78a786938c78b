import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from fobwatch.design.forms import DayField, Form, component, summary_of

WARDS = [("", "Choose a ward"), ("6", "Ward 6"), ("7", "Ward 7")]


class Everything(Form):
    name = forms.CharField(
        label="Your name", help_text="As on your badge", widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(label="NHS email")
    reason = forms.CharField(label="Reason", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    ward = forms.ChoiceField(label="Ward", choices=WARDS)
    lock = forms.ChoiceField(label="Do you have a screen lock?", choices=WARDS, widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(label="Kinds", choices=WARDS[1:], widget=forms.CheckboxSelectMultiple)
    agree = forms.BooleanField(label="I have read it")
    leaves = DayField(label="Last day")
    file = forms.FileField(label="Staff file")
    key = forms.CharField(widget=forms.HiddenInput, initial="secret-key")


GOOD: dict[str, Any] = {
    "name": 'A "quoted" <name>', "email": "a@example.org", "reason": "Because", "ward": "7", "lock": "6",
    "kinds": ["6", "7"], "agree": "on", "leaves_0": "29", "leaves_1": "2", "leaves_2": "2028", "key": "k",
}  # fmt: skip
FILE = {"file": SimpleUploadedFile("staff.csv", b"name")}


def flat(form: Form) -> str:
    return re.sub(r"\s+", " ", form.render_nhs())


def ids(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', html)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("name", "Enter your name"),
        ("email", "Enter NHS email"),
        ("ward", "Choose ward"),
        ("lock", "Answer the question: Do you have a screen lock?"),
        ("kinds", "Choose kinds"),
        ("agree", "Tick the box: I have read it"),
        ("leaves", "Enter last day"),
        ("file", "Choose staff file"),
    ],
)
def test_an_empty_field_says_what_to_do(field: str, words: str) -> None:
    form = Everything({})
    assert form.errors[field] == [words]
    made = flat(form)
    assert f'id="id_{field}-error"' in made
    assert words in made


def test_a_wrong_email_address_says_in_which_field() -> None:
    assert Everything(GOOD | {"email": "nonsense"}).errors["email"] == [
        "NHS email: enter an e-mail address, like name@example.org."
    ]


def test_a_field_keeps_its_own_words_for_empty() -> None:
    class Own(Form):
        code = forms.CharField(error_messages={"required": "Enter the code from your paper."})

    assert Own({}).errors["code"] == ["Enter the code from your paper."]


def test_every_error_of_the_summary_leads_to_an_input() -> None:
    form = Everything({})
    made = ids(form.render_nhs())
    for line in summary_of(form):
        if line["text"] == "Enter key":
            assert "href" not in line
        else:
            assert line["href"].removeprefix("#") in made


def test_no_id_stands_twice() -> None:
    for form in (Everything(), Everything({}), Everything(GOOD, FILE)):
        found = ids(form.render_nhs())
        assert len(found) == len(set(found))


def test_hints_and_errors_are_tied_to_their_input() -> None:
    made = flat(Everything({}))
    assert 'aria-describedby="id_name-hint id_name-error"' in made
    assert "As on your badge" in made


def test_what_was_given_is_kept_and_escaped() -> None:
    form = Everything(GOOD, FILE)
    assert form.is_valid(), form.errors
    made = flat(form)
    assert "A &#34;quoted&#34; &lt;name&gt;" in made
    assert ">Because</textarea>" in made
    assert '<option value="7" selected' in made
    assert re.search(r'name="lock" type="radio" value="6" checked', made)
    assert len(re.findall(r'name="kinds" type="checkbox" value="\d" checked', made)) == 2
    assert re.search(r'name="agree" type="checkbox" value="on" checked', made)
    assert 'value="29"' in made
    assert form.cleaned_data["leaves"] == dt.date(2028, 2, 29)


def test_the_component_takes_what_the_widget_says() -> None:
    made = flat(Everything())
    assert 'autocomplete="name"' in made
    assert 'type="email"' in made
    assert 'rows="3"' in made
    assert '<input type="hidden" name="key" value="secret-key" id="id_key">' in made
    assert "Reason (optional)" in made
    assert "required" not in made


def test_radios_offer_no_empty_answer_and_a_list_does() -> None:
    made = flat(Everything())
    assert 'type="radio" value=""' not in made
    assert '<option value="" selected' in made


def test_one_question_may_be_the_heading_with_a_hint_for_each_choice() -> None:
    made = component(Everything()["lock"], heading=True, hints={"6": "On the second floor"})
    assert made["params"]["fieldset"]["legend"]["isPageHeading"] is True
    assert made["params"]["items"][0]["hint"] == {"text": "On the second floor"}
    assert "hint" not in made["params"]["items"][1]
    assert "id" not in made["params"]


@pytest.mark.parametrize(
    ("day", "month", "year", "words"),
    [
        ("31", "2", "2026", "There is no such day. Check the day, month and year."),
        ("1", "1", "99999", "There is no such day. Check the day, month and year."),
        ("1", "x", "2026", "Use numbers for the day, month and year."),
        ("1", "", "2026", "Enter last day"),
    ],
)
def test_a_day_that_cannot_be_is_refused(day: str, month: str, year: str, words: str) -> None:
    form = Everything({**GOOD, "leaves_0": day, "leaves_1": month, "leaves_2": year}, FILE)
    assert form.errors["leaves"] == [words]
    assert f'value="{day}"' in flat(form)


def test_a_day_may_be_optional_and_may_be_filled_in_before() -> None:
    class Leaving(Form):
        on = DayField(label="Last day (optional)", required=False)

    form = Leaving({"on_0": "", "on_1": "", "on_2": ""})
    assert form.is_valid()
    assert form.cleaned_data["on"] is None
    made = flat(Leaving(initial={"on": dt.date(2026, 3, 1)}))
    assert 'value="2026"' in made
    assert "(optional) (optional)" not in made


def test_a_fault_of_the_whole_form_stands_in_the_summary() -> None:
    class Pair(Form):
        one = forms.CharField()

        def clean(self) -> None:
            raise forms.ValidationError("These two do not belong together.")

    assert summary_of(Pair({"one": "1"})) == [{"text": "These two do not belong together."}]
