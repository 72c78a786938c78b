"""Reading a policy, and refusing one that cannot be enforced: before anything is compiled, all errors at once.

Everything is positive: a word, a type, an operator or a cell that is not listed is an error.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from fobwatch.policy.rules.form import (
    PROTECT_SHIFT,
    SHIFT_HOURS,
    Atom,
    Clause,
    Condition,
    Group,
    Param,
    Policy,
    PolicyErrors,
    atoms,
    for_audience,
)  # fmt: skip
from fobwatch.policy.rules.reader import Reader
from fobwatch.policy.rules.values import (
    OPERATORS,
    PARAM_KINDS,
    cells_of,
    is_whole,
    param_kinds,
    param_problem,
    value_problem,
)  # fmt: skip
from fobwatch.policy.rules.vocabulary import BY_NAME, PLATFORMS, ROLES, STAFF_GROUPS, Grade

KINDS = ("grant", "require", "teach")
BINDS = ("staff", "managers", "it", "ig", "organisation")
OBLIGATIONS = {
    "idle_minutes": "int", "absolute_hours": "int", "no_download": "bool", "watermark": "bool", "view_only": "bool",
}  # fmt: skip
ENGINE_PARAMS = {PROTECT_SHIFT: "bool", SHIFT_HOURS: "int"}
GRADES = {grade.name.lower(): grade for grade in Grade if grade}
DEPTH = 8
EPOCH_MOST = 253_402_300_799

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_GUIDANCE = re.compile(r"[BRWMT][0-9]{2}")
_ITEM = re.compile(r"P[0-9]{2}")
_POLICY_KEYS = {
    "title",
    "template_version",
    "review_months",
    "effective",
    "params",
    "order",
    "values",
    "left_out",
    "clause",
}
_PARAM_KEYS = {"kind", "default", "label", "help", "minimum", "maximum", "unit"}
_TAUGHT = (
    "id", "kind", "section", "title", "text", "addition", "do", "dont", "binds", "guidance", "items", "own", "template",
    "audience",
)  # fmt: skip
_OPTIONAL = ("addition", "do", "dont")
_ENFORCED = ("on", "when", "need", "grade", "grace_days", "break_glass", "set", "fails", "minutes", "fix")


def _param(reader: Reader, name: str, data: Any, chosen: Mapping[str, Any]) -> None:
    reader.where = name
    if not isinstance(data, Mapping) or not _NAME.fullmatch(name):
        reader.no("A parameter has a name in small letters, and a table with its kind, default and label.")
        return
    reader.known(data, _PARAM_KEYS)
    kind = reader.text(data, "kind")
    low, high = (reader.whole(data, key) if key in data else None for key in ("minimum", "maximum"))
    if kind not in PARAM_KINDS:
        reader.no(f"“{kind}” is not a kind of parameter. Use one of: {', '.join(PARAM_KINDS)}.")
        return
    if ENGINE_PARAMS.get(name, kind) != kind:
        reader.no(f"This parameter must be of the kind “{ENGINE_PARAMS[name]}”.")
    if kind != "int" and (low, high) != (None, None):
        reader.no("Only a whole number has a minimum and a maximum.")
    default = data.get("default")
    values = (default, chosen.get(name, default))
    wrong = [param_problem(kind, value, low, high) for value in values]
    if any(wrong):
        reader.no(f"The default does not fit. {wrong[0]}" if wrong[0] else wrong[1])
    fixed: list[Any] = [tuple(value) if isinstance(value, list) else value for value in values]
    label, why, unit = reader.text(data, "label", needed=True), reader.text(data, "help"), reader.text(data, "unit")
    reader.params[name] = Param(name, kind, fixed[0], fixed[1], label, why, low, high, unit)


def _params(reader: Reader, data: Mapping[str, Any]) -> None:
    declared, chosen = reader.table(data, "params"), reader.table(data, "values")
    order = reader.texts(data, "order") if "order" in data else tuple(declared)
    if sorted(order) != sorted(declared):
        reader.no("“order” must name each parameter once.")
        order = tuple(declared)
    for name in order:
        _param(reader, name, declared[name], chosen)
    for name in sorted(set(chosen) - set(declared)):
        reader.where = name
        reader.no("This policy has no parameter of this name.")


def _condition(reader: Reader, data: Any, key: str, depth: int = DEPTH) -> Condition | None:
    if not isinstance(data, list) or not data or depth == 0:
        reader.no(f"“{key}” must be [all or any, conditions …] or [fact, operator, value], at most {DEPTH} deep.")
        return None
    if data[0] in ("all", "any"):
        parts = [_condition(reader, part, key, depth - 1) for part in data[1:]]
        if not parts:
            reader.no(f"“{key}” says “{data[0]}” without a condition.")
        return Group(data[0], tuple(part for part in parts if part is not None))
    if len(data) != 3 or not isinstance(data[0], str) or not isinstance(data[1], str):
        reader.no(f"“{key}” has a comparison that is not [fact, operator, value].")
        return None
    name, op, value = data
    fact = BY_NAME.get(name)
    if fact is None:
        reader.no(f"“{name}” is not a fact that we know.")
    elif op not in OPERATORS[fact.kind]:
        reader.no(f"“{op}” does not fit the fact “{name}”. Use one of: {' '.join(OPERATORS[fact.kind])}.")
    elif not reader.param_named(value, param_kinds(fact, op)):
        wrong = value_problem(fact, op, value)
        if wrong:
            reader.no(wrong)
    return Atom(name, op, tuple(value) if isinstance(value, list) else value)


def _grade(reader: Reader, data: Mapping[str, Any], need: Condition | None) -> Grade:
    grade = GRADES.get(reader.text(data, "grade") or "declared")
    if grade is None:
        reader.no(f"“grade” is one of: {', '.join(GRADES)}.")
        return Grade.DECLARED
    for name in dict.fromkeys(atom.fact for atom in atoms(need) if atom.fact in BY_NAME):
        best = BY_NAME[name].grades[0]
        if grade > best:
            reader.no(f"“{name}” is at best {best.name.lower()}, so it can never be {grade.name.lower()}.")
    return grade


def _obligations(reader: Reader, data: Mapping[str, Any]) -> dict[str, bool | int | str]:
    read: dict[str, bool | int | str] = {}
    for name, value in reader.table(data, "set").items():
        kind = OBLIGATIONS.get(name)
        if kind is None:
            reader.no(f"“{name}” in “set” is none of: {', '.join(OBLIGATIONS)}.")
        elif not reader.param_named(value, (kind,)) and not (
            isinstance(value, bool) if kind == "bool" else is_whole(value) and value > 0
        ):
            reader.no(f"“{name}” in “set” must be {'true or false' if kind == 'bool' else 'a whole number from 1'}.")
        read[name] = value
    return read


def _fix(reader: Reader, data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    table = reader.table(data, "fix")
    for key in table:
        if key not in (*PLATFORMS, "any"):
            reader.no(f"“{key}” in “fix” is not a platform. Use one of: {', '.join(PLATFORMS)}, any.")
    steps = {key: reader.texts(table, key) for key in table}
    for key, lines in steps.items():
        for line in lines:
            reader.names_in(line, f"fix {key}")
    return steps


def _enforced(reader: Reader, data: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The part of a clause that is enforced: where, when, what, and what to do about it."""
    when, need = (_condition(reader, data[key], key) if key in data else None for key in ("when", "need"))
    grace = data.get("grace_days", 0)
    if not reader.param_named(grace, ("int",)):
        grace = reader.whole(data, "grace_days", most=365)
    fails = reader.text(data, "fails", needed=kind == "require" and need is not None)
    reader.names_in(fails, "fails", facts=True)
    if kind == "grant" and grace != 0:
        reader.no("Only a clause of the kind require can have a time of grace.")
    on = reader.each(data, "on", cells_of, "a cell that we know, such as record:view, mail:* or *:download")
    if not on:
        reader.no("“on” must say which kinds of work the clause covers.")
    return {
        "on": on, "when": when, "need": need, "grade": _grade(reader, data, need), "grace_days": grace,
        "break_glass": reader.flag(data, "break_glass"), "set": _obligations(reader, data), "fails": fails,
        "minutes": reader.whole(data, "minutes"), "fix": _fix(reader, data),
    }  # fmt: skip


