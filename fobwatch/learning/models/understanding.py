"""What members showed that they understand, and until when it counts: the evidence that decisions use (B08, B17)."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Max, OuterRef, Subquery

from fobwatch.kernel.clock import epoch
from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.learning.rules.bank import START
from fobwatch.learning.rules.figures import Counts, Standing, counts
from fobwatch.people.models import Membership, Organisation, SignIn
from fobwatch.policy.models import Version


class Understanding(Tenanted):
    """A member passed a module. Rows are never changed, only followed; marks and answers are not in them.

    until_epoch: the epoch second from which it no longer counts. The module "start" is what decisions ask for.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="understandings")
    module = models.CharField(max_length=24)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until_epoch = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["membership", "module", "until_epoch"], name="understood_until")]

    class Privacy:
        whose = "member of staff"
        kept = Kept(
            days=2192,
            after="until_epoch",
            because="proof that staff knew the risks, six years after it ended, unverified",
        )
        none = "id organisation version at"
        staff = "membership module until_epoch"

    def __str__(self) -> str:
        return f"understanding {self.pk}"

    @classmethod
    def mine(cls, membership: Membership) -> "models.QuerySet[Understanding]":
        """What this member showed that they understand, newest first."""
        return cls._default_manager.filter(membership=membership).order_by("-at", "-pk")

    @classmethod
    def until(cls, membership: Membership, module: str = START) -> int:
        """The epoch second to which a member's pass of a module counts; 0 where they never passed it."""
        rows = cls._default_manager.filter(membership=membership, module=module)
        return rows.aggregate(last=Max("until_epoch"))["last"] or 0

    @classmethod
    def newest(cls, membership: str, **known: Any) -> Subquery:
        """The same as a column of a statement whose `membership` column names the member; None without a pass."""
        rows = cls._default_manager.filter(membership=OuterRef(membership), module=START, **known)
        return Subquery(rows.order_by("-until_epoch").values("until_epoch")[:1])

    @classmethod
    def untils(cls, membership: Membership) -> dict[str, int]:
        """The same for every module that the member has passed."""
        rows = cls._default_manager.filter(membership=membership).order_by().values_list("module")
        return dict(rows.annotate(last=Max("until_epoch")))


def _newest(on: dt.datetime) -> Subquery:
    """The epoch second to which a membership's last pass of "start" counts, as known at a moment; None without one."""
    return Understanding.newest("pk", at__lte=on)


def standings(organisation: Organisation, on: dt.datetime) -> list[Standing]:
    """Where everybody who works here at a moment stands, without names."""
    rows = Membership.within(organisation).filter(Membership.employed(on.date()), joined_at__lte=on)
    return [Standing(*row) for row in rows.order_by().values_list("team", "clinical", _newest(on))]


def understood(organisation: Organisation, on: dt.datetime) -> Counts:
    """How many of those who work here understand the rules at a moment: for a DPIA, an audit or a board (B08).

    Counts only, nobody's name. `of` leaves out those who have left; those who are away are in it.
    """
    return counts(standings(organisation, on), epoch(on))


def progress(organisation: Organisation, now: dt.datetime, *, weeks: int = 12) -> dict[dt.date, Counts]:
    """The counts at the end of each of the last weeks and now, the oldest first; of those who work here now."""
    passes: dict[str, list[tuple[int, int]]] = {}
    rows = Understanding.within(organisation).filter(module=START).values_list("membership_id", "at", "until_epoch")
    for member, at, until in rows.iterator():
        passes.setdefault(member, []).append((epoch(at), until))
    members = list(Membership.within(organisation).filter(Membership.employed(now.date())).values_list("pk", flat=True))
    found = {}
    for back in range(weeks, -1, -1):
        moment = now - dt.timedelta(weeks=back)
        then = epoch(moment)
        held = (
            Standing("", False, max((until for at, until in passes.get(one, ()) if at <= then), default=None))
            for one in members
        )
        found[moment.date()] = counts(held, then)
    return found


def team_standings(manager: Membership, now: dt.datetime) -> list[tuple[Membership, int | None]]:
    """Those in a manager's team who work here, each with the epoch second to which their pass counts, by name."""
    rows = Membership.team_of(manager).filter(Membership.employed(now.date())).annotate(until=_newest(now))
    return [(one, one.until) for one in rows]


def to_train_in(organisation: Organisation, now: dt.datetime) -> list[tuple[str, dt.datetime, int | None]]:
    """Those who can sign in: membership, when they joined, and the epoch second to which their pass counts.

    Who cannot sign in yet could not do the training either.
    """
    rows = Membership.within(organisation).filter(SignIn.able(), Membership.employed(now.date()))
    return list(rows.order_by("pk").values_list("pk", "joined_at", _newest(now)))
