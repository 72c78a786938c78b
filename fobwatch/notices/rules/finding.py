"""An answer to "may I …?" that is only ever quoted: rules of the policy, published answers, what is open at all (B02).

Pure. Nothing here says yes or no to a question: it shows the rule, in the words that were published.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from fobwatch.policy.rules import search
from fobwatch.policy.rules.form import Policy, param_words, sentence
from fobwatch.policy.rules.possible import Opened, Reader, mine, opened, steps
from fobwatch.policy.rules.reading import Rule, rules
from fobwatch.policy.rules.vocabulary import ACTIONS

MOST_RULES, MOST_ANSWERS = 4, 3


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that speaks of what was asked: each sentence and whether it does, its do and don't, its steps.

    not_mine: why the rule cannot concern the reader; empty where it can.
    """

    rule: Rule
    said: tuple[tuple[str, bool], ...]
    do: str
    dont: str
    steps: tuple[str, ...]
    not_mine: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Everything that was found. kinds: the kinds of work that the question names, with what the policy can open."""

    rules: tuple[Found, ...]
    answers: tuple[str, ...]
    kinds: tuple[Opened, ...]

    @property
    def nothing(self) -> bool:
        """Whether the policy and the published answers say nothing about it."""
        return not self.rules and not self.answers


def find(policy: Policy, index: search.Index, answers: Iterable[search.Text], query: str, reader: Reader) -> Finding:
    """What the policy and the published answers say about a question. answers: by the key of each."""
    by_id = {rule.clause.id: rule for rule in rules(policy)}
    why = {rule.clause.id: reason for rule, reason in mine(policy, reader).left_out}
    named = search.kinds_asked(query)
    kinds = tuple(one for one in opened(policy, reader.staff_group) if one.kind in named)
    best = [hit.key for hit in index.find(query, MOST_RULES)]
    # A question that names a kind of work is shown the rule of that kind, however its words are spread.
    of_kind = [rule.clause.id for rule in by_id.values() if rule.clause.kind == "grant" and _of(rule, named)]
    return Finding(
        tuple(
            _found(policy, by_id[key], query, reader, why.get(key, ""))
            for key in dict.fromkeys((*best[:2], *of_kind, *best[2:]))
        ),
        tuple(hit.key for hit in search.Index(answers, beside=index).find(query, MOST_ANSWERS)),
        kinds,
    )


def _of(rule: Rule, kinds: tuple[str, ...]) -> bool:
    return any(pattern.split(":")[0] in kinds for pattern in rule.clause.on)


def _found(policy: Policy, rule: Rule, query: str, reader: Reader, why: str) -> Found:
    words = param_words(policy)
    return Found(
        rule, search.marked(rule.text, query), sentence(rule.clause.do, words),
        sentence(rule.clause.dont, words), steps(policy, rule.clause, reader.platform), why,
    )  # fmt: skip


def verbs(one: Opened) -> str:
    """What is open of a kind of work, in words: "view, add and share"; empty where nothing is."""
    said = [ACTIONS[action] for action in one.actions]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)
