"""policy simulate: what a change of the policy would do to a synthetic national fleet, with the time it took."""

import dataclasses
import time
from typing import Any

import typer

from fobwatch.access.rules.fleet import SEED, SYNTHETIC, fleet
from fobwatch.access.rules.picture import Picture, picture
from fobwatch.access.rules.slider import adjustable, tried
from fobwatch.access.rules.whatif import effect, standing_under
from fobwatch.access.rules.whatif_words import details, headline
from fobwatch.kernel.clock import epoch, now
from fobwatch.policy.rules.clause import PolicyErrors
from fobwatch.policy.rules.compile import compile_policy
from fobwatch.policy.rules.form import Policy
from fobwatch.web.commands.policy import Which, _policy
from fobwatch.web.commands.printing import Json, give_up, say

MOST = 5_000_000
Fleet = typer.Option(1_500_000, "--fleet", help="How many devices to make up.")
TRY = "min_ios=26.0"
Set = typer.Option(
    [TRY], "--set", help=f"A detail with its new value, for example {TRY}. Can be given several times."
)  # fmt: skip


def simulate(
    devices: int = Fleet, values: list[str] = Set, organisation: str = Which,
    seed: int = typer.Option(SEED, help="Another number makes another fleet."), as_json: bool = Json,
) -> None:  # fmt: skip
    """Compare a policy with itself after a change, over a synthetic fleet of devices. Nothing is stored."""
    if not 1 <= devices <= MOST or seed < 0:
        give_up(f"Make up from 1 to {MOST:,} devices, from a seed of 0 or more.", as_json=as_json, code=2)
    before = _policy(organisation, as_json=as_json)
    after = _changed(before, values, as_json=as_json)
    if not as_json:
        typer.echo(f"Making up {devices:,} devices …", err=True)
    moment = epoch(now())
    begun = time.perf_counter()
    register = fleet(devices, moment, seed)
    made = time.perf_counter()
    old, new = compile_policy(before), compile_policy(after)
    shown = picture(effect(standing_under(old, register, moment), new))
    seconds = time.perf_counter() - made
    times = {"seconds_to_make_it": round(made - begun, 2), "seconds_to_compare": round(seconds, 2)}
    facts: dict[str, Any] = {
        "synthetic": SYNTHETIC, "seed": seed, "set": values, "headline": headline(shown, "This change"),
        "details": details(shown), **dataclasses.asdict(shown), **times,
    }  # fmt: skip
    say(_sentences(shown, values, times), as_json=as_json, **facts)


def _changed(policy: Policy, values: list[str], *, as_json: bool) -> Policy:
    known = [one.name for one in adjustable(policy)]
    for one in values:
        name, equals, value = one.partition("=")
        if not equals or name not in known:
            give_up(f"Say --set NAME=VALUE. NAME is one of: {', '.join(known)}.", as_json=as_json, code=2)
        try:
            policy = tried(policy, name, value)
        except PolicyErrors as wrong:
            give_up(f"{name}: {wrong.problems[0].sentence}", as_json=as_json, code=2)
    return policy


def _sentences(shown: Picture, values: list[str], times: dict[str, float]) -> str:
    lines = [SYNTHETIC, "", f"With {', '.join(values)}:", headline(shown, "This change"), *details(shown), ""]
    lines += [f"{'Kind of work':26}{'Now':>12}{'Then':>12}"]
    lines += [f"{one.label:26}{one.now:>12,}{one.then:>12,}" for one in shown.works]
    if shown.blame:
        lines += ["", f"{'What takes it away':58}{'People':>12}{'Can fix it':>12}"]
        lines += [f"{one.title[:56]:58}{one.people:>12,}{one.mend:>12,}" for one in shown.blame]
    lines += [
        "",
        f"{shown.devices:,} devices of {shown.people:,} people, made up in {times['seconds_to_make_it']} s.",
        f"Compared under two versions in {times['seconds_to_compare']} s.",
    ]
    return "\n".join(lines)
