"""What would change: a synthetic national fleet under two versions, and a step of the slider at 20,000 devices.

    python -m bench.simulate [--devices 1500000] [--register 20000] [--json]

`seconds` is every device decided under both versions, 25 cells each, and each loss with the clauses to blame.
`picture_s` is all that the page says: that, and time of grace, people instead of devices, who can mend it, by make,
staff group and area, and the facts that are not known. `ratio_limit` is `seconds` ÷ reading each column that the two
versions look at once, in the same run. `peak_mib` is the largest memory of that process, the picture included.
`step_ms` is one step of the slider without the
page: the policy with another value read, checked and compiled, and the picture counted, over a register that is loaded
already. `page_step_ms` is the same through all of Django: sign-in, log, database, template. Each time is the median,
over values that were not tried before; the fleet is synthetic and every share in it is made up.
"""

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fobwatch.config.settings.test")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.decisions import best, read_once  # noqa: E402
from fobwatch.access.models.whatif import load  # noqa: E402
from fobwatch.access.rules.fleet import fleet  # noqa: E402
from fobwatch.access.rules.picture import picture  # noqa: E402
from fobwatch.access.rules.slider import tried  # noqa: E402
from fobwatch.access.rules.whatif import Register, effect, standing_under  # noqa: E402
from fobwatch.devices.models import Device, Registration  # noqa: E402
from fobwatch.kernel.clock import epoch, now  # noqa: E402
from fobwatch.learning.models import Understanding  # noqa: E402
from fobwatch.learning.rules.bank import START  # noqa: E402
from fobwatch.people.models import Membership, Organisation, Person  # noqa: E402
from fobwatch.policy.models import Version, template  # noqa: E402
from fobwatch.policy.rules.batch import blame, stand  # noqa: E402
from fobwatch.policy.rules.clause import with_params  # noqa: E402
from fobwatch.policy.rules.compile import Compiled, compile_policy  # noqa: E402
from fobwatch.policy.rules.row import NAMES  # noqa: E402
from fobwatch.policy.rules.vocabulary import CELLS  # noqa: E402
from tests import cast  # noqa: E402
from tests.access import policy as made_up  # noqa: E402

NOW = 1_800_000_000
STEPS = 15
CHANGE = {"min_ios": "26.0", "min_android": "15", "auto_lock_minutes": 2, "record_groups": []}


def peak_mib() -> float:
    """The largest memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def two_versions(old: Compiled, new: Compiled, register: Register) -> object:
    """Both versions decided, and each loss of a device with its clauses: no people, no grace, no remedies."""
    before, after = (stand(one, register.columns, NOW) for one in (old, new))
    return blame(old, new, before.bits, after.bits, before.cells & ~after.cells)


def nationally(devices: int) -> dict[str, Any]:
    """The fleet under two versions."""
    old, new = compile_policy(template()), compile_policy(with_params(template(), CHANGE))
    register = fleet(devices, NOW)
    before = peak_mib()
    used = [register.columns[name] for name in sorted({*old.names, *new.names}, key=NAMES.index)]
    parts = {id(part): part for one in used for part in one[:3] if part.strides[0]}
    whole = {key: part[: len(part) // 8 * 8] for key, part in parts.items()}
    reading = best(lambda: read_once(list(whole.values())), 5)
    seconds = best(lambda: two_versions(old, new, register))
    whole_picture = best(lambda: picture(effect(standing_under(old, register, NOW), new)))
    shown = picture(effect(standing_under(old, register, NOW), new))
    return {
        "devices": devices, "cells": len(CELLS), "clauses": len(old.policy.clauses), "people": shown.people,
        "lose": shown.lose, "mend": shown.mend, "seconds": round(seconds, 3), "picture_s": round(whole_picture, 3),
        "one_version_s": round(best(lambda: stand(new, register.columns, NOW)), 3),
        "read_s": round(reading, 4), "columns_mib": round(sum(one.nbytes for one in whole.values()) / 2**20, 1),
        "ratio_limit": round(seconds / reading, 1), "fleet_mib": round(before, 1), "peak_mib": round(peak_mib(), 1),
    }  # fmt: skip


def seed(devices: int) -> tuple[Organisation, Client]:
    """A hospital with a register, a policy in force and a draft; and its author's browser."""
    dice, moment = random.Random(2026), now()
    at, hospital = epoch(moment), cast.organisation("Bench Hospitals")
    version = made_up.publish_template(hospital)
    author = cast.member(hospital, "Imran Qureshi", "ig_lead")
    people = [Person(name=f"Person {n}", email=f"p{n}@bench.example", created_at=moment) for n in range(devices)]
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
        seen = at - dice.randrange(40 * made_up.DAY)
        changes = {"os_version": dice.choice(("16.4", "17.6", "18.2", "18.6", "26.0", "26.1"))}
        changes |= {name: None for name in ("encrypted", "unaltered") if dice.random() < 0.05}
        rows.append(
            Registration(
                organisation=hospital, device=phone, membership=member, state="active", state_at=moment,
                platform="ios", ownership=dice.choice(["personal", "personal", "issued"]), created_at=moment,
                last_seen=seen, facts=made_up.text(made_up.evidence(seen, dict(changes))),
            )
        )  # fmt: skip
    trained = [
        Understanding(
            organisation=hospital, membership=one, module=START, at=moment, until_epoch=at + 300 * made_up.DAY,
            version=version,
        )
        for one in members
    ]  # fmt: skip
    for model, made in (
        (Person, people), (Membership, members), (Device, phones), (Registration, rows), (Understanding, trained)
    ):  # fmt: skip
        model.objects.bulk_create(made, batch_size=2_000)  # type: ignore[attr-defined]
    client = Client()
    client.cookies[settings.SESSION_COOKIE] = cast.sign_in(author).token
    return hospital, client


