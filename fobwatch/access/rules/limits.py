"""How long a session may last, as the policy says."""

from fobwatch.policy.rules.compile import ALL_CELLS, Compiled

IDLE_MINUTES, ABSOLUTE_MINUTES = 15, 780


def limits(compiled: Compiled) -> tuple[int, int]:
    """Idle and absolute minutes of a session: the least that a clause over all work sets, else what holds without.

    A clause that covers some work only obliges the system that holds that work, not the session.
    """
    policy = compiled.policy
    idle: list[int] = []
    absolute: list[int] = []
    for clause, cells in zip(policy.clauses, compiled.cells, strict=True):
        if cells != ALL_CELLS:
            continue
        for name, found, unit in (("idle_minutes", idle, 1), ("absolute_hours", absolute, 60)):
            value = policy.resolve(clause.set.get(name, 0))
            if type(value) is int and value > 0:
                found.append(value * unit)
    return min(idle, default=IDLE_MINUTES), min(absolute, default=ABSOLUTE_MINUTES)
