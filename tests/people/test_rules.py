"""The pure rules of people: tables."""

import datetime as dt

import pytest

from fobwatch.kernel.permission import Permission
from fobwatch.people.rules import invitations, letters, members, passkeys
from fobwatch.people.rules.addresses import local_address
from fobwatch.people.rules.browsers import browser_words
from fobwatch.people.rules.demo import PERSONAS
from fobwatch.people.rules.roles import ROLES, permissions
from tests.cast import NOW

DAY = dt.date(2026, 11, 20)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({}, "open"),
        ({"waiting": True}, "waiting"),
        ({"expires_at": NOW}, "expired"),
        ({"expires_at": NOW, "waiting": True}, "expired"),
        ({"withdrawn_at": NOW, "expires_at": NOW}, "withdrawn"),
        ({"used_at": NOW, "withdrawn_at": NOW}, "used"),
    ],
)
def test_a_link_is_in_one_state(told: dict[str, object], state: str) -> None:
    before: dict[str, object] = {"expires_at": NOW + HOUR, "used_at": None, "withdrawn_at": None, "waiting": False}
    assert invitations.state(**(before | told), now=NOW) == state  # type: ignore[arg-type]
    assert state in invitations.STATE_WORDS
    assert bool(invitations.may_use(state)) is (state == "open")


def test_every_state_has_words_and_a_verdict() -> None:
    for state in invitations.STATE_WORDS:
        assert invitations.may_use(state).ok or invitations.may_use(state).next_step
    assert invitations.LIFETIMES.keys() == invitations.LIFETIME_WORDS.keys()


@pytest.mark.parametrize(
    ("role", "before", "to_self", "held", "ok"),
    [
        ("staff", "staff", True, (), True),
        ("manager", "staff", True, (), False),
        ("manager", "staff", False, (), True),
        ("it_support", "staff", False, (), False),
        ("staff", "it_support", False, (), False),
        ("it_support", "", False, (), False),
        ("it_support", "", False, (Permission.APPROVE_PRIVILEGED,), True),
        ("dpo", "", False, (), True),
    ],
)
def test_who_may_give_which_role(role: str, before: str, to_self: bool, held: tuple[Permission, ...], ok: bool) -> None:
    assert members.may_give(role=role, before=before, to_self=to_self, held=frozenset(held)).ok is ok


@pytest.mark.parametrize(
    ("employment", "away_from", "away_until", "leaves_on", "ok"),
    [
        ("active", None, None, None, True),
        ("away", DAY, DAY, None, True),
        ("away", DAY, DAY - dt.timedelta(days=1), None, False),
        ("left", None, None, None, False),
        ("leaving", None, None, DAY, True),
        ("active", None, None, DAY, False),
    ],
)
def test_dates_go_with_the_state(employment, away_from, away_until, leaves_on, ok) -> None:
    found = members.dates_fit(employment=employment, away_from=away_from, away_until=away_until, leaves_on=leaves_on)
    assert found.ok is ok


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("", "A browser"),
        ("curl/8", "A browser"),
        ("Mozilla/5.0 (iPhone; CPU) Version/18 Mobile Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (iPad; CPU) CriOS/120 Safari/604.1", "Chrome on an iPad"),
        ("Mozilla/5.0 (Linux; Android 15) SamsungBrowser/25 Chrome/121 Safari", "Samsung Internet on an Android"),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0", "Firefox on a Linux computer"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537 Edg/130", "Edge on a Windows computer"),
        ("x" * 2_000 + "iPhone", "A browser"),
    ],
)
def test_a_browser_has_a_name(agent: str, words: str) -> None:
    assert browser_words(agent).startswith(words)
    assert len(browser_words(agent)) <= 80


def test_a_passkey_says_where_it_lives() -> None:
    words = {passkeys.synced_words(eligible=e, backed_up=b) for e, b in ((False, False), (True, False), (True, True))}
    assert len(words) == 3


@pytest.mark.parametrize(
    ("how", "minutes", "again"), [("passkey", 4, False), ("passkey", 5, True), ("demo", 500, False)]
)
def test_a_step_up_holds_five_minutes(how: str, minutes: int, again: bool) -> None:
    past = NOW - dt.timedelta(minutes=minutes)
    assert passkeys.must_check_again(how=how, verified_at=past, now=NOW) is again


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("/account/?a=b#c", "/account/?a=b#c"), ("account/", ""), ("", ""), ("//evil.example", ""), ("///evil", ""),
        ("/\\evil", ""), ("http:///x", ""), ("/\x01//evil", "/\x01//evil"), ("\t//evil", ""), ("/\t/evil.example", ""),
    ],
)  # fmt: skip
def test_only_our_own_addresses_are_followed(wanted: str, found: str) -> None:
    assert local_address(wanted) == found


def test_the_letters_are_plain_and_name_nobody() -> None:
    told = {"organisation": "Fennimore", "address": "http://x/join/y/", "help_line": "Call 1"}
    for words in (
        letters.join_words(until="Friday", **told), letters.recover_words(until="Friday", **told),
        letters.added_words(**told), letters.added_words(**told | {"help_line": ""}),
    ):  # fmt: skip
        assert told["address"] in words.body
        assert "\n\n\n" not in words.body
        assert len(words.subject) <= 160
        assert "\n" not in words.subject


def test_a_letter_is_given_up_after_the_last_wait() -> None:
    tries = [letters.next_try(attempt, NOW) for attempt in range(1, len(letters.WAITS) + 2)]
    assert tries[-1] is None
    assert tries[:-1] == [NOW + wait for wait in letters.WAITS]


def test_emergency_access_is_for_clinical_staff_of_every_role() -> None:
    for role in ROLES:
        assert Permission.BREAK_GLASS in permissions(role, clinical=True)
        assert Permission.BREAK_GLASS not in permissions(role, clinical=False)


def test_the_personas_are_fictional() -> None:
    assert all(one.email.endswith(".example") and one.sentence.endswith(".") for one in PERSONAS)
    assert len({one.email for one in PERSONAS}) == len(PERSONAS) == 9
