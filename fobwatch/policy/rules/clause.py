"""A policy in and out: from TOML, JSON or plain data, to its canonical form and its hash (R02, B10).

policy = load_toml(text)                           # raises PolicyErrors with everything that is wrong
policy = with_params(policy, {"min_ios": "18.0"})  # the same, by parameter
digest(policy)                                     # what an acknowledgement is bound to
"""

import dataclasses
import hashlib
import json
import tomllib
from collections.abc import Mapping
from typing import Any

import rfc8785

from fobwatch.policy.rules.check import read
from fobwatch.policy.rules.form import (
    Atom,
    Clause,
    Condition,
    Group,
    Param,
    Policy,
    PolicyErrors,
    Problem,
    Value,
    own_when,
    param_words,
    sentence,
    value_words,
)  # fmt: skip
from fobwatch.policy.rules.vocabulary import Grade

__all__ = (
    "Clause", "Param", "Policy", "PolicyErrors", "Problem", "canonical", "clause_data", "clause_digest", "digest",
    "from_json", "load_toml",
    "param_words", "parse", "sentence", "to_data", "value_words", "with_params",
)  # fmt: skip


def _condition_data(condition: Condition) -> list[Any]:
    if isinstance(condition, Group):
        return [condition.how, *map(_condition_data, condition.parts)]
    return [condition.fact, condition.op, _plain(condition.value)]


def _plain(value: Any) -> Any:
    if isinstance(value, Group | Atom):
        return _condition_data(value)
    if isinstance(value, Grade):
        return value.name.lower()
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return value


def clause_data(clause: Clause) -> dict[str, Any]:
    """What the clause says beyond the defaults: a default that is written out hashes as one that is not."""
    written = {item.name: getattr(clause, item.name) for item in dataclasses.fields(clause)}
    written["when"] = own_when(clause)
    return {
        item.name: _plain(value)
        for item in dataclasses.fields(clause)
        if (value := written[item.name]) != item.default and value != {}
    }


def to_data(policy: Policy) -> dict[str, Any]:
    """The policy as plain data, in the form that `parse` reads."""
    params = {
        param.name: {
            item.name: _plain(getattr(param, item.name))
            for item in dataclasses.fields(param)
            if item.name not in ("name", "value") and getattr(param, item.name) is not None
        }
        for param in policy.params
    }
    clauses = [clause_data(clause) for clause in policy.clauses]
    left_out = {"left_out": dict(policy.left_out)} if policy.left_out else {}
    return {
        **left_out, "title": policy.title, "template_version": policy.template_version,
        "review_months": policy.review_months, "effective": policy.effective, "params": params,
        "order": [param.name for param in policy.params],
        "values": {param.name: _plain(param.value) for param in policy.params}, "clause": clauses,
    }  # fmt: skip


def canonical(policy: Policy) -> bytes:
    """Canonical JSON (RFC 8785): the bytes that are hashed, stored and signed for."""
    return rfc8785.dumps(to_data(policy))


def digest(policy: Policy) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal characters: what an acknowledgement is bound to."""
    return hashlib.sha256(canonical(policy)).hexdigest()


def clause_digest(policy: Policy, clause: Clause) -> str:
    """What an author saw of one clause: a hash of it and of the values of its parameters."""
    used = {param.name: _plain(param.value) for param in policy.params if clause.uses(param.name)}
    return hashlib.sha256(rfc8785.dumps([clause_data(clause), used])).hexdigest()


def parse(data: Mapping[str, Any]) -> Policy:
    """Read and check plain data. Raises PolicyErrors with all that is wrong, each with its clause."""
    return read(data)


def load_toml(text: str) -> Policy:
    """Read a policy from TOML text. Raises PolicyErrors, also where it is not TOML."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PolicyErrors((Problem("policy", f"This is not a TOML file: {error}."),)) from error
    return parse(data)


def from_json(text: bytes | str) -> Policy:
    """Read a policy from its canonical form. Raises PolicyErrors, also where it is not JSON."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PolicyErrors((Problem("policy", "This is not a JSON file."),)) from error
    if not isinstance(data, dict):
        raise PolicyErrors((Problem("policy", "A policy is a table of names and values."),))
    return parse(data)


def with_params(policy: Policy, values: Mapping[str, Value | list[str]]) -> Policy:
    """The policy with other values chosen. Raises PolicyErrors with one problem per wrong parameter."""
    data = to_data(policy)
    chosen = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return parse({**data, "values": {**data["values"], **chosen}})
