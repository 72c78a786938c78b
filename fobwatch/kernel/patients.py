"""Whether a text that staff write looks as if it named a patient: a guard on fields that are no place for it."""

import re

from fobwatch.kernel.verdict import Verdict

# A ten-digit number may be an NHS number, with or without its gaps.
_NUMBER = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_DATE = re.compile(r"(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d{2})(?!\d)")
_BIRTH = re.compile(r"\b(d\.?o\.?b\b|born\b|date of birth\b)", re.IGNORECASE)
_NAME = re.compile(r"\b(?:[Mm]r|[Mm]rs|[Mm]iss|[Mm]s|[Mm]x|[Mm]aster|[Bb]aby|[Pp]atient)\.? [A-Z][a-z]+")


def names_no_patient(text: str, instead: str) -> Verdict:
    """No where a text seems to hold an NHS number, a date of birth or a name; `instead` says what to write.

    It finds what is written in the usual ways. A name by itself, or a rare illness on a small ward, it does not find.
    """
    if _NUMBER.search(text):
        return Verdict.no(f"This may hold an NHS number. {instead}")
    if _DATE.search(text) or _BIRTH.search(text):
        return Verdict.no(f"This may hold a date of birth. {instead}")
    if _NAME.search(text):
        return Verdict.no(f"This may hold the name of a patient. {instead}")
    return Verdict.yes()
