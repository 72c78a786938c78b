"""What one sentence says, and how: what it speaks of, and whether it sets a rule for somebody's own device."""

import re
from dataclasses import dataclass, field

from fobwatch.policy.rules.review.book import Rule
from fobwatch.policy.rules.review.phrases import Finder, compared
from fobwatch.policy.rules.review.sentences import Sentence, bare

_STRONG = re.compile(
    r"\b(?:must|shall|should|will|never|do not|don't|required|require|requires|ensure|"
    r"only|cannot|prohibited|forbidden|not permitted|"
    r"not allowed|may not|mandatory|need to|needs to|have to|has to|are to|is to|make sure)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:()–—]|\s-\s|\b(?:but|however|although|though|and|while|whereas)\b", re.IGNORECASE)
_CONDITION = re.compile(r"^\W*(?:if|when|where|for|before|in the event)\b", re.IGNORECASE)
IMPERATIVE = re.compile(
    r"^\W*(?:please |always |never |only |do not |don't |you |and )*(?:use|set|keep|turn|"
    r"switch|install|report|tell|ring|call|contact|lock|delete|remove|wipe|ask|get|register|"
    r"enrol|protect|back|store|save|send|take|share|lend|let|make|check|update|encrypt|"
    r"inform|notify|move|transfer|upload|put|sign|log|choose|follow|avoid|allow|complete|"
    r"attend|obtain|seek|hand|read|open|erase|enable|disable|run|apply|accept|download|"
    r"copy|forward|connect|access|change|return|give|leave|stop|think|consider|try|remember|"
    r"speak|email|record|write|bring|produce|expect)\b",
    re.IGNORECASE,
)
# How many words may stand between a no and what it forbids, before and after it.
BEFORE, AFTER = 11, 12
# By which word a sentence about a risk speaks of it.
RISK_BY = 9


@dataclass(slots=True)
class Read:
    """A sentence and what was understood. names: what it speaks of; around: what stands around it does."""

    sentence: Sentence
    text: str
    names: frozenset[str]
    around: frozenset[str]
    tail: frozenset[str]
    strong: bool
    clauses: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    @property
    def duty(self) -> bool:
        """Whether it reads like a rule: a duty, an order, or what is done."""
        text = self.sentence.text.rstrip('"”’) ')
        return (
            self.strong
            or "duty" in self.names
            or text.endswith((".", "!", ";"))
            or len(text.split()) > 8
            or self._list_item
        )

    @property
    def _list_item(self) -> bool:
        return self.sentence.kind in ("item", "cell") and bool(self.sentence.lead)


def read(sentence: Sentence, finder: Finder, *, own: bool) -> Read:
    """What a sentence says. own: the document is about people's own devices, so every sentence is."""
    text = bare(sentence.text)
    seen = compared(text)
    context = frozenset().union(
        *(finder.names(compared(part)) for part in (sentence.lead, sentence.path, sentence.section) if part)
    )
    if sentence.before and (
        sentence.before.endswith("?")
        or re.match(
            r"^\W*(?:if|it|this|these|they|then|when|that|also|tell|call|ring|do|we|you)\b", text, re.IGNORECASE
        )
    ):
        context |= finder.names(compared(sentence.before))
    names = finder.names(seen)
    if "risk_talk" in names and _late(finder, seen):
        names -= {"risk_talk"}
    if own:
        context |= {"device", "personal"}
    tail = finder.names(compared(sentence.tail)) if sentence.tail else frozenset()
    strong = bool(_STRONG.search(text) or _STRONG.search(sentence.lead) or IMPERATIVE.match(text))
    found = Read(sentence, text, names, context, tail, strong)
    if {"opposite", "refers"} & names:
        found.clauses = [(part, finder.names(compared(part))) for part in _CLAUSE.split(text) if part.strip()]
    return found


def _late(finder: Finder, seen: str) -> bool:
    """Whether a sentence speaks of a risk only at its end: "keep people alert to the risks"."""
    match = finder.known["risk_talk"].pattern.search(seen)
    noun = match is not None and match.group().startswith(("risk", "danger", "threat", "hazard", "concern"))
    return noun and match is not None and len(seen[: match.start()].split()) > RISK_BY


def _has(groups: tuple[tuple[str, ...], ...], names: frozenset[str]) -> bool:
    return all(any(name in names for name in group) for group in groups)


def matches(rule: Rule, one: Read, finder: Finder) -> bool:
    """Whether a sentence says what the rule looks for, and says it as a rule."""
    if not _has(rule.needs, one.names) or rule.without & one.names:
        return False
    if not _has(rule.near, one.names | one.around | one.tail) or not _has(rule.tail, one.tail):
        return False
    if rule.says == "no" and not _forbidden(rule, one, finder):
        return False
    if rule.says != "any" and not one.duty:
        return False
    return not _opposite(rule, one)


def _forbidden(rule: Rule, one: Read, finder: Finder) -> bool:
    """Whether a no stands close before or after what the rule looks for, or leads into it."""
    if one.sentence.lead and "forbids" in finder.names(compared(one.sentence.lead)):
        return True
    if "forbids" not in one.names:
        return False
    seen = compared(one.text)
    noes = [
        (len(seen[: match.start()].split()), len(seen[: match.end()].split()))
        for match in finder.known["forbids"].pattern.finditer(seen)
    ]
    for name in rule.needs[0]:
        for match in finder.known[name].pattern.finditer(seen):
            start, end = len(seen[: match.start()].split()), len(seen[: match.end()].split())
            if any(
                -BEFORE <= no_end - start <= 0 or 0 <= no_start - end <= AFTER or start <= no_start < end
                for no_start, no_end in noes
            ):
                return True
    return False


def _opposite(rule: Rule, one: Read) -> bool:
    """Whether the sentence says the opposite: "no training is required"."""
    if "opposite" not in one.names:
        return False
    keys = rule.needs[0]
    holding = [names for _, names in one.clauses if any(key in names for key in keys)] or [one.names]
    return all("opposite" in names and "opposite_but" not in names for names in holding)


def refers_away(one: Read, finder: Finder) -> bool:
    """Whether the sentence sends its reader to another document."""
    if "refers" not in one.names:
        return False
    seen = compared(one.text)
    for match in finder.known["refers"].pattern.finditer(seen):
        if not re.search(
            r"\b(?:this|these|following|present)\b|\b(?:the|byod) (?:policy|procedure|document|"
            r"guidance|rules|standard|agreement|code)\b",
            match.group(),
        ):
            return True
    return False


def rest_of(one: Read, finder: Finder) -> Read:
    """The sentence without the clauses that send the reader elsewhere."""
    kept = [(part, names) for part, names in one.clauses if "refers" not in names and not _CONDITION.match(part)]
    text = " , ".join(part for part, _ in kept)
    names = finder.names(compared(text))
    return Read(one.sentence, text, names, one.around, one.tail, bool(_STRONG.search(text)), kept)
