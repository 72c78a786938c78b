"""Who may give which role, and what dates an employment needs (B12)."""

import datetime as dt

from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import Verdict
from fobwatch.people.rules.roles import ROLES

IN_LIST = Verdict.no(
    "This address is in your staff list already.", "Find the person in the list and change them there."
)
NUMBER_HELD = Verdict.no("Somebody else has this employee number.", "Check the number in your staff records.")
OWN_MANAGER = Verdict.no("Nobody is their own line manager.", "Choose somebody else.")


def may_give(*, role: str, before: str, to_self: bool, held: frozenset[Permission]) -> Verdict:
    """Whether somebody who holds these permissions may change a role from `before` ("" for a new member) to `role`.

    A privileged role is given and taken by those who may approve privileged links: who keeps the staff list can't
    make themselves, or a friend, an administrator.
    """
    if role == before:
        return Verdict.yes()
    if to_self:
        return Verdict.no("You can't change your own role.", "Ask a colleague who keeps the staff list.")
    guarded = ROLES[role].privileged or (before != "" and ROLES[before].privileged)
    if guarded and Permission.APPROVE_PRIVILEGED not in held:
        return Verdict.no(
            "Your role does not include giving or taking roles that open doors for others.",
            "Ask somebody in IT or information governance to do it.",
        )
    return Verdict.yes()


def dates_fit(
    *, employment: str, away_from: dt.date | None, away_until: dt.date | None, leaves_on: dt.date | None
) -> Verdict:
    """Whether the dates go with the state: a leaver has a last day, and an absence ends after it begins."""
    if employment in ("leaving", "left") and leaves_on is None:
        return Verdict.no("Enter the last day of work.")
    if employment not in ("leaving", "left") and leaves_on is not None:
        return Verdict.no("Somebody with a last day of work is leaving or has left. Choose that, or empty the day.")
    if away_from and away_until and away_until < away_from:
        return Verdict.no("The absence ends before it begins.")
    return Verdict.yes()
