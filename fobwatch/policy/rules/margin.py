"""What stands in the margin while a policy is written: how hard it is to read, and what it does not meet yet (R01)."""

from dataclasses import dataclass

from fobwatch.policy.rules import checklist, reading
from fobwatch.policy.rules.form import Clause, Policy, said
from fobwatch.policy.rules.readability import Readability, abbreviations, long_sentences, report


@dataclass(frozen=True, slots=True)
class Long:
    """A sentence that is long, the rule that it stands in, and how many words it has."""

    clause: str
    title: str
    sentence: str
    words: int


@dataclass(frozen=True, slots=True)
class Margin:
    """readability: of the rules that bind staff. items, guidance: what no rule meets, each as its id and its words."""

    readability: Readability
    long: tuple[Long, ...]
    abbreviations: tuple[str, ...]
    items: tuple[tuple[str, str], ...]
    guidance: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        """How many things there are to look at."""
        return len(self.long) + len(self.abbreviations) + len(self.items) + len(self.guidance)


def margin(policy: Policy) -> Margin:
    """The margin of a whole policy."""
    rules = reading.rules(policy)
    return Margin(
        readability=reading.readability(policy),
        long=tuple(
            Long(rule.clause.id, rule.clause.title, sentence, count)
            for rule in rules for sentence, count in long_sentences(rule.text)
        ),
        abbreviations=abbreviations(rule.text for rule in rules),
        items=tuple((line.id, line.words) for line in checklist.items(policy) if not line.clauses),
        guidance=tuple((line.id, line.words) for line in checklist.guidance(policy) if not line.clauses),
    )  # fmt: skip


def margin_of(policy: Policy, clause: Clause) -> Margin:
    """The margin of one rule; an abbreviation that another rule explains is explained."""
    text = said(policy, clause)
    unexplained = abbreviations(rule.text for rule in reading.rules(policy))
    return Margin(
        readability=report([text]),
        long=tuple(Long(clause.id, clause.title, one, count) for one, count in long_sentences(text)),
        abbreviations=tuple(one for one in unexplained if one in text),
        items=(), guidance=(),
    )  # fmt: skip
