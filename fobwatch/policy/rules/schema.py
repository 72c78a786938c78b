"""The JSON Schema of a policy file, made from the form itself, so that the two cannot drift apart.

It says what the file looks like. Whether it can be enforced, only `check.read` says: a schema cannot know, for
instance, that a parameter is named that does not exist.
"""

import collections.abc
import dataclasses
import types
import typing
from typing import Any

from fobwatch.policy.rules.check import BINDS, DEPTH, GRADES, KINDS, OBLIGATIONS
from fobwatch.policy.rules.form import Clause, Param, Policy
from fobwatch.policy.rules.values import OPERATORS, PARAM_KINDS
from fobwatch.policy.rules.vocabulary import ACTIONS, CLASSES, FACTS, PLATFORMS

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT, _NAMED = {"type": "string", "minLength": 1}, {"type": "string", "pattern": r"^\$[a-z][a-z0-9_]*$"}
_STEPS = {"type": "array", "items": _TEXT}
_CONDITION = {"$ref": "#/$defs/condition"}
_CELL = rf"^(\*|{'|'.join(CLASSES)}):(\*|{'|'.join(ACTIONS)})$"


def schema() -> dict[str, Any]:
    """The schema, as plain data."""
    return {
        "$schema": DRAFT,
        "title": "A Fobwatch policy",
        "description": "What `policy.json` of a version holds, and what an import takes.",
        "type": "object",
        "required": ["title", "clause"],
        "additionalProperties": False,
        "properties": _policy(),
        "$defs": {
            "value": {"anyOf": [{"type": kind} for kind in ("boolean", "integer", "string")] + [_list("string")]},
            "param": _param(),
            "clause": _clause(),
            "condition": _condition(),
        },
    }


def _policy() -> dict[str, Any]:
    own: dict[str, Any] = {
        "title": _TEXT,
        "review_months": {"type": "integer", "minimum": 0},
        "effective": {"type": "integer", "minimum": 0},
        "params": {"type": "object", "additionalProperties": {"$ref": "#/$defs/param"}},
        "values": {"type": "object", "additionalProperties": {"$ref": "#/$defs/value"}},
        "clauses": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/clause"}},
    }
    found = _fields(Policy, own)
    # A file calls its clauses "clause", as its TOML form does, and says in which order the parameters stand.
    clauses = found.pop("clauses")
    return {**found, "clause": clauses, "order": _list("string")}


def _list(kind: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": kind}}


def _param() -> dict[str, Any]:
    own = {"kind": {"enum": list(PARAM_KINDS)}, "default": {"$ref": "#/$defs/value"}, "label": _TEXT}
    # The name is the key of the table, and the value stands in "values".
    found = {key: one for key, one in _fields(Param, own).items() if key not in ("name", "value")}
    return _object(found, ("kind", "default", "label"))


def _clause() -> dict[str, Any]:
    own: dict[str, Any] = {
        "id": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        "kind": {"enum": list(KINDS)},
        "section": _TEXT, "title": _TEXT, "text": _TEXT,
        "binds": {"type": "array", "items": {"enum": list(BINDS)}},
        "guidance": {"type": "array", "items": {"type": "string", "pattern": "^[BRWMT][0-9]{2}$"}},
        "items": {"type": "array", "items": {"type": "string", "pattern": "^P[0-9]{2}$"}},
        "on": {"type": "array", "items": {"type": "string", "pattern": _CELL}},
        "when": _CONDITION, "need": _CONDITION,
        "grade": {"enum": list(GRADES)},
        "grace_days": {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 365}, _NAMED]},
        "set": _object({name: _obligation(kind) for name, kind in OBLIGATIONS.items()}, ()),
        "fix": _object(dict.fromkeys((*PLATFORMS, "any"), _STEPS), ()),
    }  # fmt: skip
    return _object(_fields(Clause, own), ("id", "kind", "section", "title", "text"))


def _obligation(kind: str) -> dict[str, Any]:
    return {"anyOf": [{"type": "boolean"} if kind == "bool" else {"type": "integer", "minimum": 1}, _NAMED]}


def _condition() -> dict[str, Any]:
    atoms = [
        {
            "description": fact.plain,
            "type": "array",
            "minItems": 3,
            "maxItems": 3,
            "prefixItems": [{"const": fact.name}, {"enum": list(OPERATORS[fact.kind])}, {"$ref": "#/$defs/value"}],
        }
        for fact in FACTS
    ]
    group = {
        "type": "array", "minItems": 2, "prefixItems": [{"enum": ["all", "any"]}], "items": _CONDITION,
    }  # fmt: skip
    return {"description": f"At most {DEPTH} deep.", "anyOf": [group, *atoms]}


def _object(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    asked = {"required": list(required)} if required else {}
    return {"type": "object", "additionalProperties": False, "properties": properties, **asked}


def _fields(form: type[Any], own: dict[str, Any]) -> dict[str, Any]:
    """Each field of a form: as described, or else as its type says."""
    hints = typing.get_type_hints(form)
    return {field.name: own.get(field.name) or _of_type(hints[field.name]) for field in dataclasses.fields(form)}


def _of_type(hint: Any) -> dict[str, Any]:
    if isinstance(hint, types.UnionType):
        kinds = [_of_type(one) for one in typing.get_args(hint) if one is not types.NoneType]
        return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    if typing.get_origin(hint) is collections.abc.Mapping:
        return {"type": "object", "additionalProperties": _of_type(typing.get_args(hint)[1])}
    if typing.get_origin(hint) is tuple:
        return {"type": "array", "items": _of_type(typing.get_args(hint)[0])}
    return {"type": {str: "string", bool: "boolean", int: "integer"}[hint]}
