"""IT keeps the support table. What follows from a line is derived again for the devices that it covers."""

import datetime as dt

from fobwatch.audit.actions import action
from fobwatch.devices.models import Evidence, Registration, SupportedRelease, projection, support_table
from fobwatch.devices.rules.evidence import from_support
from fobwatch.devices.rules.support import Release, fixes_until, valid
from fobwatch.kernel.actor import Actor
from fobwatch.people.models import Organisation
from fobwatch.policy.rules.vocabulary import Grade

AT_ONCE = 500


@action("support_line.kept", about="result", details=("platform", "version", "fixes_until", "source"))
def keep_support_line(
    *, organisation: Organisation, platform: str, version: str, fixes_until: dt.date | None, source: str,
    checked_on: dt.date, by: Actor, now: dt.datetime,
) -> SupportedRelease:  # fmt: skip
    """Add or change our own line in the list of supported versions. It stands before the shipped one (B11, W03).

    fixes_until: None where fixes still come and no end is published. Raises Refused for a line that cannot be true.
    """
    valid(Release(platform, version, fixes_until, source, checked_on), today=now.date()).or_refuse()
    line, _ = SupportedRelease.objects.update_or_create(
        organisation=organisation, platform=platform, version=version.strip(),
        defaults={"fixes_until": fixes_until, "source": source.strip(), "checked_on": checked_on},
    )  # fmt: skip
    _derive_again(organisation, platform, now=now)
    return line


@action("support_line.dropped", about="line")
def drop_support_line(*, line: SupportedRelease, by: Actor, now: dt.datetime) -> None:
    """Delete our own line in the list of supported versions. The shipped one for that version counts again."""
    SupportedRelease.objects.filter(pk=line.pk).delete()
    _derive_again(line.organisation, line.platform, now=now)


def _derive_again(organisation: Organisation, platform: str, *, now: dt.datetime) -> None:
    """Derive the end of security fixes anew for every device of this kind; a few statements for each 500 devices."""
    table = [line for line in support_table(organisation) if line.platform == platform]
    there = Registration.objects.filter(organisation=organisation, platform=platform).exclude(state="retired")
    ids = list(there.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        _derive_some(ids[start : start + AT_ONCE], platform, table, now=now)


def _derive_some(ids: list[str], platform: str, table: list[Release], *, now: dt.datetime) -> None:
    found = {row.pk: row for row in Registration.objects.select_for_update().filter(pk__in=ids)}
    current: dict[str, dict[str, Evidence]] = {pk: {} for pk in ids}
    for row in Evidence.objects.filter(registration__in=ids, current=True):
        current[row.registration_id][row.fact] = row
    made: list[Evidence] = []
    for facts in current.values():
        version, old = facts.get("os_version"), facts.pop("os_fixes", None)
        new = _fixes(version, platform, table, now) if version else None
        if new and old and new.value == old.value:
            facts["os_fixes"] = old
        elif new:
            made.append(new)
            facts["os_fixes"] = new
    changed = [pk for pk, facts in current.items() if projection(facts.values()) != found[pk].facts]
    Evidence.objects.filter(registration__in=changed, fact="os_fixes", current=True).update(current=False)
    Evidence.objects.bulk_create(made)
    for pk in changed:
        found[pk].facts = projection(current[pk].values())
    Registration.objects.bulk_update([found[pk] for pk in changed], ["facts"])


def _fixes(version: Evidence, platform: str, table: list[Release], now: dt.datetime) -> Evidence | None:
    """The end of security fixes for a version; it counts no longer than the version that it follows from."""
    for item in from_support(fixes_until(platform, version.value, table), Grade(version.grade)):
        return Evidence(
            organisation_id=version.organisation_id, registration_id=version.registration_id, fact=item.fact,
            value=item.value, grade=item.grade, source=item.source, limit=item.limit, demo=version.demo,
            since=now, observed_at=now, expires_at=version.expires_at, current=True,
        )  # fmt: skip
    return None
