"""Work of policies that nobody waits for: an approved version takes effect at its moment, and who is reminded."""

import datetime as dt
import logging
from collections.abc import Iterator

from django.db import transaction

from fobwatch.kernel.actor import Actor
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import Refused
from fobwatch.people.actions import reminders
from fobwatch.people.models import Membership, Organisation, Reminder, SignIn
from fobwatch.people.rules.reminders import Kind, Wanting
from fobwatch.policy import actions
from fobwatch.policy.models import Acknowledgement, Version, hold
from fobwatch.policy.rules.reminders import confirm_by, to_confirm, to_review

log = logging.getLogger("fobwatch.policy")


def start_due(now: dt.datetime) -> int:
    """Put in force each approved version whose moment has come, and return how many.

    Each in its own transaction and looked at again under the organisation's lock: with two workers it happens once.
    One that cannot be enforced is logged, stays as it is, and does not stop the others.
    """
    started = 0
    for found in list(Version.due(now)):
        with transaction.atomic():
            hold(found.organisation)
            due = Version.due(now).filter(pk=found.pk).first()
            if due is None:
                continue
            try:
                with transaction.atomic():
                    actions.publish(
                        draft=due, shown=due.hash, change_note=due.change_note, material=due.material,
                        by=Actor.system("policy", due.organisation_id), now=now,
                    )  # fmt: skip
            except Refused:
                log.exception("An approved version could not be put in force at its time: %s", due.pk)
            else:
                started += 1
    return started


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
