"""What we say about passkeys and sessions, and when one must answer again (DESIGN 6)."""

import datetime as dt

from fobwatch.kernel.verdict import Verdict

CHALLENGE_LIFETIME = dt.timedelta(minutes=5)
STEP_UP_LIFETIME = dt.timedelta(minutes=5)

CHALLENGE_GONE = Verdict.no(
    "This attempt is too old, or was answered already.", "Reload the page and try again, in one tab only."
)
UNKNOWN = Verdict.no(
    "We don't know this passkey.",
    "It may have been removed here. Delete it on your phone, and sign in with another one, or ask IT for a new link.",
)
NOT_YOURS = Verdict.no(
    "This passkey belongs to somebody else.", "Use your own, or sign out first so that they can sign in."
)
NO_PLACE = Verdict.no(
    "No organisation here lists you as working for it now.",
    "If you do, ask your line manager or IT team to check your record.",
)
USED_AT_ONCE = Verdict.no("This passkey was used twice at the same moment.", "Nothing was changed. Try again.")
CHECK_FIRST = Verdict.no("We need to check that it is you first.", "Reload the page and follow it.")
NO_SUCH_LINK = Verdict.no(
    "We don't know this link.",
    "Check that it is whole: an e-mail may have broken it in two. Or ask your IT team for a new one.",
)
NO_SCRIPT = Verdict.no(
    "Your browser did not send a passkey.",
    "Passkeys need JavaScript. Switch it on in your browser's settings, or open this page on your phone.",
)
LAST_ONE = Verdict.no(
    "This is your only passkey. Without it you can't sign in.",
    "Add another one first, or confirm that you will ask your IT team for a new link.",
)


def synced_words(*, eligible: bool, backed_up: bool) -> str:
    """Whether a passkey lives on one device or is copied to others by its maker, in plain words."""
    if not eligible:
        return "On this device only"
    if backed_up:
        return "Saved in your passkey account (Apple, Google or a password manager), so a new phone gets it too"
    return "Could be saved in your passkey account, but is not yet"


def must_check_again(*, how: str, verified_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a session needs its passkey again before a change to sign-in. A demo persona has none to ask."""
    return how == "passkey" and now - verified_at >= STEP_UP_LIFETIME


def may_retire(*, others: int, understood: bool) -> Verdict:
    """Whether a passkey may be removed: the last one only by somebody who knows what happens then."""
    return Verdict.yes() if others or understood else LAST_ONE
