"""Backup and restore: the drill, and everything that could go wrong half way. On the engine that the tests run on."""

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from typer.testing import CliRunner

from fobwatch.audit.models import Report
from fobwatch.web import backup
from fobwatch.web.commands import app

HERE = Path(__file__).resolve().parents[2]
NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def fobwatch(*words: str, database: Path | str) -> subprocess.CompletedProcess[str]:
    address = str(database) if "://" in str(database) else f"sqlite:///{database}"
    environment = {
        **os.environ, "DATABASE_URL": address, "FOBWATCH_SECRET_KEY": "drill",
        "FOBWATCH_ORIGIN": "https://drill.example",
        "FOBWATCH_LOG_KEY": "dGVzdHMtb25seS1hbmQtbm93aGVyZS1lbHNlLTEyMzQ=",
        "DJANGO_SETTINGS_MODULE": "fobwatch.config.settings.production", "PYTHONPATH": str(HERE),
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "fobwatch", *words], env=environment, capture_output=True, text=True, timeout=120,
        check=False
    )  # fmt: skip


def set_up(database: Path | str) -> None:
    done = fobwatch(
        "setup", "--organisation", "Drill", "--kind", "trust", "--name", "D", "--email", "d@drill.example",
        "--phone", "1",
        database=database,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def drill(database: Path | str, other: Path | str, tmp_path: Path) -> None:
    set_up(database)
    copy = tmp_path / "copy.fobwatch"
    made = fobwatch("backup", str(copy), "--json", database=database)
    assert made.returncode == 0, made.stderr
    assert copy.stat().st_mode & 0o077 == 0, "only its owner can read it"
    assert fobwatch("backup", str(copy), database=database).returncode == 1, "a copy is never overwritten"
    back = fobwatch("restore", str(copy), "--json", database=other)
    assert back.returncode == 0, back.stderr
    before = fobwatch("audit", "verify", "--json", database=database).stdout
    assert fobwatch("audit", "verify", "--json", database=other).stdout == before
    assert '"intact": true' in before
    refused = fobwatch("restore", str(copy), database=other)
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    assert fobwatch("restore", str(copy), "--replace", database=other).returncode == 0


def test_the_drill_on_sqlite(tmp_path: Path) -> None:
    drill(tmp_path / "first.sqlite3", tmp_path / "second.sqlite3", tmp_path)
    assert list(tmp_path.glob("second.sqlite3.before-*")), "what was there is kept beside"
    assert not list(tmp_path.glob(".*part")), "nothing half done is left"


def test_the_drill_on_the_engine_of_this_run(tmp_path: Path, db: None) -> None:
    if connection.vendor == "sqlite":
        drill(tmp_path / "a.sqlite3", tmp_path / "b.sqlite3", tmp_path)
        assert (tmp_path / "b.sqlite3").exists()
        return
    at = connection.settings_dict
    server = f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT'] or 5432}"
    names = [f"fobwatch_drill_{os.getpid()}_{place}" for place in ("a", "b")]
    admin = ["psql", "-q", f"{server}/postgres", "-c"]
    try:
        for name in names:
            subprocess.run([*admin, f"CREATE DATABASE {name}"], check=True, capture_output=True)
        drill(f"{server}/{names[0]}", f"{server}/{names[1]}", tmp_path)
    finally:
        for name in names:
            subprocess.run([*admin, f"DROP DATABASE IF EXISTS {name}"], check=True, capture_output=True)


@pytest.fixture
def sqlite_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database file of its own for the connection of this test, as on an installation with SQLite."""
    file = tmp_path / "live.sqlite3"
    set_up(file)
    monkeypatch.setattr(backup, "_sqlite_file", lambda: file)
    monkeypatch.setattr(backup, "log_size", lambda: 3)
    return file


@pytest.mark.parametrize(("name", "said"), [("missing/copy", "no folder"), ("live.sqlite3", "exists already")])
def test_it_refuses_a_place_where_no_copy_can_be(sqlite_file: Path, name: str, said: str) -> None:
    with pytest.raises(backup.CannotCopy, match=said):
        backup.make_backup(sqlite_file.parent / name, now=NOW)


def test_a_copy_that_breaks_off_leaves_nothing_that_could_pass_for_one(
    sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(backup, "_copy_sqlite", full)
    before = set(sqlite_file.parent.iterdir())
    with pytest.raises(OSError, match="no space"):
        backup.make_backup(sqlite_file.parent / "copy", now=NOW)
    assert set(sqlite_file.parent.iterdir()) == before


def test_it_refuses_to_restore_what_is_no_copy(sqlite_file: Path) -> None:
    other = sqlite_file.parent / "holiday.jpg"
    other.write_bytes(b"not a database" * 100)
    for source, said in ((other, "not a copy"), (sqlite_file.parent / "gone", "no file")):
        with pytest.raises(backup.CannotCopy, match=said):
            backup.restore_backup(source, replace=True, now=NOW)
    assert sqlite_file.exists()


def test_a_copy_whose_log_was_changed_is_said_after_the_restore(tmp_path: Path) -> None:
    first, copy = tmp_path / "first.sqlite3", tmp_path / "copy"
    set_up(first)
    assert fobwatch("backup", str(copy), database=first).returncode == 0
    with sqlite3.connect(copy) as forged:
        triggers = forged.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            forged.execute(f"DROP TRIGGER {name}")
        forged.execute("UPDATE audit_entry SET actor = 'system:somebody-else' WHERE seq = 0")
    done = fobwatch("restore", str(copy), database=tmp_path / "second.sqlite3")
    assert done.returncode == 1
    assert "not intact" in done.stderr


def test_a_missing_tool_of_the_engine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(backup.CannotCopy, match="not installed"):
        backup._run(["pg_dump"])


def test_what_the_tool_says_is_passed_on(db: None) -> None:
    with pytest.raises(backup.CannotCopy, match="could not do it"):
        backup._run(["ls", "--no-such-option"])


def test_the_password_never_stands_on_a_command_line() -> None:
    at = {"HOST": "db", "PORT": 5432, "USER": "u", "NAME": "n", "PASSWORD": "hidden"}
    assert backup._where(at) == ["--host=db", "--port=5432", "--username=u", "--dbname=n"]


class TestInThisProcess:
    """The same functions without a process of their own, for what the drill cannot bring about."""

    @pytest.fixture(autouse=True)
    def intact(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(backup, "verify_log", lambda: Report(3, "", 0, 0, ()))

    def test_it_copies_and_puts_back(self, sqlite_file: Path) -> None:
        copy = sqlite_file.parent / "copy"
        made = backup.make_backup(copy, now=NOW)
        assert made == (copy.stat().st_size, 3)
        with pytest.raises(backup.CannotCopy, match="--replace"):
            backup.restore_backup(copy, replace=False, now=NOW)
        assert backup.restore_backup(copy, replace=True, now=NOW) == made
        assert sqlite_file.with_name("live.sqlite3.before-20261120-120000").exists()

    def test_a_log_that_does_not_hold_is_said(self, sqlite_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        copy = sqlite_file.parent / "copy"
        backup.make_backup(copy, now=NOW)
        monkeypatch.setattr(backup, "verify_log", lambda: Report(3, "", 0, 0, ("Entry 1 was changed.",)))
        with pytest.raises(backup.CannotCopy, match="Entry 1 was changed"):
            backup.restore_backup(copy, replace=True, now=NOW)

    def test_on_a_server_its_own_tools_are_called(self, sqlite_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[list[str]] = []
        monkeypatch.setattr(backup, "_sqlite_file", lambda: None)
        monkeypatch.setattr(backup, "_where", lambda _at: ["--host=db"])
        monkeypatch.setattr(backup, "_run", asked.append)
        monkeypatch.setattr(backup, "_has_tables", lambda: True)
        monkeypatch.setattr(backup.connection, "close", lambda: None)
        copy = sqlite_file.parent / "copy"
        backup.make_backup(copy, now=NOW)
        with pytest.raises(backup.CannotCopy, match="not empty"):
            backup.restore_backup(copy, replace=False, now=NOW)
        backup.restore_backup(copy, replace=True, now=NOW)
        assert [command[0] for command in asked] == ["pg_dump", "pg_restore"]
        assert "--single-transaction" in asked[1]

    def test_the_commands_say_what_was_done(self, sqlite_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        copy = str(sqlite_file.parent / "copy")
        runner = CliRunner()
        assert "log of 3 entries" in runner.invoke(app, ["backup", copy]).stdout
        assert runner.invoke(app, ["backup", copy]).exit_code == 1
        assert "intact" in runner.invoke(app, ["restore", copy, "--replace"]).stdout
        assert runner.invoke(app, ["restore", copy]).exit_code == 1


def test_a_database_with_tables_is_not_empty(db: None) -> None:
    assert backup._has_tables()
    assert (backup._sqlite_file() is None) == (connection.vendor != "sqlite")
    backup._run(["true"])
