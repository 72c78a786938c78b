"""The answer of a rule: yes, or no with a sentence that a nurse can act on."""

from dataclasses import dataclass


class Refused(Exception):
    """An action was refused. Carries the verdict whose sentences the person is shown."""

    def __init__(self, verdict: "Verdict") -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes, or no with its reason and the next step.

    A no without a reason cannot be made: every refusal has a sentence.
    """

    ok: bool
    reason: str = ""
    next_step: str = ""

    def __post_init__(self) -> None:
        if not self.ok and not self.reason:
            raise ValueError("A refusal needs a reason.")

    def __bool__(self) -> bool:
        return self.ok

    @classmethod
    def yes(cls) -> "Verdict":
        """Nothing stands against it."""
        return cls(ok=True)

    @classmethod
    def no(cls, reason: str, next_step: str = "") -> "Verdict":
        """Refused because of `reason`; `next_step` says what to do now."""
        return cls(ok=False, reason=reason, next_step=next_step)

    def or_refuse(self) -> None:
        """Raise `Refused` when this is a no."""
        if not self.ok:
            raise Refused(self)


def refuse(reason: str, next_step: str = "") -> Refused:
    """The exception to raise for a refusal: `raise refuse("…", "…")`."""
    return Refused(Verdict.no(reason, next_step))
