"""What the tests of access need: a policy in force, devices with evidence, and facts that satisfy the sample."""

import datetime as dt
import functools
import json
from pathlib import Path

from fobwatch.devices.models import Device, Registration
from fobwatch.kernel.clock import epoch, now
from fobwatch.learning.models import Understanding
from fobwatch.learning.rules.bank import START
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Acknowledgement, Version, template
from fobwatch.policy.rules.clause import Policy, canonical, digest, load_toml, with_params
from fobwatch.policy.rules.row import Held, held
from fobwatch.policy.rules.vocabulary import FACTS, About, Grade

SAMPLE = Path(__file__).parents[1] / "policy" / "sample.toml"
DAY = 86_400
GOOD: dict[str, bool | int | str] = {
    "platform": "ios", "os_version": "18.2", "screen_lock": True, "auto_lock_minutes": 2, "encrypted": True,
    "unaltered": True, "antivirus": True, "non_admin": True, "not_shared": True, "notifications_hidden": True,
    "contacts_reviewed": True, "remote_wipe_on": True, "browser_key": True,
}  # fmt: skip
BEST = {fact.name: fact.grades[0] for fact in FACTS}


@functools.cache
def sample() -> Policy:
    return load_toml(SAMPLE.read_text())


def publish_template(organisation: Organisation) -> Version:
    """The national template in force since a month: unlike the sample, it opens something on a shared computer."""
    return _published(organisation, template())


def publish(organisation: Organisation, **params: object) -> Version:
    """A version in force since a month; the one before is replaced."""
    return _published(organisation, with_params(sample(), params) if params else sample())


def _published(organisation: Organisation, policy: Policy) -> Version:
    moment = now() - dt.timedelta(days=30)
    before = Version.within(organisation)
    before.filter(state="published").update(state="superseded")
    return Version.objects.create(
        organisation=organisation, number=before.count() + 1, state="published", content=canonical(policy).decode(),
        hash=digest(policy), template_version=policy.template_version, created_at=moment, published_at=moment,
        effective_epoch=epoch(moment),
    )  # fmt: skip


def evidence(at: int, changes: dict[str, object | None] | None = None, **life: int) -> dict[str, Held]:
    """Good evidence, observed at `at`; a change to None leaves a fact out."""
    told = {**GOOD, "os_fixes": at + 300 * DAY, "checked_in": at, **(changes or {})}
    expires = at + life.get("days", 30) * DAY
    return {
        name: value if isinstance(value, Held) else held(name, value, BEST[name], at, expires)
        for name, value in told.items()
        if value is not None
    }


def text(facts: dict[str, Held]) -> str:
    return json.dumps({name: list(one) for name, one in facts.items()})


def registered(
    member: Membership, *, changes: dict[str, object | None] | None = None, observed: int | None = None, **more: object
) -> Registration:
    """An active, personal phone of a member whose evidence satisfies the sample, but for the changes."""
    moment = now()
    device = Device.objects.create(person=member.person, label=str(more.pop("label", "iPhone")), created_at=moment)
    at = epoch(moment) if observed is None else observed
    fields: dict[str, object] = {
        "ownership": "personal", "state": "active", "state_at": moment, "created_at": moment, "last_seen": at,
        "platform": "ios", "facts": text(evidence(at, changes)),
    }  # fmt: skip
    return Registration.objects.create(
        organisation=member.organisation, device=device, membership=member, **{**fields, **more}
    )


def confirm(member: Membership, version: Version) -> Acknowledgement:
    return Acknowledgement.objects.create(
        organisation=member.organisation, membership=member, version=version, hash=version.hash,
        receipt=f"R-{member.pk[:12]}", at=now(),
    )  # fmt: skip


def understood(member: Membership, until: dt.datetime) -> Understanding:
    """The member passed the training, and it counts to that moment."""
    return Understanding.objects.create(
        organisation=member.organisation, membership=member, module=START, at=now(), until_epoch=epoch(until),
        version=Version.in_force(member.organisation),
    )  # fmt: skip


def declared(name: str, value: bool | int | str, at: int) -> Held:
    return held(name, value, Grade.DECLARED, at, at + 90 * DAY)


DEVICE_FACTS = tuple(fact.name for fact in FACTS if fact.about is About.DEVICE)
