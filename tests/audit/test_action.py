import datetime as dt
import json
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from fobwatch.audit.actions import (
    ACTIONS,
    Action,
    action,
    check,
    erase_details,
    past_retention,
    plain,
    purge,
    reference,
)
from fobwatch.audit.models import Detail, Entry, Head, log_size
from fobwatch.audit.rules.leaf import commitment
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.privacy import Kept
from fobwatch.kernel.verdict import Refused
from tests.audit.deeds import BY, NOW, SYSTEM, both, do, log, make, read, undone

pytestmark = pytest.mark.django_db


def test_an_action_writes_one_entry_and_keeps_details_apart():
    assert do(thing="thing:1", why={"when": NOW, "day": NOW.date()}, by=BY, now=NOW) == "thing:1"
    entry = Entry.objects.get()
    assert (entry.seq, entry.at, entry.actor, entry.action) == (0, NOW, "membership:m1", "test.done")
    assert (entry.object, entry.organisation_id, entry.doc_sha256) == ("thing:1", "org1", "")
    kept = Detail.objects.get(entry=entry)
    assert json.loads(kept.payload) == {
        "from_sign_in": "s1", "why": {"day": "2026-11-20", "when": "2026-11-20T10:00:00.000000Z"},
    }  # fmt: skip
    assert entry.commit == commitment(bytes(kept.salt), kept.payload)
    assert "why" not in entry.leaf().data().decode()
    assert log_size() == 1


def test_a_refused_action_leaves_nothing():
    with pytest.raises(Refused, match="cannot do this"):
        do(thing="thing:1", why="no", by=BY, now=NOW)
    assert not Entry.objects.exists()
    assert not Head.objects.exists()


def test_an_action_within_an_action_writes_its_own_entry_or_all_of_it_is_undone():
    both(thing="thing:1", second="yes", by=BY, now=NOW)
    assert [entry.action for entry in Entry.objects.order_by("seq")] == ["test.done", "test.done", "test.both"]
    with pytest.raises(Refused):
        both(thing="thing:2", second="no", by=BY, now=NOW)
    assert Entry.objects.count() == log_size() == 3


def test_what_is_undone_around_an_action_is_undone_in_the_log():
    with pytest.raises(RuntimeError):
        undone("thing:1")
    do(thing="thing:2", by=BY, now=NOW)
    assert [(entry.seq, entry.object) for entry in Entry.objects.all()] == [(0, "thing:2")]


def test_the_entry_is_about_the_first_of_a_result_and_holds_no_more():
    make(result_id="7", by=SYSTEM, now=NOW)
    entry = Entry.objects.get()
    assert (entry.object, entry.actor, entry.commit) == ("thing:7", "program:test", "")
    assert not Detail.objects.exists()


def test_the_hash_of_the_document_stands_in_the_leaf():
    read(thing="thing:1", version=SimpleNamespace(hash="ab" * 32), by=BY, now=NOW)
    assert '"doc_sha256":"' + "ab" * 32 in Entry.objects.get().leaf().data().decode()


def test_the_entry_belongs_to_the_organisation_of_what_it_is_about():
    log(1)
    entry = Entry.objects.get()
    erase_details(entry=entry, reason="asked", by=SYSTEM, now=NOW)
    elsewhere = Entry(seq=99, organisation_id="org2")
    do(thing=elsewhere, by=BY, now=NOW)
    assert Entry.objects.get(seq=2).organisation_id == "org2"


@pytest.mark.parametrize("wrong", [{"by": "Amara", "now": NOW}, {"by": BY, "now": "today"}, {"by": BY}, {"now": NOW}])
def test_an_action_needs_a_named_actor_and_a_moment(wrong):
    with pytest.raises(TypeError, match="Actor"):
        do(thing="thing:1", **wrong)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("told", ["Do it (B16).", "Do it. The token is on `result`.", "Do it.\n\nMore."])
def test_the_log_says_one_sentence_without_codes(told):
    def act():
        pass

    act.__doc__ = told
    assert Action("a.b", act, "result", (), "").sentence == "Do it."


def test_the_registry_says_in_plain_words_what_was_done():
    assert ACTIONS["test.done"].sentence == "Do a small thing."
    assert do.is_action
    assert do.action_name == "test.done"


def no_docstring(*, thing, by, now):
    return thing


def positional(thing, *, by, now):
    """A."""


