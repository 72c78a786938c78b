"""The training of the demo: most have passed, over the first weeks, and some rules are harder than others."""

import datetime as dt
import random
from collections.abc import Collection, Sequence

from fobwatch.kernel.actor import Actor
from fobwatch.learning.actions.demo import make_demo_attempt
from fobwatch.learning.models import shipped_modules
from fobwatch.learning.rules.bank import START
from fobwatch.people.models import Membership
from fobwatch.policy.models import Version

# Of a hundred, how many get the questions of a rule wrong.
HARD = {"fresh-passkey": 55, "requests": 30}
WEEKS = 7


def train(
    members: Sequence[Membership], always: Collection[str], moment: dt.datetime, *, since: int, by: Actor
) -> None:
    """Five of six have done "The basics", and everybody whose name is in `always`.

    since: how many days ago the policy was published.
    """
    dice = random.Random(711)  # noqa: S311  a fixed demo, no secret
    module = shipped_modules()[START]
    for place, member in enumerate(members):
        version = Version.in_force(member.organisation)
        if version is None or (place % 6 == 3 and member.person.name not in always):
            continue
        draw = dice.randrange(100)
        hard = [clause for clause, share in HARD.items() if draw < share][:1]
        days = WEEKS * 7 * place // len(members)
        then = moment - dt.timedelta(days=since - days) + dt.timedelta(minutes=place)
        make_demo_attempt(membership=member, version=version, module=module, seed=place, hard=hard, by=by, now=then)
