"""What we will see of a device, what nobody here can see, and what leaving or losing it does, in plain words (S2, S4).

True of what Fobwatch itself can reach, which is a web page: no app is installed, so no page can read these things. What
an organisation's own device manager sees is another matter, and no part of these lists.
"""

from dataclasses import dataclass

from fobwatch.policy.rules.vocabulary import PLATFORMS

_SEE = (
    "The kind of device and, where your browser tells us, its make and system version",
    "Whether a screen lock answered when you used your passkey",
    "What you tell us in the checklist",
    "When this device last checked in, and which work systems it opened",
    "That it is the same browser as before, by a key that only this browser holds",
)
_CANNOT_SEE = (
    "Your photos and videos",
    "Your messages, emails and calls",
    "Your contacts",
    "Where you are",
    "Your other apps, and what you do in them",
    "Which other websites you visit",
    "Your passcode, face or fingerprint: they never leave your device",
    "Your files, and your backups",
)
_PHONE_ONLY = ("Your phone number, and the numbers your device was sold under",)
_COMPUTER_ONLY = ("The programs on your computer, and the other accounts on it",)
_COMPUTERS = ("windows", "macos", "linux", "chromeos")


@dataclass(frozen=True, slots=True)
class Visible:
    """Two lists of plain words, side by side on the screen."""

    see: tuple[str, ...]
    cannot_see: tuple[str, ...]


def visible(platform: str | None) -> Visible:
    """The two lists for this kind of device; where we do not know the kind, all that is true of every kind.

    Raises ValueError for a platform outside the vocabulary.
    """
    if platform is None:
        return Visible(_SEE, _CANNOT_SEE)
    if platform not in PLATFORMS:
        raise ValueError("There is no such kind of device.")
    return Visible(_SEE, _CANNOT_SEE + (_COMPUTER_ONLY if platform in _COMPUTERS else _PHONE_ONLY))


LEAVING = (
    "Your access to work from this device ends.",
    "Nothing of yours is deleted: photos, messages, contacts and apps stay as they are.",
    "Anything from work that you saved on it yourself stays too. Delete it, as your policy asks.",
    "We keep what we knew about the device for as long as your policy says, and show you what that is.",
)
LOSING = (
    "Access to work from this device ends at once, and its sign-ins end with it.",
    "Nothing on the device is erased, locked or found by us. If you switched on find and erase, only you can use it.",
    "If you find it again, your IT team can restore its access, or you can register it again.",
)
