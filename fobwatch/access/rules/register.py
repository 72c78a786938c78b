"""A register of devices is decided as if each person had just signed in on theirs."""

from fobwatch.policy.rules.row import EXPIRES_AT, FOREVER, GRADES_AT, INDEX, Row

_KEY = INDEX["browser_key"]


def as_if_signed_in(row: Row) -> Row:
    """The row with its browser's key counted as answering: it does so at every sign-in on that browser."""
    at = EXPIRES_AT + _KEY
    if not row[GRADES_AT + _KEY]:
        return row
    return (*row[:at], FOREVER, *row[at + 1 :])


def mark(last_seen: int, registration_id: str) -> str:
    """Where a page of the register ends, for the next one to begin after it."""
    return f"{last_seen}.{registration_id}"


def place(text: str) -> tuple[int, str] | None:
    """What `mark` wrote; None for anything else."""
    seen, dot, key = text.partition(".")
    if not dot or not seen.isascii() or not seen.isdigit() or len(seen) > 18 or not key.isalnum() or len(key) > 32:
        return None
    return int(seen), key
