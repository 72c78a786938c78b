"""The national template decides: it opens what its text says, for whom it says, and closes what is missing."""

from typing import Any

import pytest

from fobwatch.policy.rules.compile import compile_policy
from fobwatch.policy.rules.decide import Decision, decide, obligations
from fobwatch.policy.rules.row import FOREVER, held, pack
from fobwatch.policy.rules.vocabulary import BY_NAME, CELLS, CLASSES, PLATFORMS, Grade
from tests.policy.rules.test_template import POLICY

COMPILED = compile_policy(POLICY)
NOW = 1_795_000_000
JUST_NOW, LONG_AGO = NOW - 60, NOW - 60 * 86_400
VERSIONS = {
    "ios": "18.1",
    "ipados": "26.1",
    "android": "15",
    "windows": "11",
    "macos": "15.2",
    "chromeos": "156",
    "linux": "24.04",
}
TELLS = {"ios", "android", "windows", "chromeos"}


def facts(platform: str, ownership: str, group: str) -> dict[str, Any]:
    """The plain facts of a person and a device in order."""
    found: dict[str, Any] = {
        "ownership": ownership, "staff_group": group, "role": "staff", "employment": "active", "policy_read": True,
        "understands": NOW + 86_400,
        "passkey_verified": True, "verified": NOW - 60, "device_state": "none" if ownership == "shared" else "active",
    }  # fmt: skip
    if ownership != "shared":
        found |= {
            "platform": platform, "os_version": VERSIONS[platform], "os_fixes": NOW + 86_400, "screen_lock": True,
            "auto_lock_minutes": 2, "encrypted": True, "unaltered": True, "antivirus": True, "non_admin": True,
            "not_shared": True, "notifications_hidden": True, "contacts_reviewed": True, "remote_wipe_on": True,
            "browser_key": True, "checked_in": NOW - 3600,
        }  # fmt: skip
    return found


def decided(
    platform: str, ownership: str, group: str, seen: int = LONG_AGO, /, version: Grade | None = None, **wrong: Any
) -> Decision:
    """The decision for a device in order but for `wrong` (None: not known), all of it known since `seen`."""
    known = {}
    for name, value in (facts(platform, ownership, group) | wrong).items():
        if value is not None:
            best = Grade.DECLARED if name == "os_version" and platform not in TELLS else max(BY_NAME[name].grades)
            known[name] = held(name, value, version if version and name == "os_version" else best, seen, FOREVER)
    return decide(COMPILED, pack(known), NOW)


def failing(decision: Decision) -> set[str]:
    """The clauses that do not hold, in their grace or out of it."""
    return {clause.id for index, clause in enumerate(POLICY.clauses) if not decision.bits >> index & 1}


def open_cells(decision: Decision) -> set[str]:
    return {cell for cell in CELLS if decision.may(cell)}


MAIL = {"mail:view", "mail:create", "mail:share"}
CHAT = {"chat:view", "chat:create", "chat:share"}
IMAGES = {"images:view", "images:create"}
FILES = {"documents:view", "documents:create", "documents:share", "documents:download", "mail:download"}
EXPECTED = {
    ("personal", "clinical"): MAIL | CHAT | IMAGES | {"documents:view", "record:view"},
    ("personal", "non_clinical"): MAIL | CHAT | {"documents:view"},
    ("issued", "clinical"): MAIL | CHAT | IMAGES | FILES | {"record:view"},
    ("issued", "non_clinical"): MAIL | CHAT | FILES,
    ("shared", "clinical"): MAIL | CHAT | {"record:view"},
    ("shared", "non_clinical"): MAIL | CHAT,
}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(("ownership", "group"), EXPECTED)
def test_a_device_in_order_opens_what_the_text_says_and_no_more(platform: str, ownership: str, group: str) -> None:
    assert open_cells(decided(platform, ownership, group)) == EXPECTED[ownership, group]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("group", ["clinical", "non_clinical"])
def test_nothing_is_downloaded_or_printed_on_a_personal_device(platform: str, group: str) -> None:
    decision = decided(platform, "personal", group)
    assert not any(decision.may(f"{kind}:{action}") for kind in CLASSES for action in ("download", "print"))


