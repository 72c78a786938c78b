"""Organisations, persons, memberships, invitations, passkeys and sessions."""

from fobwatch.people.models.door import MemberRequest, computer_here, hand_over, mark_browser
from fobwatch.people.models.invitation import Invitation, Letter, StaffFile, Throttle
from fobwatch.people.models.organisation import Membership, Organisation, Person
from fobwatch.people.models.passkey import Challenge, Passkey, PasskeyEvent
from fobwatch.people.models.reminder import Reminder
from fobwatch.people.models.shared_computer import SharedComputer
from fobwatch.people.models.sign_in import SignIn

__all__ = [
    "Challenge",
    "Invitation",
    "Letter",
    "MemberRequest",
    "Membership",
    "Organisation",
    "Passkey",
    "PasskeyEvent",
    "Person",
    "Reminder",
    "SharedComputer",
    "SignIn",
    "StaffFile",
    "Throttle",
    "computer_here",
    "hand_over",
    "mark_browser",
]  # fmt: skip
