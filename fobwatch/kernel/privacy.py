"""What each stored field says about a person, whose it is, and how long it is kept.

Every model carries an inner `class Privacy`; `tests/test_house.py` fails when a field is left out, and
`fobwatch purge` deletes by `kept`.

    class Privacy:
        whose = "member of staff"
        kept = Kept(days=365, after="ended_at", because="…")
        none = "id state created_at"
        staff = "name email"
        secret = "token_hash"
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a field may reveal: nothing about a person, staff data, patient identity, clinical content, a secret."""

    NONE = "none"
    STAFF = "staff"
    PATIENT = "patient"
    CLINICAL = "clinical"
    SECRET = "secret"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Kept:
    """How long a row is kept: `days` after the moment in field `after`; without `after`, as long as its parent.

    `because` names the reason, and says "unverified" where no source was read. only: a field and the values with which
    the time runs; with another value the row is in use, and stays. unless: relations from which other rows lean on this
    one; it stays as long as one does. With `unless` and no `after` it goes as soon as none does.
    """

    because: str
    days: int | None = None
    after: str | None = None
    only: tuple[str, tuple[str, ...]] | None = None
    unless: tuple[str, ...] = ()
