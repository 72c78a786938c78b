"""The people whom a what-if touches, one by one: what each would lose and gain, why, and whether they can mend it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from fobwatch.access.rules.whatif import Effect
from fobwatch.policy.rules.batch import Numbers
from fobwatch.policy.rules.compile import CELL_BIT, Compiled
from fobwatch.policy.rules.form import param_words, sentence
from fobwatch.policy.rules.vocabulary import ACTIONS, CLASSES


@dataclass(frozen=True, slots=True)
class Affected:
    """One person by number: kinds of work lost and gained, titles of the clauses to blame, and about how many minutes
    the remedies take where the person can put all of it right alone, else None."""

    number: int
    team: str
    loses: tuple[str, ...]
    gains: tuple[str, ...]
    because: tuple[str, ...]
    minutes: int | None


def losers(found: Effect) -> Numbers:
    """The numbers of the people who lose anything: first those who cannot put it right alone, then by team."""
    lost = found.lost
    numbers = np.flatnonzero(lost)
    mends = (lost & ~found.mends == 0)[numbers]
    order = np.lexsort((numbers, found.register.team[numbers], mends))
    chosen: Numbers = numbers[order]
    return chosen


def touched(found: Effect) -> Numbers:
    """Those who lose anything, as `losers` sorts them, then those who only gain."""
    only_gain = np.flatnonzero((found.gained != 0) & (found.lost == 0))
    return np.concatenate([losers(found), only_gain])


def affected(found: Effect, numbers: Iterable[int]) -> Iterator[Affected]:
    """What the new version means for each of these people."""
    register, lost, gained = found.register, found.lost, found.gained
    closing, ungranted = register.by_person(found.closing), register.by_person(found.ungranted)
    for number in numbers:
        masks = ((found.new, int(closing[number])), (found.stands.compiled, int(ungranted[number])))
        wholly = int(lost[number]) & ~int(found.mends[number]) == 0
        yield Affected(
            number=int(number),
            team=register.teams[int(register.team[number])],
            loses=tuple(work_words(int(lost[number]))),
            gains=tuple(work_words(int(gained[number]))),
            because=tuple(title for compiled, mask in masks for title, _ in _clauses(compiled, mask)),
            minutes=sum(minutes for _, minutes in _clauses(*masks[0])) if wholly else None,
        )


def work_words(mask: int) -> Iterator[str]:
    """A mask of cells in words: "Documents" where it can be seen no longer, else "Documents: download, print"."""
    for kind, label in CLASSES.items():
        if mask & CELL_BIT[f"{kind}:view"]:
            yield label
            continue
        parts = [verb for action, verb in ACTIONS.items() if mask & CELL_BIT[f"{kind}:{action}"]]
        if parts:
            yield f"{label}: {', '.join(parts)}"


def _clauses(compiled: Compiled, mask: int) -> Iterator[tuple[str, int]]:
    words = param_words(compiled.policy)
    for index, clause in enumerate(compiled.policy.clauses):
        if mask >> index & 1:
            yield sentence(clause.title, words), clause.minutes
