"""Events become evidence, never better than they were known."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.devices.rules import evidence
from fobwatch.devices.rules.browser import Seen
from fobwatch.devices.rules.evidence import (
    DAY,
    Held,
    Item,
    PasskeyAnswer,
    as_demo,
    best,
    from_browser,
    from_browser_key,
    from_check_in,
    from_declaration,
    from_passkey,
    from_platform,
    from_support,
)
from fobwatch.devices.rules.support import Support
from fobwatch.policy.rules.vocabulary import BY_NAME, FACTS, PLATFORMS, About, Grade, Kind, version_number

HERE = PasskeyAnswer(uv=True, be=True, attachment="platform", transports=("hybrid", "internal"))
NOW = 1_795_000_000


# The passkey


def test_a_passkey_here_shows_a_screen_lock() -> None:
    (item,) = from_passkey(HERE)
    assert (item.fact, item.value, item.grade) == ("screen_lock", 1, Grade.OBSERVED)
    assert item.expires_after == evidence.SCREEN_LOCK_DAYS
    assert "how soon the screen locks" in item.limit


@pytest.mark.parametrize(
    "change",
    [
        {"uv": False},
        {"attachment": "cross-platform"},
        {"attachment": ""},
        {"transports": ("hybrid",)},
        {"transports": ("usb", "nfc")},
    ],
)
@pytest.mark.parametrize("attested", [True, False])
def test_an_answer_from_elsewhere_says_nothing_about_this_device(change: dict[str, Any], attested: bool) -> None:
    assert from_passkey(replace(HERE, be=False, attestation_verified=attested, **change)) == ()


def test_transports_that_were_never_told_do_not_count_against_it() -> None:
    assert from_passkey(replace(HERE, transports=()))


@pytest.mark.parametrize(
    ("be", "verified", "grade"),
    [
        (False, True, Grade.ATTESTED),
        (True, True, Grade.OBSERVED),
        (False, False, Grade.OBSERVED),
        (True, False, Grade.OBSERVED),
    ],
)
def test_only_a_verified_chain_of_a_key_that_stays_is_attested(be: bool, verified: bool, grade: Grade) -> None:
    (item,) = from_passkey(replace(HERE, be=be, attestation_verified=verified))
    assert item.grade is grade


# The browser and its key


def test_the_browser_gives_what_it_told() -> None:
    platform, version = from_browser(Seen(platform="ipados", version=26_001_000, how=("One.", "By Safari.")))
    assert (platform.fact, platform.value, platform.grade) == ("platform", PLATFORMS.index("ipados"), Grade.OBSERVED)
    assert (version.fact, version.value, version.source) == ("os_version", 26_001_000, "By Safari.")
    assert from_browser(Seen(platform="ios", version=1))[1].source == "Your browser told us."


def test_what_the_browser_keeps_to_itself_is_no_evidence() -> None:
    assert from_browser(Seen()) == ()
    assert [item.fact for item in from_browser(Seen(platform="macos"))] == ["platform"]
    assert from_browser(Seen(version=1)) == ()


def test_the_key_is_proved_and_short_lived() -> None:
    item = from_browser_key()
    assert (item.fact, item.value, item.grade, item.expires_after) == ("browser_key", 1, Grade.ATTESTED, 1)
    assert "not who is holding it" in item.limit


def test_a_check_in_keeps_its_moment_and_never_an_age() -> None:
    item = from_check_in(NOW)
    assert (item.fact, item.value, item.grade, item.expires_after) == ("checked_in", NOW, Grade.OBSERVED, None)


# What the person says


@pytest.mark.parametrize("fact", [fact.name for fact in FACTS if Grade.DECLARED in fact.grades])
def test_what_can_be_declared_is_declared(fact: str) -> None:
    item = from_declaration(fact, 1, 90)
    assert (item.grade, item.source, item.expires_after) == (Grade.DECLARED, "You told us.", 90)


@pytest.mark.parametrize(
    "fact", [fact.name for fact in FACTS if Grade.DECLARED not in fact.grades or fact.about is not About.DEVICE]
)
def test_what_cannot_be_declared_is_not(fact: str) -> None:
    with pytest.raises(ValueError, match="no evidence of this kind"):
        from_declaration(fact, 1, 90)


@pytest.mark.parametrize(
    ("fact", "value"),
    [("antivirus", 2), ("antivirus", -1), ("platform", len(PLATFORMS)), ("platform", -1), ("auto_lock_minutes", -1),
     ("auto_lock_minutes", 1_441), ("os_version", -1)],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_not(fact: str, value: int) -> None:
    with pytest.raises(ValueError, match="not a value"):
        from_declaration(fact, value, 90)


@pytest.mark.parametrize("fact", ["horoscope", "policy_read", "device_state"])
def test_evidence_is_about_devices_and_in_the_vocabulary(fact: str) -> None:
    with pytest.raises(ValueError, match="no evidence of this kind"):
        Item(fact, 1, Grade.DECLARED, "You told us.")


@pytest.mark.parametrize("source", ["", "x" * 201])
def test_evidence_has_a_source_that_can_be_stored(source: str) -> None:
    with pytest.raises(ValueError, match="needs a source"):
        Item("antivirus", 1, Grade.DECLARED, source)


# What follows from the make


@pytest.mark.parametrize(
    ("seen", "lock", "encrypted"),
    [
        (Seen(platform="ios"), True, True),
        (Seen(platform="ipados"), True, True),
        (Seen(platform="ios"), False, False),
        (Seen(platform="android", version=version_number("10")), True, True),
        (Seen(platform="android", version=version_number("16")), True, True),
        (Seen(platform="android", version=version_number("9")), True, False),
        (Seen(platform="android"), True, False),
        (Seen(platform="android", version=version_number("16")), False, False),
        (Seen(platform="windows", version=version_number("11")), True, False),
        (Seen(), True, False),
    ],
)
def test_encryption_follows_from_make_and_lock(seen: Seen, lock: bool, encrypted: bool) -> None:
    items = from_platform(seen, lock)
    assert [(item.fact, item.value, item.grade) for item in items] == [("encrypted", 1, Grade.OBSERVED)] * encrypted
    assert all("Unverified" in item.source for item in items)


def test_fixes_last_to_the_end_of_their_last_day() -> None:
    support = Support(True, dt.date(2026, 12, 31), True, "the maker", dt.date(2026, 11, 22))
    (item,) = from_support(support)
    assert item.value == int(dt.datetime(2027, 1, 1, tzinfo=dt.UTC).timestamp())
    assert (item.fact, item.grade, item.source) == ("os_fixes", Grade.OBSERVED, "the maker, checked 2026-11-22")
    assert from_support(support, Grade.DECLARED)[0].grade is Grade.DECLARED
    assert "unverified" in from_support(replace(support, verified=False))[0].source
    assert from_support(replace(support, source="x" * 200))
    assert from_support(Support(known=False)) == ()


def test_demo_evidence_is_marked() -> None:
    assert [item.demo for item in as_demo([from_browser_key(), from_check_in(NOW)])] == [True, True]


def test_every_sentence_of_evidence_can_be_stored() -> None:
    made = [
        *from_passkey(HERE), *from_passkey(replace(HERE, be=False, attestation_verified=True)), from_browser_key(),
        *from_browser(Seen(platform="ios", version=1)), *from_platform(Seen(platform="ios"), True), from_check_in(NOW),
        *from_platform(Seen(platform="android", version=16_000_000), True), from_declaration("antivirus", 1, 90),
    ]  # fmt: skip
    assert all(len(item.source) <= 200 and len(item.limit) <= 200 for item in made)


# Which of two stands


def held(value: int, grade: Grade, at: int, *, days: int | None = 30, demo: bool = False) -> Held:
    return Held(Item("screen_lock", value, grade, "a test", days, demo=demo), at)


SAID, SEEN, PROVED = Grade.DECLARED, Grade.OBSERVED, Grade.ATTESTED


@pytest.mark.parametrize(
    ("current", "new", "wins"),
    [
        (held(1, SEEN, NOW - 9), held(1, SEEN, NOW), "new"),
        (held(0, SAID, NOW - 9), held(1, SAID, NOW), "new"),
        (held(1, SEEN, NOW - 9), held(1, PROVED, NOW), "new"),
        (held(1, PROVED, NOW - 9), held(1, SEEN, NOW), "current"),
        (held(1, SEEN, NOW - 9), held(1, SAID, NOW), "current"),
        (held(1, SEEN, NOW - 31 * DAY), held(1, SAID, NOW), "new"),
        (held(1, SEEN, NOW - 30 * DAY), held(1, SAID, NOW), "new"),
        (held(1, SEEN, NOW - 30 * DAY + 1), held(1, SAID, NOW), "current"),
        (held(1, SEEN, NOW - 9 * 365 * DAY, days=None), held(1, SAID, NOW), "current"),
        # A person's own word that the lock is off stands, until something as good or better says otherwise later.
        (held(1, PROVED, NOW - 9), held(0, SAID, NOW), "new"),
        (held(0, SAID, NOW - 9), held(1, SEEN, NOW), "new"),
        # What comes late does not undo what is newer; nor does what no longer counts.
        (held(1, SEEN, NOW), held(1, PROVED, NOW - 9), "current"),
        (held(1, SEEN, NOW), held(0, SAID, NOW - 9), "current"),
        (held(1, SAID, NOW - 40 * DAY), held(1, SEEN, NOW - 31 * DAY), "current"),
        # The demo never covers what is real.
        (held(1, SAID, NOW - 9), held(1, PROVED, NOW, demo=True), "current"),
        (held(1, PROVED, NOW - 9, demo=True), held(0, SAID, NOW), "new"),
        (held(1, PROVED, NOW - 9, demo=True), held(1, PROVED, NOW, demo=True), "new"),
        (held(1, SAID, NOW - 31 * DAY), held(1, PROVED, NOW, demo=True), "new"),
    ],
)
def test_the_better_evidence_stands(current: Held, new: Held, wins: str) -> None:
    assert best(current, new, NOW) is (new if wins == "new" else current)


def test_the_first_evidence_stands() -> None:
    new = held(1, SAID, NOW)
    assert best(None, new, NOW) is new


HELD = st.builds(
    held,
    st.sampled_from([0, 1]),
    st.sampled_from([SAID, SEEN, PROVED]),
    st.integers(NOW - 90 * DAY, NOW),
    days=st.sampled_from([None, 1, 30]),
    demo=st.booleans(),
)


@given(current=HELD, new=HELD)
def test_a_declared_yes_never_covers_what_was_seen_and_still_counts(current: Held, new: Held) -> None:
    stands = best(current, new, NOW)
    if current.fresh(NOW) and not current.item.demo and current.item.grade > SAID and new.item.grade is SAID:
        assert stands is current or stands.item.value == 0


@given(current=HELD, new=HELD)
def test_a_fresh_no_always_stands_over_what_is_older(current: Held, new: Held) -> None:
    if new.item.negative and new.fresh(NOW) and new.at >= current.at and not new.item.demo:
        assert best(current, new, NOW) is new


def test_every_yes_or_no_fact_is_a_protection() -> None:
    protections = {fact.name for fact in FACTS if fact.kind is Kind.BOOL and fact.about is About.DEVICE}
    assert protections == {
        "screen_lock", "encrypted", "unaltered", "antivirus", "non_admin", "not_shared", "notifications_hidden",
        "contacts_reviewed", "remote_wipe_on", "browser_key",
    }  # fmt: skip
    assert not Item("auto_lock_minutes", 0, SAID, "You told us.").negative
    assert BY_NAME["unaltered"].kind is Kind.BOOL
