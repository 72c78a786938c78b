"""What a policy can never do, proved before it is published; or a counterexample, told as a person (B10, B14, R02).

    check_policy(policy: Policy, *, own: Sequence[Invariant] = (), seconds: float = 10.0) -> list[Finding]
    contradictions(policy: Policy, *, seconds: float = 2.0) -> list[Finding]    # only what is wrong; for a live margin
    compare(old: Policy, new: Policy, *, seconds: float = 10.0) -> Comparison   # nowhere more permissive, or where

The solver (z3) is loaded when one of these is first called, never when the server starts. All three are pure, and may
be called from several threads at once. `seconds` bounds all of a call: what was not settled by then is UNSETTLED,
never proved. The types are in `findings`.
"""

from fobwatch.policy.rules.proofs.findings import (
    CANNOT,
    Comparison,
    Example,
    Finding,
    Invariant,
    Status,
    Weight,
    Widening,
)

__all__ = ("CANNOT", "Comparison", "Example", "Finding", "Invariant", "Status", "Weight", "Widening")
