"""The facts that a clause may speak of, the grades of evidence, and the cells of work that a decision covers.

A clause knows only these words: an unknown fact, operator or cell is refused before anything is compiled.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Grade(IntEnum):
    """How a fact is known; a clause demands a fact *and* a grade. Declared is never shown as measured."""

    MISSING = 0
    DECLARED = 1
    OBSERVED = 2
    MEASURED = 3
    MANAGED = 4
    ATTESTED = 5


GRADE_WORDS: dict[Grade, str] = {
    Grade.MISSING: "Not known",
    Grade.DECLARED: "You told us",
    Grade.OBSERVED: "Seen",
    Grade.MEASURED: "Measured",
    Grade.MANAGED: "Managed",
    Grade.ATTESTED: "Proved",
}


class Kind(StrEnum):
    """The type of a fact. Versions, choices and moments are whole numbers when compiled.

    SINCE is stored as the epoch second at which something happened; a clause compares the time passed.
    UNTIL is stored as the epoch second at which something ends; a clause compares the time left.
    Ages are derived when a decision is made, never stored.
    """

    BOOL = "bool"
    INT = "int"
    VERSION = "version"
    CHOICE = "choice"
    SINCE = "since"
    UNTIL = "until"


class About(StrEnum):
    """Whose fact it is. Device facts are evidence; the others are held by the organisation or the session."""

    DEVICE = "device"
    REGISTRATION = "registration"
    PERSON = "person"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Fact:
    """One word of the vocabulary.

    grades: the grades that exist for it today, best first; a clause that demands a better one can never hold.
    unit: seconds in a unit of a SINCE or UNTIL fact (86,400 for days, 60 for minutes), else 1.
    missing: what a member of staff reads when it is not known.
    """

    name: str
    kind: Kind
    about: About
    plain: str
    grades: tuple[Grade, ...] = (Grade.ATTESTED,)
    choices: tuple[str, ...] = ()
    unit: int = 1
    missing: str = "We do not know this yet."


PLATFORMS = ("ios", "ipados", "android", "windows", "macos", "chromeos", "linux")
PLATFORM_WORDS = {
    "ios": "iPhone", "ipados": "iPad", "android": "Android phone or tablet", "windows": "Windows computer",
    "macos": "Mac", "chromeos": "Chromebook", "linux": "Linux computer",
}  # fmt: skip
OWNERSHIPS = ("personal", "issued", "shared")
DEVICE_STATES = ("enrolling", "active", "suspended", "lost", "retired", "none")
ROLES = (
    "staff", "manager", "ig_lead", "dpo", "caldicott_guardian", "it_support", "people_admin", "auditor",
    "practice_lead",
)  # fmt: skip
STAFF_GROUPS = ("clinical", "non_clinical")
EMPLOYMENTS = ("active", "away", "leaving", "left")

_SEEN_OR_SAID = (Grade.OBSERVED, Grade.DECLARED)
_SAID = (Grade.DECLARED,)
_D, _R, _P, _S = About.DEVICE, About.REGISTRATION, About.PERSON, About.SESSION
_TELL_US = "You have not told us about this yet."

FACTS: tuple[Fact, ...] = (
    Fact("platform", Kind.CHOICE, _D, "make of device", _SEEN_OR_SAID, PLATFORMS,
         missing="We cannot see what kind of device this is."),
    Fact("os_version", Kind.VERSION, _D, "system version", _SEEN_OR_SAID,
         missing="We cannot see which system version this device runs."),
    Fact("os_fixes", Kind.UNTIL, _D, "days until security fixes end", _SEEN_OR_SAID, unit=86_400,
         missing="We do not know how long this version gets security fixes."),
    Fact("screen_lock", Kind.BOOL, _D, "screen lock", (Grade.ATTESTED, Grade.OBSERVED, Grade.DECLARED),
         missing="We have not seen a screen lock answer on this device yet."),
    Fact("auto_lock_minutes", Kind.INT, _D, "minutes until the screen locks", _SAID, missing=_TELL_US),
    Fact("encrypted", Kind.BOOL, _D, "storage is encrypted", _SEEN_OR_SAID, missing=_TELL_US),
    Fact("unaltered", Kind.BOOL, _D, "not jailbroken or rooted", _SAID, missing=_TELL_US),
    Fact("antivirus", Kind.BOOL, _D, "antivirus is on and current", _SAID, missing=_TELL_US),
    Fact("non_admin", Kind.BOOL, _D, "work is done in an account without administrator rights", _SAID,
         missing=_TELL_US),
    Fact("not_shared", Kind.BOOL, _D, "nobody else uses it", _SAID, missing=_TELL_US),
    Fact("notifications_hidden", Kind.BOOL, _D, "lock screen shows no message text", _SAID, missing=_TELL_US),
    Fact("contacts_reviewed", Kind.BOOL, _D, "other apps' access to contacts and calls reviewed", _SAID,
         missing=_TELL_US),
    Fact("remote_wipe_on", Kind.BOOL, _D, "find and erase is switched on by the owner", _SAID, missing=_TELL_US),
    Fact("browser_key", Kind.BOOL, _D, "this browser's own key answered", (Grade.ATTESTED,),
         missing="This browser has not shown its key. Check in again on this device."),
    Fact("checked_in", Kind.SINCE, _D, "days since the last check-in", (Grade.OBSERVED,), unit=86_400,
         missing="This device has not checked in yet."),
    Fact("ownership", Kind.CHOICE, _R, "whose device it is", choices=OWNERSHIPS,
         missing="We do not know whose device this is."),
    Fact("device_state", Kind.CHOICE, _R, "state in the register", choices=DEVICE_STATES,
         missing="This device is not in the register."),
    Fact("role", Kind.CHOICE, _P, "role", choices=ROLES, missing="You have no role here yet."),
    Fact("staff_group", Kind.CHOICE, _P, "clinical or not", choices=STAFF_GROUPS,
         missing="Your staff group is not recorded yet."),
    Fact("employment", Kind.CHOICE, _P, "employment", choices=EMPLOYMENTS,
         missing="Your employment is not recorded yet."),
    Fact("policy_read", Kind.BOOL, _P, "has confirmed the current policy",
         missing="You have not confirmed the current policy yet."),
    Fact("understands", Kind.UNTIL, _P, "days until training must be done again", unit=86_400,
         missing="You have not done the training yet."),
    Fact("passkey_verified", Kind.BOOL, _S, "signed in with a passkey and its screen lock",
         missing="You have not signed in with your passkey."),
    Fact("verified", Kind.SINCE, _S, "minutes since the passkey last answered", unit=60,
         missing="Your passkey has not answered in this session."),
)  # fmt: skip

BY_NAME: dict[str, Fact] = {fact.name: fact for fact in FACTS}

CLASSES: dict[str, str] = {
    "mail": "Email, calendar and rota",
    "chat": "Messages",
    "documents": "Documents",
    "record": "Patient records",
    "images": "Clinical photographs",
}
ACTIONS: dict[str, str] = {
    "view": "view", "create": "add", "share": "share", "download": "download", "print": "print",
}  # fmt: skip
CELLS: tuple[str, ...] = tuple(f"{kind}:{action}" for kind in CLASSES for action in ACTIONS)


def version_number(text: str) -> int:
    """A dotted version as a whole number that sorts as the version does: "17.4.1" → 17_004_001.

    Raises ValueError with a sentence when it is not one to three numbers of at most three digits, parted by dots.
    """
    parts = text.strip().split(".")
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() and len(part) <= 5 for part in parts):
        raise ValueError("Write a version as numbers with dots between them, for example 17.4 or 14.")
    major, minor, patch = (*map(int, parts), 0, 0)[:3]
    if minor > 999 or patch > 999:
        raise ValueError("Each number after the first dot must be below 1,000.")
    return major * 1_000_000 + minor * 1_000 + patch


def version_text(number: int) -> str:
    """The dotted form of a version number: 17_004_000 → "17.4"; a lone major keeps ".0" away."""
    major, rest = divmod(number, 1_000_000)
    minor, patch = divmod(rest, 1_000)
    if patch:
        return f"{major}.{minor}.{patch}"
    return f"{major}.{minor}" if minor else str(major)