def median(work: Callable[[str], object], values: list[str]) -> float:
    """The median milliseconds over values of which the first only warms up."""
    work(values[0])
    times = []
    for value in values[1:]:
        began = time.perf_counter()
        work(value)
        times.append((time.perf_counter() - began) * 1000)
    return round(sorted(times)[len(times) // 2], 1)


def slider(devices: int) -> dict[str, Any]:
    """One step of the slider, without the page and with it, in a scratch database."""
    call_command("migrate", verbosity=0)
    hospital, client = seed(devices)
    version = Version.in_force(hospital)
    began = time.perf_counter()
    here = load(hospital, version, now())
    loading = time.perf_counter() - began
    values = [f"{16 + number}.{number % 7}" for number in range(STEPS)]

    def page(value: str) -> Any:
        answer = client.get(f"/access/what-if/picture?param=min_ios&value={value}")
        assert answer.status_code == 200, answer.status_code
        return answer

    step = median(lambda value: picture(here.effect(compile_policy(tried(template(), "min_ios", value)))), values)
    whole = median(page, values)
    with CaptureQueriesContext(connection) as asked:
        page("19.5")
    return {
        "register": devices, "step_ms": step, "page_step_ms": whole, "page_queries": len(asked),
        "page_bytes": len(page("19.5").content), "load_s": round(loading, 2),
    }  # fmt: skip


def child(part: str, size: int) -> dict[str, Any]:
    """Measure one part in a process of its own, with a database of its own that is thrown away."""
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "static").mkdir()
        env = os.environ | {
            "FOBWATCH_VAR": place, "DATABASE_URL": f"sqlite:///{place}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "fobwatch.config.settings.test",
        }  # fmt: skip
        command = [sys.executable, "-m", "bench.simulate", "--part", part, "--devices", str(size)]
        done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options.add_argument("--devices", type=int, default=1_500_000)
    options.add_argument("--register", type=int, default=20_000)
    options.add_argument("--part", choices=["fleet", "slider"], help="measure this part in this process")
    given = options.parse_args()
    if given.part:
        print(json.dumps((nationally if given.part == "fleet" else slider)(given.devices)))
        return
    found = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        **child("fleet", given.devices), **child("slider", given.register),
    }  # fmt: skip
    if given.json:
        print(json.dumps(found))
        return
    wanted = {"step_ms": "at most 100", "page_step_ms": "at most 100"}
    for name, value in found.items():
        print(f"{name:16} {value!s:>40}  {wanted.get(name, '')}".rstrip())


if __name__ == "__main__":
    main()
