"""The gate under load, beside a Django view that does nothing: same server, same run.

    python -m bench.forward_auth [--seconds 8] [--json]

45,000 devices with evidence, each its own, 20,000 gate sessions of which each request takes another one. Granian
serves with what `fobwatch serve` ships; the load is `wrk` where it is installed, else threads in this
process (`load` says which) on the same machine, so that both share its cores. Latency is wall clock under a
load of eight connections; CPU is that of the workers. When the load begins, each session was
last noted at some moment of the past minute, so that notes are written as often as in the middle of a day.
`lost_to_denied_s` is the action "reported lost" and the next question
to the gate, together. The null view is asked with the same headers and passes
Django's whole middleware, without a session of its own.
The last line is one JSON object: SQLite at its top, "postgresql" below (BENCH_POSTGRESQL, by default loopback).
"""

import argparse
import datetime as dt
import http.client
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import django
import psycopg
from django.core.management import call_command
from django.db import transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fobwatch.config.settings.test")
django.setup()

from bench import _gate_rows as gate_rows  # noqa: E402
from fobwatch.web.commands.running import SERVING, WORKERS  # noqa: E402

HOST = "notes.example.org"
DEVICES, SESSIONS, STAFF = 45_000, 20_000, 30_000
CONNECTIONS = 8
ADDRESS = os.environ.get("BENCH_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
SCRATCH = "fobwatch_bench_gate"
SCRIPT = """
local tokens, at, thread = {{}}, 0, 0
for line in io.lines("{tokens}") do tokens[#tokens + 1] = line end
function setup(made) made:set("first", thread * 9973); thread = thread + 1 end
function request()
  at = at + 1
  local token = tokens[((first + at * 7919) % #tokens) + 1]
  return wrk.format("GET", "{path}", {{
    ["Host"] = "fobwatch.example", ["Cookie"] = "a=1; fobwatch-gate=" .. token, ["X-Forwarded-Host"] = "{host}",
    ["X-Original-URI"] = "/record/view/" .. at .. "?page=2", ["X-Original-Method"] = "GET"}})
end
function done(summary, latency)
  io.write(string.format("RESULT %d %f %f %f %d\\n", summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


def fill(place: Path) -> None:
    """The tables as a large trust has them, and the tokens of the gate sessions in a file."""
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        tokens = gate_rows.make(HOST, devices=DEVICES, sessions=SESSIONS, staff=STAFF, now=dt.datetime.now(dt.UTC))
    gate_rows.settle()
    (place / "tokens").write_text("\n".join(tokens))


def lose(token: str, port: int) -> float:
    """Seconds from the owner's report to the refusal of the next question."""
    assert question(port, token) == 204
    began = time.perf_counter()
    gate_rows.report_lost(token, dt.datetime.now(dt.UTC))
    while question(port, token) == 204:
        pass
    return time.perf_counter() - began


def question(port: int, token: str) -> int:
    """Ask the gate once."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    client.request("GET", "/gate/check", headers=headers(token))
    status = client.getresponse().status
    client.close()
    return status


def headers(token: str) -> dict[str, str]:
    """What nginx sends."""
    return {
        "Cookie": f"a=1; fobwatch-gate={token}", "X-Forwarded-Host": HOST, "X-Original-Method": "GET",
        "X-Original-URI": "/record/view/7?page=2",
    }  # fmt: skip


def by_wrk(place: Path, port: int, path: str, seconds: float) -> dict[str, float]:
    """The load by wrk."""
    (place / "load.lua").write_text(SCRIPT.format(tokens=place / "tokens", host=HOST, path=path))
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "-s", str(place / "load.lua")]
    done = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True)
    count, duration, p50, p99, wrong = next(
        line.split()[1:] for line in done.stdout.splitlines() if line.startswith("RESULT")
    )
    assert wrong == "0", done.stdout
    return {"requests": int(count), "rps": float(count) / float(duration), "p50_ms": float(p50), "p99_ms": float(p99)}


def by_threads(place: Path, port: int, path: str, seconds: float) -> dict[str, float]:
    """The load by threads of this process, where wrk is missing; it takes more of the machine, so it shows less."""
    tokens = (place / "tokens").read_text().split()
    end, took = time.perf_counter() + seconds, []

    def ask(first: int) -> None:
        client, at = http.client.HTTPConnection("127.0.0.1", port), first
        while time.perf_counter() < end:
            at += 7919
            began = time.perf_counter()
            client.request("GET", path, headers=headers(tokens[at % len(tokens)]))
            got = client.getresponse()
            got.read()
            took.append(time.perf_counter() - began)
            assert got.status == 204, got.status

    threads = [threading.Thread(target=ask, args=(number * 9973,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took.sort()
    return {
        "requests": len(took), "rps": len(took) / seconds, "p50_ms": took[len(took) // 2] * 1000,
        "p99_ms": took[len(took) * 99 // 100] * 1000,
    }  # fmt: skip


def cpu(pids: Iterable[int]) -> float:
    """Seconds of CPU that these processes have used; 0 where /proc is missing."""
    ticks = 0
    for pid in pids:
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():
            fields = stat.read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """A process and its children."""
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def serve(place: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Granian as `fobwatch serve` starts it, on a free port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    options = [part for name, value in SERVING.items() for part in (f"--{name.replace('_', '-')}", str(value))]
    granian = str(Path(sys.executable).with_name("granian"))
    command = [granian, "--interface", "wsgi", "--port", str(port), "--workers", str(WORKERS), *options,
               "--log-level", "warning", "bench._null:application"]  # fmt: skip
    server = subprocess.Popen(command, stdout=(place / "server.log").open("wb"), stderr=subprocess.STDOUT)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return server, port
        except OSError:
            time.sleep(0.1)
    raise RuntimeError((place / "server.log").read_text())


def measure(place: Path, seconds: float) -> dict[str, Any]:
    """Everything for the engine of DATABASE_URL, in this process."""
    began = time.perf_counter()
    fill(place)
    filled = time.perf_counter() - began
    server, port = serve(place)
    load = by_wrk if shutil.which("wrk") else by_threads
    try:
        pids = children(server.pid)
        found: dict[str, dict[str, float]] = {}
        for path in ("/null", "/gate/check"):
            load(place, port, path, 2)
        gate_rows.spread(dt.datetime.now(dt.UTC))
        gate_rows.settle()
        for name, path in (("null", "/null"), ("gate", "/gate/check")):
            before = cpu(pids)
            found[name] = load(place, port, path, seconds)
            found[name]["cpu_us"] = (cpu(pids) - before) / found[name]["requests"] * 1e6
        tokens = (place / "tokens").read_text().split()
        lost = max(lose(token, port) for token in tokens[:5])
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
    gate, null = found["gate"], found["null"]
    return {
        "rps": round(gate["rps"]), "p50_ms": round(gate["p50_ms"], 2), "p99_ms": round(gate["p99_ms"], 2),
        "cpu_us": round(gate["cpu_us"]), "null_rps": round(null["rps"]), "null_p99_ms": round(null["p99_ms"], 2),
        "null_cpu_us": round(null["cpu_us"]), "ratio_null": round(gate["rps"] / null["rps"], 2),
        "lost_to_denied_s": round(lost, 3), "filled_s": round(filled, 1),
    }  # fmt: skip


def apart(place: Path, address: str, seconds: float) -> dict[str, Any]:
    """Measure in a process of its own, because Django knows one database for life."""
    place.mkdir()
    around = {**os.environ, "DATABASE_URL": address, "FOBWATCH_VAR": str(place),
              "DJANGO_SETTINGS_MODULE": "fobwatch.config.settings.test"}  # fmt: skip
    command = [sys.executable, "-m", "bench.forward_auth", "--here", str(place), "--seconds", str(seconds)]
    done = subprocess.run(command, env=around, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def on_postgresql(place: Path, seconds: float) -> dict[str, Any]:
    """The same on a scratch database, or why not."""
    try:
        server = psycopg.connect(ADDRESS, connect_timeout=3, autocommit=True)
    except psycopg.OperationalError:
        return {"skipped": "PostgreSQL does not answer or does not let us in"}
    with server:
        server.execute(f"DROP DATABASE IF EXISTS {SCRATCH}")
        server.execute(f"CREATE DATABASE {SCRATCH}")
        try:
            return apart(place, ADDRESS.rpartition("/")[0] + f"/{SCRATCH}", seconds)
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {SCRATCH} WITH (FORCE)")


def main() -> None:
    """Measure and print."""
    given = argparse.ArgumentParser(description="How fast the gate answers.")
    given.add_argument("--seconds", type=float, default=8)
    given.add_argument("--json", action="store_true", help="print the JSON object only")
    given.add_argument("--here", help=argparse.SUPPRESS)
    asked = given.parse_args()
    if asked.here:
        print(json.dumps(measure(Path(asked.here), asked.seconds)))
        return
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        found: dict[str, Any] = {
            "bench": "forward_auth", "machine": f"{platform.machine()}, {os.cpu_count()} cores",
            "load": "wrk" if shutil.which("wrk") else "threads", "devices": DEVICES, "sessions": SESSIONS,
            "connections": CONNECTIONS, "workers": WORKERS, **SERVING,
            **apart(place / "sqlite", f"sqlite:///{place}/sqlite/bench.sqlite3", asked.seconds),
        }  # fmt: skip
        found["postgresql"] = on_postgresql(place / "postgresql", asked.seconds)
    if not asked.json:
        for key, value in found.items():
            print(f"{key:18}{value!s:>24}{found['postgresql'].get(key, '')!s:>16}" if key != "postgresql" else "")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
