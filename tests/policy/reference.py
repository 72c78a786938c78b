"""A plain judge, written by hand from the form of the clause: no masks, no generated code, three answers.

It reads the clause tree as it stands in the file and knows True, False and None (not known).
"""

from fobwatch.policy.rules.vocabulary import BY_NAME, Grade, Kind, version_number


def _number(fact, value):
    if fact.kind is Kind.VERSION:
        return version_number(value)
    if fact.kind is Kind.CHOICE:
        return fact.choices.index(value)
    return int(value)


def _compare(data, policy_values, facts, now, grade):
    """True, False, or None when the fact is missing, expired or known less well than asked."""
    name, op, wanted = data
    if isinstance(wanted, str) and wanted.startswith("$"):
        wanted = policy_values[wanted[1:]]
    fact, held = BY_NAME[name], facts.get(name)
    if held is None or held.grade < max(grade, 1) or held.expires <= now:
        return None
    value = held.value
    if fact.kind is Kind.SINCE:
        value = (now - value) / fact.unit
    if fact.kind is Kind.UNTIL:
        value = (value - now) / fact.unit
    if op == "in":
        return value in [_number(fact, one) for one in wanted]
    return _OPERATORS[op](value, _number(fact, wanted))


_OPERATORS = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def judge(data, policy_values, facts, now, grade=1):
    """A condition in three-valued logic."""
    if data is None:
        return True
    if data[0] not in ("all", "any"):
        return _compare(data, policy_values, facts, now, grade)
    parts = [judge(part, policy_values, facts, now, grade) for part in data[1:]]
    if data[0] == "all":
        return False if False in parts else None if None in parts else True
    return True if True in parts else None if None in parts else False


def covers(clause, cell):
    """Whether one of the patterns of the clause covers the cell."""
    kind, action = cell.split(":")
    for pattern in clause.get("on", []):
        left, right = pattern.split(":")
        if left in ("*", kind) and right in ("*", action):
            return True
    return False


def allows(data, facts, now, cell):
    """Whether the policy (plain data, as `to_data` gives it) opens this cell for these facts."""
    granted = False
    for clause in data["clause"]:
        if not covers(clause, cell):
            continue
        grade = Grade[clause.get("grade", "declared").upper()]
        applies = judge(clause.get("when"), data["values"], facts, now)
        holds = judge(clause.get("need"), data["values"], facts, now, grade)
        if clause["kind"] == "grant" and applies is True and holds is True:
            granted = True
        if clause["kind"] == "require" and applies is not False and holds is not True:
            return False
    return granted
