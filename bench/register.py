"""The register at 45,000 devices: one page of 1,000 with its answers, through the whole of Django, on both databases.

    python -m bench.register [--devices 45000] [--json]

`list_1000_ms` is the median of the whole request: session, query, 1,000 decisions, the page. `raw_ms` reads the same
rows with the same SQL and does nothing with them. All data is made up, in databases of its own that are removed
afterwards. PostgreSQL is measured where FOBWATCH_BENCH_POSTGRESQL (by default loopback) answers. The last line is one
JSON object.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fobwatch.config.settings.test")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from fobwatch.devices.models import Device, Registration  # noqa: E402
from fobwatch.kernel.clock import epoch, now  # noqa: E402
from fobwatch.people.models import Membership, Person  # noqa: E402
from fobwatch.policy.rules.clause import load_toml  # noqa: E402
from tests import cast  # noqa: E402
from tests.access import policy  # noqa: E402

ROUNDS = 7
POSTGRESQL = os.environ.get("FOBWATCH_BENCH_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
SCRATCH = "fobwatch_bench_register"
FLAWS: tuple[tuple[str, Any], ...] = (
    ("os_version", "16.4"), ("auto_lock_minutes", 9), ("unaltered", False), ("encrypted", None),
    ("contacts_reviewed", None),
)  # fmt: skip


def seed(devices: int) -> Any:
    """A hospital with devices in every state, each of its own person, and a client signed in as IT."""

    dice, moment = random.Random(20261122), now()
    at, hospital = epoch(moment), cast.organisation("Bench Hospitals")
    template = Path(settings.PACKAGE) / "policy" / "data" / "template.toml"
    policy.sample = lambda: load_toml(template.read_text("utf-8"))  # type: ignore[assignment]
    policy.publish(hospital)
    numbers = range(devices)
    people = [Person(name=f"Person {n}", email=f"p{n}@bench.example", created_at=moment) for n in numbers]
    members = [
        Membership(
            organisation=hospital, person=one, clinical=dice.random() < 0.6, team=f"Ward {dice.randrange(90)}",
            joined_at=moment,
        )
        for one in people
    ]  # fmt: skip
    phones = [Device(person=one, label=f"Phone {n}", created_at=moment) for n, one in enumerate(people)]
    rows = []
    for member, phone in zip(members, phones, strict=True):
        seen = at - dice.randrange(60 * policy.DAY)
        changes = {name: value for name, value in FLAWS if dice.random() < 0.08}
        state = dice.choices(["active", "suspended", "lost", "enrolling", "retired"], [90, 3, 2, 3, 2])[0]
        rows.append(
            Registration(
                organisation=hospital, device=phone, membership=member, state=state, state_at=moment, platform="ios",
                ownership=dice.choice(["personal", "personal", "issued"]), created_at=moment, last_seen=seen,
                facts=policy.text(policy.evidence(seen, changes)),
            )
        )  # fmt: skip
    for model, made in ((Person, people), (Membership, members), (Device, phones), (Registration, rows)):
        model.objects.bulk_create(made, batch_size=2_000)  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.cookies[settings.SESSION_COOKIE] = cast.sign_in(cast.member(hospital, "Nia Pritchard", "it_support")).token
    return client


def median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of some rounds in milliseconds, after one that warms up."""
    work()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(times), 1)


def measure(devices: int) -> dict[str, Any]:
    """Measure in this process, on the database that its environment names."""
    call_command("migrate", verbosity=0)
    client = seed(devices)

    def page(query: str) -> Any:
        answer = client.get(f"/access/register?{query}")
        assert answer.status_code == 200, answer.status_code
        return answer

    def asked(query: str) -> list[dict[str, str]]:
        with CaptureQueriesContext(connection) as found:
            page(query)
        return found.captured_queries

    page("size=1000")
    many, few = asked("size=1000"), asked("size=100")
    assert len(many) == len(few), "the number of queries grows with the page"
    rows = page("size=1000").content.count(b"<tr class")
    listing = next(one["sql"] for one in many if "devices_device" in one["sql"] and "LIMIT 1001" in one["sql"])

    def raw() -> None:
        with connection.cursor() as cursor:
            cursor.execute(listing.replace("%", "%%"), [])
            cursor.fetchall()

    def export() -> None:
        for _ in client.get("/access/register/file").streaming_content:
            pass

    whole, plain = median_ms(lambda: page("size=1000")), median_ms(raw)
    began = time.perf_counter()
    export()
    return {
        "devices": devices, "rows": rows - 1, "list_1000_ms": whole, "list_100_ms": median_ms(lambda: page("size=100")),
        "raw_ms": plain, "ratio_raw": round(whole / plain, 1), "queries": len(many),
        "failing_1000_ms": median_ms(lambda: page("size=1000&failing=unaltered"), 3),
        "search_ms": median_ms(lambda: client.post("/access/register", {"search": "person 4499"}), 3),
        "export_all_s": round(time.perf_counter() - began, 1),
    }  # fmt: skip


def child(address: str, place: str, devices: int) -> dict[str, Any]:
    """Measure in a process of its own, whose Django knows only the database at `address`."""
    (Path(place) / "static").mkdir(exist_ok=True)
    env = os.environ | {
        "DATABASE_URL": address, "FOBWATCH_VAR": place, "DJANGO_SETTINGS_MODULE": "fobwatch.config.settings.test",
    }  # fmt: skip
    command = [sys.executable, "-m", "bench.register", "--here", "--devices", str(devices)]
    done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def on_postgresql(place: str, devices: int) -> dict[str, Any] | None:
    """The same in a scratch database; None where PostgreSQL does not answer or lets nobody in."""
    try:
        server = psycopg.connect(f"{POSTGRESQL}/postgres", connect_timeout=3, autocommit=True)
    except psycopg.OperationalError:
        return None
    name = f"{SCRATCH}_{os.getpid()}"
    with server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            return child(f"{POSTGRESQL}/{name}", place, devices)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def main() -> None:
    """Measure on both databases and print one object as the last line."""
    options = argparse.ArgumentParser()
    options.add_argument("--json", action="store_true")
    options.add_argument("--here", action="store_true", help="measure in this process")
    options.add_argument("--devices", type=int, default=45_000)
    given = options.parse_args()
    if given.here:
        print(json.dumps(measure(given.devices)))
        return
    with tempfile.TemporaryDirectory() as place:
        found = child(f"sqlite:///{place}/register.sqlite3", place, given.devices)
        found["postgresql"] = on_postgresql(place, given.devices)
    if not given.json:
        for name, value in found.items():
            print(f"{name}: {value}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
