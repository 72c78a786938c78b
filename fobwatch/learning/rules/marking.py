"""How an attempt is marked, when it may be tried again, and how long it counts: as the policy says (B17)."""

import calendar
import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

from fobwatch.kernel.verdict import Verdict
from fobwatch.policy.rules.form import Value

# States of an attempt, and what may follow. Overtaken: another version of the policy came into force meanwhile.
MOVES: dict[str, tuple[str, ...]] = {
    "open": ("passed", "failed", "overtaken"), "passed": (), "failed": (), "overtaken": (),
}  # fmt: skip
STATE_WORDS = {"open": "Begun", "passed": "Passed", "failed": "Not passed", "overtaken": "Replaced"}
# Again from this long before it ends, so that nobody's work is closed while they are on leave.
AGAIN_FROM = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the policy asks of learning; the numbers here hold for a version that does not say.

    pass_percent: right answers in a hundred. retake_hours: between an attempt not passed and the next.
    valid_months: how long a pass counts.
    """

    pass_percent: int = 80
    retake_hours: int = 2
    valid_months: int = 12


def terms(values: Mapping[str, Value]) -> Terms:
    """The terms of a policy by its parameters `learning_…`."""
    said = {
        name: value
        for name in ("pass_percent", "retake_hours", "valid_months")
        if isinstance(value := values.get(f"learning_{name}"), int) and not isinstance(value, bool)
    }
    return Terms(**said)


def needed(terms: Terms, asked: int) -> int:
    """How many right answers pass, at least one: 80% of 7 is 6."""
    return max(1, math.ceil(asked * terms.pass_percent / 100))


def outcome(terms: Terms, *, right: int, asked: int) -> str:
    """The state of an attempt whose questions are all answered."""
    return "passed" if right >= needed(terms, asked) else "failed"


def may_start(terms: Terms, *, failed_at: dt.datetime | None, now: dt.datetime) -> Verdict:
    """Whether somebody may begin anew. failed_at: when their last attempt ended, if that was not passed."""
    if failed_at is None or now >= again_at(terms, failed_at):
        return Verdict.yes()
    return Verdict.no(
        f"You can try again {_wait(again_at(terms, failed_at) - now)} from now.",
        "Until then, read the rules that you got wrong. The next try has other questions.",
    )


def again_at(terms: Terms, failed_at: dt.datetime) -> dt.datetime:
    """When the next try may begin."""
    return failed_at + dt.timedelta(hours=terms.retake_hours)


def until(terms: Terms, passed_at: dt.datetime) -> dt.datetime:
    """Until when a pass counts: the same day some months later, the last day of a month that is shorter."""
    year, month = divmod(passed_at.year * 12 + passed_at.month - 1 + terms.valid_months, 12)
    day = min(passed_at.day, calendar.monthrange(year, month + 1)[1])
    return passed_at.replace(year=year, month=month + 1, day=day)


def due(until_epoch: int | None, now: dt.datetime) -> bool:
    """Whether the training has to be done: never passed, past its time, or about to be. In epoch seconds."""
    return not until_epoch or until_epoch <= (now + AGAIN_FROM).timestamp()


def _wait(left: dt.timedelta) -> str:
    minutes = math.ceil(left.total_seconds() / 60)
    count, word = (minutes, "minute") if minutes < 120 else (math.ceil(minutes / 60), "hour")
    return f"{count} {word}{'' if count == 1 else 's'}"
