"""The staff list: add, change, search, download; the demo's personas; the organisation's contacts."""

import csv
import datetime as dt
import io
import itertools
import re

import pytest
from django.test import Client

from fobwatch.kernel.clock import now
from fobwatch.kernel.verdict import Refused
from fobwatch.people.actions import demo, members, organisations
from fobwatch.people.models import Invitation, Letter, Membership, Organisation, Person, SignIn
from tests import cast
from tests.cast import NOW, TESTER
from tests.people.phone import Phone

NEW = {"name": "Priya Bhatt", "email": "Priya.Bhatt@Example.org", "role": "staff", "clinical": "yes", "team": "Ward 6"}


def complained(page: str) -> list[str]:
    """The fields that the page's error summary leads to."""
    return re.findall(r'<a href="#id_(\w+)">', page)


def test_somebody_is_added_and_invited(it_support: Membership, manager: Membership, browse) -> None:
    answer = browse(it_support).post("/staff/add/", NEW | {"manager": manager.pk})
    added = Membership.objects.get(person__email="priya.bhatt@example.org")
    assert answer.url == f"/staff/{added.pk}/"
    assert (added.clinical, added.manager, added.team) == (True, manager, "Ward 6")
    assert Invitation.objects.get().membership == added
    assert Letter.objects.get().to == "priya.bhatt@example.org"


def test_a_double_submit_adds_once(it_support: Membership, browse) -> None:
    client = browse(it_support)
    client.post("/staff/add/", NEW)
    again = client.post("/staff/add/", NEW)
    page = again.content.decode()
    assert complained(page) == ["email"]
    assert "in your staff list already" in page
    assert 'value="Priya Bhatt"' in page, "what was typed is kept"
    assert Membership.objects.filter(person__name="Priya Bhatt").count() == 1
    assert Letter.objects.count() == 1


@pytest.mark.parametrize(
    ("before", "back"),
    [
        ("http://testserver/staff/add/", 'href="/staff/add/"'),
        ("http://testserver/staff/?words=x&page=2", 'href="/staff/?words=x&amp;page=2"'),
        ("http://elsewhere.example/staff/add/", 'href="/">Go to your home page'),
        ("http://testserver//elsewhere.example-not", 'href="/elsewhere.example-not"'),
        ("http://[", 'href="/">Go to your home page'),
        ("", 'href="/">Go to your home page'),
    ],
)
def test_a_refused_form_leads_back(hospital: Organisation, browse, before: str, back: str) -> None:
    clerk = cast.member(hospital, "Miriam Achterberg", "people_admin")
    answer = browse(clerk).post("/staff/add/", NEW | {"role": "it_support"}, headers={"referer": before})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert back in page
    assert "//elsewhere.example" not in page
    assert "nhsuk-back-link" not in page or "testserver" in before


def test_somebody_with_a_passkey_elsewhere_gets_no_link(it_support: Membership, outsider: Membership, browse) -> None:
    Phone().enrolled(outsider)
    Letter.objects.all().delete()
    browse(it_support).post("/staff/add/", NEW | {"email": outsider.person.email, "name": "Another Name"})
    assert Person.objects.filter(email=outsider.person.email).get().name == "Helen Coppard"
    assert "/join/" not in Letter.objects.get().body
    assert Membership.objects.filter(person=outsider.person).count() == 2


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"email": "x"}, {"role": "king"}, {"clinical": ""}, {"manager": "x"}, {"name": "x" * 121}]
)
def test_a_wrong_form_adds_nobody(it_support: Membership, browse, wrong: dict[str, str]) -> None:
    answer = browse(it_support).post("/staff/add/", NEW | wrong)
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert not Letter.objects.exists()


def test_a_manager_of_another_organisation_is_no_choice(it_support, outsider, browse) -> None:
    assert browse(it_support).post("/staff/add/", NEW | {"manager": outsider.pk}).status_code == 200
    with pytest.raises(Refused, match="another organisation"):
        members.change(membership=it_support, changes={"manager": outsider}, giver=it_support, by=TESTER, now=NOW)


def changed(member: Membership, **more: str) -> dict[str, str]:
    return {"role": member.role, "clinical": "yes", "employment": "active"} | more


def test_a_member_is_changed(it_support: Membership, nurse: Membership, browse) -> None:
    days = {"leaves_on_0": "1", "leaves_on_1": "12", "leaves_on_2": "2027"}
    answer = browse(it_support).post(
        f"/staff/{nurse.pk}/change/", changed(nurse, employment="leaving", team="Ward 7", **days)
    )
    assert answer.status_code == 302
    nurse.refresh_from_db()
    assert (nurse.team, nurse.employment, str(nurse.leaves_on)) == ("Ward 7", "leaving", "2027-12-01")
    assert "1 December 2027" in browse(it_support).get(f"/staff/{nurse.pk}/").content.decode()


