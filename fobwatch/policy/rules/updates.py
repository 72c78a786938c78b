"""A newer national template against the policy of an organisation: what changed, taken or not clause by clause (R02).

Each clause stands at a version of the template: the one with which it was last compared. Nothing is taken by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fobwatch.policy.rules.clause import clause_data, parse, to_data
from fobwatch.policy.rules.edit import same_words, used
from fobwatch.policy.rules.form import Clause, Policy

Shipped = Callable[[str], Policy | None]


@dataclass(frozen=True, slots=True)
class Update:
    """One clause to decide about. what: new, changed or gone in the newer template.

    rewritten: whether the organisation had changed the national words. before: the national clause that ours came from,
    where it is known.
    """

    id: str
    what: str
    rewritten: bool
    ours: Clause | None
    national: Clause | None
    before: Clause | None

    @property
    def title(self) -> str:
        """The title of the clause, as it is newest."""
        known = self.national or self.ours
        return known.title if known else self.id


def stands_at(policy: Policy, clause: Clause) -> str:
    """The version of the template with which a clause was last compared; empty for an own clause."""
    return "" if clause.own else clause.template or policy.template_version


def pending(policy: Policy, newest: Policy, shipped: Shipped) -> tuple[Update, ...]:
    """What the organisation has to decide about, in the order of the newer template; what is gone comes last."""
    ours = {clause.id: clause for clause in policy.clauses}
    national = {clause.id: clause for clause in newest.clauses}
    found = [
        update
        for clause in newest.clauses
        if (update := _of(policy, ours.get(clause.id), clause, newest.template_version, shipped))
    ]
    gone = [
        Update(one.id, "gone", rewritten=False, ours=one, national=None, before=None)
        for one in policy.clauses
        if not one.own and one.id not in national and stands_at(policy, one) != newest.template_version
    ]
    return (*found, *gone)


def _of(policy: Policy, ours: Clause | None, national: Clause, newest: str, shipped: Shipped) -> Update | None:
    at = policy.left_out.get(national.id, "") if ours is None else stands_at(policy, ours)
    if at == newest or (ours is not None and (ours.own or same_words(ours, national))):
        return None
    base = shipped(at) if at else None
    before = next((one for one in base.clauses if one.id == national.id), None) if base else None
    if before is not None and same_words(before, national):
        return None
    rewritten = ours is not None and before is not None and not same_words(ours, before)
    what = "new" if ours is None else "changed"
    return Update(national.id, what, rewritten=rewritten, ours=ours, national=national, before=before)


def take(policy: Policy, newest: Policy, update: Update, shipped: Shipped) -> Policy:
    """The policy with the newer national clause, or without one that is gone. What was added here stays."""
    data = to_data(policy)
    clauses = data["clause"]
    if update.national is None:
        data["clause"] = [one for one in clauses if one["id"] != update.id]
        return _settled(parse(used(data)), newest, shipped)
    written = {**clause_data(update.national), "template": newest.template_version}
    if update.ours is None:
        clauses.insert(_place(newest, [one["id"] for one in clauses], update.id), written)
    else:
        kept = {key: one for key, one in clause_data(update.ours).items() if key == "addition"}
        data["clause"] = [{**written, **kept} if one["id"] == update.id else one for one in clauses]
    _take_params(data, newest, update.national)
    data["left_out"] = {key: one for key, one in policy.left_out.items() if key != update.id}
    return _settled(parse(used(data)), newest, shipped)


def keep(policy: Policy, newest: Policy, update: Update, shipped: Shipped) -> Policy:
    """The policy as it is, with the record that this clause was compared with the newer template."""
    data = to_data(policy)
    if update.ours is None:
        data["left_out"] = {**policy.left_out, update.id: newest.template_version}
    record = {"template": newest.template_version} if update.national else {"own": True, "template": ""}
    data["clause"] = [{**one, **record} if one["id"] == update.id else one for one in data["clause"]]
    return _settled(parse(data), newest, shipped)


def _take_params(data: dict[str, Any], newest: Policy, taken: Clause) -> None:
    """The parameters of a taken clause; the values that the organisation chose stay where they still fit."""
    theirs = to_data(newest)
    for name in (one for one in theirs["order"] if taken.uses(one)):
        param = theirs["params"][name]
        if name not in data["params"]:
            data["order"].append(name)
        if data["params"].get(name, {}).get("kind") != param["kind"]:
            data["values"][name] = theirs["values"][name]
        elif param["kind"] == "int":
            value = data["values"][name]
            data["values"][name] = max(param.get("minimum", value), min(param.get("maximum", value), value))
        data["params"][name] = param


def _place(newest: Policy, ours: list[str], clause_id: str) -> int:
    """After the nearest national clause before it that the organisation has."""
    order = [clause.id for clause in newest.clauses]
    for before in reversed(order[: order.index(clause_id)]):
        if before in ours:
            return ours.index(before) + 1
    return 0


def _settled(policy: Policy, newest: Policy, shipped: Shipped) -> Policy:
    """Once everything is decided, the whole policy stands at the newer template."""
    if pending(policy, newest, shipped):
        return policy
    data = to_data(policy)
    data["clause"] = [{key: value for key, value in one.items() if key != "template"} for one in data["clause"]]
    data["left_out"] = dict.fromkeys(policy.left_out, newest.template_version)
    return parse({**data, "template_version": newest.template_version})
