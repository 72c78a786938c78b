"""demo, serve and work: the processes of an installation."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fobwatch.web.commands.printing import give_up
from fobwatch.web.worker import run_forever

LOOPBACK = "127.0.0.1"
# Two processes of two threads: a slow page, a large export say, must not stop the gate of its process. More threads
# wait for each other and lengthen the gate's longest waits; bench/forward_auth.py measures exactly what is set here.
WORKERS = 2
SERVING = {"blocking_threads": 2, "backpressure": 256}


def _serve(address: str, port: int, workers: int, when_ready: Callable[[], Any] | None = None) -> None:
    from granian import Granian  # noqa: PLC0415  only the serving process needs it
    from granian.constants import Interfaces  # noqa: PLC0415

    server = Granian(
        "fobwatch.config.wsgi:application", address=address, port=port, interface=Interfaces.WSGI, workers=workers,
        log_access=False, log_level="warning", workers_kill_timeout=5, **SERVING,  # type: ignore[arg-type]
    )  # fmt: skip
    if when_ready:
        server.on_startup(when_ready)
    server.serve()


def serve(
    address: str = typer.Option(LOOPBACK, help="The address to listen at. Put a TLS proxy in front."),
    port: int = typer.Option(8000, help="The port to listen at."),
    workers: int = typer.Option(WORKERS, help="Server processes."),
) -> None:
    """Serve the pages and the gate. Refuses while the database waits for a migration."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        give_up("The database is not up to date. Run: fobwatch manage migrate")
    call_command("collectstatic", interactive=False, verbosity=0)
    connection.close()
    _serve(address, port, workers)


def work(once: bool = typer.Option(False, help="Do what is due now, and end.")) -> None:
    """Do the work that nobody waits for: send e-mails, remind people, sign the log, purge what is past its time."""
    run_forever(once=once)


def demo(
    port: int = typer.Option(0, help="The port at localhost; by default the one of FOBWATCH_ORIGIN, 8000."),
    fresh: bool = typer.Option(False, help="Forget the demo's data and begin again."),
    only_data: bool = typer.Option(False, help="Make the demo's data and end, without serving."),
) -> None:
    """Start the demo: two fictional organisations at localhost, on loopback only."""
    if not settings.FOBWATCH_DEMO:
        give_up("The demo runs under its own settings only. Run it as: fobwatch demo")
    if port and port != urlsplit(settings.ORIGIN).port:
        os.environ["FOBWATCH_ORIGIN"] = f"http://localhost:{port}"
        raise SystemExit(subprocess.call([sys.executable, "-m", "fobwatch", *sys.argv[1:]]))  # noqa: S603
    from fobwatch.web.demo import seed  # noqa: PLC0415  only the demo carries the demo

    if fresh:
        _forget()
    call_command("migrate", verbosity=0)
    seed.make(say=typer.echo)
    connection.close()
    if only_data:
        return
    origin = urlsplit(settings.ORIGIN)
    worker = subprocess.Popen([sys.executable, "-m", "fobwatch", "--demo", "work"])

    def ready() -> None:
        typer.echo(f"\n  Fobwatch (demo) is at {settings.ORIGIN}/demo/\n  Stop it with Ctrl+C.\n")

    try:
        _serve(LOOPBACK, origin.port or 80, 1, lambda: threading.Timer(0.5, ready).start())
    finally:
        worker.terminate()
        worker.wait(timeout=10)


def _forget() -> None:
    """Remove the demo's SQLite file; refuses to touch any other database."""
    name = str(settings.DATABASES["default"]["NAME"])
    if connection.vendor != "sqlite":
        give_up("--fresh forgets the demo's own SQLite file only. Drop the database by hand.")
    connection.close()
    for end in ("", "-wal", "-shm"):
        Path(name + end).unlink(missing_ok=True)