def test_dates_must_go_with_the_state(it_support: Membership, nurse: Membership, browse) -> None:
    answer = browse(it_support).post(f"/staff/{nurse.pk}/change/", changed(nurse, employment="left"))
    assert "Enter the last day of work" in answer.content.decode()
    with pytest.raises(Refused, match="last day"):
        members.change(membership=nurse, changes={"employment": "left"}, giver=it_support, by=TESTER, now=NOW)


def test_nobody_gives_themselves_a_role_and_not_everybody_gives_every_role(it_support, nurse, hospital, browse) -> None:
    clerk = cast.member(hospital, "Miriam Achterberg", "people_admin")
    for who, whom, role, words in (
        (clerk, clerk, "ig_lead", "change your own role"),
        (clerk, nurse, "it_support", "roles that open doors"),
        (clerk, it_support, "staff", "roles that open doors"),
    ):
        answer = browse(who).post(f"/staff/{whom.pk}/change/", changed(whom, role=role))
        assert answer.status_code == 403
        assert words in answer.content.decode()
    assert browse(clerk).post("/staff/add/", NEW | {"role": "people_admin"}).status_code == 403
    assert browse(it_support).post(f"/staff/{nurse.pk}/change/", changed(nurse, role="ig_lead")).status_code == 302


def test_a_form_says_at_the_field_what_somebody_else_has(it_support, nurse, manager, browse) -> None:
    client = browse(it_support)
    members.change(membership=nurse, changes={"staff_number": "7"}, giver=it_support, by=TESTER, now=NOW)
    added = client.post("/staff/add/", NEW | {"email": nurse.person.email.upper(), "staff_number": "7"})
    assert complained(added.content.decode()) == ["email", "staff_number"]
    own = client.post(f"/staff/{manager.pk}/change/", changed(manager, manager=manager.pk, staff_number="7"))
    assert complained(own.content.decode()) == ["staff_number", "manager"]
    assert client.post(f"/staff/{nurse.pk}/change/", changed(nurse, staff_number="7")).status_code == 302


def test_adding_twice_at_once_adds_once(it_support, nurse) -> None:
    with pytest.raises(Refused, match="in your staff list already"):
        members.add(
            organisation=nurse.organisation, name="Amara", email=f" {nurse.person.email.upper()}", role="staff",
            clinical=True, giver=it_support, by=TESTER, now=NOW,
        )  # fmt: skip


def test_an_employee_number_belongs_to_one(it_support: Membership, nurse: Membership, porter: Membership) -> None:
    members.change(membership=nurse, changes={"staff_number": "7"}, giver=it_support, by=TESTER, now=NOW)
    with pytest.raises(Refused, match="employee number"):
        members.change(membership=porter, changes={"staff_number": "7"}, giver=it_support, by=TESTER, now=NOW)
    with pytest.raises(Refused, match="their own line manager"):
        members.change(membership=porter, changes={"manager": porter}, giver=it_support, by=TESTER, now=NOW)
    assert members.change(membership=nurse, changes={}, giver=it_support, by=TESTER, now=NOW) == []


def test_search_narrows_by_words_team_and_employment(it_support, nurse, porter, outsider, browse) -> None:
    client = browse(it_support)

    def names(query: str) -> set[str]:
        page = client.get(f"/staff/?{query}").content.decode()
        people = (it_support, nurse, porter, outsider)
        return {one.person.name for one in people if f">{one.person.name}</a>" in page}

    assert names("") == {"Nia Pritchard", "Amara Osei", "Tom Birch"}
    assert names("words=amara+nurse") == {"Amara Osei"}
    assert names("words=birch@x") == set()
    assert names("team=Portering") == {"Tom Birch"}
    assert names("employment=left") == set()
    assert names("employment=nonsense&page=99") == {"Nia Pritchard", "Amara Osei", "Tom Birch"}
    assert "Nobody matches" in client.get("/staff/?words=%00zzz").content.decode()


D = now().date()


