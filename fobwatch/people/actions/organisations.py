"""What an organisation says about itself."""

import datetime as dt
from typing import Any

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.people.models import Organisation

CONTACTS = (
    "help_name", "help_phone", "help_email", "help_hours", "night_name", "night_phone", "ig_email", "single_approver",
)  # fmt: skip


@action("organisation.contacts_changed", about="organisation", details=("contacts",))
def change_contacts(
    *, organisation: Organisation, contacts: dict[str, Any], by: Actor, now: dt.datetime
) -> Organisation:
    """Change the help lines that stand on every refusal, and whether one person may approve alone, with a reason."""
    for name in CONTACTS:
        setattr(organisation, name, contacts.get(name, getattr(organisation, name)))
    organisation.save(update_fields=CONTACTS)
    return organisation
