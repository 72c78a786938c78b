"""The words of our e-mails, and when one that could not be sent is tried again."""

import datetime as dt
from dataclasses import dataclass

# After these waits we stop: by then a link of 24 hours is of no use to anybody.
WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))


@dataclass(frozen=True, slots=True)
class Words:
    """The subject and the body of an e-mail. No name in the subject: a lock screen shows it."""

    subject: str
    body: str


def signed(organisation: str, help_line: str, *parts: str) -> str:
    """The body of an e-mail: a greeting, the parts, whom to ask, and who it is from."""
    return "\n\n".join(["Hello", *parts, f"Questions? {help_line}" if help_line else "", organisation]).replace(
        "\n\n\n\n", "\n\n"
    )


def join_words(*, organisation: str, address: str, until: str, help_line: str) -> Words:
    """The first link: how to sign in for the first time."""
    return Words(
        "Use your own phone for work: your first sign-in",
        signed(
            organisation,
            help_line,
            f"{organisation} lets you use your own phone or laptop for some of your work. It is your choice.",
            "Open this link on your phone. It works once, and it takes about two minutes:",
            address,
            f"The link works until {until}. There is no password: your phone's screen lock is the key.",
            "Nobody will ever ask you to send this link to them. If you did not expect it, tell your IT team.",
        ),
    )


def recover_words(*, organisation: str, address: str, until: str, help_line: str) -> Words:
    """A new link after a lost phone."""
    return Words(
        "Your new sign-in link",
        signed(
            organisation,
            help_line,
            f"Somebody in your organisation asked us to send you a new sign-in link for {organisation}.",
            "Open it on the phone or laptop you want to sign in with. It works once:",
            address,
            f"The link works until {until}. When you use it, you are signed out everywhere else.",
            "If you did not ask for it, don't use it, and call your IT team now.",
        ),
    )


def added_words(*, organisation: str, address: str, help_line: str) -> Words:
    """For somebody who has a passkey already, from another organisation: no link is needed."""
    return Words(
        "You can sign in to another organisation",
        signed(
            organisation,
            help_line,
            f"{organisation} has added you. Sign in with the passkey you already have:",
            address,
            "If you did not expect this, tell your IT team.",
        ),
    )


def next_try(attempts: int, now: dt.datetime) -> dt.datetime | None:
    """When a letter that failed `attempts` times is tried again; None when we stop."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) else None
