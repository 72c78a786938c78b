"""What we remind of about the policy: to confirm it (B10, B17), and to review it (B23, P26). Numbers are our choice."""

import datetime as dt

from fobwatch.kernel.permission import Permission
from fobwatch.people.rules.reminders import LONDON, Kind
from fobwatch.policy.rules.form import Policy, atoms

REVIEW_AHEAD = dt.timedelta(days=60)

_UNREAD = "you can sign in here and have not confirmed the newest version of the policy"
CONFIRM = Kind(
    key="policy.confirm",
    what="Read and confirm the policy",
    text=(
        "Please read your organisation's policy on using your own device, and confirm it. It takes about 5 minutes."
        " If you use your own device for work, do it by {day}, or some kinds of work may close on it."
    ),
    why=_UNREAD,
    page="policy:read",
    first=2,
    every=3,
    most=3,
    seen_with=Permission.SEE_PEOPLE,
)
CONFIRM_LATE = Kind(
    key="policy.confirm_late",
    what="Read and confirm the policy",
    text=(
        "Please read your organisation's policy on using your own device, and confirm it. It takes about 5 minutes."
        " Until you do, some kinds of work may be closed on your own device."
    ),
    why=_UNREAD,
    page="policy:read",
    first=1,
    every=7,
    most=4,
    seen_with=Permission.SEE_PEOPLE,
)

_WRITES = "your role here includes writing the policy"
REVIEW = Kind(
    key="policy.review",
    what="Review the policy",
    text=(
        "Your organisation's policy is to be reviewed by {day}. Open it, see what has changed since, and publish a new"
        " version."
    ),
    why=_WRITES,
    page="policy:overview",
    first=0,
    every=14,
    most=5,
    seen_with=Permission.SEE_PEOPLE,
)
REVIEW_LATE = Kind(
    key="policy.review_late",
    what="Review the policy",
    text=(
        "Your organisation's policy was to be reviewed by {day}. That day has passed. What is in force stays in force"
        " until you publish a new version."
    ),
    why=_WRITES,
    page="policy:overview",
    first=0,
    every=14,
    most=6,
    seen_with=Permission.SEE_PEOPLE,
)


def confirm_by(policy: Policy) -> dt.datetime | None:
    """When the first clause that wants the policy confirmed ends its grace; None where no clause wants it."""
    waits = [
        policy.grace_seconds(clause)
        for clause in policy.clauses
        if any(atom.fact == "policy_read" for atom in atoms(clause.need))
    ]
    return dt.datetime.fromtimestamp(policy.effective + min(waits), dt.UTC) if waits else None


def to_confirm(policy: Policy, now: dt.datetime) -> tuple[Kind, dt.datetime] | None:
    """The kind of reminder to confirm that holds now, and since when; None where nothing asks for it."""
    end = confirm_by(policy)
    if end is None:
        return None
    return (CONFIRM, dt.datetime.fromtimestamp(policy.effective, dt.UTC)) if now < end else (CONFIRM_LATE, end)


def to_review(day: dt.date, now: dt.datetime) -> tuple[Kind, dt.datetime]:
    """The kind of reminder to review by `day` that holds now, and since when: 60 days ahead, or from the day after."""
    begin = dt.datetime.combine(day, dt.time(), LONDON)
    late = begin + dt.timedelta(days=1)
    return (REVIEW, begin - REVIEW_AHEAD) if now < late else (REVIEW_LATE, late)
