"""The worker, the retention, the log lines, health, and the start of the servers."""

import datetime as dt
import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, connections
from django.test import Client
from pytest_django.fixtures import Settings
from typer.testing import CliRunner

from fobwatch.kernel.models import Base
from fobwatch.web import worker
from fobwatch.web.commands import app, running
from fobwatch.web.logs import Json
from tests import cast

runner = CliRunner()


class TestWorker:
    def test_a_job_that_fails_is_said_and_the_others_still_run(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        ran = []

        def fail(_now: dt.datetime) -> None:
            raise ValueError("with somebody's name in it")

        monkeypatch.setattr(worker, "JOBS", {"bad": (fail, 10), "good": (ran.append, 10)})
        last: dict[str, dt.datetime] = {}
        assert worker.turn(cast.NOW, last) == ["bad"]
        assert ran == [cast.NOW]
        assert "bad" in caplog.text
        assert worker.turn(cast.NOW + dt.timedelta(seconds=5), last) == [], "not due yet"
        assert worker.turn(cast.NOW + dt.timedelta(seconds=10), last) == ["bad"], "tried again at its next turn"

    def test_work_once_does_everything_that_is_due(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[str] = []
        monkeypatch.setattr(worker, "JOBS", {name: (lambda _now, n=name: seen.append(n), 1) for name in worker.JOBS})
        assert runner.invoke(app, ["work", "--once"]).exit_code == 0
        assert seen == list(worker.JOBS)

    def test_it_stops_when_told(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        handlers: dict[int, Callable[[int, None], None]] = {}
        monkeypatch.setattr(worker.signal, "signal", lambda number, what: handlers.update({number: what}))
        turns: list[dt.datetime] = []

        def one_turn(moment: dt.datetime, _last: dict[str, dt.datetime]) -> list[str]:
            turns.append(moment)
            handlers[worker.signal.SIGTERM](15, None)
            return []

        monkeypatch.setattr(worker, "turn", one_turn)
        worker.run_forever()
        assert len(turns) == 1


class TestLogs:
    def line(self, **more: object) -> dict[str, object]:
        record = logging.LogRecord("fobwatch.x", logging.ERROR, __file__, 1, "It broke for %s", ("Amara Osei",), None)
        for key, value in more.items():
            setattr(record, key, value)
        found: dict[str, object] = json.loads(Json().format(record))
        return found

    def test_what_a_person_typed_never_reaches_a_line(self) -> None:
        try:
            raise ValueError("Amara Osei 999 123 4567")
        except ValueError:
            line = self.line(exc_info=sys.exc_info(), status_code=500)
        text = json.dumps(line)
        assert "Amara" not in text
        assert "999" not in text
        assert line["error"] == "ValueError"
        assert line["status"] == 500
        assert line["where"]

    def test_a_plain_line_is_json_with_its_level(self) -> None:
        assert self.line()["level"] == "error"
        assert "error" not in {key for key in self.line() if key != "level"}


class TestHealth:
    def test_it_says_that_it_lives_and_is_ready(self, db: None) -> None:
        assert Client().get("/health/live").json() == {"alive": True}
        assert Client().get("/health/ready").json() == {"ready": True}

    def test_without_a_database_it_lives_and_is_not_ready(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        def gone() -> None:
            raise DatabaseError

        with monkeypatch.context() as patched:
            patched.setattr(connection, "cursor", gone)
            answer = Client().get("/health/ready")
        assert answer.status_code == 503
        assert "database" in answer.json()["because"]


class TestServing:
    def test_it_refuses_while_the_database_waits_for_a_migration(
        self, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(running.MigrationExecutor, "migration_plan", lambda *_: ["something"])
        done = runner.invoke(app, ["serve"])
        assert done.exit_code == 1
        assert "manage migrate" in done.stderr

    def test_it_serves_on_loopback_unless_told(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: dict[str, object] = {}

        class Server:
            def __init__(self, target: str, **options: object) -> None:
                asked.update(options, target=target)

            def serve(self) -> None:
                asked["served"] = True

        monkeypatch.setattr("granian.Granian", Server)
        monkeypatch.setattr(running, "call_command", lambda *_args, **_more: None)
        monkeypatch.setattr(connection, "close", lambda: None)
        assert runner.invoke(app, ["serve", "--port", "8042"]).exit_code == 0
        assert asked["address"] == "127.0.0.1"
        assert asked["port"] == 8042
        assert asked["served"]

    def test_the_demo_refuses_other_settings(self, db: None) -> None:
        done = runner.invoke(app, ["demo"])
        assert done.exit_code == 1
        assert "fobwatch demo" in done.stderr


class TestDemo:
    """The demo's own command, without its server: what it makes, starts and ends."""

    @pytest.fixture
    def asked(self, db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[object]:
        settings.FOBWATCH_DEMO = True
        asked: list[object] = []

        class Worker:
            def __init__(self, command: list[str]) -> None:
                asked.append(command[-1])

            def terminate(self) -> None:
                asked.append("terminated")

            def wait(self, timeout: int) -> None:
                asked.append(timeout)

        def serve(address: str, port: int, workers: int, ready: Callable[[], object]) -> None:
            asked.append((address, port, workers))
            ready()

        class Soon:
            def __init__(self, _seconds: float, what: Callable[[], None]) -> None:
                self.start = what

        monkeypatch.setattr(running, "call_command", lambda *words, **_more: asked.append(words[0]))
        monkeypatch.setattr("fobwatch.web.demo.seed.make", lambda say: say("made"))
        monkeypatch.setattr(running.subprocess, "Popen", Worker)
        monkeypatch.setattr(running.threading, "Timer", Soon)
        monkeypatch.setattr(running, "_serve", serve)
        monkeypatch.setattr(connection, "close", lambda: None)
        return asked

    def test_it_makes_serves_on_loopback_and_ends_its_worker(self, asked: list[object]) -> None:
        done = runner.invoke(app, ["demo"])
        assert done.exit_code == 0, done.output
        assert asked == ["migrate", "work", ("127.0.0.1", 8000, 1), "terminated", 10]
        assert "http://localhost:8000/demo/" in done.stdout

    def test_only_the_data_can_be_made(self, asked: list[object]) -> None:
        assert "made" in runner.invoke(app, ["demo", "--only-data"]).stdout
        assert asked == ["migrate"]

    def test_another_port_starts_it_anew_under_that_address(
        self, asked: list[object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[str] = []
        monkeypatch.setattr(
            running.subprocess, "call", lambda _command: seen.append(running.os.environ["FOBWATCH_ORIGIN"]) or 0
        )
        monkeypatch.setenv("FOBWATCH_ORIGIN", "http://localhost:8000")
        assert runner.invoke(app, ["demo", "--port", "8009"]).exit_code == 0
        assert seen == ["http://localhost:8009"]

    def test_fresh_forgets_the_demos_own_file_only(
        self, asked: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "demo.sqlite3"
        for end in ("", "-wal"):
            file.with_name(file.name + end).write_text("old")
        monkeypatch.setitem(running.settings.DATABASES["default"], "NAME", str(file))
        monkeypatch.setattr(type(connections["default"]), "vendor", "sqlite")
        assert runner.invoke(app, ["demo", "--fresh", "--only-data"]).exit_code == 0
        assert not list(tmp_path.iterdir())
        monkeypatch.setattr(type(connections["default"]), "vendor", "postgresql")
        done = runner.invoke(app, ["demo", "--fresh", "--only-data"])
        assert done.exit_code == 1
        assert "by hand" in done.stderr


def test_an_address_in_numbers_is_sent_on_to_the_name() -> None:
    answer = Client(SERVER_PORT="8000").get("/sign-in/?next=/policy/", HTTP_HOST="127.0.0.1:8000")
    assert answer.status_code == 302
    assert answer["Location"] == "http://localhost:8000/sign-in/?next=/policy/"


def test_nothing_dynamic_is_kept(db: None) -> None:
    answer = Client().get("/sign-in/")
    assert answer["Cache-Control"] == "no-store"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]


def test_every_table_of_ours_extends_the_base_or_says_why() -> None:
    from django.apps import apps

    free = {
        model.__name__ for model in apps.get_models() if "fobwatch" in model.__module__ and not issubclass(model, Base)
    }
    assert free <= {"Throttle", "Entry", "Detail", "Head", "Checkpoint"}, "counters and the log have keys of their own"
