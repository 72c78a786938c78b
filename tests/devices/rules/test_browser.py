"""What a browser tells, and where it must not be believed."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.devices.rules import browser, versions
from fobwatch.devices.rules.browser import Seen, parse_hints, read
from fobwatch.policy.rules.vocabulary import PLATFORMS, version_text

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS {os} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) {rest}"
IPAD = "Mozilla/5.0 (iPad; CPU OS {os} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) {rest}"
MAC_SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X {os}) AppleWebKit/605.1.15 (KHTML, like Gecko) {rest}Safari/605.1.15"
)
CHROME = "Mozilla/5.0 ({where}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 {rest}Safari/537.36"
FIREFOX = "Mozilla/5.0 ({where}; rv:145.0) Gecko/20100101 Firefox/145.0"
ANDROID = CHROME.format(where="Linux; Android 10; K", rest="Mobile ")
WINDOWS = CHROME.format(where="Windows NT 10.0; Win64; x64", rest="")
MAC_CHROME = CHROME.format(where="Macintosh; Intel Mac OS X 10_15_7", rest="")
CHROMEBOOK = CHROME.format(where="X11; CrOS x86_64 14541.0.0", rest="")
SAFARI_261 = "Version/26.1 Mobile/15E148 Safari/604.1"


def hint(platform: str, version: str = "", **more: Any) -> dict[str, Any]:
    return {"platform": platform, "platformVersion": version, **more}


# name, user agent, hints of the script, platform, version, a sentence of what is unknown
TABLE: list[tuple[str, str, dict[str, Any], str | None, str | None, str]] = [
    ("iPhone before the freeze", IPHONE.format(os="17_4_1", rest="Version/17.4.1 Mobile/15E148 Safari/604.1"), {},
     "ios", "17.4.1", versions.NO_SMALL_UPDATES),
    ("iPhone on iOS 18", IPHONE.format(os="18_6_2", rest="Version/18.6 Mobile/15E148 Safari/604.1"), {},
     "ios", "18.6.2", versions.NO_SMALL_UPDATES),
    ("iPhone on iOS 26, frozen at 18_6", IPHONE.format(os="18_6", rest=SAFARI_261), {},
     "ios", "26.1", versions.NO_SMALL_UPDATES),
    ("iPhone on iOS 26, frozen at 18_7", IPHONE.format(os="18_7", rest=SAFARI_261), {},
     "ios", "26.1", versions.NO_SMALL_UPDATES),
    ("Firefox on iPhone, frozen on every iOS",
     IPHONE.format(os="18_7", rest="FxiOS/145.0 Mobile/15E148 Safari/605.1.15"), {},
     "ios", None, versions.IOS_FROZEN),
    ("Chrome on an older iPhone", IPHONE.format(os="17_1", rest="CriOS/142.0.0.0 Mobile/15E148 Safari/604.1"), {},
     "ios", "17.1", versions.NO_SMALL_UPDATES),
    ("Chrome on iPhone that says 26", IPHONE.format(os="26_1", rest="CriOS/142.0.0.0 Mobile/15E148 Safari/604.1"), {},
     "ios", "26.1", versions.NO_SMALL_UPDATES),
    ("Edge on iPhone has a Version of its own",
     IPHONE.format(os="18_7", rest="Version/26.0 EdgiOS/142.0.0.0 Mobile/15E148 Safari/604.1"), {},
     "ios", None, versions.IOS_FROZEN),
    ("a page on the home screen", IPHONE.format(os="18_7", rest="Mobile/15E148"), {},
     "ios", None, versions.IOS_FROZEN),
    ("iPad that says so", IPAD.format(os="17_5", rest="Version/17.5 Mobile/15E148 Safari/604.1"), {},
     "ipados", "17.5", versions.NO_SMALL_UPDATES),
    ("iPad that says Mac", MAC_SAFARI.format(os="10_15_7", rest="Version/26.1 "), {"maxTouchPoints": 5},
     "ipados", "26.1", versions.NO_SMALL_UPDATES),
    ("iPad on 17 that says Mac", MAC_SAFARI.format(os="10_15_7", rest="Version/17.5 "), {"maxTouchPoints": 5},
     "ipados", "17.5", versions.NO_SMALL_UPDATES),
    ("Chrome on iPad that says Mac", MAC_SAFARI.format(os="10_15_7", rest="CriOS/142.0 "), {"maxTouchPoints": 5},
     "ipados", None, versions.NOT_TOLD),
    ("Mac or iPad, no script", MAC_SAFARI.format(os="10_15_7", rest="Version/26.1 "), {},
     None, None, browser.MAY_BE_IPAD),
    ("touch points that are no number", MAC_SAFARI.format(os="10_15_7", rest="Version/26.1 "),
     {"maxTouchPoints": True}, None, None, browser.MAY_BE_IPAD),
    ("Mac with Safari", MAC_SAFARI.format(os="10_15_7", rest="Version/26.1 "), {"maxTouchPoints": 0},
     "macos", None, versions.MAC_FROZEN),
    ("old Mac with Safari", MAC_SAFARI.format(os="10_14_6", rest="Version/14.1 "), {"maxTouchPoints": 0},
     "macos", "10.14.6", ""),
    ("Mac with Chrome, no hints", MAC_CHROME, {}, "macos", None, versions.MAC_FROZEN),
    ("Mac with Chrome", MAC_CHROME, hint("macOS", "15.6.1"), "macos", "15.6.1", ""),
    ("Mac with Firefox", FIREFOX.format(where="Macintosh; Intel Mac OS X 10.15"), {},
     "macos", None, versions.MAC_FROZEN),
    ("Pixel with Chrome, no hints", ANDROID, {}, "android", None, versions.ANDROID_FROZEN),
    ("Pixel with Chrome", ANDROID, hint("Android", "16.0.0", model="Pixel 8"), "android", "16",
     versions.NO_PATCH_MONTH),
    ("a real Android 10, by hint", ANDROID, hint("Android", "10.0.0"), "android", "10", versions.NO_PATCH_MONTH),
    ("Samsung Internet",
     "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 "
     "Chrome/130.0.0.0 Mobile Safari/537.36", {}, "android", "14", versions.NO_PATCH_MONTH),
    ("Firefox on Android", FIREFOX.format(where="Android 15; Mobile"), {}, "android", "15", versions.NO_PATCH_MONTH),
    ("Android that asks for the desktop page", CHROME.format(where="X11; Linux x86_64", rest=""),
     hint("Android", "15.0.0"), "android", "15", versions.NO_PATCH_MONTH),
    ("Windows with Edge, no hints", WINDOWS + " Edg/142.0.0.0", {}, "windows", None, versions.WINDOWS_FROZEN),
    ("Windows 11 with Edge", WINDOWS + " Edg/142.0.0.0", hint("Windows", "19.0.0"), "windows", "11",
     versions.NO_YEARLY_RELEASE),
    ("the first Windows 11", WINDOWS, hint("Windows", "13.0.0"), "windows", "11", versions.NO_YEARLY_RELEASE),
    ("Windows 10 with Chrome", WINDOWS, hint("Windows", "10.0.0"), "windows", "10", versions.NO_YEARLY_RELEASE),
    ("a Windows hint that nobody has documented", WINDOWS, hint("Windows", "12.0.0"), "windows", None,
     versions.WINDOWS_FROZEN),
    ("Windows 8.1 by hint", WINDOWS, hint("Windows", "0.3.0"), "windows", "8.1", ""),
    ("Windows with Firefox", FIREFOX.format(where="Windows NT 10.0; Win64; x64"), {}, "windows", None,
     versions.WINDOWS_FROZEN),
    ("Windows 7 with Firefox", FIREFOX.format(where="Windows NT 6.1; Win64; x64"), {}, "windows", "7", ""),
    ("Chromebook", CHROMEBOOK, {}, "chromeos", "142", ""),
    ("Chromebook with hints", CHROMEBOOK, hint("Chrome OS", "16433.41.0"), "chromeos", "142", ""),
    ("Firefox on a Chromebook", FIREFOX.format(where="X11; CrOS x86_64 14541.0.0"), {}, "chromeos", None,
     versions.NOT_TOLD),
    ("Linux with Firefox", FIREFOX.format(where="X11; Ubuntu; Linux x86_64"), {}, "linux", None,
     browser.LINUX_DISGUISE),
    ("Linux with Chrome", CHROME.format(where="X11; Linux x86_64", rest=""), hint("Linux", ""), "linux", None,
     versions.NOT_TOLD),
    ("a hint that contradicts the agent", IPHONE.format(os="18_6", rest=SAFARI_261), hint("Windows", "19.0.0"),
     None, None, browser.AT_ODDS),
    ("only a hint", "", hint("Android", "16.0.0"), "android", "16", versions.NO_PATCH_MONTH),
    ("an iPhone's hint without an agent", "", hint("iOS"), "ios", None, versions.NOT_TOLD),
    ("a Mac that hints iOS", MAC_SAFARI.format(os="10_15_7", rest=""), hint("iOS"), "ipados", None,
     versions.NOT_TOLD),
    ("an unknown hint", ANDROID, hint("Fuchsia", "1"), "android", None, versions.ANDROID_FROZEN),
    ("a version that is none", ANDROID, hint("Android", "sixteen"), "android", None, versions.ANDROID_FROZEN),
    ("a console", "Mozilla/5.0 (PlayStation 5 3.11) AppleWebKit/605.1.15 (KHTML, like Gecko)", {},
     None, None, browser.NOT_TOLD),
    ("garbage", "\x00\x01'; DROP TABLE devices; --", {}, None, None, browser.NOT_TOLD),
    ("nothing", "", {}, None, None, browser.NOT_TOLD),
]  # fmt: skip


@pytest.mark.parametrize(
    ("agent", "hints", "platform", "version", "unknown"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_it_reads(agent: str, hints: dict[str, Any], platform: str | None, version: str | None, unknown: str) -> None:
    seen = read({"User-Agent": agent}, hints)
    assert seen.platform == platform
    assert (version_text(seen.version) if seen.version is not None else None) == version
    assert unknown in seen.unknown if unknown else True
    assert seen.platform is None or seen.how
    assert seen.version is not None or seen.unknown


def test_the_table_has_every_platform() -> None:
    assert {row[3] for row in TABLE} == {*PLATFORMS, None}


def test_headers_are_read_in_any_case_and_without_their_quotes() -> None:
    seen = read({
        "USER-AGENT": WINDOWS, "sec-ch-ua-platform": '"Windows"', "Sec-Ch-Ua-Platform-Version": '"15.0.0"',
        "Sec-CH-UA-Model": '""',
    })  # fmt: skip
    assert (seen.platform, seen.version, seen.model) == ("windows", 11_000_000, "")


def test_the_script_is_believed_before_the_header() -> None:
    seen = read({"User-Agent": WINDOWS, "Sec-CH-UA-Platform-Version": '"10.0.0"'}, hint("Windows", "15.0.0"))
    assert seen.version == 11_000_000


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (read({"User-Agent": IPHONE.format(os="18_6", rest=SAFARI_261)}),
         "Apple iPhone, version 26.1, Mobile Safari 26"),
        (read({"User-Agent": ANDROID}, hint("Android", "16.0.0", model="Pixel 8")),
         "Pixel 8, version 16, Chrome Mobile 142"),
        (read({"User-Agent": ANDROID}), "Android phone or tablet, Chrome Mobile 142"),
        (read({"User-Agent": MAC_SAFARI.format(os="10_15_7", rest="Version/26.1 ")}, {"maxTouchPoints": 5}),
         "Apple iPad, version 26.1, Safari 26"),
        (read({"User-Agent": ""}), "Unknown device"),
        (Seen(), "Unknown device"),
    ],
)  # fmt: skip
def test_it_has_words_for_a_label(seen: Seen, words: str) -> None:
    assert seen.words == words


def test_a_samsung_names_its_model() -> None:
    agent = next(row[1] for row in TABLE if row[0] == "Samsung Internet")
    assert (read({"User-Agent": agent}).make, read({"User-Agent": agent}).model) == ("Samsung", "SM-S921B")


@pytest.mark.parametrize(
    "agent", ["A" * 100_000, "Mozilla/5.0 (" * 8_000, "(Linux; Android 9" * 6_000, "\ud800" * 100_000]
)
def test_a_user_agent_of_100_kb_is_safe_and_fast(agent: str) -> None:
    read({"User-Agent": "warm"})
    before = time.perf_counter()
    seen = read({"User-Agent": agent, "Sec-CH-UA-Platform": agent, "Sec-CH-UA-Model": agent}, hint(agent, agent))
    assert time.perf_counter() - before < 1
    assert len(seen.words) < 300


def test_what_stands_beyond_the_first_1024_letters_is_not_read() -> None:
    assert read({"User-Agent": " " * 1_024 + ANDROID}).platform is None


def test_words_from_outside_are_cut_and_cleaned() -> None:
    seen = read({"User-Agent": ANDROID}, hint("Android", "16", model="<b>Pixel\x00\n8 é" + "x" * 100))
    assert seen.model.startswith("<b>Pixel8 ")
    assert len(seen.model) <= 64
    assert seen.model.isprintable()


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "null", "[" * 4_000, '{"a": "' + "x" * 4_096 + '"}'])
def test_hints_that_are_no_object_are_nothing(text: str) -> None:
    assert parse_hints(text) == {}


def test_hints_are_parsed() -> None:
    assert parse_hints(json.dumps(hint("Android", "16"))) == hint("Android", "16")


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=30), st.lists)


@given(
    headers=st.dictionaries(
        st.sampled_from(["User-Agent", "Sec-CH-UA-Platform", "Sec-CH-UA-Platform-Version", "Sec-CH-UA-Model"]),
        st.text(),
    ),
    hints=st.dictionaries(st.sampled_from(["platform", "platformVersion", "model", "maxTouchPoints"]), JSON),
)
def test_it_never_fails_whatever_it_is_told(headers: dict[str, str], hints: dict[str, object]) -> None:
    seen = read(headers, hints)
    assert seen.platform is None or seen.platform in PLATFORMS
    assert seen.version is None or (seen.platform is not None and seen.version >= 0)
