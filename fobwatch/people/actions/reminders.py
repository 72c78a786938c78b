"""Reminders: one way to write them, for every app."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from fobwatch.audit.actions import action
from fobwatch.design.environment import day_words
from fobwatch.kernel.actor import Actor
from fobwatch.people.models import Letter, Organisation, Reminder
from fobwatch.people.rules.reminders import Kind, Sent, Wanting, sentence, words

AT_ONCE = 500


@action("reminders.sent", about="organisation", details=("result",))
def remind(*, organisation: Organisation, kind: Kind, wanting: Sequence[Wanting], by: Actor, now: dt.datetime) -> Sent:
    """Remind members by e-mail of what waits for them, where it is due.

    Who is reminded is asked again under one lock for each organisation, so of two workers at once the second finds
    nobody. One entry stands in the log for all of a kind: one for each would bury what people did; who they are is on
    the reminders.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    address = settings.ORIGIN + reverse(kind.page) if kind.page else ""
    letters, rows = [], []
    for one, to, number in Reminder.due(organisation, kind, wanting, now):
        text = sentence(kind, since=day_words(one.since), day=day_words(one.day))
        said = words(
            kind, text=text, organisation=organisation.name, address=address, number=number,
            help_line=organisation.help_line,
        )  # fmt: skip
        letter = Letter(
            organisation=organisation, to=to, subject=said.subject, body=said.body, created_at=now, next_at=now,
            daytime_only=True,
        )  # fmt: skip
        letters.append(letter)
        rows.append(Reminder(
            organisation=organisation, membership_id=one.member_id, kind=kind.key, about=one.about, number=number,
            at=now, what=kind.what, text=text, why=kind.why, seen_with=kind.seen_with.value, letter=letter,
        ))  # fmt: skip
    Letter.objects.bulk_create(letters, batch_size=AT_ONCE)
    Reminder.objects.bulk_create(rows, batch_size=AT_ONCE)
    return Sent(kind.key, len(rows))
