"""What the gate notes down once it has answered, off the path of a request: last seen, and refusals once per cause."""

import logging
import queue
import threading
import time
from collections.abc import Hashable
from typing import NamedTuple

from django.db import Error, connection

from fobwatch.access.actions import keep_decision
from fobwatch.access.models import worth_keeping
from fobwatch.devices.models import Registration
from fobwatch.gateway.api.statement import Found
from fobwatch.gateway.models import GateSession
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import moment
from fobwatch.people.models import Membership
from fobwatch.policy.models import Version
from fobwatch.policy.rules.decide import Decision

log = logging.getLogger("fobwatch.gate")
MINUTE = 60
ROOM = 10_000
# At most so many notes at a time, and so many seconds between two times.
BATCH, PAUSE = 1_000, 0.2


class Note(NamedTuple):
    """A passage, or a refusal with its decision (None where no policy is in force).

    cell: "unknown" for an address that nobody registered.
    """

    found: Found
    now: int
    cell: str
    decision: Decision | None = None
    refused: bool = False

    @property
    def place(self) -> Hashable:
        """Who asked for what, from where."""
        return (self.found.gate_session, self.cell)

    @property
    def cause(self) -> Hashable:
        """What makes two refusals in one place the same: the same device, policy and clauses."""
        return (self.found.registration, self.found.policy_hash, self.decision.bits if self.decision else None)


class Notes:
    """A bounded queue and one thread that writes. A request never waits for it; a full queue is said in the log."""

    def __init__(self, room: int = ROOM) -> None:
        self.waiting: queue.Queue[Note] = queue.Queue(room)
        self._causes: dict[Hashable, Hashable] = {}
        self._seen: dict[Hashable, int] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, note: Note) -> None:
        """Take a note, unless it says nothing new. Once somebody has passed, the same refusal is new again."""
        if note.refused:
            if self._causes.get(note.place, self) == note.cause:
                return
            _remember(self._causes, note.place, note.cause)
        else:
            self._causes.pop(note.place, None)
            key = note.found.gate_session
            if note.now - max(note.found.last_seen, self._seen.get(key, 0)) < MINUTE:
                return
            _remember(self._seen, key, note.now)
        try:
            self.waiting.put_nowait(note)
        except queue.Full:
            log.error("The gate could not note everything: its queue is full")
            return
        self.wake()

    def wake(self) -> None:
        """See to it that somebody writes."""
        if self._thread is not None and self._thread.is_alive():
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._write_for_ever, name="gate-notes", daemon=True)
                self._thread.start()

    def write_some(self) -> int:
        """Write what waits, at least one note; how many. A connection that has died is opened anew, once.

        All passages together: a thread that is busy with each of them would slow down those that answer.
        """
        notes = [self.waiting.get()]
        while len(notes) < BATCH and not self.waiting.empty():
            notes.append(self.waiting.get_nowait())
        try:
            try:
                write(notes)
            except Error:
                connection.close()
                write(notes)
        except Exception:
            log.exception("The gate could not write its notes")
            for note in notes:
                self._causes.pop(note.place, None)
            connection.close()
        finally:
            for _ in notes:
                self.waiting.task_done()
        return len(notes)

    def _write_for_ever(self) -> None:
        while True:
            self.write_some()
            time.sleep(PAUSE)


def _remember(where: "dict[Hashable, Hashable] | dict[Hashable, int]", key: Hashable, value: int | Hashable) -> None:
    """Keep what was said, and forget everything rather than grow for ever: the database knows what is new."""
    if len(where) >= ROOM:
        where.clear()
    where[key] = value  # type: ignore[assignment]


def write(notes: list[Note]) -> None:
    """Write notes to the database; a refusal that was kept before is not kept again."""
    passed = [note for note in notes if not note.refused]
    for moment_passed in sorted({note.now for note in passed}):
        found = [note.found for note in passed if note.now == moment_passed]
        GateSession.passed(
            [one.gate_session for one in found], [one.registration for one in found if one.registration], moment_passed
        )
    for note in notes:
        if note.refused:
            _keep(note)


def _keep(note: Note) -> None:
    found = note.found
    member = Membership.objects.select_related("organisation").get(pk=found.membership)
    registration = Registration.objects.filter(pk=found.registration).first()
    version = Version.objects.filter(pk=found.version).first()
    decision, cell, system = note.decision, note.cell, found.system
    if worth_keeping(
        member=member, registration=registration, version=version, decision=decision, cell=cell, system=system
    ):
        keep_decision(
            member=member, registration=registration, version=version, decision=decision, cell=cell, system=system,
            by=Actor(f"membership:{found.membership}", found.organisation, found.sign_in), now=moment(note.now),
        )  # fmt: skip


NOTES = Notes()
