"""The small language of phrases in `data/review.toml`, turned into regular expressions.

Pure. A phrase is plain words. `word*` is any ending, `words?` with or without the s, `#` a number, `###` one of three
digits or more, `(a|b c)` is one of these, `word?` or `(a b)?` may be missing, `..` is up to four words between, `...`
up to nine, `....` up to eighteen, `{name}` is any phrase of that concept. Text is compared in lower case, without
hyphens and punctuation, so "anti-virus" is written "anti virus".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201b": "'", "\u0060": "'"})
_POSSESSIVE = re.compile(r"(?<=\w)'s\b|(?<=s)'(?!\w)")
_STOP = re.compile(r"(?<!\d)[.](?=\s|$)|[;:?!]")
_OTHER = re.compile(r"[^\w'.%+]+")
_TOKEN = re.compile(r"\.{2,4}|\(|\)\??|\||\{\w+\}\??|[^\s(){}|]+")
_NUMBERS = {"#": r"\d[\d.]* ", "###": r"\d{3,} "}
MOST_SEEN = 20_000
GAPS = {"..": r"(?:[^ .]+ ){0,4}", "...": r"(?:[^ .]+ ){0,9}", "....": r"(?:[^ .]+ ){0,18}"}


class PhraseError(ValueError):
    """A phrase that cannot be read. The text names it."""


@lru_cache(maxsize=4096)
def compared(text: str) -> str:
    """The text as phrases see it: lower case, words with one space between, a stop as a word of its own."""
    text = _POSSESSIVE.sub("", text.translate(_APOSTROPHES).lower())
    text = _STOP.sub(" . ", text)
    text = _OTHER.sub(" ", text)
    return re.sub(r"(?<!\S)[.']+(?=\w)|(?<=\w)[.']+(?!\S)", "", text).strip() + " "


@dataclass(frozen=True, slots=True)
class Concept:
    """Phrases that say the same thing. first: the words, or beginnings of words, that one of them starts with."""

    name: str
    pattern: re.Pattern[str]
    exact: frozenset[str]
    begins: tuple[str, ...]


class _Parser:
    def __init__(self, phrase: str, known: Mapping[str, tuple[str, set[str]]]) -> None:
        self.phrase, self.known = phrase, known
        self.tokens = _TOKEN.findall(phrase)
        self.at = 0

    def whole(self) -> tuple[str, set[str]]:
        """The expression and the first words; a first word ends in * where any ending fits."""
        result = self.choice()
        if self.at != len(self.tokens):
            raise PhraseError(f"“{self.phrase}” has a bracket without its partner.")
        return result

    def choice(self) -> tuple[str, set[str]]:
        options, firsts = [], set()
        while True:
            pattern, first, _ = self.row()
            options.append(pattern)
            firsts |= first
            if self.at < len(self.tokens) and self.tokens[self.at] == "|":
                self.at += 1
                continue
            return "|".join(options), firsts

    def row(self) -> tuple[str, set[str], bool]:
        parts: list[str] = []
        firsts: set[str] = set()
        open_start = True
        while self.at < len(self.tokens) and self.tokens[self.at] not in ("|", ")", ")?"):
            pattern, first, optional = self.one()
            parts.append(pattern)
            if open_start:
                firsts |= first
                open_start = optional
        if open_start:
            raise PhraseError(f"“{self.phrase}” needs a word that must be there.")
        return "".join(parts), firsts, False

    def one(self) -> tuple[str, set[str], bool]:
        token = self.tokens[self.at]
        self.at += 1
        if token in GAPS:
            return GAPS[token], {"*"}, False
        if token == "(":  # noqa: S105
            pattern, firsts = self.choice()
            if self.at >= len(self.tokens):
                raise PhraseError(f"“{self.phrase}” has a bracket without its partner.")
            optional = self.tokens[self.at] == ")?"
            self.at += 1
            return f"(?:{pattern}){'?' if optional else ''}", firsts, optional
        if token in _NUMBERS:
            return _NUMBERS[token], {"*"}, False
        if token.endswith("s?"):
            return re.escape(token[:-2]).replace(r"\*", r"[\w'.]*") + "s? ", {token[:-1], token[:-2]}, False
        optional = token.endswith("?")
        word = token.rstrip("?")
        if word.startswith("{"):
            if word[1:-1] not in self.known:
                raise PhraseError(f"“{self.phrase}” speaks of {word}, which is not known above it.")
            pattern, firsts = self.known[word[1:-1]]
        else:
            pattern, firsts = re.escape(word).replace(r"\*", r"[\w'.]*") + " ", {word}
        return f"(?:{pattern}){'?' if optional else ''}", set(firsts), optional


def concepts(named: Mapping[str, list[str]]) -> dict[str, Concept]:
    """Each concept ready to find. A concept may speak of those above it. Raises PhraseError."""
    known: dict[str, tuple[str, set[str]]] = {}
    found: dict[str, Concept] = {}
    for name, phrases in named.items():
        patterns, firsts = [], set()
        for phrase in phrases:
            pattern, first = _Parser(phrase, known).whole()
            patterns.append(pattern)
            firsts |= first
        known[name] = ("|".join(patterns), firsts)
        found[name] = Concept(
            name,
            re.compile(rf"(?<!\S)(?:{known[name][0]})"),
            frozenset(word for word in firsts if "*" not in word),
            tuple(word.split("*")[0] for word in firsts if "*" in word),
        )
    return found


class Finder:
    """Finds concepts in texts, and looks only for those whose first word is there."""

    def __init__(self, known: Mapping[str, Concept]) -> None:
        self.known = known
        self._exact: dict[str, list[str]] = {}
        self._begins: dict[str, list[str]] = {}
        for name, concept in known.items():
            for word in concept.exact:
                self._exact.setdefault(word, []).append(name)
            for begin in concept.begins:
                self._begins.setdefault(begin, []).append(name)
        self._seen: dict[str, frozenset[str]] = {}

    def _starting(self, word: str) -> list[str]:
        found = list(self._exact.get(word, ()))
        for end in range(len(word) + 1):
            found += self._begins.get(word[:end], ())
        return found

    def names(self, text: str) -> frozenset[str]:
        """The concepts that a compared text speaks of."""
        found = self._seen.get(text)
        if found is None:
            likely = {name for word in set(text.split()) for name in self._starting(word)}
            found = frozenset(name for name in likely if self.known[name].pattern.search(text))
            if len(self._seen) > MOST_SEEN:
                self._seen.clear()
            self._seen[text] = found
        return found
