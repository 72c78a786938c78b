"""How fast the log grows, and how long the check of a whole log takes.

    python -m bench.audit [--entries 1000000] [--json]

`verify_s` reads each entry from the database, makes its canonical form again, hashes it, and compares the tree with
the head. `hash_s` is plain SHA-256 over the same bytes, already in memory. Entries without details kept beside.
PostgreSQL is measured where FOBWATCH_BENCH_POSTGRESQL (by default the local socket) answers.
The last line is one JSON object.
"""

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from typing import Any

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fobwatch.config.settings.test")
django.setup()

from django.db import connection, transaction  # noqa: E402

from fobwatch.audit.actions import action  # noqa: E402
from fobwatch.audit.models import Entry, bundle_of, frontier_of, log_size, sign, verified  # noqa: E402
from fobwatch.audit.rules import merkle  # noqa: E402
from fobwatch.audit.rules.note import Signer  # noqa: E402
from fobwatch.kernel.actor import Actor  # noqa: E402

BATCH = 10_000
ACTIONS = 1_000
APPENDS = 5_000
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
POSTGRESQL = os.environ.get("FOBWATCH_BENCH_POSTGRESQL", "postgres:///postgres")


@action("bench.done", about="thing", details=("thing",))
def do(*, thing: str, by: Actor, now: dt.datetime) -> None:
    """Do nothing, and log it."""


def grow() -> dict[str, float]:
    """Actions a second: each in its own transaction, and many inside one."""

    def seconds(count: int) -> float:
        began = time.perf_counter()
        for n in range(count):
            do(thing=f"registration:{n}", by=Actor.system("bench", "org"), now=START)
        return time.perf_counter() - began

    single = seconds(ACTIONS)
    with transaction.atomic():
        inside = seconds(APPENDS)
    return {"actions_per_s": round(ACTIONS / single), "appends_per_s": round(APPENDS / inside)}


def entries_of(first: int, count: int) -> Iterator[Any]:
    """Entries as a hospital makes them, some thousand devices, without their leaf hash."""
    for n in range(first, count):
        key = sha256(str(n % 4_000).encode()).hexdigest()[:32]
        yield Entry(
            seq=n, at=START + dt.timedelta(seconds=7 * n), actor=f"membership:{key}", action="registration.checked_in",
            object=f"registration:{key}", organisation_id=key,
        )  # fmt: skip


def fill(count: int) -> float:
    """Fill the log up behind the actions' back; the seconds of plain hashing."""
    size, hashing = log_size(), 0.0
    frontier = frontier_of(size)
    coming = entries_of(size, count)
    while batch := list(islice(coming, BATCH)):
        data = [entry.leaf().data() for entry in batch]
        began = time.perf_counter()
        for each in data:
            sha256(each).digest()
        hashing += time.perf_counter() - began
        for entry, written in zip(batch, data, strict=True):
            found = merkle.leaf_hash(written)
            merkle.append(frontier, size, found)
            size += 1
            entry.leaf_hash, entry.node = found.hex(), frontier[-1].hex()
        Entry.objects.bulk_create(batch)
    return hashing


def measure(entries: int) -> dict[str, float]:
    """All figures of the engine in DATABASE_URL, on a fresh database that is dropped afterwards."""
    django.setup()

    key, name = Signer("bench.example/log", b"b" * 32), connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        found = grow()
        hashing = fill(entries)
        began = time.perf_counter()
        report = verified(key.verifier)
        checking = time.perf_counter() - began
        assert report.intact, report.sentence
        sign(report, key=key, now=START)
        began = time.perf_counter()
        bundle_of(Entry.objects.get(seq=entries // 3), key.verifier)
        proving = time.perf_counter() - began
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    return {
        **found, "entries": report.size, "verify_s": round(checking, 2), "hash_s": round(hashing, 2),
        "ratio_hash": round(checking / hashing, 1), "export_s": round(proving, 2),
    }  # fmt: skip


def answers(address: str) -> bool:
    """Is there a PostgreSQL?"""
    try:
        psycopg.connect(address, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def main() -> None:
    """Measure each engine in a process of its own."""
    given = argparse.ArgumentParser(description="How fast the log grows and is checked.")
    given.add_argument("--entries", type=int, default=1_000_000)
    given.add_argument("--json", action="store_true", help="print the JSON object only")
    given.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = given.parse_args()
    if asked.here:
        print(json.dumps(measure(asked.entries)))
        return
    result: dict[str, object] = {"bench": "audit"}
    with tempfile.TemporaryDirectory() as place:
        engines = {"sqlite": f"sqlite:///{place}/bench.sqlite3"}
        if answers(POSTGRESQL):
            engines["postgresql"] = POSTGRESQL
        for engine, address in engines.items():
            around = {
                **os.environ, "DATABASE_URL": address, "FOBWATCH_VAR": place,
                "DJANGO_SETTINGS_MODULE": "fobwatch.config.settings.test",
            }  # fmt: skip
            command = [sys.executable, "-m", "bench.audit", "--here", "--entries", str(asked.entries)]
            done = subprocess.run(command, env=around, check=True, capture_output=True, text=True)
            result[engine] = json.loads(done.stdout.splitlines()[-1])
            if not asked.json:
                for name, value in json.loads(done.stdout.splitlines()[-1]).items():
                    print(f"{engine:12}{name:16}{value:>12,}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
