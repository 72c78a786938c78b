"""Decisions: do four judges agree, does anything missing let in, and how fast is it.

`python -m bench.decisions` prints a table, `--json` one object as the last line. Times are wall clock of one thread
on the machine it names; each decision is timed on its own, in the second of two rounds over the same requests.
`p50_us` is what every engine here is asked: all clauses and cells, strictly. `with_grace_p50_us` is the decision as
the gate takes it. Cedar is asked for one cell, ours answers all of them.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cedarpy
import numpy as np

from fobwatch.policy.rules.batch import Column, bits_batch, decide_batch
from fobwatch.policy.rules.cedar import cedar_request, cedar_schema, cedar_text
from fobwatch.policy.rules.clause import load_toml, to_data
from fobwatch.policy.rules.compile import CELL_BIT, Compiled, compile_policy
from fobwatch.policy.rules.decide import Decision, decide
from fobwatch.policy.rules.row import EXPIRES_AT, GRADES_AT, INDEX, NAMES, Row, pack
from fobwatch.policy.rules.vocabulary import BY_NAME, CELLS, Kind
from tests.policy.reference import allows
from tests.policy.rules.seeded import NOW, requests

TEMPLATE = Path(__file__).parents[1] / "fobwatch" / "policy" / "data" / "template.toml"
REQUESTS, DEVICES, CEDAR_TIMED = 10_000, 1_500_000, 2_000
_SMALL = {Kind.BOOL: np.int8, Kind.CHOICE: np.int8, Kind.INT: np.int32, Kind.VERSION: np.int32}


def columns(rows: list[Row], count: int) -> dict[str, Column]:
    """The register as columns: `count` devices drawn from the rows, each column in the smallest type that fits."""
    table = np.array(rows, np.int64)
    drawn = table if count == len(rows) else table[np.random.default_rng(2026).integers(0, len(rows), count)]
    return {
        name: Column(
            drawn[:, at].astype(_SMALL.get(BY_NAME[name].kind, np.int64)),
            drawn[:, GRADES_AT + at].astype(np.int8),
            drawn[:, EXPIRES_AT + at].copy(),
        )
        for at, name in enumerate(NAMES)
    }


def strict(compiled: Compiled, row: Row) -> int:
    """The open cells without grace, as the batch and the other engines decide."""
    bits = compiled.bits(row, NOW)
    return compiled.opened(bits) & ~compiled.closed(~bits & compiled.requires)


def judged(compiled: Compiled, asked: list[dict[str, Any]], rows: list[Row]) -> tuple[int, list[float]]:
    """How many requests any two of the four judges see differently, and the times of Cedar in µs."""
    data, table = to_data(compiled.policy), columns(rows, len(rows))
    batch, bits = decide_batch(compiled, table, NOW), bits_batch(compiled, table, NOW)
    policies = cedarpy.PolicySet.from_str(cedar_text(compiled))
    schema = cedarpy.Schema.from_json_str(json.dumps(cedar_schema(compiled.names)))
    entities = cedarpy.Entities.from_json_str("[]")
    different, times = 0, []
    for number, (facts, row) in enumerate(zip(asked, rows, strict=True)):
        cell = CELLS[number % len(CELLS)]
        ours = strict(compiled, row)
        request = cedar_request(compiled, row, NOW, cell)
        start = time.perf_counter_ns()
        cedar = cedarpy.is_authorized(request, policies, entities, schema=schema)
        times.append((time.perf_counter_ns() - start) / 1000)
        opens = bool(ours & CELL_BIT[cell])
        agree = opens == cedar.allowed == allows(data, facts, NOW, cell) and not cedar.diagnostics.errors
        different += not (agree and int(batch[number]) == ours and int(bits[number]) == compiled.bits(row, NOW))
    return different, times[:CEDAR_TIMED]


def fail_open(compiled: Compiled, rows: list[Row]) -> int:
    """How many removals of one fact open a cell that was closed; grace counts."""
    opened = 0
    for row in rows:
        before = decide(compiled, row, NOW).allowed
        for name in compiled.names:
            at = GRADES_AT + INDEX[name]
            opened += decide(compiled, (*row[:at], 0, *row[at + 1 :]), NOW).allowed & ~before != 0
    return opened


def timed(work: Callable[[Compiled, Row], object], compiled: Compiled, rows: list[Row]) -> tuple[float, float]:
    """The median and the 99th percentile of one call per row, in µs, in the second of two rounds."""
    times: list[float] = []
    for _ in range(2):
        times = []
        for row in rows:
            start = time.perf_counter_ns()
            work(compiled, row)
            times.append((time.perf_counter_ns() - start) / 1000)
    return statistics.median(times), sorted(times)[int(len(times) * 0.99)]


def whole(compiled: Compiled, row: Row) -> Decision:
    """The decision as the gate takes it: with grace, deadlines and what a reason needs."""
    return decide(compiled, row, NOW)


def best(work: Callable[[], object], rounds: int = 3) -> float:
    """The shortest of a few runs, in seconds: what the work takes when nothing else disturbs it."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def read_once(parts: list[Any]) -> None:
    """Touch every byte of the columns, as fast as the processor can: whole words, one reduction each."""
    for part in parts:
        np.bitwise_or.reduce(part.view(np.uint64))


def measure() -> dict[str, Any]:
    """Everything, as one object."""
    compiled = compile_policy(load_toml(TEMPLATE.read_text()))
    asked = requests(REQUESTS)
    rows = [pack(facts) for facts in asked]
    different, cedar = judged(compiled, asked, rows)
    (p50, p99), (whole_p50, whole_p99) = timed(strict, compiled, rows), timed(whole, compiled, rows)
    cedar_p50 = statistics.median(cedar)
    register = columns(rows, DEVICES)
    batch = best(lambda: decide_batch(compiled, register, NOW))
    used = [part for name in compiled.names for part in register[name]]
    reading = best(lambda: read_once(used))
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "clauses": len(compiled.policy.clauses),
        "requests": REQUESTS,
        "disagreements": different,
        "fail_open": fail_open(compiled, rows),
        "p50_us": round(p50, 2),
        "p99_us": round(p99, 2),
        "with_grace_p50_us": round(whole_p50, 2),
        "with_grace_p99_us": round(whole_p99, 2),
        "cedar_p50_us": round(cedar_p50, 1),
        "ratio_cedar": round(cedar_p50 / p50, 1),
        "batch_devices": DEVICES,
        "batch_cells": len(CELLS),
        "batch_bytes": sum(part.nbytes for part in used),
        "batch_s": round(batch, 4),
        "batch_memory_read_s": round(reading, 4),
        "batch_ratio_limit": round(batch / reading, 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    found = measure()
    if parser.parse_args().json:
        print(json.dumps(found))
        return
    wanted = {"disagreements": "0", "fail_open": "0", "ratio_cedar": "at least 80", "batch_ratio_limit": "at most 30"}
    for name, value in found.items():
        print(f"{name:22} {value!s:>40}  {wanted.get(name, '')}".rstrip())


if __name__ == "__main__":
    sys.exit(main())
