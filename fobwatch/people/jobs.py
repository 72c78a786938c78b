"""Work of people that nobody waits for: the outbox."""

import datetime as dt
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from fobwatch.kernel.actor import Actor
from fobwatch.people.actions import letters
from fobwatch.people.models import Letter

AT_A_TIME = 100


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
