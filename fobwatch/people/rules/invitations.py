"""One-time links: how long they hold, when a second person must approve one, and who that may be (B12)."""

import datetime as dt

from fobwatch.kernel.verdict import Verdict

LIFETIMES = {"join": dt.timedelta(days=7), "recover": dt.timedelta(hours=24)}
LIFETIME_WORDS = {"join": "7 days", "recover": "24 hours"}

STATE_WORDS = {
    "waiting": "Waiting for a second person",
    "open": "Sent, not used yet",
    "used": "Used",
    "withdrawn": "Withdrawn",
    "expired": "Too old",
}
_NEW_LINK = "Ask your organisation's IT team for a new link."
_VERDICTS = {
    "open": Verdict.yes(),
    "waiting": Verdict.no(
        "This link is waiting for a second person to approve it.", "We will send you a new e-mail when they have."
    ),
    "used": Verdict.no("This link has been used already.", f"If it was you, sign in. If it was not you: {_NEW_LINK}"),
    "withdrawn": Verdict.no("This link was withdrawn, or a newer one replaced it.", f"Use the newest. {_NEW_LINK}"),
    "expired": Verdict.no("This link is too old.", _NEW_LINK),
}


def state(
    *,
    expires_at: dt.datetime,
    used_at: dt.datetime | None,
    withdrawn_at: dt.datetime | None,
    waiting: bool,
    now: dt.datetime,
) -> str:
    """Where a link stands: one of STATE_WORDS. waiting: a second person has still to approve it."""
    if used_at:
        return "used"
    if withdrawn_at:
        return "withdrawn"
    if now >= expires_at:
        return "expired"
    return "waiting" if waiting else "open"


def may_use(state: str) -> Verdict:
    """Whether a link in this state lets its holder make a passkey."""
    return _VERDICTS[state]


def may_send(*, purpose: str, to_self: bool, has_passkey: bool, left: bool) -> Verdict:
    """Whether a link may be sent at all. A new link is for somebody else, and for somebody who still works here."""
    if left:
        return Verdict.no("This person has left.", "Change their employment first, if that is wrong.")
    if to_self:
        return Verdict.no(
            "You can't send a new sign-in link to yourself.",
            "You are signed in, so you can add a second passkey under your name at the top of the page.",
        )
    if purpose == "recover" and not has_passkey:
        return Verdict.no("This person has no passkey to replace.", "Send them a first link instead.")
    return Verdict.yes()


def may_approve(*, permitted: bool, is_inviter: bool, is_invited: bool, state: str) -> Verdict:
    """Whether this member may be the second person: permitted, and neither who asked nor who gets the link."""
    if state != "waiting":
        return Verdict.no("This link is not waiting for approval.", "Nothing needs to be done.")
    if not permitted:
        return Verdict.no("Your role does not include approving links.", "Ask a colleague in IT or governance.")
    if is_inviter:
        return Verdict.no("You asked for this link yourself.", "Another colleague has to approve it.")
    if is_invited:
        return Verdict.no("This link is for you.", "Another colleague has to approve it.")
    return Verdict.yes()


def may_be_an_exception(*, single_approver: bool, privileged_elsewhere: bool, reason: str) -> Verdict:
    """Whether one person alone may send a privileged member a new link: in a tiny practice, with a reason on record.

    Never where the person opens doors in another organisation too: that one did not agree to the exception.
    """
    if not single_approver or privileged_elsewhere:
        return Verdict.no(
            "One person alone can't send this link.", "Leave the reason empty, and a second person can approve it."
        )
    if len(reason.strip()) < 10:
        return Verdict.no("The reason is too short to be understood later.", "Write a sentence: who, and why now.")
    return Verdict.yes()
