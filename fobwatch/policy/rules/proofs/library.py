"""All that is proved about a policy before it is published, in the order in which a page shows it."""

import functools
import time
from collections.abc import Callable, Sequence

from fobwatch.policy.rules.form import Policy
from fobwatch.policy.rules.proofs import better, sense
from fobwatch.policy.rules.proofs.case import Case, Claim, Proof, settle
from fobwatch.policy.rules.proofs.findings import Finding, Invariant, Status
from fobwatch.policy.rules.proofs.never import GRADES, NEVER, grades, never
from fobwatch.policy.rules.proofs.own import claims, own_claim
from fobwatch.policy.rules.proofs.prover import Prover

Clock = Callable[[], float]


SAFE: tuple[tuple[Claim, Proof], ...] = (
    *((one.claim, functools.partial(never, one)) for one in NEVER),
    (GRADES, grades),
)
OPEN: tuple[tuple[Claim, Proof], ...] = (
    (sense.SOMEBODY, sense.somebody),
    (sense.AUTHORS_CAN, sense.authors),
    (sense.MAKES, sense.makes),
    (sense.GROUPS, sense.groups),
)
SENSE: tuple[tuple[Claim, Proof], ...] = (
    (sense.AGAINST, sense.against),
    (sense.POINTLESS, sense.pointless),
)
HELP: tuple[tuple[Claim, Proof], ...] = (
    (better.CURES, better.cures),
    (better.BETTER, better.better),
    (sense.STEPS, sense.steps),
    (sense.REPEATS, sense.repeats),
)
LIBRARY = (*SAFE, *OPEN, *SENSE, *HELP)
# Where nobody can do anything, these follow for everybody and every rule, and say nothing more.
FOLLOWS = {claim.key for claim in (sense.MAKES, sense.GROUPS, sense.POINTLESS, sense.REPEATS, better.CURES)}


def prove(
    policy: Policy, wanted: Sequence[tuple[Claim, Proof]], own: Sequence[Invariant], seconds: float, clock: Clock
) -> list[Finding]:
    """Prove some claims and the author's own, in this order. The clock is a stopwatch in seconds."""
    case = Case(policy, Prover(seconds, clock))
    mine: list[tuple[Claim, Proof]] = [(claim, functools.partial(own_claim, one)) for claim, one in claims(own)]
    findings: list[Finding] = []
    for claim, proof in (*wanted, *mine):
        shut = any(one.key == sense.SOMEBODY.key and one.status is Status.BROKEN for one in findings)
        if not (shut and claim.key in FOLLOWS):
            findings += settle(case, claim, proof)
    return findings


def check(policy: Policy, own: Sequence[Invariant], seconds: float, clock: Clock = time.perf_counter) -> list[Finding]:
    """The whole library, and the author's own claims."""
    return prove(policy, LIBRARY, own, seconds, clock)


def wrong(policy: Policy, seconds: float, clock: Clock = time.perf_counter) -> list[Finding]:
    """Which rules contradict each other, can never be met, or have no effect; empty where none does."""
    found = prove(policy, SENSE, (), seconds, clock)
    return [one for one in found if one.status is not Status.PROVED]
