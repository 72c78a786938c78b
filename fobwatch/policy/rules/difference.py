"""What one version says that another does not: rule by rule, word by word, and what enforces it (B10, P26)."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fobwatch.policy.rules.form import Clause, Policy, own_when, param_words, said, sentence
from fobwatch.policy.rules.phrasing import condition_words
from fobwatch.policy.rules.reading import Change, audience_words, enforcement, param_changes
from fobwatch.policy.rules.vocabulary import PLATFORM_WORDS

SAME, OUT, IN = "same", "del", "ins"
KIND_WORDS = {
    "grant": "Opens work", "require": "Closes work until it is met", "teach": "Not enforced: taught and audited",
}  # fmt: skip
BIND_WORDS = {
    "staff": "staff", "managers": "managers", "it": "IT", "ig": "the IG team", "organisation": "the organisation",
}  # fmt: skip
SET_WORDS = {
    "view_only": "view only", "no_download": "no download", "watermark": "a watermark",
    "idle_minutes": "sign out after no use, minutes", "absolute_hours": "sign out in any case, hours",
}  # fmt: skip
_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Run:
    """Some words that stayed (`same`), went (`del`) or came (`ins`)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One rule that differs. what: added, removed or changed. lines: what else changed, each before and after."""

    id: str
    title: str
    what: str
    runs: tuple[Run, ...]
    lines: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs: the details first, then the rules in the order of the newer version."""

    params: tuple[Change, ...]
    clauses: tuple[ClauseChange, ...]

    def __bool__(self) -> bool:
        return bool(self.params or self.clauses)


def words(before: str, after: str) -> tuple[Run, ...]:
    """Two texts as one, word by word: what stayed, what went, what came."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    runs: list[Run] = []
    # Compared without the space behind each word, so that the last word of a text equals the same inside it.
    matcher = difflib.SequenceMatcher(None, [one.strip() for one in old], [one.strip() for one in new], autojunk=False)
    for how, a, b, c, d in matcher.get_opcodes():
        if how == "equal":
            runs.append(Run(SAME, "".join(new[c:d])))
            continue
        runs += [Run(kind, "".join(part)) for kind, part in ((OUT, old[a:b]), (IN, new[c:d])) if part]
    return tuple(runs)


def _facets(policy: Policy, clause: Clause) -> dict[str, str]:
    """Everything about a clause but its text, each in words under its name."""
    how, said_of = enforcement(policy, clause), param_words(policy)
    checked = clause.kind != "teach"
    sets = (f"{SET_WORDS[name]}: {policy.resolve(value)}" if not isinstance(value, bool) else SET_WORDS[name]
            for name, value in clause.set.items() if value is not False)  # fmt: skip
    return {
        "Title": sentence(clause.title, said_of), "Heading": clause.section,
        "Do": sentence(clause.do, said_of), "Don’t": sentence(clause.dont, said_of),
        "Binds": ", ".join(BIND_WORDS[one] for one in clause.binds), "For": audience_words(clause) or "Everybody",
        "What enforces it": KIND_WORDS[clause.kind], "Kinds of work": "; ".join(how.work) if checked else "",
        "When it applies": condition_words(policy, own_when(clause)),
        "What it asks": condition_words(policy, clause.need), "How we must know": how.grade,
        "Time of grace": how.grace if clause.kind == "require" else "",
        "Emergencies": how.emergency if clause.kind == "require" else "", "What it sets": ", ".join(sets),
        "What a no says": _plain(clause.fails), "Minutes to put it right": str(clause.minutes or ""),
        **{f"The fix: {PLATFORM_WORDS.get(key, 'any device')}": " ".join(sentence(step, said_of) for step in steps)
           for key, steps in clause.fix.items()},
        "Items and guidance": ", ".join((*clause.items, *clause.guidance)),
    }  # fmt: skip


def _plain(text: str) -> str:
    """A text with facts in it, which only a decision knows: their names without the brackets."""
    return text.replace("{", "").replace("}", "").replace("_", " ")


def _lines(before: Policy, old: Clause, after: Policy, new: Clause) -> Iterator[Change]:
    was, now = _facets(before, old), _facets(after, new)
    for name in dict.fromkeys((*was, *now)):
        if was.get(name, "") != now.get(name, ""):
            yield Change(name, was.get(name) or "nothing", now.get(name) or "nothing")


def difference(before: Policy, after: Policy) -> Difference:
    """What `after` says that `before` does not, and the other way round."""
    old, new = ({clause.id: clause for clause in policy.clauses} for policy in (before, after))
    found = (beside(before, old.get(key), after, new.get(key)) for key in dict.fromkeys((*new, *old)))
    return Difference(param_changes(before, after), tuple(change for change in found if change))


def beside(before: Policy, old: Clause | None, after: Policy, new: Clause | None) -> ClauseChange | None:
    """One clause of each of two policies; None where they say and do the same, or where neither is there."""
    if old is not None and new is not None:
        runs = words(said(before, old), said(after, new))
        lines = tuple(_lines(before, old, after, new))
        if not lines and all(run.kind == SAME for run in runs):
            return None
        return ClauseChange(new.id, _title(after, new), "changed", runs, lines)
    if new is not None:
        return ClauseChange(new.id, _title(after, new), "added", (Run(IN, said(after, new)),), ())
    if old is not None:
        return ClauseChange(old.id, _title(before, old), "removed", (Run(OUT, said(before, old)),), ())
    return None


def _title(policy: Policy, clause: Clause) -> str:
    return sentence(clause.title, param_words(policy))
