"""The statement in the prepared form of PostgreSQL, over a fake connection; the real one runs with that engine."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg.pq import ExecStatus

from fobwatch.gateway.api import statement
from fobwatch.gateway.api.statement import KINDS, SQL, Found, arguments, fetch

WHOLE = {"expires", "idle", "last_seen", "device_seen", "signed_in", "joined", "emergencies", "trained"}
ASKED = arguments(path="/Notes", reads=True, now=1_700_000_000, token_hash="t", host="notes.example")


class FakeConnection:
    """A fake of psycopg's connection and its libpq: hands out one row, and remembers what it was asked."""

    def __init__(self, row: list[bytes | None] | None, status: ExecStatus = ExecStatus.TUPLES_OK) -> None:
        self.row, self.status, self.asked = row, status, []
        self.pgconn = self

    def prepare(self, name: bytes, text: bytes, types: list[int]) -> Any:
        self.asked.append("prepared")
        return SimpleNamespace(status=ExecStatus.COMMAND_OK)

    def exec_prepared(self, name: bytes, values: list[bytes]) -> Any:
        self.asked.append(values)
        row = self.row or []
        return SimpleNamespace(
            status=self.status, ntuples=1 if self.row else 0, get_value=lambda _row, column: row[column]
        )


@pytest.fixture
def over(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeConnection], FakeConnection]:
    def use(fake: FakeConnection) -> FakeConnection:
        django = SimpleNamespace(
            vendor="postgresql", connection=fake, ensure_connection=lambda: None, wrap_database_errors=nullcontext()
        )
        monkeypatch.setattr(statement, "connections", {"default": django})
        return fake

    return use


def test_each_column_comes_back_as_its_type(over: Callable[[FakeConnection], FakeConnection]) -> None:
    row: list[bytes | None] = [
        b"7" if name in WHOLE else b"t" if name == "clinical" else b"x" for name in Found._fields
    ]
    row[Found._fields.index("place")] = None
    fake = over(FakeConnection(row))
    found = fetch(ASKED)
    assert found is not None
    assert (found.expires, found.clinical, found.place, found.role) == (7, True, None, "x")
    fetch(ASKED)
    assert fake.asked.count("prepared") == 1, "prepared once for a connection"
    assert fake.asked[1] == [b"read", b"/notes/", b"/Notes/", b"1700000000", b"t", b"notes.example"]


def test_no_row_is_nobody(over: Callable[[FakeConnection], FakeConnection]) -> None:
    over(FakeConnection(None))
    assert fetch(ASKED) is None


def test_what_the_server_refuses_is_an_error_of_the_driver(
    over: Callable[[FakeConnection], FakeConnection], monkeypatch: pytest.MonkeyPatch
) -> None:
    over(FakeConnection(None, ExecStatus.FATAL_ERROR))
    monkeypatch.setattr(psycopg.errors, "error_from_result", lambda _result: psycopg.OperationalError("gone"))
    with pytest.raises(psycopg.OperationalError):
        fetch(ASKED)


def test_the_statement_knows_each_kind_of_work_by_its_bit() -> None:
    for kind, bit in KINDS.items():
        assert re.search(rf"WHEN '{kind}' THEN {bit}\b", SQL)
    assert SQL.count("WHEN '") == len(KINDS)
