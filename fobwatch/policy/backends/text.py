"""What a reader gives: the lines of a document, how many pages they came from, and what could not be read."""

from collections.abc import Callable
from dataclasses import dataclass, field

from fobwatch.policy.rules.review.lines import Line

MOST_BYTES = 50 * 2**20
MOST_INFLATED = 200 * 2**20
MOST_PAGES = 300
MOST_LINES = 60_000


class Unreadable(Exception):
    """A document that cannot be read. The text is a sentence for the person who chose it."""


@dataclass(slots=True)
class Text:
    """lines: what was read. pages: how many the document has; None where its form has none.

    unread: one sentence for each thing that was not read.
    """

    lines: list[Line]
    pages: int | None = None
    unread: list[str] = field(default_factory=list)


Reader = Callable[[bytes, str], Text]
