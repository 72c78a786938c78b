import datetime as dt
import json
from contextlib import contextmanager

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection

from fobwatch.audit import jobs
from fobwatch.audit.actions import check
from fobwatch.audit.backends import signer
from fobwatch.audit.models import Checkpoint, Detail, Entry, Head, frontier_of
from fobwatch.audit.rules import merkle, note
from fobwatch.kernel.verdict import Refused
from tests.audit.deeds import NOW, SYSTEM, log
from tests.audit.flush import SQL

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@contextmanager
def unguarded():
    """As somebody who owns the database: the triggers are off."""
    off, on = SQL[connection.vendor](["audit_entry", "audit_checkpoint"])
    with connection.cursor() as cursor:
        settle = ["SET CONSTRAINTS ALL IMMEDIATE"] if connection.vendor == "postgresql" else []
        for statement in settle + off:
            cursor.execute(statement)
        yield cursor
        for statement in settle + on:
            cursor.execute(statement)


def test_an_empty_log_is_intact_and_not_signed():
    assert jobs.verify_log().intact
    assert jobs.checkpoint(NOW) is None


def test_the_job_signs_when_something_was_added_and_only_then():
    log(5)
    signed = jobs.checkpoint(NOW)
    text = note.Verifier.from_vkey(jobs.vkey()).open(signed.note)
    assert note.read_checkpoint(text) == ("tests.example/log", 5, merkle.root(frontier_of(5)))
    assert jobs.checkpoint(NOW + HOUR) is None
    assert Head.objects.get().checked_at == NOW + HOUR
    log(1)
    assert jobs.checkpoint(NOW + 2 * HOUR).size == 6
    assert jobs.verify_log().sentence == "The log is intact: 6 entries, 2 signed checkpoints."


def test_later_checkpoints_extend_earlier_ones():
    log(5)
    old = jobs.checkpoint(NOW)
    log(8)
    new = jobs.checkpoint(NOW + HOUR)
    leaves = [bytes.fromhex(entry.leaf_hash) for entry in Entry.objects.order_by("seq")]
    path = merkle.consistency(old.size, new.size, merkle.node_of(merkle.levels(leaves)))
    assert merkle.extends(old.size, new.size, bytes.fromhex(old.root), bytes.fromhex(new.root), path)


def tampered(*statements: str) -> tuple[str, ...]:
    log(8)
    jobs.checkpoint(NOW)
    log(4)
    with unguarded() as cursor:
        for statement in statements:
            cursor.execute(statement)
    report = jobs.verify_log()
    assert not report.intact
    assert report.sentence == report.faults[0]
    return report.faults


@pytest.mark.parametrize(
    "column",
    ["actor = 'x'", "action = 'x'", "object = 'x'", "organisation_id = 'x'", "doc_sha256 = 'x'", "at = '2020-01-01'"],
)
def test_a_changed_column_is_named(column):
    assert tampered(f"UPDATE audit_entry SET {column} WHERE seq = 9")[0] == "Entry 9 was changed after it was written."


def rewrite(*, whole: bool):
    """Change who did entry 1, and its hash; the whole: every hash that follows from it too."""
    frontier: list[bytes] = []
    with unguarded() as cursor:
        for entry in Entry.objects.order_by("seq"):
            if entry.seq == 1:
                entry.actor = "membership:other"
            found = merkle.leaf_hash(entry.leaf().data())
            merkle.append(frontier, entry.seq, found)
            if whole or entry.seq == 1:
                cursor.execute(
                    "UPDATE audit_entry SET actor = %s, leaf_hash = %s, node = %s WHERE seq = %s",
                    [entry.actor, found.hex(), frontier[-1].hex() if whole else entry.node, entry.seq],
                )


def test_a_changed_entry_with_its_own_hash_changed_too_is_noticed():
    log(3)
    rewrite(whole=False)
    assert jobs.verify_log().sentence.startswith("One of the entries up to 1 was changed")


def test_a_log_rewritten_from_one_end_to_the_other_is_noticed_by_its_checkpoint():
    log(3)
    jobs.checkpoint(NOW)
    log(2)
    rewrite(whole=True)
    assert jobs.verify_log().sentence.startswith("Something among the first 3 entries was changed after")


def test_nothing_is_added_to_a_log_that_lost_an_entry_it_needs():
    log(3)
    Detail.objects.all().delete()
    with unguarded() as cursor:
        cursor.execute("DELETE FROM audit_entry WHERE seq = 1")
    with pytest.raises(IntegrityError, match="nothing can be added"):
        log(1)


def test_a_missing_entry_is_named():
    assert tampered("DELETE FROM audit_detail", "DELETE FROM audit_entry WHERE seq = 3")[0] == "Entry 3 is missing."


def test_a_log_cut_below_a_checkpoint_is_noticed():
    log(8)
    jobs.checkpoint(NOW)
    Detail.objects.all().delete()
    with unguarded() as cursor:
        cursor.execute("DELETE FROM audit_entry WHERE seq > 3")
    assert "some are gone" in jobs.verify_log().sentence


def test_a_checkpoint_that_is_not_the_signed_one_is_noticed():
    other = "00" * 32
    assert "not the one that was signed" in tampered(f"UPDATE audit_checkpoint SET root = '{other}'")[0]


def test_a_checkpoint_signed_by_somebody_else_is_noticed():
    forged = note.Signer("tests.example/log", b"x" * 32).sign(note.checkpoint_text("tests.example/log", 8, b"r" * 32))
    log(8)
    Checkpoint.objects.create(size=8, root="", note=forged, signed_at=NOW)
    assert jobs.verify_log().sentence.endswith("does not carry our signature.")


def test_changed_details_are_noticed():
    assert "entry 2 are not those" in tampered("UPDATE audit_detail SET payload = '{}' WHERE entry_id = 2")[0]


def test_a_log_with_a_fault_is_never_signed_and_says_what_to_do():
    tampered("UPDATE audit_entry SET actor = 'x' WHERE seq = 9")
    with pytest.raises(Refused, match="did not sign the log: entry 9 was changed") as refused:
        jobs.checkpoint(NOW + HOUR)
    assert "security lead" in refused.value.verdict.next_step
    assert Checkpoint.objects.count() == 1
    assert Head.objects.get().fault.startswith("Entry 9")
    assert not check(by=SYSTEM, now=NOW).intact
    assert json.loads(Detail.objects.order_by("-pk")[0].payload)["result"]["faults"][0].startswith("Entry 9")


@pytest.mark.parametrize("key", ["", "%%", "c2hvcnQ="])
def test_a_missing_key_is_said_and_not_shown(key, settings):
    settings.FOBWATCH_LOG_KEY = key
    with pytest.raises(ImproperlyConfigured, match="32 bytes in base64"):
        signer()
