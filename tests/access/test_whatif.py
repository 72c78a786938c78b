"""What would change, as its author sees it: the page, the slider's picture, the list, the file; never a stranger's."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fobwatch.access.models import register_outcome, snapshot
from fobwatch.access.models import whatif as models
from fobwatch.devices.actions import evidence as evidence_actions
from fobwatch.devices.models import Registration
from fobwatch.devices.rules.evidence import Item
from fobwatch.kernel.clock import epoch, now
from fobwatch.people.actions import members
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy import actions as policy_actions
from fobwatch.policy.models import Version
from fobwatch.policy.rules.vocabulary import Grade
from tests import cast
from tests.access.policy import DAY, confirm, publish, publish_template, registered, understood
from tests.policy.conftest import actor, approver

Browse = Callable[..., Client]
PAGES = ("access:whatif", "access:whatif_picture", "access:whatif_people", "access:whatif_file")
IOS = "?param=min_ios&value=26"


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    models._kept.clear()
    yield
    models._kept.clear()


@pytest.fixture
def version(hospital: Organisation) -> Version:
    return publish_template(hospital)


@pytest.fixture
def phones(nurse: Membership, porter: Membership, version: Version) -> list[Registration]:
    """A nurse with one phone on iOS 18.2, a porter with that and a newer one; a manager has none."""
    for one in (nurse, porter):
        confirm(one, version)
        understood(one, now() + dt.timedelta(days=300))
    return [
        registered(nurse), registered(porter, label="old"), registered(porter, changes={"os_version": "26.1"}),
    ]  # fmt: skip


def draft(version: Version, **params: object) -> Version:
    made = policy_actions.start_draft(organisation=version.organisation, by=cast.TESTER, now=now())
    return policy_actions.set_params(draft=made, values=params, shown=made.hash, by=cast.TESTER, now=now())


def text(client: Client, name: str = "access:whatif", query: str = "") -> str:
    response = client.get(reverse(name) + query)
    assert response.status_code == 200
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode("utf-8-sig")


# --- who may ---


@pytest.mark.parametrize("name", PAGES)
def test_nobody_signed_in_goes_to_sign_in(browse: Browse, version: Version, name: str) -> None:
    response = browse(None).get(reverse(name))
    assert response["Location"].startswith(reverse("people:sign_in"))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", ["nurse", "it_support"])
def test_a_draft_is_for_its_authors(
    request: pytest.FixtureRequest, browse: Browse, version: Version, name: str, role: str
) -> None:
    response = browse(request.getfixturevalue(role)).get(reverse(name))
    assert response.status_code == 403
    assert "Your role here does not include this" in response.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_another_organisation_meets_only_its_own(
    browse: Browse, outsider: Membership, phones: list[Registration], version: Version, name: str, surgery: Organisation
) -> None:
    draft(version, min_ios="26")
    client = browse(outsider)
    assert client.get(reverse(name))["Location"] == reverse("policy:overview")
    publish(surgery)
    page = text(client, name, IOS)
    assert "Amara Osei" not in page
    assert "Tom Birch" not in page
    if name in PAGES[:2]:
        assert "0 people have 0 devices here" in page


@pytest.mark.parametrize("name", PAGES)
def test_it_only_reads(browse: Browse, ig_lead: Membership, version: Version, name: str) -> None:
    assert browse(ig_lead).post(reverse(name)).status_code == 405


# --- what it says ---


def test_the_draft_stands_against_what_is_in_force(
    browse: Browse, ig_lead: Membership, manager: Membership, version: Version, phones: list[Registration]
) -> None:
    draft(version, min_ios="26")
    page = text(browse(ig_lead))
    assert "Version 2, which is being prepared, against version 1, which is in force." in page
    assert "Publishing this would stop 1 person from seeing at least one kind of work." in page
    assert "This person could fix it today, if their device takes the newer version." in page
    assert "On the day itself nobody is stopped: everybody is warned first." in page
    assert "Keep your iPhone up to date" in page
    assert "we cannot see whether it is too old for a newer version" in page
    assert "2 people have 3 devices here" in page
    assert "2 more people work here without one." in page


def test_a_detail_of_what_is_in_force_can_be_tried(
    browse: Browse, ig_lead: Membership, version: Version, phones: list[Registration]
) -> None:
    client = browse(ig_lead)
    page = text(client)
    assert "No new version is being prepared." in page
    assert "Nothing is changed yet. Choose a detail above" in page
    assert "nothing away from anybody" not in page
    assert "data-slider" not in page
    tried = text(client, query=IOS)
    assert "This change would stop 1 person" in tried
    assert 'value="26"' in tried
    assert "18.2 19 20 21 22 23 24 25 26 26.1 27" in tried
    assert Version.objects.count() == 1


def test_the_fragment_is_the_picture_alone(browse: Browse, ig_lead: Membership, phones: list[Registration]) -> None:
    page = text(browse(ig_lead), "access:whatif_picture", IOS)
    assert "This change would stop 1 person" in page
    assert "<html" not in page
    assert page.count("data-picture") == 1
    assert f"{reverse('access:whatif_people')}?param=min_ios&amp;value=26" in page


@pytest.mark.parametrize(("query", "said"), [
    ("?param=min_ios&value=newest", "Write a version as numbers with dots between them"),
    ("?param=checkin_days&value=1000", "Enter a whole number from 1 to 90."),
    ("?param=checkin_days&value=%00", "Enter a whole number from 1 to 90."),
    ("?param=min_ios&value=" + "9" * 5000, "Write a version as numbers with dots between them"),
])  # fmt: skip
def test_a_value_that_does_not_fit_is_said_at_its_field(
    browse: Browse, ig_lead: Membership, phones: list[Registration], query: str, said: str
) -> None:
    page = text(browse(ig_lead), query=query)
    assert page.count(said) == 2
    assert "There is a problem" in page
    assert "would take nothing away" in page


@pytest.mark.parametrize("query", ["?param=record_groups&value=x", "?param=nonsense", "?value=9", "?param="])
def test_what_cannot_be_tried_is_not_tried(
    browse: Browse, ig_lead: Membership, phones: list[Registration], query: str
) -> None:
    assert "data-slider" not in text(browse(ig_lead), query=query)


def test_a_first_version_takes_nothing_away(
    browse: Browse, ig_lead: Membership, nurse: Membership, hospital: Organisation
) -> None:
    policy_actions.adopt(organisation=hospital, by=cast.TESTER, now=now())
    registered(nurse)
    page = text(browse(ig_lead), query="?param=min_ios")
    assert "No policy is in force yet." in page
    assert "It would open something to 1 person." in page
    assert "Nothing is in force yet, so nobody can lose anything." in page


def test_too_many_rules_are_said(
    browse: Browse, ig_lead: Membership, phones: list[Registration], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fobwatch.policy.rules.batch.MOST_CLAUSES", 8)
    response = browse(ig_lead).get(reverse("access:whatif"))
    assert response.status_code == 403
    assert "This policy has " in response.content.decode()


# --- the people ---


def test_the_list_names_who_loses_what_and_why(browse: Browse, ig_lead: Membership, phones: list[Registration]) -> None:
    client = browse(ig_lead)
    page = text(client, "access:whatif_people", IOS)
    assert "Amara Osei" in page
    assert "Tom Birch" not in page
    assert "Keep your iPhone up to date" in page
    assert "Yes, about 30 minutes" in page
    assert "Nobody would lose anything." in text(client, "access:whatif_people")


def test_the_list_has_pages_that_keep_the_question(
    browse: Browse,
    ig_lead: Membership,
    phones: list[Registration],
    hospital: Organisation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fobwatch.access.views.whatif.PEOPLE_ON_A_PAGE", 2)
    for number in range(3):
        registered(cast.member(hospital, f"Person {number}"))
    client = browse(ig_lead)
    first, second = (text(client, "access:whatif_people", f"{IOS}&page={page}") for page in (1, 2))
    assert "param=min_ios&amp;value=26&amp;page=2" in first
    names = ["Amara Osei", "Person 0", "Person 1", "Person 2"]
    assert sorted([one for one in names if one in first] + [one for one in names if one in second]) == names


def test_the_file_has_everybody_and_no_formula(
    browse: Browse, ig_lead: Membership, phones: list[Registration], nurse: Membership
) -> None:
    nurse.person.name = "=HYPERLINK(1)"
    nurse.person.save()
    Membership.objects.filter(pk=nurse.pk).update(team="+Ward 6")
    client = browse(ig_lead)
    rows = list(csv.reader(io.StringIO(text(client, "access:whatif_file", IOS))))
    assert rows[0] == ["Person", "Team", "Would lose", "Would gain", "Because of", "Could fix it today", "Minutes"]
    assert rows[1][:2] == ["'=HYPERLINK(1)", "'+Ward 6"]
    assert rows[1][4:] == ["Keep your iPhone up to date", "Yes", "30"]
    assert len(rows) == 2
    response = client.get(reverse("access:whatif_file") + IOS)
    assert response["Content-Disposition"].startswith('attachment; filename="what-would-change-')


def test_the_file_has_those_who_gain_and_those_who_cannot_mend_it(
    browse: Browse, ig_lead: Membership, phones: list[Registration], version: Version
) -> None:
    draft(version, record_groups=["non_clinical"])
    rows = list(csv.reader(io.StringIO(text(browse(ig_lead), "access:whatif_file"))))
    assert {tuple(row[2:]) for row in rows[1:]} == {
        ("Patient records", "", "Patient records", "No", ""), ("", "Patient records", "", "", "")
    }  # fmt: skip


# --- the register as columns ---


def test_the_columns_decide_as_the_register_does(
    nurse: Membership, porter: Membership, version: Version, hospital: Organisation, phones: list[Registration]
) -> None:
    registered(nurse, state="lost")
    registered(nurse, state="retired")
    registered(porter, changes={"browser_key": None}, observed=epoch(now()) - 60 * DAY)
    gone = cast.member(hospital, "Gone", employment="left", leaves_on=dt.date(2020, 1, 1))
    registered(gone)
    away = cast.member(hospital, "Away", employment="away", away_from=dt.date(2020, 1, 1))
    registered(away, ownership="issued")
    for name, days in (("New", 3), ("Untrained", 90)):
        somebody = cast.member(hospital, name, clinical=True)
        Membership.objects.filter(pk=somebody.pk).update(joined_at=now() - dt.timedelta(days=days))
        confirm(somebody, version)
        registered(somebody)
    moment = now()
    here = snapshot(hospital, version, moment)
    assert len(here.places) == 8
    minute = dt.datetime.fromtimestamp(here.at, dt.UTC)
    for key, place in here.places.items():
        one = Registration.objects.select_related("membership").get(pk=key)
        decision = register_outcome(one, version, minute).decision
        assert decision is not None
        assert int(here.stands.cells[place]) == decision.allowed
        assert int(here.stands.standing.bits[place]) == decision.bits
        assert here.members[here.register.person[place]] == one.membership_id


def test_nothing_is_read_twice_and_nothing_stale_is_shown(
    hospital: Organisation, version: Version, phones: list[Registration], nurse: Membership, ig_lead: Membership
) -> None:
    moment = now().replace(second=10)
    first = snapshot(hospital, version, moment)
    assert snapshot(hospital, version, moment) is first
    later = snapshot(hospital, version, moment + dt.timedelta(minutes=1))
    assert later.at == first.at + 60
    assert later.register is first.register
    registered(nurse, label="another")
    assert len(snapshot(hospital, version, moment).places) == 4
    members.change(membership=nurse, changes={"team": "Ward 9"}, giver=ig_lead, by=cast.TESTER, now=moment)
    assert "Ward 9" in snapshot(hospital, version, moment).register.teams
    changed = publish(hospital)
    assert snapshot(hospital, changed, moment).version == changed


def recorded(registration: Registration, moment: dt.datetime, version: str) -> None:
    item = Item("os_version", int(version) * 1_000_000, Grade.OBSERVED, "Seen", 30)
    evidence_actions.record_evidence(registration=registration, items=[item], by=cast.TESTER, now=moment)


def test_what_one_device_newly_shows_is_read_alone(
    hospital: Organisation, version: Version, phones: list[Registration]
) -> None:
    moment = now().replace(second=10)
    first = snapshot(hospital, version, moment)
    place = first.places[phones[0].pk]
    recorded(phones[0], moment, "30")
    with CaptureQueriesContext(connection) as asked:
        again = snapshot(hospital, version, moment)
    assert sum("devices_registration" in one["sql"] and "facts" in one["sql"] for one in asked) == 1
    assert any(phones[0].pk in one["sql"] for one in asked)
    assert again.register.columns["os_version"].value[place] == 30_000_000
    assert first.register.columns["os_version"].value[place] != 30_000_000
    fresh = models.load(hospital, version, moment)
    for name, column in fresh.register.columns.items():
        for ours, theirs in zip(again.register.columns[name], column, strict=True):
            assert np.array_equal(ours, theirs), name


def test_what_cannot_be_read_alone_is_read_as_a_whole(
    hospital: Organisation, version: Version, phones: list[Registration], monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = now().replace(second=10)
    snapshot(hospital, version, moment)
    recorded(phones[0], moment, "30")
    Registration.objects.filter(pk=phones[0].pk).update(state="retired")
    assert len(snapshot(hospital, version, moment).places) == 2
    monkeypatch.setattr(models, "MOST_PATCHED", 0)
    recorded(phones[1], moment, "31")
    again = snapshot(hospital, version, moment)
    assert again.register.columns["os_version"].value[again.places[phones[1].pk]] == 31_000_000


def test_only_a_few_registers_are_kept(
    monkeypatch: pytest.MonkeyPatch, hospital: Organisation, surgery: Organisation
) -> None:
    monkeypatch.setattr(models, "MOST_KEPT", 1)
    for one in (hospital, surgery):
        snapshot(one, None, now())
    assert list(models._kept) == [surgery.pk]


def test_a_register_holds_no_name(hospital: Organisation, version: Version, phones: list[Registration]) -> None:
    assert "Osei" not in repr(snapshot(hospital, version, now()))


def test_authors_are_those_with_a_device_who_may_publish(
    hospital: Organisation, version: Version, ig_lead: Membership, nurse: Membership, phones: list[Registration]
) -> None:
    registered(ig_lead)
    cast.member(hospital, "Second lead", "ig_lead")
    here = snapshot(hospital, version, now())
    assert here.authors == (here.number(ig_lead),)
    assert here.number(nurse) is not None
    assert here.number(cast.member(hospital, "New")) is None


def test_the_number_of_questions_is_constant(
    browse: Browse, ig_lead: Membership, phones: list[Registration], hospital: Organisation
) -> None:
    client = browse(ig_lead)

    def asked(query: str) -> int:
        with CaptureQueriesContext(connection) as found:
            text(client, "access:whatif_people", query)
        return len(found)

    asked(IOS)
    few = asked(IOS)
    for number in range(20):
        registered(cast.member(hospital, f"Person {number}"))
    asked(IOS)
    assert asked(IOS) == few


# --- what was tried goes into the draft ---


def kept(client: Client, version: Version, **data: str) -> str:
    return client.post(reverse("access:whatif_keep"), {"shown": version.hash, **data}, follow=True).content.decode()


def test_what_was_tried_goes_into_the_draft(
    browse: Browse, ig_lead: Membership, version: Version, phones: list[Registration], hospital: Organisation
) -> None:
    client = browse(ig_lead)
    assert "Put this value in the draft" not in text(client, query=IOS)
    made = draft(version, checkin_days=20)
    assert "Put this value in the draft" in text(client, query=IOS)
    page = kept(client, made, param="min_ios", value="26")
    assert "It is in the draft: oldest iphone system version, 26." in page
    after = Version.draft_of(hospital)
    assert (after.policy.values["min_ios"], after.policy.values["checkin_days"]) == ("26", 20)
    assert "The draft changed while you had it open" in kept(client, made, param="min_ios", value="27")
    assert "Write a version as numbers" in kept(client, after, param="min_ios", value="newest")
    kept(client, after, param="record_groups", value="x")
    assert Version.draft_of(hospital).hash == after.hash


def test_only_an_author_keeps_and_only_here(
    browse: Browse, it_support: Membership, outsider: Membership, version: Version, hospital: Organisation
) -> None:
    made = draft(version)
    data = {"shown": made.hash, "param": "min_ios", "value": "26"}
    assert browse(it_support).post(reverse("access:whatif_keep"), data).status_code == 403
    assert browse(None).post(reverse("access:whatif_keep"), data).status_code == 302
    assert browse(outsider).post(reverse("access:whatif_keep"), data).status_code == 302
    assert browse(outsider).get(reverse("access:whatif_keep")).status_code == 405
    assert Version.draft_of(hospital).hash == made.hash


# --- the approver ---


@pytest.fixture
def guardian(hospital: Organisation) -> Membership:
    return approver(hospital)


def test_an_approver_sees_what_it_would_change_and_no_name(
    browse: Browse, guardian: Membership, ig_lead: Membership, version: Version, phones: list[Registration]
) -> None:
    made = policy_actions.start_draft(organisation=version.organisation, by=actor(ig_lead), now=now())
    given = {"draft": made, "by": actor(ig_lead), "now": now()}
    policy_actions.set_params(values={"min_ios": "26"}, shown=made.hash, **given)
    client = browse(guardian)
    address = reverse("access:whatif_approval")
    assert client.get(address)["Location"] == reverse("policy:approval")
    policy_actions.submit(shown=made.hash, **given)
    assert address in text(client, "policy:approval")
    page = text(client, "access:whatif_approval")
    assert "What version 2 would change" in page
    assert "Publishing this would stop 1 person" in page
    assert "Keep your iPhone up to date" in page
    assert "See who" not in page
    assert "Amara Osei" not in page


def test_only_an_approver_and_only_here(
    browse: Browse, it_support: Membership, outsider: Membership, ig_lead: Membership, version: Version
) -> None:
    made = policy_actions.start_draft(organisation=version.organisation, by=actor(ig_lead), now=now())
    policy_actions.set_params(draft=made, values={"min_ios": "26"}, shown=made.hash, by=actor(ig_lead), now=now())
    policy_actions.submit(draft=made, shown=made.hash, by=actor(ig_lead), now=now())
    address = reverse("access:whatif_approval")
    assert browse(None).get(address)["Location"].startswith(reverse("people:sign_in"))
    assert browse(it_support).get(address).status_code == 403
    assert browse(outsider).get(address)["Location"] == reverse("policy:approval")
