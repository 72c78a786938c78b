"""The solver, with the time that it may take. What it does not settle in that time stays unsettled."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import z3

from fobwatch.policy.rules.proofs.world import Bool


class Unsettled(Exception):
    """The time is up, or the solver gave no answer."""


class Prover:
    """One solver for the claims about a policy.

    seconds: how long all of it may take. clock: a stopwatch in seconds, for `taken` and for the limit.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.perf_counter) -> None:
        # A context of its own, so that two proofs can run in two threads.
        self.context = z3.Context()
        self.solver = z3.Solver(ctx=self.context)
        self.clock, self.seconds = clock, seconds
        self.ends = clock() + seconds

    def suppose(self, *facts: Bool) -> None:
        """Take something as so until the end of the `within` in which this is said."""
        self.solver.add(*facts)

    @contextmanager
    def within(self, *facts: Bool) -> Iterator[None]:
        """Take something as so for a while."""
        self.solver.push()
        try:
            self.solver.add(*facts)
            yield
        finally:
            self.solver.pop()

    def possible(self, *facts: Bool) -> bool:
        """Whether these can be so together. Raises Unsettled where that cannot be told in time."""
        left = int((self.ends - self.clock()) * 1000)
        if left <= 0:
            raise Unsettled
        self.solver.set("timeout", left)
        found = self.solver.check(*facts)
        if found == z3.unknown:
            raise Unsettled
        return bool(found == z3.sat)

    def model(self) -> z3.ModelRef:
        """What the last `possible` found."""
        return self.solver.model()
