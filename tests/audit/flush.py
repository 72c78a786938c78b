"""Let tests that commit (`transaction=True`) empty the log's tables afterwards, which their triggers refuse.

For the moment of the flush the triggers are taken off and put back, whatever table they guard.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

Flush = Callable[..., list[str]]


def around_triggers(flush: Flush) -> Flush:
    """`sql_flush` of a database, with the triggers off while it runs."""

    def sql_flush(operations: Any, style: Any, tables: list[str], **options: Any) -> list[str]:
        statements = flush(operations, style, tables, **options)
        if not statements:
            return statements
        off, on = SQL[connection.vendor](tables)
        return [*off, *statements, *on]

    return sql_flush


def _sqlite(tables: list[str]) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = [(name, sql) for name, table, sql in cursor.fetchall() if table in tables]
    return [f'DROP TRIGGER "{name}"' for name, _ in found], [sql for _, sql in found]


def _postgresql(tables: list[str]) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        found = [table for (table,) in cursor.fetchall() if table in tables]
    off, on = ([f'ALTER TABLE "{table}" {what} TRIGGER USER' for table in found] for what in ("DISABLE", "ENABLE"))
    return off, on


SQL = {"sqlite": _sqlite, "postgresql": _postgresql}


@pytest.fixture(scope="session", autouse=True)
def tests_may_empty_the_log() -> Iterator[None]:
    """For the whole run, if it stands in `tests/conftest.py`.

    On the class: while a browser is driven, Django has another connection than before.
    """
    operations: Any = type(connection.ops)
    kept = operations.sql_flush
    if "around_triggers" in kept.__qualname__:  # another conftest has done it
        yield
        return
    operations.sql_flush = around_triggers(kept)
    yield
    operations.sql_flush = kept
