"""Everything that is kept about one registered device, in plain words: for its owner, and for IT."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from fobwatch.audit.actions import ACTIONS
from fobwatch.audit.models import Entry
from fobwatch.devices.models.device import Registration
from fobwatch.devices.models.evidence import Evidence
from fobwatch.devices.rules.words import fact_words, value_words
from fobwatch.people.models import Membership
from fobwatch.policy.rules.vocabulary import GRADE_WORDS, Grade

WHILE_REGISTERED = "While it is registered, and two years after"
EVIDENCE_DAYS = 730
LOOKED_AT = "registration.looked_at"
MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One stored thing. value and kept: words, or a moment or day. grade: None where nothing had to be known."""

    what: str
    value: str | dt.datetime
    source: str
    when: dt.datetime | None
    kept: str | dt.datetime
    grade: int | None = None
    limit: str = ""
    counts_until: dt.datetime | None = None
    current: bool = True
    demo: bool = False

    def plain(self) -> dict[str, Any]:
        """For a file: the same, with the grade in words."""
        return {
            "what": self.what, "value": self.value, "how_we_know": self.source, "when": self.when,
            "kept_until": self.kept, "grade": GRADE_WORDS[Grade(self.grade)] if self.grade is not None else None,
            "what_it_does_not_show": self.limit, "counts_until": self.counts_until, "current": self.current,
            "demo": self.demo,
        }  # fmt: skip


def stored(registration: Registration, *, history: bool = False) -> list[Row]:
    """Every stored field: the registration, its device, then the evidence; with `history`, older evidence too."""
    found = Evidence.within(registration.organisation).filter(registration=registration)
    rows = (
        found.order_by("-current", "-grade", "fact", "-observed_at")
        if history
        else found.filter(current=True).order_by("-grade", "fact")
    )
    return [*_registration(registration), *_device(registration), *(_evidence(row) for row in rows)]


def _registration(it: Registration) -> list[Row]:
    asked, we, keep = _whose(it), "Written by Fobwatch", WHILE_REGISTERED
    rows = [
        Row("Whose it is", it.get_ownership_display(), f"{asked}. It never changes.", it.created_at, keep),
        Row("State here", it.get_state_display(), it.state_reason or we, it.state_at, keep),
        Row("Registered", it.created_at, we, it.created_at, keep),
        Row("Step of the registration", {"key": "Making the key", "checklist": "Questions"}.get(it.step, "Done"), we,
            it.created_at, keep),
        Row("Last seen", it.last_seen_at() or "Never", "Our server saw it", it.last_seen_at(), keep),
        Row("Reference", it.pk, "A random number", it.created_at, keep),
    ]  # fmt: skip
    if it.lost_code_hash:
        rows.append(Row("Lost code", "Stored so that nobody can read it, we neither", we, None, "Until it is used"))
    return rows


def _whose(it: Registration) -> str:
    return "Your organisation issued it to you" if it.ownership == "issued" else "You registered it"


def _device(it: Registration) -> list[Row]:
    device, keep = it.device, WHILE_REGISTERED
    named = "Your IT team or your browser told us" if it.ownership == "issued" else "Your browser told us"
    rows = [
        Row("Name of the device", device.label or "Not known", named, device.created_at, keep),
        Row("Whose device", it.membership.person.name, _whose(it), device.created_at, keep),
    ]
    if device.browser_key:
        end = "Until you remove the device everywhere"
        rows += [
            Row("Key of this browser", f"Public half, ending in {device.browser_key[-8:]}", "Your browser made it. The "
                "other half cannot leave it.", None, end),
            Row("Cookie beside the key", "Stored so that nobody can read it, we neither", "We made it", None, end),
        ]  # fmt: skip
    return rows


def _evidence(row: Evidence) -> Row:
    return Row(
        what=fact_words(row.fact), value=value_words(row.fact, row.value), source=row.source, when=row.observed_at,
        kept=row.observed_at + dt.timedelta(days=EVIDENCE_DAYS), grade=row.grade, limit=row.limit,
        counts_until=row.expires_at, current=row.current, demo=row.demo,
    )  # fmt: skip


def _entries(registration: Registration) -> "list[Entry]":
    about = [f"registration:{registration.pk}", f"device:{registration.device_id}"]
    return list(Entry.within(registration.organisation).filter(object__in=about)[:MOST_ENTRIES])


def _names(registration: Registration, entries: list[Entry]) -> dict[str, str]:
    ids = {entry.actor.removeprefix("membership:") for entry in entries if entry.actor.startswith("membership:")}
    found = Membership.within(registration.organisation).filter(pk__in=ids).select_related("person")
    return {f"membership:{member.pk}": f"{member.person.name}, {member.role_card.name}" for member in found}


def lookers(registration: Registration) -> list[tuple[str, dt.datetime]]:
    """Who opened this device in the register, newest first."""
    looks = Entry.within(registration.organisation).filter(
        object=f"registration:{registration.pk}", action=LOOKED_AT
    )[:MOST_ENTRIES]  # fmt: skip
    names = _names(registration, list(looks))
    return [(names.get(entry.actor, "Somebody who has left"), entry.at) for entry in looks]


def timeline(registration: Registration) -> list[tuple[str, str, dt.datetime]]:
    """What was done, who did it and when, newest first, from the log of this organisation."""
    entries = _entries(registration)
    names = _names(registration, entries)
    return [
        (
            ACTIONS[entry.action].sentence if entry.action in ACTIONS else entry.action,
            _who(entry.actor, names),
            entry.at,
        )
        for entry in entries
    ]


def _who(actor: str, names: dict[str, str]) -> str:
    if actor == "anonymous:lost-code":
        return "Somebody with the lost code"
    return names.get(actor, "Fobwatch" if actor.startswith("program:") else "Somebody who has left")
