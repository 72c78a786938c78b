"""A fast way to the rule that speaks of something: "may I send a photo on WhatsApp?" (B02, B07, R01).

Pure, in memory, no network. It finds rules and quotes them. It never makes up an answer: what it does not find, it says
that it does not know. Words are brought to a stem, widened by `data/search.toml`, and mended by one letter.
"""

import functools
import math
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import resources

from fobwatch.policy.rules.form import Policy, param_words, sentence
from fobwatch.policy.rules.reading import Rule, rules

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_DOUBLE = re.compile(r"([bdgklmnprt])\1$")
# How much of what was asked a rule must speak of: below this it is noise.
ENOUGH = 0.34
# The weight from which a text speaks of a thing; what stands in a step of a fix only is mentioned, not spoken of.
_SPOKEN = 2.0
LONGEST_QUERY = 200
MOST_WORDS = 24
_SYNONYM, _MENDED = 0.6, 0.7
_SHORTEST_MENDED = 5


@dataclass(frozen=True, slots=True)
class Text:
    """Something to be found: a key, and its texts with their weights."""

    key: str
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found: its key, its score, and the share of the question that it speaks of, from 0 to 1."""

    key: str
    score: float
    share: float


@dataclass(frozen=True, slots=True)
class Words:
    """The words that mean the same, by stem; the kinds of work that a stem names; the words that say nothing."""

    same: Mapping[str, frozenset[str]]
    kinds: Mapping[str, frozenset[str]]
    nothing: frozenset[str]


def stem(word: str) -> str:
    """A word without its ending, so that forms of it meet: "copies", "copied" and "copying" are "copi"."""
    plain = word.lower().replace("’", "'").split("'")[0].replace("-", "")
    if len(plain) > 3 and plain.endswith("s") and not plain.endswith(("ss", "us", "is")):
        plain = plain[:-3] + "y" if plain.endswith("ies") and len(plain) > 4 else plain[:-1]
    for ending in ("ing", "ed"):
        base = plain.removesuffix(ending)
        if base != plain and len(base) > 2 and re.search("[aeiouy]", base):
            plain = _DOUBLE.sub(r"\1", base)
            break
    if len(plain) > 3 and plain.endswith("e"):
        plain = plain[:-1]
    return plain[:-1] + "i" if len(plain) > 2 and plain.endswith("y") else plain


def terms(text: str) -> list[str]:
    """The stems of what a text says, in order, without the words that say nothing."""
    return [stem(word) for word in _WORD.findall(text) if word.lower() not in words().nothing]


@functools.lru_cache(maxsize=1)
def words() -> Words:
    """The words of `data/search.toml`, read once."""
    data = tomllib.loads(resources.files("fobwatch.policy").joinpath("data", "search.toml").read_text(encoding="utf-8"))
    same: dict[str, frozenset[str]] = {}
    for line in data["same"]:
        stems = frozenset(map(stem, line))
        for one in stems:
            same[one] = same.get(one, frozenset()) | stems
    kinds: dict[str, frozenset[str]] = {}
    for kind, line in data["kinds"].items():
        for word in line:
            kinds[stem(word)] = kinds.get(stem(word), frozenset()) | {kind}
    return Words(same, kinds, frozenset(data["nothing"].split()))


class Index:
    """Texts, by the stems in them. Built in a few milliseconds for a policy; asked in less than one.

    beside: an index of more texts, which are not found, but tell which words say little: one text alone cannot. With
    it, a word that stands everywhere is no answer to a question with a rarer one.
    """

    def __init__(self, texts: Iterable[Text], beside: "Index | None" = None) -> None:
        self.beside = beside
        self.weights: dict[str, dict[str, float]] = {}
        self.size = 0
        for text in texts:
            self.size += 1
            counted: Counter[str] = Counter()
            for part, weight in text.parts:
                for term in set(terms(part)):
                    counted[term] += weight  # type: ignore[assignment]
            for term, weight in counted.items():
                self.weights.setdefault(term, {})[text.key] = weight

    def rarity(self, term: str) -> float:
        """How much a stem tells: one that stands in few texts tells much. Of one that stands nowhere: the most."""
        size, holding = self.size, len(self.weights.get(term, ()))
        if self.beside:
            size, holding = size + self.beside.size, holding + len(self.beside.weights.get(term, ()))
        return math.log(1 + size / (holding + 0.5))

    def widened(self, term: str) -> dict[str, float]:
        """The stems that may stand for one of the question, each with how well it does."""
        same = words().same
        found = dict.fromkeys(same.get(term, ()), _SYNONYM) | {term: 1.0}
        if term not in same and term not in self.weights:
            near = {one for one in (*self.weights, *same) if _one_letter(term, one)}
            found |= dict.fromkeys((more for one in near for more in same.get(one, ())), _SYNONYM * _MENDED)
            found |= dict.fromkeys(near, _MENDED)
        return found

    def find(self, query: str, most: int = 5) -> list[Hit]:
        """The texts that speak of what was asked, best first; none where too little of it is spoken of."""
        asked = list(dict.fromkeys(terms(query[:LONGEST_QUERY])))[:MOST_WORDS]
        score: Counter[str] = Counter()
        share: Counter[str] = Counter()
        whole = 0.0
        for term in asked:
            worth = max(self.rarity(one) * how for one, how in self.widened(term).items())
            whole += worth
            best: dict[str, float] = {}
            said: dict[str, float] = {}
            for one, how in self.widened(term).items():
                for key, weight in self.weights.get(one, {}).items():
                    best[key] = max(best.get(key, 0.0), how * self.rarity(one) * math.log(1 + weight))
                    told = how * self.rarity(one) if self.beside else worth
                    said[key] = max(said.get(key, 0.0), told * min(weight / _SPOKEN, 1.0))
            for key, value in best.items():
                score[key] += value  # type: ignore[assignment]
                share[key] += said[key]  # type: ignore[assignment]
        hits = [Hit(key, value, share[key] / whole) for key, value in score.items()]
        return sorted((one for one in hits if one.share >= ENOUGH), key=lambda one: (-one.score, one.key))[:most]


def _one_letter(term: str, other: str) -> bool:
    """Whether two stems differ by one letter: added, left out, other, or two that changed places."""
    if min(len(term), len(other)) < _SHORTEST_MENDED or abs(len(term) - len(other)) > 1 or term == other:
        return False
    at = next((i for i, (a, b) in enumerate(zip(term, other, strict=False)) if a != b), min(len(term), len(other)))
    rest, there = term[at:], other[at:]
    swapped = rest[:2][::-1] == there[:2] and rest[2:] == there[2:]
    return rest[1:] == there[1:] or rest[1:] == there or rest == there[1:] or swapped


def clause_text(policy: Policy, rule: Rule) -> Text:
    """A rule as it is found: by its title first, by its steps last."""
    said, clause = param_words(policy), rule.clause
    steps = " ".join(step for lines in clause.fix.values() for step in lines)
    heads = ((clause.title, 4.0), (clause.do, 3.0), (clause.dont, 3.0), (clause.section, 1.0))
    filled = [(sentence(text, said), weight) for text, weight in heads if text]
    return Text(clause.id, (*filled, (rule.text, 2.0), (clause.fails, 0.7), (steps, 0.4)))


def index_of(policy: Policy) -> Index:
    """The index of a policy: every rule, as it is read."""
    return Index(clause_text(policy, rule) for rule in rules(policy))


def kinds_asked(query: str) -> tuple[str, ...]:
    """The kinds of work that a question names, in the order of their names."""
    named = words().kinds
    return tuple(sorted({kind for term in terms(query[:LONGEST_QUERY]) for kind in named.get(term, ())}))


def marked(text: str, query: str) -> tuple[tuple[str, bool], ...]:
    """Every sentence of a text in order, and whether it speaks of what was asked: nothing is left out of a quote."""
    count = _matches(query)
    return tuple((part, count(part) > 0) for part in _SENTENCE.split(text) if part)


def _matches(query: str) -> Callable[[str], int]:
    asked = [words().same.get(term, frozenset()) | {term} for term in dict.fromkeys(terms(query[:LONGEST_QUERY]))]

    def count(text: str) -> int:
        here = set(terms(text))
        return sum(bool(one & here) for one in asked)

    return count
