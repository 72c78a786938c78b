"""What a browser tells about the device it runs on, and what it keeps to itself.

Browsers freeze much of what they say, on purpose, to protect privacy. A frozen value is not evidence: where a browser
may be giving one, the answer here is "not known" with the reason, never a guess. Everything read is grade *observed*:
a browser can be told to say anything. Sources, checked 2026-11-22:
- Safari 26: webkit.org/blog/17333 and whatwg/compat#283: the iOS version stays 18_6 or 18_7; Version/ is the real one.
- Firefox on iOS says 18_7 on every iOS (mozilla-mobile/firefox-ios#29548).
- Chromium: the unified platform, "Android 10; K", "Windows NT 10.0", "10_15_7" (chromium.org/updates/ua-reduction).
- Windows: hint 1 to 10 is Windows 10, 13 and above is 11 (learn.microsoft.com, how-to-detect-win11).
- Unverified: a Chromebook's number equals its Chrome's; hints 0.1 to 0.3 are Windows 7 to 8.1; Firefox shows older
  Androids as 10; an iPhone or iPad asking for the desktop page calls itself a Mac, with five touch points.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ua_parser import Result, parse

from fobwatch.devices.rules import versions
from fobwatch.policy.rules.vocabulary import PLATFORM_WORDS, version_text

LONGEST_AGENT = 1_024
LONGEST_HINTS = 4_096
WORD_LIMIT = 64

_HINT_PLATFORMS = {
    "android": "android", "windows": "windows", "macos": "macos", "chrome os": "chromeos", "chromium os": "chromeos",
    "chromeos": "chromeos", "linux": "linux", "ios": "ios",
}  # fmt: skip
_AGENT_PLATFORMS = {
    "iOS": "ios", "Mac OS X": "macos", "Android": "android", "Windows": "windows", "Chrome OS": "chromeos",
    "Linux": "linux", "Ubuntu": "linux", "Fedora": "linux", "Debian": "linux",
}  # fmt: skip
# What the agent says, what the hint says, and what is then true: a phone or tablet asking for the desktop page.
_DISGUISES = {("linux", "android"): "android", ("macos", "ios"): "ipados", ("ipados", "ios"): "ipados"}

MAY_BE_IPAD = (
    "This may be a Mac or an iPad: an iPad calls itself a Mac. Open this page in a browser that runs scripts, "
    "and we can tell."
)
IPAD_AS_MAC = "It calls itself a Mac but has a touch screen, so we take it for an iPad. An iPhone may do this too."
AT_ODDS = "What your browser says about the kind of device does not fit together, so we do not use it."
NOT_TOLD = "Your browser does not say what kind of device this is."
LINUX_DISGUISE = "An Android phone that asks for the desktop page may call itself a Linux computer."


@dataclass(frozen=True, slots=True)
class Seen:
    """What a browser told.

    platform: a word of the vocabulary, or None. version: a version number of the vocabulary, or None.
    how: how each was known. unknown: what is not known and why, in sentences that a page shows as they are.
    browser, make and model are words for a label, never evidence.
    """

    platform: str | None = None
    version: int | None = None
    browser: str = ""
    make: str = ""
    model: str = ""
    how: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """In a few words, for a label: "iPhone, version 26.1, Mobile Safari 26"."""
        name = " ".join(part for part in (self.make, self.model) if part)
        platform = PLATFORM_WORDS[self.platform] if self.platform else ""
        version = f"version {version_text(self.version)}" if self.version is not None else ""
        return ", ".join(part for part in (name or platform, version, self.browser) if part) or "Unknown device"


@dataclass(frozen=True, slots=True)
class _Told:
    """The words of the browser, cleaned and cut to size."""

    agent: str
    platform: str
    version: str
    model: str
    touch: int | None
    parsed: Result = field(repr=False)


def parse_hints(text: str) -> dict[str, object]:
    """The JSON of `getHighEntropyValues`, with `maxTouchPoints` added by our script; empty when it is none of that."""
    if len(text) > LONGEST_HINTS:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def read(headers: Mapping[str, str], hints: Mapping[str, object] | None = None) -> Seen:
    """What the request headers and the script's hints tell; never fails, whatever they hold.

    headers: names in any case. hints: from `parse_hints`; they go before the headers, being newer.
    """
    told = _listen(headers, hints or {})
    platform, how, unknown = _platform(told)
    # A version without a platform that we know counts something else.
    hinted = told.version if told.platform.lower() in _HINT_PLATFORMS else ""
    version = versions.of(platform, versions.Told(told.agent, hinted, told.parsed))
    make, model = _make_and_model(told, platform)
    return Seen(
        platform=platform,
        version=version.number,
        browser=_browser(told.parsed),
        make=make,
        model=model,
        how=how + version.how,
        unknown=unknown + version.unknown,
    )


def _clean(value: object, limit: int = WORD_LIMIT) -> str:
    """A word from outside as plain printable ASCII, without the quotes of a structured header (RFC 8941)."""
    if not isinstance(value, str):
        return ""
    text = value[:limit].encode("ascii", "ignore").decode()
    return "".join(letter for letter in text if letter.isprintable()).strip().strip('"').strip()


def _listen(headers: Mapping[str, str], hints: Mapping[str, object]) -> _Told:
    """Gather what was said, from the script first and the headers second."""
    lower = {name.lower(): value for name, value in headers.items()}
    agent = _clean(lower.get("user-agent", ""), LONGEST_AGENT)
    touch = hints.get("maxTouchPoints")
    return _Told(
        agent=agent,
        platform=_clean(hints.get("platform")) or _clean(lower.get("sec-ch-ua-platform")),
        version=_clean(hints.get("platformVersion")) or _clean(lower.get("sec-ch-ua-platform-version")),
        model=_clean(hints.get("model")) or _clean(lower.get("sec-ch-ua-model")),
        touch=touch if isinstance(touch, int) and not isinstance(touch, bool) else None,
        parsed=parse(agent),
    )


def _from_agent(told: _Told) -> str | None:
    """The platform that the user agent names, before anything is doubted."""
    named = _AGENT_PLATFORMS.get(told.parsed.os.family) if told.parsed.os else None
    if named == "ios" and "Macintosh" in told.agent:
        return "macos"
    if named == "ios" and told.parsed.device and told.parsed.device.family == "iPad":
        return "ipados"
    return named


def _platform(told: _Told) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    """The platform, how it is known, and what is not."""
    agent = _from_agent(told)
    hint = _HINT_PLATFORMS.get(told.platform.lower())
    if hint and agent and hint != agent:
        truth = _DISGUISES.get((agent, hint))
        return (truth, ("Your browser told us in a client hint.",), ()) if truth else (None, (), (AT_ODDS,))
    if hint:
        return hint, ("Your browser told us in a client hint.",), ()
    if agent == "macos":
        return _mac_or_ipad(told)
    if agent is None:
        return None, (), (NOT_TOLD,)
    return agent, ("Your browser told us.",), (LINUX_DISGUISE,) if agent == "linux" else ()


def _mac_or_ipad(told: _Told) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    """A Mac, or an iPad that says it is one: Chrome and Firefox of a real Mac name an engine that no iPad has."""
    if re.search(r"\b(CriOS|FxiOS|EdgiOS)/", told.agent):
        return "ipados", (IPAD_AS_MAC,), ()
    if re.search(r"\b(Chrome|Gecko)/", told.agent):
        return "macos", ("Your browser told us.",), ()
    if told.touch is None:
        return None, (), (MAY_BE_IPAD,)
    if told.touch > 1:
        return "ipados", (IPAD_AS_MAC,), ()
    return "macos", ("Your browser told us, and it has no touch screen as an iPad has.",), ()


def _browser(parsed: Result) -> str:
    """The browser and its first number."""
    found = parsed.user_agent
    return _clean(" ".join(part for part in (found.family, found.major) if part)) if found else ""


def _make_and_model(told: _Told, platform: str | None) -> tuple[str, str]:
    """Words for the label; the reduced agent's "K" is no model, and an iPad's "Mac" is not true."""
    if platform == "ipados":
        return "Apple", "iPad"
    device = told.parsed.device
    make = _clean(device.brand) if device and device.brand and not device.brand.startswith("Generic") else ""
    model = told.model or (_clean(device.model) if device and make else "")
    return make, model