@pytest.mark.parametrize("ownership", ["personal", "issued", "shared"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"passkey_verified": False}, {"passkey_verified": None}, {"employment": "left"}, {"employment": "away"},
        {"device_state": "lost"}, {"device_state": "suspended"}, {"device_state": None}, {"staff_group": None},
        {"ownership": None},
    ],
    ids=str,
)  # fmt: skip
def test_nothing_opens_for_the_wrong_person_or_a_lost_device(ownership: str, wrong: dict[str, Any]) -> None:
    assert open_cells(decided("ios", ownership, "clinical", JUST_NOW, **wrong)) == set()


@pytest.mark.parametrize(
    ("platform", "wrong", "clause"),
    [
        ("ios", {"os_version": "17.4"}, "version-iphone"),
        ("ipados", {"os_version": "17.4"}, "version-ipad-and-mac"),
        ("android", {"os_version": "13"}, "version-android"),
        ("windows", {"os_version": "10"}, "version-computer"),
        ("macos", {"os_version": "14.8"}, "version-ipad-and-mac"),
        ("chromeos", {"os_version": "138"}, "version-computer"),
        ("linux", {"os_fixes": LONG_AGO}, "security-fixes"),
        ("windows", {"encrypted": None}, "encrypted"),
        ("chromeos", {"unaltered": False}, "unaltered"),
        ("macos", {"antivirus": False}, "antivirus"),
        ("android", {"screen_lock": None}, "screen-lock"),
        ("android", {"browser_key": None}, "registered"),
        ("ios", {"not_shared": False}, "not-shared"),
        ("ios", {"checked_in": NOW - 45 * 86_400}, "check-in"),
        ("ios", {"auto_lock_minutes": 10}, "auto-lock"),
        ("ios", {"platform": None}, "version-computer"),
    ],
)
def test_what_a_personal_device_lacks_closes_all_of_it(platform: str, wrong: dict[str, Any], clause: str) -> None:
    assert failing(decided(platform, "personal", "clinical")) == {"issued-devices"}
    decision = decided(platform, "personal", "clinical", **wrong)
    assert clause in failing(decision)
    assert open_cells(decision) == set()


@pytest.mark.parametrize(
    ("wrong", "still_open"),
    [
        ({"policy_read": None}, {"mail:view"}),
        ({"understands": None}, MAIL),
        ({"contacts_reviewed": None}, EXPECTED["personal", "clinical"] - CHAT),
        ({"notifications_hidden": None}, EXPECTED["personal", "clinical"] - CHAT - MAIL),
        ({"remote_wipe_on": None}, MAIL),
        ({"verified": NOW - 7200}, MAIL | CHAT | {"documents:view"}),
    ],
    ids=["policy", "training", "contacts", "notifications", "find-and-erase", "stale-passkey"],
)
def test_what_is_missing_closes_only_what_it_protects(wrong: dict[str, Any], still_open: set[str]) -> None:
    assert open_cells(decided("ios", "personal", "clinical", **wrong)) == still_open


def test_a_new_problem_warns_before_it_closes() -> None:
    decision = decided("ios", "personal", "clinical", JUST_NOW, os_version="17.4")
    assert open_cells(decision) == EXPECTED["personal", "clinical"]
    assert [POLICY.clauses[index].id for index, _ in decision.graced] == ["version-iphone"]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_version_that_we_were_only_told_counts_just_where_no_browser_tells(platform: str) -> None:
    decision = decided(platform, "personal", "clinical", version=Grade.DECLARED)
    assert bool(open_cells(decision)) == (platform not in TELLS)


def test_an_emergency_opens_records_on_a_phone_that_needs_an_update_but_never_on_a_lost_one() -> None:
    every = (1 << len(POLICY.clauses)) - 1
    outdated = decided("ios", "personal", "clinical", os_version="17.4")
    lost = decided("ios", "personal", "clinical", os_version="17.4", device_state="lost")
    assert not outdated.may("record:view")
    assert decide(COMPILED, outdated.row, NOW, aside=every).may("record:view")
    assert not decide(COMPILED, lost.row, NOW, aside=every).may("record:view")


def test_sessions_end_and_personal_devices_only_look_at_documents() -> None:
    decision = decided("ios", "personal", "clinical")
    session = {"idle_minutes": 15, "absolute_hours": 13}
    assert obligations(decision, "mail:view") == session
    looking = {"view_only": True, "no_download": True, "watermark": True}
    assert obligations(decision, "documents:view") == session | looking
    assert obligations(decided("windows", "issued", "clinical"), "documents:view") == session
