"""Other systems behind the gate, the cells that their addresses hold, and the sessions in front of them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Self

from django.db import models, transaction
from django.db.models import Q

from fobwatch.devices.models import Registration
from fobwatch.kernel.clock import epoch
from fobwatch.kernel.models import Base, Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.kernel.secrets import keyed_hash
from fobwatch.people.models import Membership, Organisation, Person, SignIn
from fobwatch.policy.models import Acknowledgement
from fobwatch.policy.rules.vocabulary import CELLS


class System(Tenanted):
    """Another system, by the host name under which staff reach it.

    port: only where it is not the usual one of the scheme; the gate goes by the name alone.
    when_down: the organisation's recorded choice of what the proxy does when Fobwatch does not answer.
    """

    WHEN_DOWN = [("closed", "Close the system"), ("open", "Leave it open, with a banner and a log")]

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="systems")
    name = models.CharField(max_length=80)
    host = models.CharField(max_length=253, unique=True)
    port = models.PositiveIntegerField(null=True, blank=True)
    scheme = models.CharField(max_length=5, default="https", choices=[("https", "https"), ("http", "http")])
    when_down = models.CharField(max_length=6, choices=WHEN_DOWN, default="closed")
    when_down_because = models.TextField(blank=True)
    chosen_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Privacy:
        whose = "organisation"
        kept = Kept(because="as long as it is connected")
        none = "id organisation name host port scheme when_down when_down_because created_at"
        staff = "chosen_by"

    def __str__(self) -> str:
        return self.name

    @classmethod
    def log_names(cls, ids: Iterable[str]) -> dict[str, str]:
        """What these systems are called, for the log page."""
        return dict(cls._default_manager.filter(pk__in=ids).values_list("pk", "name"))

    @property
    def address(self) -> str:
        """Where staff reach it, without a slash at the end."""
        return f"{self.scheme}://{self.host}{f':{self.port}' if self.port else ''}"

    @classmethod
    def known(cls, host: str) -> "System | None":
        """The system with this host name, whoever's it is; None where nobody has connected it."""
        return cls._default_manager.select_related("organisation").filter(host=host).first()

    @classmethod
    def for_person(cls, host: str, person: Person, day: dt.date) -> "System | None":
        """The system of this name in an organisation for which the person works that day; None where there is none."""
        places = [member.organisation_id for member in Membership.working(person, day)]
        return cls._default_manager.filter(host=host, organisation__in=places).first()


class Route(Tenanted):
    """A path of a system and the cell that it holds. The longest matching path decides; no match is closed.

    prefix: plain, without a slash at its end; empty for the whole system.
    """

    METHODS = [("any", "Any"), ("read", "Reading (GET, HEAD)"), ("write", "Writing (all others)")]

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="routes")
    prefix = models.CharField(max_length=500, blank=True)
    methods = models.CharField(max_length=5, choices=METHODS, default="any")
    cell = models.CharField(max_length=24, choices=[(cell, cell) for cell in CELLS])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "prefix", "methods"], name="one_cell_a_path")]
        ordering = ["prefix", "methods"]

    class Privacy:
        whose = "organisation"
        kept = Kept(because="as long as the system is connected")
        none = "id organisation system prefix methods cell"

    def __str__(self) -> str:
        return f"{self.prefix or '/'} → {self.cell}"


class GateTicket(Base):
    """A one-time ticket that carries a sign-in to a protected host, where it becomes that host's own cookie."""

    token = ""  # the clear token, in memory only, in the request that made it

    token_hash = models.CharField(max_length=64, unique=True)
    bound_to = models.CharField(max_length=64)
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="+")
    sign_in = models.ForeignKey(SignIn, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=2000)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="of no use once expired; the path may hold what the other system puts there", days=1,
                    after="expires_at")  # fmt: skip
        none = "id system created_at expires_at used_at"
        staff = "sign_in path"
        secret = "token_hash bound_to"  # noqa: S105

    def __str__(self) -> str:
        return f"gate ticket {self.pk}"

    @classmethod
    def of(cls, token: str) -> "GateTicket | None":
        """The ticket of this token, used or not; None where there is none."""
        hashed = keyed_hash("ticket", token)
        return cls._default_manager.select_related("sign_in").filter(token_hash=hashed).first() if token else None


class GateSession(Base):
    """A session in front of one protected system. Times are epoch seconds, as the gate's statement reads them.

    organisation, host, membership, joined, email, how, signed_in: what stays as it was on arrival, kept here so that
    the statement reads as few tables as it can. signed_in: when the sign-in began. read_version, read_at: the version
    in force that was confirmed by then, and when, as "2026-11-22 03:00:00" in UTC; empty where none was. expires: the
    absolute limit, that of the sign-in or of the system's own organisation. idle: seconds without a request after
    which it closes.
    """

    token = ""  # the clear token, in memory only, in the request that made it

    token_hash = models.CharField(max_length=64, unique=True)
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="+")
    sign_in = models.ForeignKey(SignIn, on_delete=models.CASCADE, related_name="gate_sessions")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    host = models.CharField(max_length=253)
    email = models.CharField(max_length=254)
    how = models.CharField(max_length=8)
    signed_in = models.BigIntegerField()
    joined = models.BigIntegerField()
    read_version = models.CharField(max_length=32, blank=True)
    read_at = models.CharField(max_length=19, blank=True)
    started = models.BigIntegerField()
    expires = models.BigIntegerField()
    idle = models.BigIntegerField()
    last_seen = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(expires__gt=models.F("started")), name="gate_session_ends")]

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="of no use once it is over", days=1, after="expires")
        none = "id system organisation host how signed_in joined read_version read_at started expires idle last_seen"
        staff = "sign_in membership email"
        secret = "token_hash"  # noqa: S105

    def __str__(self) -> str:
        return f"gate session {self.pk}"

    @classmethod
    def begun(
        cls, system: System, sign_in: SignIn, membership: Membership, read: Acknowledgement | None, *,
        now: int, expires: int, idle: int, token: str,
    ) -> Self:  # fmt: skip
        """A session, not kept yet, with what stays as it is. Only the hash of the token is in its row.

        read: by which the member confirmed the version in force, if they did.
        """
        made = cls(
            token_hash=keyed_hash("gate", token), system=system, sign_in=sign_in, membership=membership,
            organisation_id=system.organisation_id, host=system.host, email=membership.person.email, how=sign_in.how,
            signed_in=epoch(sign_in.started_at), joined=epoch(membership.joined_at),
            started=now, expires=expires, idle=idle, last_seen=now,
        )  # fmt: skip
        made.token = token
        if read:
            made.read_version, made.read_at = read.version_id, f"{read.at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}"
        return made

    @classmethod
    def passed(cls, sessions: Sequence[str], registrations: Sequence[str], now: int) -> None:
        """Note that they were used at `now`, and their devices seen, all at once.

        Not an action: it decides nothing, and would flood the log.
        """
        with transaction.atomic():
            cls._default_manager.filter(pk__in=sessions).update(last_seen=now)
            Registration.objects.filter(pk__in=registrations, last_seen__lt=now).update(last_seen=now)
