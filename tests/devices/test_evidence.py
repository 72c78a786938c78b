"""Evidence is followed, never changed, and the projection repeats what is current."""

import datetime as dt
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fobwatch.audit.models import Detail, Entry
from fobwatch.devices import actions
from fobwatch.devices.models import Evidence, Registration, projection, stored
from fobwatch.devices.rules.browser import Seen
from fobwatch.devices.rules.evidence import Item, from_browser_key, from_declaration
from fobwatch.people.models import Membership
from fobwatch.policy.rules.vocabulary import BY_NAME, Grade, version_number
from tests.cast import NOW, TESTER, sign_in


def rebuilt(registration: Registration) -> str:
    return projection(Evidence.objects.filter(registration=registration, current=True))


def record(registration: Registration, *items: Item, at: dt.datetime = NOW) -> None:
    actions.record_evidence(registration=registration, items=items, by=TESTER, now=at)
    registration.refresh_from_db()


def seen(fact: str, value: int, grade: Grade = Grade.OBSERVED, days: int | None = 30) -> Item:
    return Item(fact, value, grade, "Your browser told us.", days)


def test_new_evidence_replaces_older_and_the_row_repeats_it(phone: Registration) -> None:
    record(phone, from_declaration("not_shared", 0, 90))
    record(phone, from_declaration("not_shared", 1, 90), at=NOW + dt.timedelta(days=1))
    assert [row.value for row in phone.evidence.order_by("observed_at")] == [0, 1]
    assert phone.evidence.get(current=True).value == 1
    assert phone.known()["not_shared"][0] == 1
    assert phone.facts == rebuilt(phone)


def test_a_declaration_does_not_cover_what_was_seen_but_is_kept(phone: Registration) -> None:
    record(phone, seen("os_version", version_number("26.1")), seen("platform", 0))
    record(phone, from_declaration("os_version", version_number("30"), 90))
    assert phone.known()["os_version"][:2] == (version_number("26.1"), Grade.OBSERVED)
    assert phone.evidence.filter(fact="os_version", current=False).get().grade == Grade.DECLARED


def test_the_end_of_security_fixes_and_encryption_follow_from_the_version(phone: Registration) -> None:
    record(phone, seen("platform", 0), seen("os_version", version_number("26.1")))
    assert "os_fixes" in phone.known()
    assert "encrypted" not in phone.known()
    record(phone, seen("screen_lock", 1))
    assert phone.known()["encrypted"][:2] == (1, Grade.OBSERVED)
    assert phone.platform == "ios"


def test_a_declared_version_gives_a_declared_end(phone: Registration) -> None:
    record(phone, seen("platform", 1), from_declaration("os_version", version_number("26.1"), 90))
    assert phone.known()["os_fixes"][1] == Grade.DECLARED


def test_a_version_that_no_line_covers_gives_no_end(phone: Registration) -> None:
    record(phone, seen("platform", 0), seen("os_version", version_number("3.1")))
    assert "os_fixes" not in phone.known()


def test_a_demo_item_gives_demo_evidence(phone: Registration) -> None:
    demo = [
        Item(i.fact, i.value, i.grade, i.source, 30, demo=True) for i in (seen("platform", 0), seen("screen_lock", 1))
    ]
    record(phone, *demo)
    assert phone.evidence.get(fact="encrypted").demo


def test_two_items_about_one_fact_in_one_go_leave_one_current_row(phone: Registration) -> None:
    record(
        phone, seen("screen_lock", 1), from_declaration("screen_lock", 1, 90), seen("screen_lock", 1, Grade.ATTESTED)
    )
    assert phone.evidence.get(fact="screen_lock", current=True).grade == Grade.ATTESTED


def test_seeing_the_same_again_does_not_begin_anew(phone: Registration) -> None:
    """Grace is counted from when a value was first seen: checking in every week must not keep an old phone open."""
    old, day = version_number("17.4"), dt.timedelta(days=1)
    record(phone, seen("platform", 0), seen("os_version", old))
    record(phone, seen("os_version", old), at=NOW + 6 * day)
    first, again = phone.known()["os_version"][2:], phone.evidence.get(fact="os_version", current=True)
    assert first == (int(NOW.timestamp()), int((NOW + 36 * day).timestamp())), "it began then, and counts for longer"
    assert (again.since, again.observed_at) == (NOW, NOW + 6 * day)
    record(phone, seen("os_version", version_number("17.5")), at=NOW + 7 * day)
    assert phone.known()["os_version"][2] == int((NOW + 7 * day).timestamp())


