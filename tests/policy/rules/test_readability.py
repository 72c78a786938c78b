"""How hard a text is to read, against examples counted by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.policy.rules.readability import grade, report, sentences, syllables, words

# Counted by hand.
SYLLABLES = {
    1: "phone screen locked locks asked used changed rules rule files file times home whole roles once care nurse "
       "judge called filed played trained the she be eyes type your you leave use hour hours clouds don't what's tried",
    2: "passkey password patient patients record device started needed changes message email rota secure version "
       "system account uses erase review reviewed people table tables little minutes places boxes safely careful "
       "useless leaver statement settings browser session question region colleague doing being agreed create handled "
       "settled copies patient's two-step iPhone Windows someone sometimes every business service notice trying",
    3: "policy governance devices messages calendar register registered encrypted encryption deleted photograph "
       "clinical enabled created employer employee various serious radio video actual computer management requirement "
       "NHS clinician erases anyone everything area theatre example carrying easier jailbroken",
    4: "security information notifying situation responsible DPIA iPadOS actually automatic emergency",
    5: "organisation administrator automatically notification",
}  # fmt: skip


@pytest.mark.parametrize(
    ("word", "count"),
    [(word, count) for count, row in SYLLABLES.items() for word in row.split()],
)
def test_it_counts_the_syllables_of_a_word(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(("number", "count"), [("7", 2), ("17", 3), ("17.4", 4), ("10", 3)])
def test_a_number_is_read_digit_by_digit(number: str, count: int) -> None:
    assert syllables(number) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  \n ", []),
        ("… !", []),
        ("One. Two? Three!", ["One", "Two", "Three"]),
        ("iOS 17.4 is old. Go to fobwatch.nhs.uk now.", ["iOS 17.4 is old", "Go to fobwatch.nhs.uk now"]),
        ("Ask Dr. Osei, e.g. at noon.", ["Ask Dr. Osei, e.g. at noon"]),
        ("He said “go.” Then he went.", ["He said “go", "Then he went"]),
        ("Do this:\nfirst line\nsecond line", ["Do this:", "first line", "second line"]),
    ],
)
def test_it_finds_the_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_it_finds_the_words() -> None:
    assert words("Don't use the two-step code 17.4: ask Zoë.") == [
        "Don't", "use", "the", "two-step", "code", "17.4", "ask", "Zoë",
    ]  # fmt: skip


# Words, sentences and syllables counted by hand; the grade worked out from them on paper.
@pytest.mark.parametrize(
    ("text", "counts", "expected"),
    [
        ("The cat sat on the mat.", (6, 1, 6), 0.0),  # 2.34 + 11.8 - 15.59 = -1.45, not below 0
        ("Lock your phone. Tell nobody your password.", (7, 2, 10), 2.6),  # 1.365 + 16.857 - 15.59
        ("Patient information is encrypted.", (4, 1, 10), 15.5),  # 1.56 + 29.5 - 15.59
    ],
)
def test_the_grade_is_the_one_worked_out_by_hand(text: str, counts: tuple[int, int, int], expected: float) -> None:
    found = report([text])
    assert (found.words, found.sentences, found.syllables) == counts
    assert found.grade == expected == grade(text)
    assert found.reading_age == pytest.approx(expected + 5)


@pytest.mark.parametrize("texts", [[], [""], ["", "  "], ["…"]])
def test_a_text_without_words_has_no_grade(texts: list[str]) -> None:
    found = report(texts)
    assert (found.words, found.sentences, found.grade, found.reading_age, found.longest) == (0, 0, 0.0, 0.0, ())


def test_no_sentence_runs_from_one_text_into_the_next() -> None:
    assert report(["no full stop here", "nor here"]).sentences == 2


def test_the_longest_sentences_come_first_and_are_no_more_than_asked() -> None:
    text = "One. One two three. One two."
    assert report([text], longest=2).longest == ("One two three", "One two")


def test_long_words_and_long_sentences_are_harder() -> None:
    short = "Lock your own device. Never lend it to family."
    long = "Lock your own device and never lend it to family."
    assert grade(short) < grade(long) < grade("Authenticate utilising organisational credentials.")


@given(st.text(max_size=300))
def test_any_text_gets_a_grade(text: str) -> None:
    found = report([text])
    assert found.grade >= 0
    assert found.syllables >= found.words >= found.sentences >= 0
