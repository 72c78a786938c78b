"""A policy as Rego (v1) text and its input, for Open Policy Agent and its kin.

A fact that is missing is not in the input: every comparison with it is undefined, and so nothing that asks for it
holds. A require closes by `not`, which is true of what is undefined. The strict decision: without grace and
break-glass. Query `data.fobwatch.allow`.
"""

import json
from typing import Any

from fobwatch.policy.rules.compile import CELL_BIT, OPPOSITE, Compiled
from fobwatch.policy.rules.leaf import Leaf, Tree
from fobwatch.policy.rules.row import Row, plain_facts, plain_value
from fobwatch.policy.rules.vocabulary import Kind

_HEAD = """package fobwatch

import rego.v1

default allow := false

allow if {
\tgranted
\tnot refused
}

known(name, grade) if {
\tinput.facts[name].grade >= grade
\tinput.facts[name].expires > input.now
}
"""


def rego_text(compiled: Compiled) -> str:
    """The policy as a Rego module: `allow` for `input.cell`."""
    covers = {
        clause.id: {cell: True for cell, bit in CELL_BIT.items() if compiled.cells[index] & bit}
        for index, clause in enumerate(compiled.policy.clauses)
        if compiled.cells[index]
    }
    parts = [_HEAD, f"covers := {json.dumps(covers, indent=1)}"]
    for index, clause in enumerate(compiled.policy.clauses):
        when, need = compiled.whens[index], compiled.needs[index]
        covered = f'covers["{clause.id}"][input.cell]'
        if clause.kind == "grant":
            tests = [_rules(parts, f"{word}_{index}", node, known_not=False)
                     for word, node in (("when", when), ("need", need)) if node is not None]  # fmt: skip
            parts.append(_rule("granted", [covered, *tests]))
        elif clause.kind == "require" and need is not None:
            tests = [f"not {_rules(parts, f'need_{index}', need, known_not=False)}"]
            if when is not None:
                tests.append(f"not {_rules(parts, f'off_{index}', when, known_not=True)}")
            parts.append(_rule("refused", [covered, *tests]))
    return "\n\n".join(parts) + "\n"


def rego_input(compiled: Compiled, row: Row, now: int, cell: str) -> dict[str, Any]:
    """The input for one cell of one row."""
    return {"cell": cell, "now": now, "facts": plain_facts(row, compiled.names)}


def _rule(name: str, tests: list[str]) -> str:
    lines = "\n".join(f"\t{test}" for test in tests)
    return f"{name} if {{\n{lines}\n}}"


def _rules(parts: list[str], name: str, node: Tree, *, known_not: bool) -> str:
    """Write the rules of a condition under `name`: alternatives are several rules of one name. Gives the name."""
    if isinstance(node, Leaf):
        parts.append(_rule(name, [f'known("{node.fact.name}", {node.grade})', _compares(node, known_not=known_not)]))
        return name
    below = [_rules(parts, f"{name}_{place}", part, known_not=known_not) for place, part in enumerate(node.parts)]
    for tests in [below] if (node.how == "all") != known_not else [[one] for one in below]:
        parts.append(_rule(name, tests))
    return name


def _compares(leaf: Leaf, *, known_not: bool) -> str:
    at = f"input.facts.{leaf.fact.name}.value"
    values = [json.dumps(plain_value(leaf.fact, one)) for one in leaf.chosen]
    if leaf.op == "in":
        # The value is there, or the rule is undefined: only then may `not` be asked.
        chosen = f"{at} in [{', '.join(values)}]"
        return f"not {chosen}" if known_not else chosen
    op = OPPOSITE[leaf.op] if known_not else leaf.op
    if leaf.fact.kind is Kind.SINCE:
        at = f"input.now - {at}"
    elif leaf.fact.kind is Kind.UNTIL:
        at = f"{at} - input.now"
    return f"{at} {op} {values[0]}"
