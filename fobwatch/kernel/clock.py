"""The one place where the time is read; everything else is given `now`."""

import datetime as dt


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def epoch(moment: dt.datetime) -> int:
    """Whole seconds since 1970 of an aware moment: the form in which both databases answer alike."""
    return int(moment.timestamp())


def moment(seconds: int) -> dt.datetime:
    """The aware UTC moment of whole seconds since 1970."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
