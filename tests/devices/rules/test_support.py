"""Which versions still get fixes."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from fobwatch.devices.rules.support import Release, Support, fixes_until, parse_row, valid
from fobwatch.policy.rules.vocabulary import version_number

TODAY = dt.date(2026, 11, 22)
ROW: dict[str, Any] = {
    "platform": "android", "version": "14", "fixes_until": dt.date(2027, 3, 1), "source": "a bulletin",
    "checked_on": TODAY,
}  # fmt: skip


def line(platform: str, version: str, until: dt.date | None = None, source: str = "the maker") -> Release:
    return Release(platform, version, until, source, TODAY)


LINES = [
    line("ios", "18", dt.date(2026, 12, 31), "ours"),
    line("ios", "18", dt.date(2030, 1, 1), "shipped"),
    line("ios", "18.7", dt.date(2027, 1, 31)),
    line("ios", "26"),
    line("macos", "18", dt.date(2020, 1, 1)),
]


@pytest.mark.parametrize(
    ("version", "until", "source"),
    [
        ("18", dt.date(2026, 12, 31), "ours"),
        ("18.6.2", dt.date(2026, 12, 31), "ours"),
        ("18.7", dt.date(2027, 1, 31), "the maker"),
        ("18.7.2", dt.date(2027, 1, 31), "the maker"),
        ("18.70", dt.date(2026, 12, 31), "ours"),
        ("26.1", TODAY + dt.timedelta(days=90), "the maker"),
    ],
)
def test_the_line_that_names_a_version_most_closely_counts_and_ours_before_the_shipped(
    version: str, until: dt.date, source: str
) -> None:
    found = fixes_until("ios", version_number(version), LINES)
    assert (found.known, found.until, found.source, found.checked) == (True, until, source, TODAY)


@pytest.mark.parametrize(("platform", "version"), [("ios", "17.9"), ("ios", "27"), ("ios", "1.8"), ("android", "18")])
def test_a_version_without_a_line_is_not_known(platform: str, version: str) -> None:
    found = fixes_until(platform, version_number(version), LINES)
    assert found == Support(known=False)
    assert found.sentence == "We do not know how long this version gets security fixes."


def test_it_says_until_when_and_how_well_that_is_known() -> None:
    published = fixes_until("ios", version_number("18.7"), LINES)
    assert published.sentence == "This version gets security fixes until 31 January 2027."
    open_end = fixes_until("ios", version_number("26"), [replace(LINES[3], verified=False)])
    assert open_end.sentence == (
        "This version gets security fixes. No end is published, so we look again by 20 February 2027. "
        "Nobody here has checked this yet."
    )


def test_a_shipped_line_is_parsed() -> None:
    assert parse_row(ROW) == Release("android", "14", dt.date(2027, 3, 1), "a bulletin", TODAY)
    assert parse_row({**ROW, "verified": False, "note": "…"}).verified is False
    assert parse_row({key: ROW[key] for key in ROW if key != "fixes_until"}).fixes_until is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"checked_on": None}, "needs dates"),
        ({"checked_on": "2026-11-22"}, "needs dates"),
        ({"fixes_until": "soon"}, "needs dates"),
        ({"platform": "symbian"}, "not a kind of device"),
        ({"version": "XP"}, "Write a version"),
        ({"source": ""}, "Say where"),
    ],
)
def test_a_wrong_line_is_refused_with_a_sentence(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_row(ROW | change)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"platform": "symbian"}, "This is not a kind of device that we know."),
        ({"version": "1.2.3.4"}, "Write a version as numbers with dots between them, for example 17.4 or 14."),
        ({"source": "  "}, "Say where you read this."),
        ({"source": "x" * 201}, "Say where you read this."),
        ({"checked_on": TODAY + dt.timedelta(days=1)}, "The date you checked is in the future."),
        ({"fixes_until": dt.date(2206, 1, 1)}, "That end is more than ten years away from the check."),
    ],
)
def test_it_tells_it_what_is_wrong_with_a_line(change: dict[str, Any], reason: str) -> None:
    verdict = valid(replace(parse_row(ROW), **change), TODAY)
    assert verdict.reason == reason
    assert verdict.next_step


def test_a_good_line_may_be_saved() -> None:
    assert valid(parse_row(ROW), TODAY)
    assert valid(line("ios", "26"), TODAY)
