"""How patients reach the organisation, as the public notice says it."""

import datetime as dt
from collections.abc import Mapping

from fobwatch.audit.actions import action
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import refuse
from fobwatch.notices.models import Desk
from fobwatch.notices.rules.sites import read_sites
from fobwatch.people.models import Organisation

FIELDS = (
    "ask_email", "ask_phone", "ask_post", "dpo_email", "dpo_phone", "complain", "privacy_notice", "more", "sites",
    "answer_days",
)  # fmt: skip


@action("notice.contacts_set", about="result", details=("values",))
def set_desk(*, organisation: Organisation, values: Mapping[str, str | int], by: Actor, now: dt.datetime) -> Desk:
    """Set how patients ask and complain, and which sites may show the notice (B01)."""
    sites, wrong = read_sites(str(values.get("sites", "")))
    if wrong:
        raise refuse(wrong, "Put it right, then save again.")
    desk = Desk.of(organisation)
    for name in FIELDS:
        if name in values:
            setattr(desk, name, values[name])
    desk.sites, desk.changed_at = "\n".join(sites), now
    desk.save()
    return desk