def _audience(reader: Reader, data: Mapping[str, Any], kind: str) -> dict[str, tuple[str, ...]]:
    """Who a clause is for. A team is for reading only: no decision knows it."""
    table = reader.table(data, "audience")
    known: dict[str, tuple[str, ...]] = {"groups": STAFF_GROUPS, "roles": ROLES}
    reader.known(table, {*known, "teams"})
    found = {}
    for key in ("groups", "roles", "teams"):
        if named := reader.texts(table, key):
            wrong = [one for one in named if (one not in known[key] if key in known else not one.strip())]
            if wrong or len(set(named)) < len(named):
                reader.no(f"“{key}” in “audience” must name each one that there is, once.")
            found[key] = named
    if found.get("teams") and kind != "teach":
        reader.no(
            "“teams” in “audience”: a rule that is checked cannot be for some teams only, because the team is not known"
            " when it is decided."
            " Choose a staff group or a role, or make it a rule that is taught."
        )
    return found


def _left_out(reader: Reader, data: Mapping[str, Any]) -> dict[str, str]:
    reader.where = "policy"
    table = reader.table(data, "left_out")
    return {name: reader.text(table, name, needed=True) for name in table}


def _clause(reader: Reader, data: Mapping[str, Any]) -> Clause:
    reader.known(data, {*_TAUGHT, *_ENFORCED})
    kind = reader.text(data, "kind")
    if kind not in KINDS:
        reader.no(f"“kind” is one of: {', '.join(KINDS)}.")
    texts: dict[str, Any] = {key: reader.text(data, key, needed=key not in _OPTIONAL) for key in _TAUGHT[2:8]}
    for key, text in texts.items():
        reader.names_in(text, key)
    enforced: dict[str, Any] = {}
    audience = _audience(reader, data, kind)
    if kind == "teach":
        for key in _ENFORCED:
            if key in data:
                reader.no(f"A clause that is only taught has no “{key}”.")
    else:
        enforced = _enforced(reader, data, kind)
        enforced["when"] = for_audience(enforced["when"], audience)
    return Clause(
        id=reader.where, kind=kind, **texts, **enforced, audience=audience, own=reader.flag(data, "own"),
        template=reader.text(data, "template"),
        binds=reader.each(data, "binds", BINDS.__contains__, f"one of: {', '.join(BINDS)}"),
        guidance=reader.each(data, "guidance", _GUIDANCE.fullmatch, "an id of the guidance, such as B03"),
        items=reader.each(data, "items", _ITEM.fullmatch, "an id of a policy item, such as P01"),
    )  # fmt: skip


