"""E-mails are put in the outbox here; `people.jobs` carries them to the server."""

import datetime as dt

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.people.models import Letter, Organisation
from fobwatch.people.rules.letters import Words, next_try


@action("letter.queued", about="result")
def queue(*, organisation: Organisation, to: str, words: Words, by: Actor, now: dt.datetime) -> Letter:
    """Write an e-mail that is to be sent."""
    return Letter.objects.create(
        organisation=organisation, to=to, subject=words.subject, body=words.body, created_at=now, next_at=now
    )


@action("letter.tried", about="letter", details=("result",))
def claim(*, letter: Letter, by: Actor, now: dt.datetime) -> bool:
    """Try to send an e-mail. False where another worker has it. A worker that dies leaves it for the next try.

    A letter is taken before it is sent, so a crash can send it twice, and never lose it.
    """
    attempts = letter.attempts + 1
    later = next_try(attempts, now) or now
    taken = Letter.objects.filter(pk=letter.pk, sent_at=None, next_at=letter.next_at, attempts=letter.attempts)
    if not taken.update(attempts=attempts, next_at=later):
        return False
    letter.attempts, letter.next_at = attempts, later
    return True


@action("letter.sent", about="letter")
def sent(*, letter: Letter, by: Actor, now: dt.datetime) -> Letter:
    """Hand an e-mail to the mail server, and delete its text here. It may hold a one-time link."""
    letter.sent_at, letter.body, letter.failure = now, "", ""
    letter.save(update_fields=["sent_at", "body", "failure"])
    return letter


@action("letter.failed", about="letter", details=("failure",))
def failed(*, letter: Letter, failure: str, by: Actor, now: dt.datetime) -> Letter:
    """Note why an e-mail was not sent. After the last try it is emptied and stays, so that somebody can see it."""
    letter.failure = failure[:80]
    if next_try(letter.attempts, now) is None:
        letter.body = ""
    letter.save(update_fields=["failure", "body"])
    return letter