def test_another_browser_says_nothing_about_a_made_up_device(phone: Registration, nurse: Membership) -> None:
    phone.device.browser_key = "demo:x"
    actions.check_in(
        registration=phone, seen=Seen(platform="linux"), sign_in=sign_in(nurse, how="demo"), by=TESTER, now=NOW
    )
    assert set(phone.known()) == {"checked_in"}


def test_a_check_in_is_noted_with_what_the_browser_told(phone: Registration, nurse: Membership) -> None:
    actions.check_in(
        registration=phone, seen=Seen(platform="ios", version=version_number("26.1")), sign_in=sign_in(nurse),
        by=TESTER, now=NOW,
    )  # fmt: skip
    phone.refresh_from_db()
    assert phone.last_seen == int(NOW.timestamp()) == phone.known()["checked_in"][0]
    assert phone.last_seen_at() == NOW
    assert not phone.evidence.filter(demo=True).exists()


def test_the_check_in_of_a_demo_persona_is_marked(phone: Registration, nurse: Membership) -> None:
    actions.check_in(registration=phone, seen=Seen("ios"), sign_in=sign_in(nurse, how="demo"), by=TESTER, now=NOW)
    assert set(phone.evidence.values_list("demo", flat=True)) == {True}


def test_the_log_keeps_no_value_of_the_evidence(phone: Registration) -> None:
    record(phone, from_browser_key())
    entry = Entry.objects.get(action="evidence.recorded")
    assert entry.object == f"registration:{phone.pk}"
    assert not Detail.objects.filter(entry=entry).exists()


def test_what_is_stored_is_told_with_its_grade_age_and_end(phone: Registration) -> None:
    record(phone, from_browser_key(), from_declaration("auto_lock_minutes", 1440, 180), seen("os_version", 26_001_000))
    rows = {row.what: row for row in stored(phone)}
    assert rows["This browser's own key answered"].grade == Grade.ATTESTED
    assert rows["Screen locks after"].value == "Longer, or never"
    assert rows["Screen locks after"].counts_until == NOW + dt.timedelta(days=180)
    assert rows["System version"].kept == NOW + dt.timedelta(days=730)
    record(phone, from_declaration("auto_lock_minutes", 1, 180), at=NOW + dt.timedelta(days=1))
    assert len(stored(phone, history=True)) == len(stored(phone)) + 1
    json.dumps([row.plain() for row in stored(phone)], default=str)


FACTS = [fact for fact in BY_NAME.values() if fact.about == "device"]


@st.composite
def items(draw: st.DrawFn) -> Item:
    fact = draw(st.sampled_from(FACTS))
    top = {"bool": 1, "choice": len(fact.choices) - 1}.get(fact.kind, 1_440)
    return Item(
        fact.name, draw(st.integers(0, max(top, 0))), draw(st.sampled_from(fact.grades)), "A test",
        draw(st.sampled_from([None, 1, 30])), demo=draw(st.booleans()),
    )  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(st.tuples(st.integers(0, 40), st.lists(items(), max_size=5)), max_size=6))
def test_the_row_always_repeats_the_current_evidence(phone: Registration, rounds: list[tuple[int, list[Item]]]) -> None:
    Evidence.objects.filter(registration=phone).delete()
    phone.facts = "{}"
    phone.save()
    at = NOW
    for days, found in rounds:
        at += dt.timedelta(days=days)
        record(phone, *found, at=at)
        assert phone.facts == rebuilt(phone)
        current = [row.fact for row in phone.evidence.filter(current=True)]
        assert len(current) == len(set(current))
        assert {item.fact for item in found} <= set(phone.known())


def test_nothing_is_written_by_half(phone: Registration, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(Registration, "save", die)
    with pytest.raises(RuntimeError):
        actions.record_evidence(registration=phone, items=[from_browser_key()], by=TESTER, now=NOW)
    monkeypatch.undo()
    assert not Evidence.objects.exists()
    assert not Entry.objects.filter(action="evidence.recorded").exists()
