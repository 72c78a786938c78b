"""Work of policies that nobody waits for: who is reminded to confirm one, and who to review it."""

import datetime as dt
from collections.abc import Iterator

from fobwatch.kernel.actor import Actor
from fobwatch.kernel.permission import Permission
from fobwatch.people.actions import reminders
from fobwatch.people.models import Membership, Organisation, Reminder, SignIn
from fobwatch.people.rules.reminders import Kind, Wanting
from fobwatch.policy.models import Acknowledgement, Version
from fobwatch.policy.rules.reminders import confirm_by, to_confirm, to_review


def remind(now: dt.datetime) -> int:
    """Remind those who have not confirmed the policy in force, and those who review it, and return how many."""
    by = Actor.system("reminders")
    turns = Reminder.turns(_pending, now=now)
    return sum(reminders.remind(organisation=o, kind=k, wanting=w, by=by, now=now).letters for o, k, w in turns)


def _pending(organisation: Organisation, now: dt.datetime) -> Iterator[tuple[Kind, list[Wanting]]]:
    version = Version.in_force(organisation)
    if version is None:
        return
    if found := to_confirm(version.policy, now):
        yield found[0], _unread(version, found[1])
    if (day := version.review_on) is not None:
        kind, since = to_review(day, now)
        holders = Membership.holders(organisation, Permission.WRITE_POLICY, day=now.date())
        about = f"version:{version.pk}"
        yield kind, [Wanting(member, about, since, day) for member in holders.values_list("pk", flat=True)]


def _unread(version: Version, since: dt.datetime) -> list[Wanting]:
    """Those who can sign in and have not confirmed it; who cannot sign in yet could not do it either.

    For who came later it begins when they came.
    """
    read = Acknowledgement.within(version.organisation).filter(version=version).values("membership")
    rows = Membership.within(version.organisation).filter(SignIn.able()).exclude(pk__in=read)
    end, about = confirm_by(version.policy), f"version:{version.pk}"
    return [Wanting(member, about, max(since, joined), end) for member, joined in rows.values_list("pk", "joined_at")]
