"""What was decided is kept where it says something new; a session gets the limits of the policy."""

import datetime as dt

from fobwatch.access.models import Decision, compiled_policy, reasons_of
from fobwatch.access.models.kept import graced_bits
from fobwatch.access.rules.limits import limits
from fobwatch.audit.actions import action
from fobwatch.devices.models import Registration
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import moment
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.models import Membership, SignIn
from fobwatch.policy.models import Version
from fobwatch.policy.rules.decide import Decision as Decided


@action("access.decided", about="result", details=("cell", "system"))
def keep_decision(
    *, member: Membership, registration: Registration | None, version: Version | None, decision: Decided | None,
    cell: str = "", system: str = "", by: Actor, now: dt.datetime,
) -> Decision:  # fmt: skip
    """Record a yes or no to one kind of work, with its reasons. Ask `worth_keeping` first.

    cell: what was asked for, where somebody asked; it is kept as refused if it was. system: whose, or empty.
    """
    refused = bool(cell) and not (decision and decision.may(cell))
    expires = decision.expires if decision else None
    return Decision.objects.create(
        organisation=member.organisation, membership=member, registration=registration, version=version,
        allowed=decision.allowed if decision else 0, bits=decision.bits if decision else 0,
        graced=graced_bits(decision), refused_cell=cell[:24] if refused else "", system=system[:80] if refused else "",
        reasons=reasons_of(decision, cell if refused else ""), cause="refused" if refused else "changed", at=now,
        expires_at=moment(expires) if expires else None,
    )  # fmt: skip


@action("access.limits_stamped", about="sign_in")
def stamp_limits(*, sign_in: SignIn, version: Version, by: Actor, now: dt.datetime) -> SignIn:
    """Set how long a sign-in may last, as the policy says (B25)."""
    idle, absolute = limits(compiled_policy(version.pk, version.hash))
    return sign_ins.set_limits(sign_in=sign_in, idle_minutes=idle, absolute_minutes=absolute, by=by, now=now)
