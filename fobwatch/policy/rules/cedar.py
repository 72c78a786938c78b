"""A policy as Cedar text and schema, for another engine to enforce or to judge ours (ADR: Cedar as judge).

A forbid whose condition fails to evaluate is skipped by Cedar, which would let in. So every fact is asked for with
`has` first, and the schema says that each may be missing: only with the schema does Cedar refuse what it cannot know.
The strict decision: without grace and break-glass.
"""

import json
from collections.abc import Iterable
from typing import Any

from fobwatch.policy.rules.compile import CELL_BIT, Compiled
from fobwatch.policy.rules.leaf import Leaf, Tree
from fobwatch.policy.rules.row import Row, plain_facts, plain_value
from fobwatch.policy.rules.vocabulary import BY_NAME, CELLS, Kind

PRINCIPAL, RESOURCE = 'Fobwatch::Person::"anyone"', 'Fobwatch::Work::"any"'
_TYPES = {Kind.BOOL: "Boolean", Kind.CHOICE: "String"}


def cedar_text(compiled: Compiled) -> str:
    """The policy as Cedar: a permit per grant, a forbid per require, each with the id of its clause."""
    parts = []
    for index, clause in enumerate(compiled.policy.clauses):
        when, need = compiled.whens[index], compiled.needs[index]
        head = f'@id("{clause.id}")\n{{}}(principal, {_actions(compiled.cells[index])}, resource)'
        if clause.kind == "grant":
            tests = [_holds(node) for node in (when, need) if node is not None]
            parts.append(head.format("permit") + "".join(f"\nwhen {{ {test} }}" for test in tests) + ";")
        elif clause.kind == "require" and need is not None:
            tests = [_holds(need)] if when is None else [_known_not(when), _holds(need)]
            parts.append(f"{head.format('forbid')}\nunless {{ {' || '.join(tests)} }};")
    return "\n\n".join(parts) + "\n"


def cedar_schema(names: Iterable[str]) -> dict[str, Any]:
    """The schema in JSON for these facts: each a record of value, grade and expiry that may be missing."""
    context = {"type": "Record", "attributes": {"now": {"type": "Long"}, **{name: _attribute(name) for name in names}}}
    applies = {"principalTypes": ["Person"], "resourceTypes": ["Work"], "context": context}
    return {
        "Fobwatch": {
            "entityTypes": {"Person": {}, "Work": {}},
            "actions": {cell: {"appliesTo": applies} for cell in CELLS},
        }
    }


def cedar_request(compiled: Compiled, row: Row, now: int, cell: str) -> dict[str, str]:
    """The request for one cell of one row; its context is JSON text. There are no entities."""
    context = {"now": now, **plain_facts(row, compiled.names)}
    return {
        "principal": PRINCIPAL,
        "action": f'Fobwatch::Action::"{cell}"',
        "resource": RESOURCE,
        "context": json.dumps(context),
    }


def _attribute(name: str) -> dict[str, Any]:
    value = {"type": _TYPES.get(BY_NAME[name].kind, "Long")}
    attributes = {"value": value, "grade": {"type": "Long"}, "expires": {"type": "Long"}}
    return {"type": "Record", "required": False, "attributes": attributes}


def _actions(cells: int) -> str:
    named = [f'Fobwatch::Action::"{cell}"' for cell, bit in CELL_BIT.items() if cells & bit]
    return "action" if len(named) == len(CELLS) else f"action in [{', '.join(named)}]"


def _known(leaf: Leaf, grade: int) -> str:
    at = f"context.{leaf.fact.name}"
    return f"context has {leaf.fact.name} && {at}.grade >= {grade} && {at}.expires > context.now"


def _compares(leaf: Leaf) -> str:
    at = f"context.{leaf.fact.name}.value"
    values = [json.dumps(plain_value(leaf.fact, one)) for one in leaf.chosen]
    if leaf.op == "in":
        return f"[{', '.join(values)}].contains({at})" if values else "false"
    if leaf.fact.kind is Kind.SINCE:
        at = f"context.now - {at}"
    elif leaf.fact.kind is Kind.UNTIL:
        at = f"{at} - context.now"
    return f"{at} {leaf.op} {values[0]}"


def _holds(node: Tree) -> str:
    if isinstance(node, Leaf):
        return f"({_known(node, node.grade)} && {_compares(node)})"
    return f"({(' && ' if node.how == 'all' else ' || ').join(map(_holds, node.parts))})"


def _known_not(node: Tree) -> str:
    if isinstance(node, Leaf):
        return f"({_known(node, node.grade)} && !({_compares(node)}))"
    return f"({(' || ' if node.how == 'all' else ' && ').join(map(_known_not, node.parts))})"
