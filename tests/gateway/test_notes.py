"""What the gate notes down is written by a thread of its own, once more where a connection died, and never grows."""

from typing import Any

import pytest
from django.db import OperationalError, connections

from fobwatch.gateway.api import notes as module
from fobwatch.gateway.api.notes import Note, Notes
from fobwatch.gateway.models import GateSession, Route, System
from fobwatch.people.models import Membership
from tests.gateway import door
from tests.gateway.test_as_the_page import asked


class Real(Notes):
    """Notes that give their connection back after each: the test database could not be dropped otherwise."""

    def write_some(self) -> int:
        try:
            return super().write_some()
        finally:
            connections.close_all()


def note(inside: GateSession, later: int = 0, **more: Any) -> Note:
    found = module_look(inside)
    return Note(found, found.last_seen + later, "record:view", **more)


def module_look(inside: GateSession) -> Any:
    found = door.api.look(asked("record:view"), inside.token, inside.last_seen)
    assert found is not None
    return found


@pytest.mark.django_db(transaction=True)
def test_a_thread_of_its_own_writes(inside: GateSession) -> None:
    made, started = Real(), inside.last_seen
    made.put(note(inside, 60))
    made.waiting.join()
    made.put(note(inside, 60))
    made.waiting.join()
    inside.refresh_from_db()
    assert inside.last_seen == started + 120


@pytest.mark.parametrize(("failures", "written", "said"), [(1, True, False), (2, False, True)])
def test_a_note_is_written_at_the_second_try_or_given_up_aloud(
    inside: GateSession, notes: Notes, monkeypatch: pytest.MonkeyPatch, caplog: Any, failures: int, written: bool,
    said: bool,
) -> None:  # fmt: skip
    done: list[Note] = []

    def write(some: list[Note]) -> None:
        done.extend(some)
        if len(done) <= failures:
            raise OperationalError("gone")

    monkeypatch.setattr(module, "write", write)
    monkeypatch.setattr(module.connection, "close", lambda: None)
    notes.put(note(inside, refused=True))
    notes.write_some()
    assert len(done) == 2
    assert ("could not write its notes" in caplog.text) is said
    notes.put(note(inside, refused=True))
    assert notes.waiting.qsize() == (0 if written else 1)


def test_a_full_queue_is_said_and_nobody_waits(
    inside: GateSession, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    made = Notes(room=1)
    monkeypatch.setattr(made, "wake", lambda: None)
    made.put(note(inside, refused=True))
    made.put(note(inside, 60))
    assert "queue is full" in caplog.text
    assert made.waiting.qsize() == 1


def test_what_is_remembered_does_not_grow(inside: GateSession, notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOM", 3)
    one = note(inside, refused=True)
    for number in range(10):
        notes.put(one._replace(cell=f"cell {number}"))
    assert len(notes._causes) <= 3


def test_rows_say_what_they_are(system: System, inside: GateSession, nurse: Membership) -> None:
    assert str(system) == "Ward notes"
    assert str(Route(prefix="", cell="mail:view")) == "/ → mail:view"
    assert str(door.ticket(system, inside.sign_in)).startswith("gate ticket ")
    assert str(inside) == f"gate session {inside.pk}"


def test_a_passage_without_a_device_touches_no_device(inside: GateSession) -> None:
    GateSession.passed([inside.pk], [], inside.last_seen + 60)
    inside.refresh_from_db()
    assert inside.last_seen - inside.started == 60
