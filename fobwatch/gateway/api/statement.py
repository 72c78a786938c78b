"""The gate's one statement: who asks, from which device, for which cell, under which policy. Alike on both databases.

Moments of the gate's own are whole epoch seconds; dates and moments of others come as text, cut to the second, which
both engines write alike (the connection's time zone is UTC).
"""

import datetime as dt
import functools
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from django.db import connections
from psycopg.pq import ExecStatus

from fobwatch.access.rules.sheet import Sheet
from fobwatch.policy.rules.vocabulary import CLASSES

if TYPE_CHECKING:
    from psycopg.pq.abc import PGresult

# A bit for each kind of work, as emergency access opens it; the statement says the same.
KINDS = {kind: 1 << place for place, kind in enumerate(CLASSES)}
# Only what can change since the arrival is read from other tables; a shared computer
# only where one was marked, a confirmation of the policy only where it was none yet: it never changes.
SQL = """
SELECT g.id, g.expires, g.idle, g.last_seen, g.system_id, g.organisation_id,
       (SELECT o.cell || ' ' || o.prefix FROM gateway_route o
        WHERE o.system_id = g.system_id AND (o.methods = 'any' OR o.methods = %s)
          AND SUBSTR(CAST(%s AS TEXT), 1, LENGTH(o.prefix) + 1) = LOWER(o.prefix) || '/'
        ORDER BY LENGTH(o.prefix) DESC,
                 CASE WHEN SUBSTR(CAST(%s AS TEXT), 1, LENGTH(o.prefix) + 1) = o.prefix || '/' THEN 0 ELSE 1 END,
                 CASE WHEN o.methods = 'any' THEN 1 ELSE 0 END
        LIMIT 1),
       g.sign_in_id,
       CASE WHEN s.ward <> '' THEN (SELECT w.id FROM people_sharedcomputer w WHERE w.id = s.ward
                                    AND w.organisation_id = g.organisation_id AND w.withdrawn_at IS NULL) END,
       g.how, SUBSTR(CAST(s.verified_at AS TEXT), 1, 19), g.signed_in, g.joined,
       m.id, m.role, m.clinical, m.employment,
       CAST(m.away_from AS TEXT), CAST(m.away_until AS TEXT), CAST(m.leaves_on AS TEXT), g.email,
       r.id, r.ownership, r.state, r.facts, r.last_seen,
       v.id, v.hash,
       CASE WHEN g.read_version = v.id THEN g.read_at
            ELSE (SELECT SUBSTR(CAST(a.at AS TEXT), 1, 19) FROM policy_acknowledgement a
                  WHERE a.version_id = v.id AND a.membership_id = m.id) END,
       COALESCE((SELECT SUM(DISTINCT CASE e.kind WHEN 'mail' THEN 1 WHEN 'chat' THEN 2 WHEN 'documents' THEN 4
                                                 WHEN 'record' THEN 8 WHEN 'images' THEN 16 END)
                 FROM access_emergency e
                 WHERE e.sign_in = s.id AND e.membership_id = m.id AND e.until_epoch > CAST(%s AS BIGINT)), 0),
       COALESCE((SELECT MAX(l.until_epoch) FROM learning_understanding l
                 WHERE l.membership_id = m.id AND l.module = 'start'), 0)
FROM gateway_gatesession g
JOIN people_signin s ON s.id = g.sign_in_id
JOIN people_membership m ON m.id = g.membership_id
LEFT JOIN devices_registration r
       ON r.membership_id = m.id AND r.organisation_id = g.organisation_id AND r.device_id = s.device
      AND r.state <> 'retired' AND NOT s.shared
LEFT JOIN policy_version v ON v.organisation_id = g.organisation_id AND v.state = 'published'
WHERE g.token_hash = %s AND g.host = %s AND s.ended_at IS NULL
LIMIT 1
"""


# The same text with the place holders of each engine's own driver.
FOR_SQLITE = SQL.replace("%s", "?")
FOR_POSTGRESQL = SQL.replace("%s", "${}").format(*range(1, SQL.count("%s") + 1)).encode()
_NAME = b"fobwatch_gate"


