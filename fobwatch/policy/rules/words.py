"""What is held, in words that staff read."""

from fobwatch.policy.rules.vocabulary import GRADE_WORDS, PLATFORM_WORDS, Fact, Grade, Kind, version_text

_CHOICES = {
    **PLATFORM_WORDS,
    "issued": "work", "none": "not registered", "enrolling": "still being registered",
    "ig_lead": "IG lead", "dpo": "data protection officer", "it_support": "IT support", "non_clinical": "non-clinical",
}  # fmt: skip
_UNITS = {86_400: "day", 3_600: "hour", 60: "minute"}


def choice_words(choice: str) -> str:
    """A choice as it is read: "iPhone", "non-clinical", "practice lead"."""
    return _CHOICES.get(choice, choice.replace("_", " "))


def fact_words(fact: Fact, value: int, now: int) -> str:
    """A value in words: "17.4", "iPhone", "yes", "3 days" passed or left."""
    if fact.kind is Kind.BOOL:
        return "yes" if value else "no"
    if fact.kind is Kind.VERSION:
        return version_text(value)
    if fact.kind is Kind.CHOICE:
        return choice_words(fact.choices[value])
    if fact.kind is Kind.INT:
        return str(value)
    count = abs(now - value) // fact.unit
    return f"{count:,} {_UNITS[fact.unit]}{'' if count == 1 else 's'}"


_ASKED = {
    Grade.OBSERVED: "This policy asks that we can see it.",
    Grade.MEASURED: "This policy asks that it is measured on the device.",
    Grade.MANAGED: "This policy asks that it is reported by device management.",
    Grade.ATTESTED: "This policy asks for proof from the device itself.",
}


def grade_words(fact: Fact, held: int, asked: int) -> str:
    """Why a fact is not known well enough, as two sentences."""
    how = {Grade.DECLARED: "So far we only have your word for this"}.get(
        Grade(held), f"So far this is only {GRADE_WORDS[Grade(held)].lower()}"
    )
    return f"{how}: {fact.plain}. {_ASKED[Grade(asked)]}"