def _clauses(reader: Reader, data: Mapping[str, Any]) -> tuple[Clause, ...]:
    given = data.get("clause", [])
    if not isinstance(given, list) or not given:
        reader.no("A policy has at least one clause.")
        return ()
    read: list[Clause] = []
    for index, one in enumerate(given, 1):
        name = one.get("id") if isinstance(one, Mapping) else None
        if not isinstance(name, str) or not _ID.fullmatch(name):
            reader.where = f"clause {index}"
            reader.no("A clause is a table with an “id” of small letters, numbers and hyphens.")
            continue
        reader.where = name
        read.append(_clause(reader, one))
    for name, times in Counter(clause.id for clause in read).items():
        if times > 1:
            reader.where = name
            reader.no(f"{times} clauses have this id.")
    return tuple(read)


def read(data: Mapping[str, Any]) -> Policy:
    """The policy in plain data. Raises PolicyErrors with everything that is wrong, each with its clause."""
    reader = Reader()
    reader.known(data, _POLICY_KEYS)
    title = reader.text(data, "title", needed=True)
    version = reader.text(data, "template_version")
    months = reader.whole(data, "review_months", 12)
    effective = reader.whole(data, "effective", most=EPOCH_MOST)
    _params(reader, data)
    reader.where = "policy"
    clauses, left_out = _clauses(reader, data), _left_out(reader, data)
    for name in reader.params:
        if name not in reader.used and name not in ENGINE_PARAMS:
            reader.where = name
            reader.no("No clause speaks of this parameter.")
    if reader.problems:
        raise PolicyErrors(tuple(reader.problems))
    return Policy(title, version, months, tuple(reader.params.values()), clauses, effective, left_out)
