"""Work of people that nobody waits for: the outbox, and who is reminded of an invitation."""

import datetime as dt
import smtplib
from collections.abc import Iterator

from django.conf import settings
from django.core.mail import EmailMessage

from fobwatch.kernel.actor import Actor
from fobwatch.people.actions import letters, reminders
from fobwatch.people.models import Invitation, Letter, Organisation, Reminder
from fobwatch.people.rules.reminders import INVITED, Kind, Wanting

AT_A_TIME = 100


def remind(now: dt.datetime) -> int:
    """Remind those who have not used their first link, and return how many."""
    by = Actor.system("reminders")
    turns = Reminder.turns(_pending, now=now)
    return sum(reminders.remind(organisation=o, kind=k, wanting=w, by=by, now=now).letters for o, k, w in turns)


def _pending(organisation: Organisation, now: dt.datetime) -> Iterator[tuple[Kind, list[Wanting]]]:
    """Whose first link is still open. A link for a lost phone ends within a day, sooner than a reminder would help."""
    rows = Invitation.unused(organisation, now=now)
    yield (
        INVITED,
        [
            Wanting(one.membership_id, f"invitation:{one.pk}", one.approved_at or one.created_at, one.expires_at)
            for one in rows
        ],
    )


def send_letters(now: dt.datetime) -> int:
    """Send the e-mails whose turn it is, and return how many went. One that fails is tried again later.

    In the demo nothing is sent: the letters stay for the page that shows them.
    """
    if settings.FOBWATCH_DEMO:
        return 0
    by, gone = Actor.system("letters"), 0
    for letter in Letter.to_send(now)[:AT_A_TIME]:
        if not letters.claim(letter=letter, by=by, now=now):
            continue
        try:
            EmailMessage(letter.subject, letter.body, to=[letter.to]).send()
        except (OSError, smtplib.SMTPException, ValueError) as problem:
            # The kind only: a mail server's own words may hold the address.
            letters.failed(letter=letter, failure=type(problem).__name__, by=by, now=now)
        else:
            letters.sent(letter=letter, by=by, now=now)
            gone += 1
    return gone
