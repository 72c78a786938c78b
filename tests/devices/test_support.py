"""The support table: IT's lines stand before ours, and what follows from them follows at once."""

import datetime as dt

import pytest
from django.urls import reverse

from fobwatch.devices import actions
from fobwatch.devices.models import Evidence, Registration, SupportedRelease, projection, shipped, support_table
from fobwatch.devices.rules.evidence import Item, as_demo
from fobwatch.kernel.clock import now
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.rules.vocabulary import Grade, version_number
from tests.cast import NOW, TESTER, browser
from tests.devices.conftest import register


def keep(organisation: Organisation, version: str, until: dt.date | None, **more: object) -> SupportedRelease:
    fields: dict[str, object] = {"platform": "ios", "source": "apple.example", "checked_on": NOW.date()}
    return actions.keep_support_line(  # type: ignore[return-value]
        organisation=organisation, version=version, fixes_until=until, **{**fields, **more}, by=TESTER, now=NOW
    )


def runs(registration: Registration, version: str) -> None:
    items = [
        Item("platform", 0, Grade.OBSERVED, "A test", 30),
        Item("os_version", version_number(version), Grade.OBSERVED, "A test", 30),
    ]
    actions.record_evidence(registration=registration, items=items, by=TESTER, now=NOW)


def until(registration: Registration) -> dt.date | None:
    registration.refresh_from_db()
    row = registration.known().get("os_fixes")
    assert registration.facts == projection(Evidence.objects.filter(registration=registration, current=True))
    return dt.datetime.fromtimestamp(row[0], dt.UTC).date() - dt.timedelta(days=1) if row else None


def test_a_line_of_it_counts_at_once_for_the_devices_that_it_covers(phone: Registration, porter: Membership) -> None:
    other = register(porter)
    runs(phone, "26.1")
    runs(other, "18.7")
    before = until(other)
    keep(phone.organisation, "26", dt.date(2027, 5, 1))
    assert until(phone) == dt.date(2027, 5, 1)
    assert until(other) == before
    assert phone.evidence.filter(fact="os_fixes").count() == 2
    assert other.evidence.filter(fact="os_fixes").count() == 1


def test_dropping_it_brings_ours_back(phone: Registration) -> None:
    runs(phone, "26.1")
    ours = until(phone)
    line = keep(phone.organisation, "26", dt.date(2027, 5, 1))
    actions.drop_support_line(line=line, by=TESTER, now=NOW)
    assert until(phone) == ours
    assert not SupportedRelease.objects.exists()


def test_a_version_that_only_it_knew_is_not_known_once_dropped(phone: Registration) -> None:
    line = keep(phone.organisation, "3", dt.date(2027, 5, 1))
    runs(phone, "3.1")
    assert until(phone) == dt.date(2027, 5, 1)
    actions.drop_support_line(line=line, by=TESTER, now=NOW)
    assert until(phone) is None


def test_it_concerns_no_other_organisation_and_no_removed_device(
    phone: Registration, outsider: Membership, porter: Membership
) -> None:
    there, gone = register(outsider), register(porter)
    for registration in (there, gone):
        runs(registration, "26.1")
    Registration.objects.filter(pk=gone.pk).update(state="retired")
    before = until(there), until(gone)
    keep(phone.organisation, "26", dt.date(2027, 5, 1))
    assert (until(there), until(gone)) == before


def test_what_was_made_up_stays_made_up(phone: Registration) -> None:
    items = as_demo(
        [Item("platform", 0, Grade.OBSERVED, "x", 30), Item("os_version", 26_000_000, Grade.OBSERVED, "x", 30)]
    )
    actions.record_evidence(registration=phone, items=items, by=TESTER, now=NOW)
    keep(phone.organisation, "26", dt.date(2027, 5, 1))
    assert phone.evidence.get(fact="os_fixes", current=True).demo


@pytest.mark.parametrize(
    "wrong",
    [{"version": "new"}, {"platform": "toaster"}, {"source": " "}, {"checked_on": dt.date(2030, 1, 1)}],
)
def test_a_line_that_cannot_be_true_is_refused(hospital: Organisation, wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        keep(hospital, str(wrong.pop("version", "26")), None, **wrong)
    assert not SupportedRelease.objects.exists()


def test_the_shipped_lines_can_be_read_and_come_second(hospital: Organisation) -> None:
    assert len(shipped()) > 10
    keep(hospital, "26", None)
    assert support_table(hospital)[0].source == "apple.example"


def test_everybody_reads_it_and_sees_what_nobody_verified(nurse: Membership) -> None:
    page = browser(nurse).get(reverse("devices:support")).content.decode()
    assert "Unverified" in page
    assert "Add a line" not in page


def test_it_adds_a_line_and_removes_it(it_support: Membership) -> None:
    client = browser(it_support)
    today = now().date()
    sent = {
        "platform": "ios", "version": "27", "source": "The maker's page", "checked_on_0": str(today.day),
        "checked_on_1": str(today.month), "checked_on_2": str(today.year), "fixes_until_0": "",
        "fixes_until_1": "", "fixes_until_2": "",
    }  # fmt: skip
    form = reverse("devices:support_line")
    assert "Add a line" in client.get(form, {"version": "27"}).content.decode()
    assert client.post(form, {**sent, "source": ""}).status_code == 200
    assert client.post(form, sent).status_code == 302
    line = SupportedRelease.objects.get()
    assert line.fixes_until is None
    assert "The maker&#39;s page" in client.get(reverse("devices:support")).content.decode()
    assert client.post(reverse("devices:support_drop", args=[line.pk])).status_code == 302
    assert not SupportedRelease.objects.exists()


def test_a_line_of_another_organisation_is_not_there(it_support: Membership, surgery: Organisation) -> None:
    line = keep(surgery, "26", None)
    assert browser(it_support).post(reverse("devices:support_drop", args=[line.pk])).status_code == 404