@pytest.mark.parametrize(
    ("employment", "back", "until", "leaves"),
    list(itertools.product(("active", "away"), (None, -1, 1), (None, -1, 0, 1), (None, -1, 0))),
)
def test_the_list_and_the_door_agree_on_employment(hospital, employment, back, until, leaves) -> None:
    def day(n: int | None) -> dt.date | None:
        return None if n is None else D + dt.timedelta(days=n)

    one = cast.member(
        hospital, "A B", employment=employment, away_from=day(back), away_until=day(until), leaves_on=day(leaves)
    )
    for state in ("active", "away", "leaving", "left"):
        found = Membership.search(hospital, day=D, employment=state).exists()
        assert found is (one.employment_on(D) == state), state


def test_the_download_runs_no_formula(it_support: Membership, nurse: Membership, browse) -> None:
    nurse.job_title = '=HYPERLINK("http://evil.example")'
    nurse.save()
    told = browse(it_support).get("/staff/list.csv?words=amara").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(told)))
    assert len(rows) == 1
    assert rows[0]["Job title"].startswith("'=")
    assert rows[0]["Email"] == nurse.person.email


def test_the_contacts_of_an_organisation_are_changed(ig_lead: Membership, browse) -> None:
    client = browse(ig_lead)
    assert "01632 960 100" in client.get("/organisation/").content.decode()
    assert "Enter a phone number" in client.post("/organisation/", {"help_name": "Desk"}).content.decode()
    assert client.post("/organisation/", {"help_name": "Desk", "help_phone": "01632 960 111"}).status_code == 302
    assert Organisation.objects.get().help_line == "Desk: 01632 960 111"


def test_contacts_that_are_not_told_stay(hospital: Organisation) -> None:
    organisations.change_contacts(organisation=hospital, contacts={"help_hours": "always"}, by=TESTER, now=NOW)
    hospital.refresh_from_db()
    assert (hospital.help_hours, hospital.help_phone) == ("always", "01632 960 100")


@pytest.mark.parametrize("guarded", [True, False])
def test_a_link_is_sent_from_the_page(guarded: bool, second_it, it_support, nurse, browse) -> None:
    whom = it_support if guarded else nurse
    Phone().enrolled(whom)
    client = browse(second_it)
    page = client.get(f"/staff/{whom.pk}/link/").content.decode()
    assert ("a second person must approve" in page) is guarded
    assert client.post(f"/staff/{whom.pk}/link/").status_code == 302
    newest = Invitation.objects.get(purpose="recover")
    assert newest.waiting is guarded
    assert "Withdraw this link" in client.get(f"/staff/{whom.pk}/").content.decode()


def test_the_exception_is_offered_to_a_tiny_practice_only(surgery, outsider, browse) -> None:
    partner = cast.member(surgery, "Ellen Frayne", "practice_lead")
    Phone().enrolled(partner)
    assert "second person approve this" not in browse(outsider).get(f"/staff/{partner.pk}/link/").content.decode()
    Organisation.objects.update(single_approver=True)
    client = browse(outsider)
    assert "second person approve this" in client.get(f"/staff/{partner.pk}/link/").content.decode()
    client.post(f"/staff/{partner.pk}/link/", {"exception_reason": "I am the only other person and I have seen her."})
    assert "only other person" in client.get(f"/staff/{partner.pk}/").content.decode()


@pytest.fixture
def persona(hospital: Organisation, settings) -> Membership:
    settings.FOBWATCH_DEMO = True
    return cast.member(hospital, "Amara Osei")


def test_a_persona_signs_in_in_the_demo(persona: Membership) -> None:
    client = Client()
    assert "Amara Osei" in client.get("/demo/").content.decode()
    answer = client.post("/demo/", {"membership": persona.pk, "next": "//evil.example"})
    assert answer.url == "/"
    assert SignIn.objects.get().how == "demo"
    assert "demo</strong>" in client.get("/account/").content.decode()
    assert client.post("/demo/", {"membership": persona.pk, "next": "/roles/"}).url == "/roles/"
    assert Phone(client).asked("/account/passkeys/add/options")


def test_nobody_else_is_a_persona(persona: Membership, porter: Membership, settings) -> None:
    stranger = cast.member(persona.organisation, "Someone Real")
    assert Client().post("/demo/", {"membership": stranger.pk}).status_code == 404
    with pytest.raises(Refused):
        demo.sign_in(membership=stranger, browser="", by=TESTER, now=NOW)
    settings.FOBWATCH_DEMO = False
    with pytest.raises(Refused, match="no made-up people"):
        demo.sign_in(membership=persona, browser="", by=TESTER, now=NOW)
    assert not SignIn.objects.exists()


@pytest.fixture
def hospital(db: None) -> Organisation:
    """With the address that the personas have."""
    return cast.organisation("Fennimore Hospitals")
