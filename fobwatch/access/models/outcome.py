"""Everything that a page says about one request: the facts, the decision, and why."""

import datetime as dt
import functools
from dataclasses import dataclass

from django.conf import settings

from fobwatch.access.models.kept import Emergency
from fobwatch.access.models.policies import compiled_policy
from fobwatch.access.rules import emergency
from fobwatch.access.rules.sheet import Sheet, iso, row
from fobwatch.devices.models import Registration
from fobwatch.kernel.clock import epoch
from fobwatch.learning.models import Understanding
from fobwatch.people.models import Membership, SharedComputer, SignIn
from fobwatch.policy.models import Acknowledgement, Version
from fobwatch.policy.rules.compile import Compiled
from fobwatch.policy.rules.decide import Decision, decide, obligations
from fobwatch.policy.rules.explain import Explanation, explain
from fobwatch.policy.rules.row import Row


@dataclass(frozen=True)
class Outcome:
    """What was decided for a member here and now, and what it was decided upon.

    registration: None on a browser that is not registered here. version, decision: None where no policy is in force,
    which closes everything.
    """

    member: Membership
    registration: Registration | None
    version: Version | None
    sheet: Sheet
    now: int
    compiled: Compiled | None = None
    row: Row = ()
    decision: Decision | None = None
    emergencies: tuple[Emergency, ...] = ()

    @functools.cached_property
    def explanation(self) -> Explanation:
        """The answers with their reasons, fixes and warnings; no answers where no policy is in force."""
        return explain(self.decision) if self.decision else Explanation((), (), ())

    def may(self, cell: str) -> bool:
        """Whether this cell is open."""
        return self.decision is not None and self.decision.may(cell)

    def obligations(self, cell: str) -> dict[str, bool | int]:
        """What the system that holds this cell must keep to; empty where it is closed."""
        return obligations(self.decision, cell) if self.decision else {}


def registration_here(sign_in: SignIn, member: Membership) -> Registration | None:
    """The registration of the device that this session is on, as the gate finds it: never on a shared computer."""
    return None if sign_in.shared else Registration.here(sign_in, member)


def sheet_of(member: Membership, registration: Registration | None, version: Version | None, sign_in: SignIn) -> Sheet:
    """The sheet of a member in a session, the columns that the gate reads."""
    marked = SharedComputer.counts(sign_in.ward, member.organisation_id)
    read_at = None
    if version is not None:
        read = Acknowledgement._default_manager.filter(membership=member, version=version)
        read_at = read.values_list("at", flat=True).first()
    return Sheet(
        role=member.role,
        clinical=member.clinical,
        employment=member.employment,
        away_from=iso(member.away_from),
        away_until=iso(member.away_until),
        leaves_on=iso(member.leaves_on),
        ownership=registration.ownership if registration else ("shared" if marked else ""),
        device_state=registration.state if registration else "none",
        facts=registration.facts if registration else "{}",
        read_at=epoch(read_at) if read_at else 0,
        how=sign_in.how,
        verified=epoch(sign_in.verified_at),
        started=epoch(sign_in.started_at),
        joined=epoch(member.joined_at),
        understands=Understanding.until(member),
    )


def decide_for(
    sign_in: SignIn, member: Membership, registration: Registration | None, version: Version | None, now: dt.datetime
) -> Outcome:
    """Decide everything for a member in this session, emergency access included, as the gate would."""
    sheet, moment = sheet_of(member, registration, version, sign_in), epoch(now)
    if version is None:
        return Outcome(member, registration, None, sheet, moment)
    compiled = compiled_policy(version.pk, version.hash)
    found = row(sheet, moment, demo=settings.FOBWATCH_DEMO)
    emergencies = tuple(Emergency.open_in(sign_in, member, now))
    bits, within = emergency.aside(compiled, found, moment, [one.kind for one in emergencies])
    decision = decide(compiled, found, moment, sheet.started, bits, within)
    return Outcome(member, registration, version, sheet, moment, compiled, found, decision, emergencies)
