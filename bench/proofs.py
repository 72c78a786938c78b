"""Proofs: how long the library takes on the shipped template, and does it find every fault that is planted in it?

`python -m bench.proofs` prints a table, `--json` one object as the last line. Times are wall clock of one thread on the
machine it names, the median of five runs. The peer is what one would do without a solver: draw devices at random and
decide them with the batch engine, for as long as all proofs take together, once for each fault. Sampling is asked only
for faults that one device can show (`sampling_asked`): what holds for all, or for pairs, no sample can show. It draws
in two ways: like a register (nearly all in order), and every value alike. A fault counts where either way shows it.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from typing import Any

import numpy as np

from fobwatch.policy.rules.batch import Column, decide_batch
from fobwatch.policy.rules.clause import parse, with_params
from fobwatch.policy.rules.compile import CELL_BIT, compile_policy
from fobwatch.policy.rules.form import Policy
from fobwatch.policy.rules.proofs import Status, check_policy, compare
from fobwatch.policy.rules.proofs.library import LIBRARY, prove
from fobwatch.policy.rules.proofs.never import MAKES_ENCRYPT, NEVER
from fobwatch.policy.rules.proofs.world import NOW
from fobwatch.policy.rules.row import FOREVER
from fobwatch.policy.rules.vocabulary import BY_NAME, FACTS, About, Kind
from tests.policy.rules.proofs.planted import PLANTED, planted, template

ROWS, RUNS, SECONDS, FAULTY = 65_536, 5, 120.0, 0.02
_VERSIONS = np.array([10, 12, 13, 14, 15, 16, 17, 18, 26, 144, 150]) * 1_000_000
_USUAL = {"ownership": "personal", "device_state": "active", "employment": "active", "role": "staff"}

Columns = dict[str, Column]


def sample(dice: np.random.Generator, *, faulty: float) -> Columns:
    """Devices and people at random. faulty: the share of facts that are not as they should be; 1 draws all alike."""
    columns = {}
    for fact in FACTS:
        bad = dice.random(ROWS) < faulty
        value = np.where(bad, _any(fact, dice), _good(fact, dice))
        grades = np.array([0, *map(int, fact.grades)])
        grade = np.where(bad, grades[dice.integers(0, len(grades), ROWS)], int(fact.grades[0]))
        columns[fact.name] = Column(value, grade, np.full(ROWS, FOREVER))
    outside = columns["device_state"].value == BY_NAME["device_state"].choices.index("none")
    for fact in FACTS:
        if fact.about is About.DEVICE:
            columns[fact.name].grade[outside] = 0
    owner = columns["ownership"].value
    owner[outside] = BY_NAME["ownership"].choices.index("shared")
    owner[~outside & (owner == BY_NAME["ownership"].choices.index("shared"))] = 0
    return columns


def _good(fact: Any, dice: np.random.Generator) -> Any:
    if fact.kind is Kind.CHOICE:
        if fact.name in _USUAL:
            return np.full(ROWS, fact.choices.index(_USUAL[fact.name]))
        return dice.integers(0, len(fact.choices), ROWS)
    return {
        Kind.BOOL: np.ones(ROWS, np.int64), Kind.INT: np.full(ROWS, 2), Kind.SINCE: np.full(ROWS, NOW - 60),
        Kind.UNTIL: np.full(ROWS, NOW + 90 * 86_400), Kind.VERSION: np.full(ROWS, 150_000_000),
    }[fact.kind]  # fmt: skip


def _any(fact: Any, dice: np.random.Generator) -> Any:
    if fact.kind is Kind.CHOICE:
        return dice.integers(0, len(fact.choices), ROWS)
    days = dice.integers(-90, 90, ROWS) * 86_400
    return {
        Kind.BOOL: dice.integers(0, 2, ROWS), Kind.INT: dice.integers(0, 30, ROWS), Kind.SINCE: NOW - np.abs(days),
        Kind.UNTIL: NOW + days, Kind.VERSION: dice.choice(_VERSIONS, ROWS),
    }[fact.kind]  # fmt: skip


def _is(columns: Columns, name: str, *choices: str, least: int = 1) -> Any:
    fact, (value, grade, *_) = BY_NAME[name], columns[name]
    wanted = [fact.choices.index(one) for one in choices] if fact.choices else [1]
    return (grade >= least) & np.isin(value, wanted)


def who(key: str, columns: Columns) -> Any:
    """Of whom a claim of `never` says that they may not, over columns."""
    lock = _is(columns, "screen_lock", least=2)
    own = _is(columns, "ownership", "personal", "issued")
    make = _is(columns, "platform", *MAKES_ENCRYPT)
    return {
        "files-unencrypted": ~(_is(columns, "encrypted") | (make & lock)),
        "records-passkey": ~_is(columns, "passkey_verified"),
        "lost-device": ~_is(columns, "device_state", "active", "enrolling", "none"),
        "unregistered-device": ~(_is(columns, "device_state", "active") | _is(columns, "ownership", "shared")),
        "left": ~_is(columns, "employment", "active", "away", "leaving"),
        "word-for-lock": own & ~lock,
        "altered-device": _is(columns, "ownership", "personal") & make & ~_is(columns, "unaltered"),
    }[key]


def sampled(policy: Policy, key: str, seconds: float, seed: int) -> tuple[bool, int]:
    """Whether sampling shows the fault in this time, and how many rows it looked at."""
    compiled, dice, rows = compile_policy(policy), np.random.default_rng(seed), 0
    cells = next(sum(CELL_BIT[cell] for cell in one.cells) for one in NEVER if one.claim.key == key)
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        for faulty in (FAULTY, 1.0):
            columns = sample(dice, faulty=faulty)
            rows += ROWS
            if bool((who(key, columns) & (decide_batch(compiled, columns, NOW) & cells != 0)).any()):
                return True, rows
    return False, rows


def found(name: str) -> tuple[bool, float]:
    """Whether the claim that a planted fault breaks is broken, and how long that took."""
    policy, key = planted(name)
    wanted = [(claim, proof) for claim, proof in LIBRARY if claim.key == key.split(":")[0]]
    begun = time.perf_counter()
    findings = prove(policy, wanted, (), SECONDS, time.perf_counter)
    took = time.perf_counter() - begun
    return any(one.key == key and one.status is Status.BROKEN for one in findings), took


def timed(work: Any) -> float:
    """The median of some runs, in seconds."""
    taken = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def measure() -> dict[str, Any]:
    """Everything, as one object."""
    policy = parse(template())
    stricter = with_params(policy, {"min_ios": "26.0", "grace_days": 3})
    findings = check_policy(policy, seconds=SECONDS)
    seconds = timed(lambda: check_policy(policy, seconds=SECONDS))
    results = [found(name) for name in PLANTED]
    keys = {one.claim.key for one in NEVER}
    asked = [name for name in PLANTED if PLANTED[name][1] in keys]
    begun = time.perf_counter()
    sampling = [sampled(*planted(name), seconds, seed) for seed, name in enumerate(asked)]
    sampling_s = time.perf_counter() - begun
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "clauses": len(policy.clauses),
        "claims": len(LIBRARY),
        "not_proved": [one.key for one in findings if one.status is not Status.PROVED],
        "seconds": round(seconds, 2),
        "nowhere_more_permissive_s": round(timed(lambda: compare(policy, stricter, seconds=SECONDS)), 3),
        "planted": len(PLANTED),
        "found": sum(right for right, _ in results),
        "slowest_fault_s": round(max(took for _, took in results), 2),
        "sampling_asked": len(asked),
        "sampling_found": sum(right for right, _ in sampling),
        "solver_found_of_these": sum(right for name, (right, _) in zip(PLANTED, results, strict=True) if name in asked),
        "sampling_seconds_each": round(seconds, 2),
        "sampling_rows_per_s": int(sum(rows for _, rows in sampling) / sampling_s),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    measured = measure()
    if parser.parse_args().json:
        print(json.dumps(measured))
        return
    wanted = {"seconds": "at most 10", "found": f"{measured['planted']}", "not_proved": "repeats:report-loss alone"}
    for name, value in measured.items():
        print(f"{name:28} {value!s:>40}  {wanted.get(name, '')}".rstrip())


if __name__ == "__main__":
    sys.exit(main())