class Found(NamedTuple):
    """One row of the statement, in its order.

    place: cell and path that decide, "record:view /record"; None where nothing is registered. signed_in: when the
    sign-in began. emergencies: bits of the kinds of work that an emergency opens now. trained: to when the training
    counts, 0 without.
    """

    gate_session: str
    expires: int
    idle: int
    last_seen: int
    system: str
    organisation: str
    place: str | None
    sign_in: str
    ward: str | None
    how: str
    verified: str
    signed_in: int
    joined: int
    membership: str
    role: str
    clinical: bool | int
    employment: str
    away_from: str | None
    away_until: str | None
    leaves_on: str | None
    email: str
    registration: str | None
    ownership: str | None
    device_state: str | None
    facts: str | None
    device_seen: int | None
    version: str | None
    policy_hash: str | None
    read: str | None
    emergencies: int
    trained: int

    def cell_of(self, path: str | None) -> str | None:
        """The cell of this path; None where it is odd, not registered, or differs in capitals from what is registered.

        A server that takes capitals and small letters for the same must not find a way around the longer path.
        """
        cell, _, prefix = (self.place or "").partition(" ")
        return cell if cell and path is not None and f"{path}/".startswith(f"{prefix}/") else None

    def sheet(self) -> Sheet:
        """The sheet that the engine decides upon, exactly as a page makes it."""
        return Sheet(
            role=self.role, clinical=self.clinical, employment=self.employment, away_from=self.away_from,
            away_until=self.away_until, leaves_on=self.leaves_on,
            ownership=self.ownership or ("shared" if self.ward else ""), device_state=self.device_state or "none",
            facts=self.facts or "{}", read_at=seconds(self.read) if self.read else 0, how=self.how,
            verified=seconds(self.verified), started=self.signed_in,
            joined=self.joined,
            understands=self.trained,
        )  # fmt: skip


_TEXT_TYPE = 25  # the number of PostgreSQL's type text
_FINE = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
_WHOLE = {"expires", "idle", "last_seen", "device_seen", "signed_in", "joined", "emergencies", "trained"}
_LOADS: tuple[Callable[[bytes], Any], ...] = tuple(
    int if name in _WHOLE else b"t".__eq__ if name == "clinical" else bytes.decode for name in Found._fields
)
_PREPARED: "weakref.WeakSet[psycopg.Connection[Any]]" = weakref.WeakSet()


@functools.lru_cache(maxsize=4096)
def seconds(text: str) -> int:
    """Epoch seconds of "2026-11-22 03:00:00", a moment in UTC."""
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp())


def arguments(*, path: str, reads: bool, now: int, token_hash: str, host: str) -> tuple[str, ...]:
    """The parameters of the statement, in its order. now: epoch seconds."""
    return ("read" if reads else "write", f"{path.lower()}/", f"{path}/", str(now), token_hash, host)


def fetch(parameters: tuple[str, ...]) -> Found | None:
    """The one row, straight from the driver. Raises django.db.Error when the database does not answer.

    In autocommit the statement is its own transaction, so that nothing stays open behind it. Through Django's cursor
    PostgreSQL would plan its tables anew each time (9 ms), and SQLite's place holders would be rewritten (20 µs).
    """
    connection = connections["default"]  # once: each look through the proxy costs 4 µs
    connection.ensure_connection()
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            # The driver keeps the statement prepared, by its text.
            row = connection.connection.execute(FOR_SQLITE, parameters).fetchone()
        else:
            row = _from_postgresql(connection.connection, parameters)
    return Found._make(row) if row else None


def _from_postgresql(connection: "psycopg.Connection[Any]", parameters: tuple[str, ...]) -> list[Any] | None:
    """The row by libpq's own prepared statement: 12 µs of this process, where a cursor takes 80.

    A parameter ends at a NUL there; `asked` lets none through. A plan that no longer fits is an error, and `look`
    then asks over a new connection.
    """
    libpq = connection.pgconn
    if connection not in _PREPARED:
        _checked(libpq.prepare(_NAME, FOR_POSTGRESQL, [_TEXT_TYPE] * len(parameters)))
        _PREPARED.add(connection)
    result = _checked(libpq.exec_prepared(_NAME, [one.encode() for one in parameters]))
    if not result.ntuples:
        return None
    values = [result.get_value(0, at) for at in range(len(_LOADS))]
    return [None if value is None else load(value) for load, value in zip(_LOADS, values, strict=True)]


def _checked(result: "PGresult") -> "PGresult":
    """The result, if it is one. Raises psycopg.Error as a cursor would."""
    if result.status not in _FINE:
        raise psycopg.errors.error_from_result(result)
    return result
