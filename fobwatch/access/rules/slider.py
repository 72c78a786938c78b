"""One detail of a policy to try out: the sentence it stands in, and the values that are worth trying here."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fobwatch.access.rules.whatif import Register
from fobwatch.policy.rules.batch import Numbers
from fobwatch.policy.rules.clause import with_params
from fobwatch.policy.rules.form import FIELD, Atom, Condition, Group, Param, Policy, atoms, param_words, sentence
from fobwatch.policy.rules.vocabulary import BY_NAME, PLATFORMS, Kind, version_number, version_text

MOST_STOPS = 60
_MAJOR = 1_000_000
_MINOR = 1_000


@dataclass(frozen=True, slots=True)
class Slider:
    """A detail to try: its sentence around the value, and the stops from the loosest to the tightest as they sort.

    at: the stop that the value is at.
    """

    name: str
    label: str
    unit: str
    value: str
    before: str
    after: str
    stops: tuple[str, ...]
    at: int


def adjustable(policy: Policy) -> tuple[Param, ...]:
    """The numbers and versions of a policy that decide something, in the order of its details."""
    used = {
        value[1:]
        for clause in policy.clauses
        if clause.kind != "teach"
        for value in (*(atom.value for part in (clause.when, clause.need) for atom in atoms(part)), clause.grace_days)
        if isinstance(value, str) and value.startswith("$")
    }
    return tuple(one for one in policy.params if one.name in used and one.kind in ("int", "version"))


def tried(policy: Policy, name: str, value: str) -> Policy:
    """The policy with another value for one detail, as it was typed. Raises PolicyErrors where it does not fit."""
    kind = next(one.kind for one in policy.params if one.name == name)
    text = value.strip()
    whole = kind == "int" and text.isascii() and text.isdigit() and len(text) < 10
    return with_params(policy, {name: int(text) if whole else text})


def slider(policy: Policy, param: Param, register: Register, others: tuple[str, ...] = ()) -> Slider:
    """The slider of a detail. others: values that are stops too, such as what is in force."""
    value = str(next(one.value for one in policy.params if one.name == param.name))
    known = tuple(one for one in (value, *others) if one)
    stops = _versions(policy, param, register, known) if param.kind == "version" else _wholes(param, known)
    before, after = _around(policy, param)
    return Slider(param.name, param.label, param.unit, value, before, after, stops, stops.index(value))


def _around(policy: Policy, param: Param) -> tuple[str, str]:
    """What stands before and after the value in the sentence that staff read; its label where there is none."""
    words = param_words(policy)
    for clause in policy.clauses:
        for line in clause.text.replace("? ", "?\n").replace(". ", ".\n").split("\n"):
            if param.name in FIELD.findall(line):
                before, _, after = line.partition("{" + param.name + "}")
                return sentence(before, words), sentence(after, words)
    return f"{param.label}:", f"{param.unit}." if param.unit else ""


def _wholes(param: Param, known: tuple[str, ...]) -> tuple[str, ...]:
    low, high = param.minimum or 0, param.maximum or 2 * max(30, *(int(one) for one in known))
    step = -(-(high - low) // MOST_STOPS) or 1
    values = {*range(low, high + 1, step), high, *(int(one) for one in known)}
    return tuple(str(one) for one in sorted(values))


def _versions(policy: Policy, param: Param, register: Register, known: tuple[str, ...]) -> tuple[str, ...]:
    """The versions that devices here run, and each whole number around them."""
    seen = _seen(policy, param.name, register)
    numbers = {version_number(one): one for one in known}
    lowest, highest = (edge([*numbers, *seen.tolist()]) // _MAJOR for edge in (min, max))
    majors = {at * _MAJOR for at in range(lowest, highest + 2)}
    minors = set((seen // _MINOR * _MINOR).tolist())
    if len(majors) > MOST_STOPS:
        majors = set()
    if len(majors | minors) > MOST_STOPS:
        minors = {one // _MAJOR * _MAJOR for one in minors}
    stops = sorted({*numbers, *majors, *minors})
    return tuple(numbers.get(one) or version_text(one) for one in stops)


def _seen(policy: Policy, name: str, register: Register) -> Numbers:
    """The different versions that are held of the devices of which this detail speaks."""
    version, platform = register.columns["os_version"], register.columns["platform"]
    of = [PLATFORMS.index(one) for one in _platforms(policy, name)]
    held = (version.grade > 0) & (platform.grade > 0) & np.isin(platform.value, of)
    return np.unique(version.value[held])


def _platforms(policy: Policy, name: str) -> set[str]:
    """The makes of device of which a version speaks: those named beside it, or else those for which its clause is."""
    found: set[str] = set()
    for clause in policy.clauses:
        for near in _beside(clause.need, name):
            found |= set(near or _named(clause.when))
    return found


def _beside(condition: Condition | None, name: str) -> Iterator[set[str]]:
    """For each comparison with this detail, the makes of device that must hold together with it."""
    if isinstance(condition, Atom):
        if condition.value == f"${name}" and BY_NAME[condition.fact].kind is Kind.VERSION:
            yield set()
    elif condition is not None:
        for part in condition.parts:
            for near in _beside(part, name):
                yield near or (_named(condition, deep=False) if condition.how == "all" else set())


def _named(condition: Condition | None, *, deep: bool = True) -> set[str]:
    """The makes of device that a condition names; all of them where it names none."""
    parts = condition.parts if isinstance(condition, Group) and not deep else tuple(atoms(condition))
    named = [
        one.value if isinstance(one.value, tuple) else (str(one.value),)
        for one in parts
        if isinstance(one, Atom) and one.fact == "platform" and one.op in ("==", "in")
    ]
    return {one for several in named for one in several} or (set(PLATFORMS) if deep else set())
