"""The system version behind what a browser tells, or None with the reason; see `browser` for the sources."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ua_parser import Result

from fobwatch.policy.rules.vocabulary import version_number

FIRST_FROZEN_IOS = 18_006_000
FIRST_TRUE_IOS = 26_000_000
FIRST_FROZEN_MACOS = 10_015_000

_BY_HINT = "Your browser told us the system version in a client hint."
_BY_AGENT = "Your browser told us the system version."
NOT_TOLD = "Your browser does not tell us the system version."
NO_SMALL_UPDATES = "We do not see the smallest updates, such as the last number of 26.1.1."
NO_PATCH_MONTH = "We cannot see the month of the Android security update."
NO_YEARLY_RELEASE = "We cannot see which yearly release of Windows this is."
IOS_FROZEN = "This browser gives the same system version on every new iPhone and iPad. Safari tells us more."
MAC_FROZEN = "Safari and Firefox give the same system version on every Mac. Chrome and Edge tell us more."
ANDROID_FROZEN = "Your browser says Android 10 whatever the version is, unless it sends client hints."
WINDOWS_FROZEN = "Windows 10 and 11 look alike in this browser. Edge and Chrome tell us more."
CHROMEBOOK = "Taken from the number of Chrome, which a Chromebook shares with its system. Unverified."


@dataclass(frozen=True, slots=True)
class Told:
    """What the browser said: the user agent, the version hint, and the agent parsed."""

    agent: str
    hint: str
    parsed: Result


@dataclass(frozen=True, slots=True)
class Version:
    """A version number of the vocabulary or None, how it is known, and what is not known."""

    number: int | None = None
    how: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def of(platform: str | None, told: Told) -> Version:
    """The system version of a device of this platform."""
    return _READERS[platform](told) if platform else Version()


def _number(*parts: str | None) -> int | None:
    """Parts of a version as one number; None when they are not one."""
    try:
        return version_number(".".join(part for part in parts if part))
    except ValueError:
        return None


def _hinted(told: Told) -> int | None:
    """The version of the client hint, its first three numbers."""
    found = re.fullmatch(r"(\d{1,5}(?:\.\d{1,3}){0,2})(?:\.\d{1,5})?", told.hint)
    return _number(found[1]) if found else None


def _in_agent(told: Told) -> int | None:
    """The system version that the user agent names, true or frozen."""
    system = told.parsed.os
    return _number(system.major, system.minor, system.patch) if system else None


def _apple_mobile(told: Told) -> Version:
    """iPhone and iPad. Safari comes only with the system, so from 26 on its own number is the system's.

    Other browsers have numbers of their own, and some give a frozen 18_7 on every iOS: from there up to 26, not known.
    """
    named = _in_agent(told)
    family = told.parsed.user_agent.family if told.parsed.user_agent else ""
    safari = re.search(r"\bVersion/(\d{1,3}(?:\.\d{1,3}){0,2})\b", told.agent) if "Safari" in family else None
    shown = _number(safari[1]) if safari else None
    if shown is not None and (shown >= FIRST_TRUE_IOS or "Macintosh" in told.agent):
        return Version(shown, ("Taken from the version of Safari, which comes with the system.",), (NO_SMALL_UPDATES,))
    if named is None or "Macintosh" in told.agent:
        return Version(unknown=(NOT_TOLD,))
    if shown is None and FIRST_FROZEN_IOS <= named < FIRST_TRUE_IOS:
        return Version(unknown=(IOS_FROZEN,))
    return Version(named, (_BY_AGENT,), (NO_SMALL_UPDATES,))


def _mac(told: Told) -> Version:
    """A Mac: by client hint, or by an agent from before the freeze at 10.15."""
    hinted, named = _hinted(told), _in_agent(told)
    if hinted is not None:
        return Version(hinted, (_BY_HINT,))
    if named is not None and named < FIRST_FROZEN_MACOS:
        return Version(named, (_BY_AGENT,))
    return Version(unknown=(MAC_FROZEN,))


def _android(told: Told) -> Version:
    """Android: by client hint, or by an agent that does not say the frozen 10."""
    hinted, named = _hinted(told), _in_agent(told)
    if hinted is not None:
        return Version(hinted, (_BY_HINT,), (NO_PATCH_MONTH,))
    if named is not None and named != version_number("10"):
        return Version(named, (_BY_AGENT,), (NO_PATCH_MONTH,))
    return Version(unknown=(ANDROID_FROZEN, NO_PATCH_MONTH))


def _windows(told: Told) -> Version:
    """Windows 10 and 11 by client hint; older ones by the agent too. Hints 11 and 12 are not documented."""
    hinted = _hinted(told)
    older = {"0.1": "7", "0.2": "8", "0.3": "8.1"}.get(".".join(told.hint.split(".")[:2]))
    if older:
        return Version(_number(older), (_BY_HINT,))
    if hinted is not None:
        major = hinted // 1_000_000
        if major >= 13:
            return Version(_number("11"), (_BY_HINT,), (NO_YEARLY_RELEASE,))
        if 1 <= major <= 10:
            return Version(_number("10"), (_BY_HINT,), (NO_YEARLY_RELEASE,))
    named = _in_agent(told)
    if named is not None and named < version_number("10"):
        return Version(named, (_BY_AGENT,))
    return Version(unknown=(WINDOWS_FROZEN,))


def _chromebook(told: Told) -> Version:
    """A Chromebook: the agent's own version is frozen, and the hint counts builds, not releases."""
    browser = told.parsed.user_agent
    number = _number(browser.major) if browser and browser.family == "Chrome" else None
    return Version(number, (CHROMEBOOK,)) if number is not None else Version(unknown=(NOT_TOLD,))


def _silent(_told: Told) -> Version:
    """Linux tells no version, in agents or hints."""
    return Version(unknown=(NOT_TOLD,))


_READERS: dict[str, Callable[[Told], Version]] = {
    "ios": _apple_mobile, "ipados": _apple_mobile, "macos": _mac, "android": _android, "windows": _windows,
    "chromeos": _chromebook, "linux": _silent,
}  # fmt: skip
