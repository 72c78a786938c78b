"""What an action on a policy begins with: one author at a time, the text that was shown, and who is acting."""

from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models.version import Version
from fobwatch.policy.rules.workflow import may_step

CHANGED = "The draft changed while you had it open."
LOOK_AGAIN = "Open it again, see what is different, and make your change once more."


def hold(organisation: Organisation) -> None:
    """One author at a time in an organisation, until the transaction ends.

    `no_key`, here and below: a row that refers to the organisation or the version can be added meanwhile, or PostgreSQL
    would see a deadlock with somebody who confirms.
    """
    Organisation._default_manager.select_for_update(no_key=True).get(pk=organisation.pk)


def hold_version(version: Version, step: str, shown: str | None = None) -> None:
    """Read a version again under a lock, for a step of its way.

    shown: the hash that the person saw; None where only the state counts. Raises Refused where the version is gone, is
    past that step, or is not what was shown.
    """
    fresh = Version.within(version.organisation).select_for_update(no_key=True).filter(pk=version.pk).first()
    if fresh is None:
        raise refuse("This draft was discarded.", "Nothing needs to be done. What is in force stays in force.")
    may_step(step, fresh.state).or_refuse()
    if shown is not None and fresh.hash != shown:
        raise refuse(CHANGED, LOOK_AGAIN)
    for name in ("content", "hash", "state", "template_version", "starts_at", "material", "change_note", "owner_id"):
        setattr(version, name, getattr(fresh, name))


def acting(by: Actor, organisation: Organisation) -> Membership | None:
    """The member who acts here; None for the program itself, for somebody unknown, and for a member of elsewhere."""
    kind, _, key = by.ref.partition(":")
    return Membership.within(organisation).filter(pk=key).first() if kind == "membership" else None