def anonymous(*, thing, now):
    """A."""


def fine(*, thing, by, now):
    """A."""


@pytest.mark.parametrize(
    ("function", "name", "options", "why"),
    [
        (no_docstring, "test.x", {"about": "thing"}, "docstring"),
        (positional, "test.x", {"about": "thing"}, "keywords only"),
        (anonymous, "test.x", {"about": "thing"}, "needs the arguments by"),
        (fine, "test.x", {"about": "other"}, "needs the arguments other"),
        (fine, "test.x", {"about": "thing", "details": ("gone",)}, "needs the arguments gone"),
        (fine, "test.x", {"about": "thing", "document": "version"}, "needs the arguments version"),
        (fine, "Test", {"about": "thing"}, "not a name"),
        (fine, "test.done", {"about": "thing"}, "another action"),
    ],
)
def test_what_cannot_be_an_action_is_refused_at_import(function, name, options, why):
    with pytest.raises(TypeError, match=why):
        action(name, **options)(function)
    assert "test.x" not in ACTIONS


def test_a_reference_names_rows_tables_and_plain_texts_only():
    assert reference(Entry(seq=5)) == "entry:5"
    assert reference(Entry) == "model:entry"
    assert reference("ios:17") == "ios:17"
    with pytest.raises(ValueError, match="references only"):
        reference("Amara Osei")
    with pytest.raises(TypeError, match="cannot name a int"):
        reference(5)


@dataclass
class Pair:
    left: int
    right: dt.date


def test_details_become_plain_values():
    assert plain([Permission.READ_LOG, None, True, 1.5, (Entry(seq=1),)]) == ["read_log", None, True, 1.5, ["entry:1"]]
    assert plain({Permission.READ_LOG: {"b", "a"}}) == {"read_log": ["a", "b"]}
    assert plain(Pair(1, dt.date(2026, 1, 2))) == {"left": 1, "right": "2026-01-02"}
    assert plain(Entry.objects.none()) == []
    with pytest.raises(TypeError, match="cannot name a object"):
        plain(object())


def test_details_can_be_erased_and_the_log_still_holds():
    log(3)
    entry = Entry.objects.get(seq=1)
    erase_details(entry=entry, reason="asked", by=SYSTEM, now=NOW)
    assert not Detail.objects.filter(entry=entry).exists()
    assert check(by=SYSTEM, now=NOW).intact
    with pytest.raises(Refused, match="Nothing is kept"):
        erase_details(entry=entry, reason="asked", by=SYSTEM, now=NOW)


def test_purge_deletes_what_is_past_its_time_and_counts_it():
    log(2)
    days = Detail.Privacy.kept.days
    late = NOW + dt.timedelta(days=days, seconds=1)
    assert purge(model=Detail, by=SYSTEM, now=late) == 1
    assert [kept.entry_id for kept in Detail.objects.order_by("pk")] == [1, 2]
    assert json.loads(Detail.objects.get(pk=2).payload) == {"result": 1}
    with pytest.raises(Refused, match="no end of keeping"):
        purge(model=Entry, by=SYSTEM, now=late)


@pytest.mark.parametrize(("after", "value"), [("seq", int(NOW.timestamp())), ("at", NOW)])
def test_purge_reads_moments_and_epoch_seconds(after, value, monkeypatch):
    monkeypatch.setattr(Entry.Privacy, "kept", Kept("test", days=1, after=after))
    fields = {"seq": 1, "at": NOW, after: value}
    Entry.objects.create(actor="a:1", action="a.b", object="o:1", leaf_hash="", **fields)
    assert past_retention(Entry, NOW + dt.timedelta(days=1)).count() == 0
    assert past_retention(Entry, NOW + dt.timedelta(days=1, seconds=1)).count() == 1


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_or_remove_an_entry(change):
    log(1)
    Detail.objects.all().delete()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


@pytest.mark.parametrize("change", ["UPDATE audit_checkpoint SET size = 7", "DELETE FROM audit_checkpoint"])
def test_the_database_refuses_to_change_or_remove_a_checkpoint(change):
    log(1)
    check(by=SYSTEM, now=NOW)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_a_log_whose_head_is_lost_goes_on_where_it_was():
    log(2)
    Head.objects.all().delete()
    log(1)
    assert log_size() == 3
    assert check(by=SYSTEM, now=NOW).intact
