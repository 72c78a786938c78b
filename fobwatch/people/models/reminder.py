"""Which reminders were sent, so that each goes once, then spaced, and ends."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.db import models

from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.privacy import Kept
from fobwatch.people.models.invitation import Letter
from fobwatch.people.models.organisation import Membership, Organisation
from fobwatch.people.rules.reminders import Kind, Wanting, daytime, due

Pending = Callable[[Organisation, dt.datetime], Iterable[tuple[Kind, list[Wanting]]]]


class Next(NamedTuple):
    """A reminder that is due: for whom, at which address, and its number, from 1."""

    wanting: Wanting
    to: str
    number: int


class Reminder(Tenanted):
    """One reminder to one member, counted by kind and by what it is about, so that no two workers write the same.

    what, text, why: as the e-mail said it, for the person's own page. seen_with: the permission with which colleagues
    see that it was sent.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=80)
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    what = models.CharField(max_length=80)
    text = models.TextField()
    why = models.CharField(max_length=240)
    seen_with = models.CharField(max_length=32)
    letter = models.ForeignKey(Letter, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "kind", "about", "number"], name="reminded_once_each")
        ]
        indexes = [models.Index(fields=["organisation", "kind"], name="reminders_of_a_kind")]

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="so that nobody is reminded too often, two years, unverified", days=730, after="at")
        none = "id organisation kind about number at what text why seen_with letter"
        staff = "membership"

    def __str__(self) -> str:
        return f"reminder {self.pk}"

    @property
    def went(self) -> str:
        """What became of the e-mail, in words. The e-mail itself is forgotten after 30 days."""
        if self.letter is None or self.letter.sent_at:
            return "Sent"
        return "On its way" if self.letter.body else "Could not be sent"

    @classmethod
    def of(cls, membership: Membership) -> "models.QuerySet[Reminder]":
        """The reminders that this member got here, newest first."""
        rows = cls.within(membership.organisation).filter(membership=membership)
        return rows.select_related("letter").order_by("-at", "kind", "pk")

    @classmethod
    def seen_by(cls, viewer: frozenset[Permission], membership: Membership) -> "models.QuerySet[Reminder]":
        """Those that a colleague with these permissions may see."""
        return cls.of(membership).filter(seen_with__in=[one.value for one in viewer])

    @classmethod
    def due(cls, organisation: Organisation, kind: Kind, wanting: Iterable[Wanting], now: dt.datetime) -> list[Next]:
        """Those of `wanting` whose next reminder is due, and who work here today: never those away or gone.

        Who is no member of this organisation is left out, whatever a job says.
        """
        told: dict[tuple[str, str], tuple[int, dt.datetime]] = {}
        rows = cls.within(organisation).filter(kind=kind.key).order_by("number")
        for member, about, number, at in rows.values_list("membership", "about", "number", "at"):
            told[member, about] = (number, at)
        found = {}
        for one in wanting:
            sent, last = told.get((one.member_id, one.about), (0, None))
            if due(kind, since=one.since, sent=sent, last=last, now=now):
                found[one.member_id, one.about] = (one, sent + 1)
        if not found:
            return []
        staff = Membership.within(organisation).filter(Membership.at_work(now.date()))
        emails = dict(staff.values_list("pk", "person__email"))
        return [Next(one, emails[one.member_id], n) for one, n in found.values() if one.member_id in emails]

    @classmethod
    def turns(cls, pending: Pending, *, now: dt.datetime) -> Iterator[tuple[Organisation, Kind, list[Wanting]]]:
        """For a job: each organisation and kind with somebody to remind now; none outside the working day.

        pending: tells for an organisation, kind by kind, for whom something waits.
        """
        if not daytime(now):
            return
        for organisation in Organisation.everybody():
            for kind, wanting in pending(organisation, now):
                if cls.due(organisation, kind, wanting, now):
                    yield organisation, kind, wanting
