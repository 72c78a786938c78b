"""Changes to the clauses of a policy: written anew, added, taken out, taken from a newer template (R02, P26).

Pure: a policy and what the author wrote go in, a checked policy comes out, or PolicyErrors with all that is wrong.
"""

import re
from collections.abc import Mapping
from typing import Any

from fobwatch.kernel.verdict import Refused, Verdict
from fobwatch.policy.rules.check import ENGINE_PARAMS
from fobwatch.policy.rules.clause import clause_data, parse, to_data
from fobwatch.policy.rules.form import Clause, Policy, PolicyErrors, Problem, Value

_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
ID_LENGTH = 40


class Overtaken(Refused):
    """Somebody else changed this very clause since the author saw it."""

    def __init__(self) -> None:
        super().__init__(
            Verdict.no(
                "Somebody else changed this rule while you had it open.",
                "Both texts are below. Save yours over theirs, or keep theirs.",
            )
        )


def used(data: dict[str, Any]) -> dict[str, Any]:
    """The data of a policy without the parameters that no clause speaks of."""
    text = repr(data["clause"])
    names = [
        name for name in data["order"]
        if name in ENGINE_PARAMS or f"{{{name}}}" in text or f"'${name}'" in text
    ]  # fmt: skip
    return {
        **data, "order": names, "params": {name: data["params"][name] for name in names},
        "values": {name: data["values"][name] for name in names},
    }  # fmt: skip


def write(
    policy: Policy, clause_id: str, written: Mapping[str, Any], values: Mapping[str, Value | list[str]]
) -> Policy:
    """The policy with a clause as the author wrote it, and with other values for its parameters."""
    data = to_data(policy)
    data["values"] |= {name: list(one) if isinstance(one, tuple) else one for name, one in values.items()}
    data["clause"] = [{**written, "id": clause_id} if one["id"] == clause_id else one for one in data["clause"]]
    return parse(used(data))


def new_id(policy: Policy, title: str) -> str:
    """An id for an own clause, of its title: "own-lockers-on-ward-6"."""
    words = _NOT_A_LETTER.sub("-", title.lower()).strip("-")[:ID_LENGTH].strip("-")
    base, taken = f"own-{words or 'rule'}", {one.id for one in policy.clauses}
    found, count = base, 2
    while found in taken:
        found, count = f"{base}-{count}", count + 1
    return found


def add(policy: Policy, *, section: str, title: str, text: str) -> tuple[Policy, str]:
    """The policy with an own clause at the end of a section, taught until its author says more; and its id."""
    made = new_id(policy, title)
    clause = {
        "id": made, "kind": "teach", "section": section, "title": title, "text": text, "own": True, "binds": ["staff"],
    }  # fmt: skip
    data = to_data(policy)
    places = [index for index, one in enumerate(data["clause"], 1) if one["section"] == section]
    data["clause"].insert(places[-1] if places else len(data["clause"]), clause)
    return parse(data), made


def remove(policy: Policy, clause_id: str) -> Policy:
    """The policy without a clause; of a national one it is kept that the organisation does without it."""
    clause, data = policy.clause(clause_id), to_data(policy)
    data["clause"] = [one for one in data["clause"] if one["id"] != clause_id]
    if not data["clause"]:
        raise PolicyErrors((Problem(clause_id, "A policy has at least one rule, so the last one stays."),))
    if not clause.own:
        data["left_out"] = {**policy.left_out, clause_id: clause.template or policy.template_version}
    return parse(used(data))


def same_words(ours: Clause, national: Clause) -> bool:
    """Whether a clause says and does what the national one does; what was added here does not count."""
    return _national(ours) == _national(national)


def _national(clause: Clause) -> dict[str, Any]:
    return {key: one for key, one in clause_data(clause).items() if key not in ("addition", "template", "own")}
