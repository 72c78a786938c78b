"""How hard a text is to read: the Flesch-Kincaid grade, counted here (R01).

Pure. The syllable counter is our own. The libraries that count syllables fetch a dictionary of
pronunciations when they first run, and a practice may have no internet. Ours counts groups of vowels,
mends the common silent endings and knows a short list of words that rules get wrong. It is good to
about one syllable in fifty in plain English, which moves a grade by about a third.

Formula: J. P. Kincaid and others, Research Branch Report 8-75, 1975, from memory, unverified.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
# A dot ends a sentence only before space or the end, so that "17.4" and "nhs.uk" stay whole. The end of a line does
# too, for lists.
_END = re.compile(r"[.!?\u2026]+[\"'\u2019\u201d)\]]*(?=\s|$)|\n+|;(?=\s|$)")
_ABBREVIATION = re.compile(r"\b(e\.g|i\.e|etc|Dr|Mr|Mrs|Ms|St|No|vs|approx)\.(?=\s+\S)")
_VOWELS = re.compile(r"[aeiouy]+")
_DIGIT_SYLLABLES = (2, 1, 1, 1, 1, 1, 1, 2, 1, 1)

# What the rules below get wrong and policies use often.
_KNOWN = {
    "area": 3, "client": 2, "diary": 3, "diet": 2, "eye": 1, "eyes": 1, "hundred": 2, "idea": 3, "ios": 3,
    "ipad": 2, "ipados": 4, "quiet": 2, "science": 2, "theatre": 3, "every": 2, "everyone": 3, "everything": 3,
    "everybody": 4, "business": 2, "someone": 2, "something": 2, "sometimes": 2, "somebody": 3, "somewhere": 2,
    "anyone": 3, "therefore": 2, "elsewhere": 2, "macos": 3, "chromeos": 3, "chromebook": 2, "chrome": 1,
}  # fmt: skip
# A vowel group that is silent, or that the ending swallows: take one away.
_LESS = re.compile(
    r"(?:[^aeiouyl]|[aeiouy]l|ll)e$"  # use, whole; not table
    r"|(?:[^aeiouyscgxzhl]|[aeiouyr]l|[tp]h|gh)es$"  # times, files; not boxes, places
    r"|(?:[^aeiouytdl]|[aeiouy]l|ll|[aeou]y)ed$"  # locked, called, played; not started, handled
    r"|[gq]ues?$|ically$"
)
_LESS_INSIDE = re.compile(r"[^aeiouyl]e(?:ly|ments?|ful|less|ness)$|[aeiouy]le(?:ly|ss)$")  # safely, statement
# Two vowels that are spoken apart, though they stand together: add one.
_MORE = re.compile(
    r"(?<![tscgxl])i[ao]|(?<=[aeou]l)ia|eo(?!p)|(?<![gq])u[ao]|crea(?!m)|[aeou]y[aeiou]|[^aeiou]ying$|[eo]ing$|ie(?:r|rs|st)$|sm$"
)


@dataclass(frozen=True, slots=True)
class Readability:
    """What a text asks of its reader.

    grade: years of schooling (American grades), never below 0. reading_age: grade + 5, in years.
    longest: the longest sentences, longest first.
    """

    words: int
    sentences: int
    syllables: int
    grade: float
    reading_age: float
    longest: tuple[str, ...]


def words(text: str) -> list[str]:
    """The words of a text in order; a number is one word, and so is a word with a hyphen."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences of a text, without those that hold no word; a line of a list counts as one."""
    guarded = _ABBREVIATION.sub(lambda match: match.group(1).replace(".", "\0") + "\0", text)
    parts = (part.replace("\0", ".").strip() for part in _END.split(guarded))
    return [part for part in parts if _WORD.search(part)]


def syllables(word: str) -> int:
    """How many syllables a word has, at least 1; up to four capitals ("NHS") are spelled out."""
    if word[0].isdecimal():
        return sum(_DIGIT_SYLLABLES[int(digit)] for digit in word if digit.isdecimal())
    if "-" in word:
        return sum(syllables(part) for part in word.split("-"))
    if 1 < len(word) <= 4 and word.isupper():
        return sum(3 if letter == "W" else 1 for letter in word)
    plain = re.split(r"['\u2019]", word.lower())[0]
    return _KNOWN.get(plain) or _counted(plain)


def _counted(word: str) -> int:
    groups = len(_VOWELS.findall(word))
    less = bool(_LESS.search(word)) + bool(_LESS_INSIDE.search(word))
    return max(groups - less + len(_MORE.findall(word)), 1)


def _grade(*, word_count: int, sentence_count: int, syllable_count: int) -> float:
    if not word_count:
        return 0.0
    raw = 0.39 * word_count / sentence_count + 11.8 * syllable_count / word_count - 15.59
    return max(0.0, round(raw, 1))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text, to one decimal, never below 0; 0 for a text without words."""
    return report([text]).grade


def report(texts: Iterable[str], *, longest: int = 5) -> Readability:
    """How hard some texts are together; no sentence runs from one text into the next (R01)."""
    all_sentences = [sentence for text in texts for sentence in sentences(text)]
    all_words = [word for sentence in all_sentences for word in words(sentence)]
    syllable_count = sum(syllables(word) for word in all_words)
    result = _grade(word_count=len(all_words), sentence_count=len(all_sentences), syllable_count=syllable_count)
    by_length = sorted(all_sentences, key=lambda sentence: len(words(sentence)), reverse=True)
    return Readability(
        words=len(all_words),
        sentences=len(all_sentences),
        syllables=syllable_count,
        grade=result,
        reading_age=round(result + 5, 1) if all_words else 0.0,
        longest=tuple(by_length[:longest]),
    )


# What everybody in health care reads as a word.
KNOWN_SHORT = frozenset({"NHS", "IT", "PIN", "GP", "UK", "ID", "PC", "OK"})
_SHORT = re.compile(r"\b[A-Z]{2,6}s?\b")


def abbreviations(texts: Iterable[str]) -> tuple[str, ...]:
    """The abbreviations that no text explains, in the order in which they first appear.

    One is explained where it stands in brackets after its words, or where brackets with words follow it.
    """
    whole = "\n".join(texts)
    found = dict.fromkeys(one.rstrip("s") for one in _SHORT.findall(whole))
    return tuple(
        one for one in found if one not in KNOWN_SHORT and f"({one}" not in whole and f", or {one})" not in whole
        and not re.search(rf"\b{one}s? \([a-z]", whole)
    )  # fmt: skip


def long_sentences(text: str, *, most: int = 25) -> tuple[tuple[str, int], ...]:
    """The sentences with more words than that, each with how many it has."""
    counted = ((one, len(words(one))) for one in sentences(text))
    return tuple((one, count) for one, count in counted if count > most)
