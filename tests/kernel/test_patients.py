"""What looks like a patient is not taken; what does not is."""

import pytest

from fobwatch.kernel.patients import names_no_patient


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("may I text 943 476 5919", "NHS number"),
        ("about 9434765919", "NHS number"),
        ("she was born in May", "date of birth"),
        ("12/03/1956 on my phone", "date of birth"),
        ("can I photograph Mrs Lindqvist", "name of a patient"),
        ("Baby Osei in bed 4", "name of a patient"),
    ],
)
def test_what_looks_like_a_patient_is_named(text: str, what: str) -> None:
    verdict = names_no_patient(text, "Ask without it.")
    assert not verdict
    assert what in verdict.reason
    assert verdict.reason.endswith("Ask without it.")


@pytest.mark.parametrize(
    "text", ["May I use WhatsApp on Ward 6?", "iOS 17.4 or 18.0?", "Call 01632 960100?", "my patients and I", "In 2026"]
)
def test_an_ordinary_question_passes(text: str) -> None:
    assert names_no_patient(text, "x")
