"""Somebody who joins, as the program itself is told of them."""

import datetime as dt
from typing import NamedTuple


class Recruit(NamedTuple):
    """One member of staff to be; dates and employment as a membership keeps them."""

    name: str
    email: str
    role: str
    clinical: bool
    job: str
    team: str
    number: str
    employment: str = "active"
    away_from: dt.date | None = None
    leaves_on: dt.date | None = None
