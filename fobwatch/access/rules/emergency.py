"""Break-glass: when a clinician may open one kind of work in an emergency, and what the reason must not hold."""

from collections.abc import Iterable

from fobwatch.kernel.patients import names_no_patient
from fobwatch.kernel.verdict import Verdict
from fobwatch.policy.rules.compile import Compiled
from fobwatch.policy.rules.decide import decide
from fobwatch.policy.rules.explain import KIND_BITS
from fobwatch.policy.rules.leaf import held_now
from fobwatch.policy.rules.row import Row
from fobwatch.policy.rules.vocabulary import CLASSES, DEVICE_STATES, EMPLOYMENTS

MINUTES = 60
SHORTEST_REASON = 10

_LOST, _SUSPENDED = DEVICE_STATES.index("lost"), DEVICE_STATES.index("suspended")
_LEFT = EMPLOYMENTS.index("left")
_ALLOWED_STATES = {DEVICE_STATES.index(state) for state in ("active", "enrolling", "none")}
_CALL = "Call the help line below, or use a ward computer."


def aside(compiled: Compiled, row: Row, now: int, kinds: Iterable[str]) -> tuple[int, int]:
    """The clauses that open emergencies set aside and the cells in which they do, both as bits, for `decide`.

    Nothing for a device that is lost, suspended or removed, and nothing for somebody who has left.
    """
    within = 0
    for kind in kinds:
        within |= KIND_BITS.get(kind, 0)
    if not within or not standing(row, now):
        return 0, 0
    return compiled.break_glass, within


def standing(row: Row, now: int) -> Verdict:
    """Whether this person and device may have emergency access at all."""
    state, employment = held_now(row, "device_state", now), held_now(row, "employment", now)
    if employment is None or employment.value == _LEFT:
        return Verdict.no("Your employment here has ended, so emergency access is closed.", _CALL)
    if state is not None and state.value == _LOST:
        return Verdict.no("This device was reported lost. Emergency access stays closed on it.", _CALL)
    if state is not None and state.value == _SUSPENDED:
        return Verdict.no("Access from this device was paused. Emergency access stays closed on it.", _CALL)
    if state is None or state.value not in _ALLOWED_STATES:
        return Verdict.no("This device was removed. Emergency access stays closed on it.", _CALL)
    return Verdict.yes()


def may_start(compiled: Compiled, row: Row, now: int, started: int, kind: str) -> Verdict:
    """Whether emergency access to one kind of work would open anything here that is closed now."""
    if kind not in CLASSES:
        return Verdict.no("We do not know this kind of work.", "Choose one from the list.")
    if not (verdict := standing(row, now)):
        return verdict
    work = CLASSES[kind]
    before = decide(compiled, row, now, started).allowed
    bits, within = aside(compiled, row, now, [kind])
    after = decide(compiled, row, now, started, bits, within).allowed
    if after & ~before:
        return Verdict.yes()
    if before & KIND_BITS[kind]:
        return Verdict.no(
            f"{work} are open to you here already." if work.endswith("s") else f"{work} is open to you here already.",
            "You do not need emergency access.",
        )
    return Verdict.no(
        "The policy here does not open this on this device, not even in an emergency.",
        _CALL,
    )


def reason_verdict(text: str) -> Verdict:
    """Whether a reason can be kept: long enough to be reviewed, and without what could name a patient."""
    plain = text.strip()
    if len(plain) < SHORTEST_REASON:
        return Verdict.no(
            f"Say why in at least {SHORTEST_REASON} characters, for example “Chest pain on Ward 6, no computer free”."
        )
    return names_no_patient(plain, "Say why without naming the patient.")


def minutes(compiled: Compiled) -> int:
    """How long emergency access lasts under this policy, in minutes."""
    value = compiled.policy.values.get("break_glass_minutes", MINUTES)
    return value if type(value) is int else MINUTES


def may_review(*, own: bool, alone: bool = False, open_now: bool, reviewed: bool, outcome: str, note: str) -> Verdict:
    """Whether a review can be kept: afterwards, once, by somebody else, and with a note where something follows.

    own: the reviewer's own emergency access. alone: nobody else may review here, and the organisation has said that one
    person may do what needs two. Only both together are an exception, which always has a note.
    """
    if own and not alone:
        return Verdict.no(
            "You cannot review your own emergency access.",
            "Ask somebody else who may review it, and tell them it waits.",
        )
    if open_now:
        return Verdict.no("This emergency access is still open.", "Review it once it has ended.")
    if reviewed:
        return Verdict.no("This emergency access was reviewed already.", "Nothing needs to be done.")
    if outcome not in ("right", "follow_up"):
        return Verdict.no("Say how it was used.", "Choose one of the two answers.")
    if (own or outcome == "follow_up") and len(note.strip()) < SHORTEST_REASON:
        reason = "You review your own emergency access. Say how it was used." if own else "Say what follows."
        return Verdict.no(reason, f"Write a note of at least {SHORTEST_REASON} characters.")
    return Verdict.yes()
