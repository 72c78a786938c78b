"""What a policy can never do, proved before it is published; or a counterexample, told as a person (B10, B14, R02).

    check_policy(policy: Policy, *, own: Sequence[Invariant] = (), seconds: float = 10.0) -> list[Finding]
    contradictions(policy: Policy, *, seconds: float = 2.0) -> list[Finding]    # only what is wrong; for a live margin
    compare(old: Policy, new: Policy, *, seconds: float = 10.0) -> Comparison   # nowhere more permissive, or where

The solver (z3) is loaded when one of these is first called, never when the server starts. All three are pure, and may
be called from several threads at once. `seconds` bounds all of a call: what was not settled by then is UNSETTLED,
never proved. The types are in `findings`.
"""

from collections.abc import Sequence

from fobwatch.policy.rules.form import Policy
from fobwatch.policy.rules.proofs.findings import (
    ASSUMED,
    CANNOT,
    Comparison,
    Example,
    Finding,
    Invariant,
    Status,
    Weight,
    Widening,
)

__all__ = (
    "ASSUMED", "CANNOT", "Comparison", "Example", "Finding", "Invariant", "Status", "Weight", "Widening",
    "check_policy", "compare", "contradictions",
)  # fmt: skip


def check_policy(policy: Policy, *, own: Sequence[Invariant] = (), seconds: float = 10.0) -> list[Finding]:
    """Prove the library of claims, and the author's own, about a checked policy; one finding or more for each.

    own: without `form.problems`. seconds: for all of them together.
    """
    from fobwatch.policy.rules.proofs.library import check  # noqa: PLC0415  brings the solver, which few need

    return check(policy, own, seconds)


def contradictions(policy: Policy, *, seconds: float = 2.0) -> list[Finding]:
    """Rules that contradict each other, can never be met or have no effect; empty where none does. Quick."""
    from fobwatch.policy.rules.proofs.library import wrong  # noqa: PLC0415  as above

    return wrong(policy, seconds)


def compare(old: Policy, new: Policy, *, seconds: float = 10.0) -> Comparison:
    """Whether the new version is nowhere more permissive than the old one; else where, for whom, and by which rule."""
    from fobwatch.policy.rules.proofs.versions import compare_policies  # noqa: PLC0415  as above

    return compare_policies(old, new, seconds)
