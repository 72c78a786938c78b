"""The way of a version: written, in review, approved by somebody else, in force from a day, replaced (B10, B22, P26).

The text is fixed as soon as it is in review: what is approved is what is published. To change it, it is taken back,
and that takes the approval away.
"""

import datetime as dt

from fobwatch.kernel.verdict import Verdict

STATES = ("draft", "review", "approved", "published", "superseded")
STATE_WORDS = {
    "draft": "Draft", "review": "In review", "approved": "Approved", "published": "In force", "superseded": "Replaced",
}  # fmt: skip
# What is still on its way: one of these at a time in an organisation, and staff see none of it.
OPEN = ("draft", "review", "approved")
# Each step of the way: the states in which it may be taken, the state after it, and how a page tells it.
STEPS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "started": ((), "draft", "Started"),
    "changed": (("draft",), "draft", "Changed"),
    "submitted": (("draft",), "review", "Sent for approval"),
    "sent_back": (("review",), "draft", "Sent back"),
    "approved": (("review",), "approved", "Approved"),
    "taken_back": (("review", "approved"), "draft", "Taken back to change it"),
    "scheduled": (("approved",), "approved", "Set to start"),
    "published": (("approved",), "published", "Put in force"),
    "superseded": (("published",), "superseded", "Replaced"),
}
REASON_LENGTH = 10
# A version that starts more than a year from now is a slip of the pen.
FURTHEST = dt.timedelta(days=366)

_NOT_NOW: dict[str, Verdict] = {
    "draft": Verdict.no("Nobody has approved this version yet.", "Send it for approval first."),
    "review": Verdict.no(
        "This version is in review, so its text stays as it is.", "Take it back first if you want to change it."
    ),
    "approved": Verdict.no(
        "This version is approved, so its text stays as it is.",
        "Take it back first if you want to change it. It then needs to be approved again.",
    ),
    "published": Verdict.no(
        "This version is published already, and a published version never changes.", "Start a new draft."
    ),
}
_NOT_NOW["superseded"] = _NOT_NOW["published"]
_NOT_APPROVED = Verdict.no("Nobody has approved this version yet.", "It is in review. Wait for the approval.")
_NO_REVIEW = Verdict.no("This version is not waiting for approval.", "Its author has to send it for approval first.")


def may_step(step: str, state: str) -> Verdict:
    """Whether a version in this state may take a step."""
    before, _, _ = STEPS[step]
    if state in before:
        return Verdict.yes()
    if state == "review" and step in ("published", "scheduled"):
        return _NOT_APPROVED
    if state in ("draft", "approved") and step in ("approved", "sent_back"):
        return _NO_REVIEW
    if state == "draft" and step == "taken_back":
        return Verdict.no("This version is a draft already.", "Change it as you like.")
    return _NOT_NOW[state]


def may_approve(*, permitted: bool, is_author: bool, alone: bool, reason: str) -> Verdict:
    """Whether a member may approve a version: permitted, and nobody who wrote any of it.

    alone: nobody else here may approve, in a practice or care provider that lets one person do what needs two. Then the
    author may, with a reason that is kept in the log.
    """
    if not permitted:
        return Verdict.no(
            "Your role here does not include approving the policy.",
            "Ask the information governance lead or the Caldicott Guardian.",
        )
    if not is_author:
        return Verdict.yes()
    if not alone:
        return Verdict.no(
            "You wrote some of this version, so somebody else has to approve it.",
            "Ask another person whose role includes approving the policy. A small practice or care provider that has"
            " nobody else can say so on the page of the organisation.",
        )
    if len(reason.strip()) < REASON_LENGTH:
        return Verdict.no("The reason is too short to be understood later.", "Write a sentence: why you approve alone.")
    return Verdict.yes()


def may_start(starts_at: dt.datetime, now: dt.datetime) -> Verdict:
    """Whether an approved version may be set to take effect at a moment to come."""
    if starts_at <= now:
        return Verdict.no("That moment has passed.", "Choose a later one, or publish it now.")
    if starts_at - now > FURTHEST:
        return Verdict.no("That is more than a year from now.", "Choose a day within the next twelve months.")
    return Verdict.yes()
