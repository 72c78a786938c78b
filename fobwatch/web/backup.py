"""A copy of the whole database in one file, and the way back. The engines' own tools do the copying."""

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

from fobwatch.audit.jobs import verify_log
from fobwatch.audit.models import log_size


class CannotCopy(Exception):
    """Why a copy could not be made or put back, as a sentence. Nothing was changed."""


class Copy(NamedTuple):
    """A copy: its size in bytes, and the size of the log in it."""

    size: int
    log_size: int


def make_backup(to: Path, *, now: dt.datetime) -> Copy:
    """Copy the database to a new file that only its owner can read. Raises `CannotCopy`.

    The file appears only when it is whole: a copy that was broken off leaves none that could pass for one.
    """
    if to.exists():
        raise CannotCopy(f"{to} exists already. Choose another name: a copy is never overwritten.")
    if not to.parent.is_dir():
        raise CannotCopy(f"There is no folder {to.parent}. Make it first.")
    half = to.with_name(f".{to.name}.{now:%Y%m%d%H%M%S}.part")
    try:
        half.touch(mode=0o600)
        if file := _sqlite_file():
            _copy_sqlite(file, half)
        else:
            _run(["pg_dump", "--format=custom", "--no-owner", f"--file={half}", *_where(connection.settings_dict)])
        half.replace(to)
    finally:
        half.unlink(missing_ok=True)
    return Copy(to.stat().st_size, log_size())


def restore_backup(source: Path, *, replace: bool, now: dt.datetime) -> Copy:
    """Put a copy in the place of the database, and verify its log. Raises `CannotCopy`, before anything is changed."""
    if not source.is_file():
        raise CannotCopy(f"There is no file {source}.")
    if file := _sqlite_file():
        _restore_sqlite(source, file, replace=replace, now=now)
    else:
        if _has_tables() and not replace:
            raise CannotCopy("The database is not empty. Say --replace, or name an empty one in DATABASE_URL.")
        connection.close()
        _run(["pg_restore", "--clean", "--if-exists", "--no-owner", "--exit-on-error", "--single-transaction",
              *_where(connection.settings_dict), str(source)])  # fmt: skip
    report = verify_log()
    if not report.intact:
        raise CannotCopy("The copy was put back, but its log is not intact: " + " ".join(report.faults))
    return Copy(source.stat().st_size, log_size())


def _restore_sqlite(source: Path, target: Path, *, replace: bool, now: dt.datetime) -> None:
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as copy:
        try:
            copy.execute("SELECT max(seq) FROM audit_entry").fetchone()
        except sqlite3.DatabaseError as error:
            raise CannotCopy(f"{source} is not a copy made by fobwatch backup.") from error
    if target.exists() and not replace:
        raise CannotCopy("There is a database already. Say --replace to set it aside, renamed, or move it yourself.")
    connection.close()
    arriving = target.with_name(f".{target.name}.arriving")
    arriving.unlink(missing_ok=True)
    arriving.touch(mode=0o600)
    _copy_sqlite(source, arriving)
    if target.exists():
        with closing(sqlite3.connect(target)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        target.replace(target.with_name(f"{target.name}.before-{now:%Y%m%d-%H%M%S}"))
        for end in ("-wal", "-shm"):
            target.with_name(target.name + end).unlink(missing_ok=True)
    arriving.replace(target)


def _copy_sqlite(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as here,
        closing(sqlite3.connect(target)) as there,
    ):
        here.backup(there)


def _has_tables() -> bool:
    return bool(connection.introspection.table_names())


def _sqlite_file() -> Path | None:
    """The file of the database; None where a server keeps it."""
    return Path(str(connection.settings_dict["NAME"])) if connection.vendor == "sqlite" else None


def _where(at: Mapping[str, Any]) -> list[str]:
    """Where PostgreSQL is, without its password: that goes by the environment."""
    words = {"--host": at["HOST"], "--port": str(at["PORT"] or ""), "--username": at["USER"], "--dbname": at["NAME"]}
    return [f"{key}={value}" for key, value in words.items() if value]


def _run(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        raise CannotCopy(f"{command[0]} is not installed. It comes with the PostgreSQL client tools.")
    environment = {**os.environ, "PGPASSWORD": str(connection.settings_dict.get("PASSWORD") or "")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CannotCopy(f"{command[0]} could not do it: {done.stderr.strip()[:300]}")
