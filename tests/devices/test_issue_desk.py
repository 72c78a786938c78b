"""IT's side of a device that was issued: the form, whom it finds, and how it is withdrawn."""

import pytest
from django.test import Client
from django.urls import reverse

from fobwatch.devices.models import Registration
from fobwatch.people.models import Membership
from tests.cast import NOW, browser, member
from tests.devices.conftest import register
from tests.devices.test_issue import issue
from tests.devices.test_issue_pages import START, text

FORM = reverse("devices:issue")


def to(of: Membership) -> str:
    return reverse("devices:issue", args=[of.pk])


def test_it_issues_a_device_from_the_page_of_a_member(nurse: Membership, it_support: Membership) -> None:
    client = browser(it_support)
    assert to(nurse) in text(client, reverse("people:member", args=[nurse.pk]))
    assert "Issue a device to Amara Osei" in text(client, to(nurse))
    for _ in range(2):
        sent = client.post(to(nurse), {"label": "Laptop F1234"})
        made = Registration.objects.get()
        assert sent["Location"] == reverse("devices:registration", args=[made.pk])
    assert (made.membership, made.ownership, made.device.label) == (nurse, "issued", "Laptop F1234")
    shown = text(client, sent["Location"])
    assert "Laptop F1234 waits for Amara Osei to set it up." in shown
    assert "Issued by the organisation, of Amara Osei" in shown


@pytest.mark.parametrize("words", ["Amara Osei", "amara osei ", "AMARA.OSEI@fennimore-hospitals.example", "f77"])
def test_it_finds_the_person_within_the_organisation(
    nurse: Membership, it_support: Membership, words: str
) -> None:  # fmt: skip
    Membership.objects.filter(pk=nurse.pk).update(staff_number="F77")
    client = browser(it_support)
    assert FORM in text(client, reverse("access:register"))
    assert client.post(FORM, {"person": words, "label": "Phone F2"}).status_code == 302
    assert Registration.objects.get().membership == nurse


@pytest.mark.parametrize(
    ("words", "label", "said"),
    [
        ("", "Phone F2", "Write who gets the device."),
        ("Amara Osei", " ", "Write the name or number"),
        ("Amara", "Phone F2", "Nobody who works here fits"),
        ("Helen Coppard", "Phone F2", "Nobody who works here fits"),
        ("Gone Away", "Phone F2", "Nobody who works here fits"),
        ("Same Name", "Phone F2", "More than one person fits"),
    ],
)
def test_it_is_told_what_to_write(
    nurse: Membership, outsider: Membership, it_support: Membership, words: str, label: str, said: str
) -> None:
    member(nurse.organisation, "Gone Away", employment="left", leaves_on=NOW.date())
    one, other = (member(nurse.organisation, name) for name in ("Same Name", "Another Name"))
    type(other.person).objects.filter(pk=other.person_id).update(name=one.person.name)
    page = browser(it_support).post(FORM, {"person": words, "label": label}).content.decode()
    assert "There is a problem" in page
    assert said in page
    assert not Registration.objects.exists()


def test_an_address_names_one_of_two_with_the_same_name(nurse: Membership, it_support: Membership) -> None:
    other = member(nurse.organisation, "Amara Second")
    type(other.person).objects.filter(pk=other.person_id).update(name="Amara Osei")
    browser(it_support).post(FORM, {"person": other.person.email, "label": "Phone F2"})
    assert Registration.objects.get().membership == other


def test_a_member_of_another_organisation_is_not_there(nurse: Membership, outsider: Membership) -> None:
    for send in (browser(outsider).get, browser(outsider).post):
        assert send(to(nurse), {"label": "Phone F2"}).status_code == 404
    assert not Registration.objects.exists()


def test_the_wrong_role_is_refused_and_offered_nothing(nurse: Membership, ig_lead: Membership) -> None:
    client = browser(ig_lead)
    for send in (client.get, client.post):
        page = send(to(nurse), {"label": "Phone F2"})
        assert page.status_code == 403
        assert "Your role here does not include this: issue a device" in page.content.decode()
    assert FORM not in text(client, reverse("people:member", args=[nurse.pk]))
    assert FORM not in text(client, reverse("access:register"))
    assert not Registration.objects.exists()


def test_signed_out_leads_to_the_sign_in_page(nurse: Membership) -> None:
    for send in (Client().get, Client().post):
        assert send(to(nurse))["Location"].startswith(reverse("people:sign_in"))


def test_nothing_is_offered_for_somebody_who_has_left(nurse: Membership, it_support: Membership) -> None:
    Membership.objects.filter(pk=nurse.pk).update(employment="left", leaves_on=NOW.date())
    client = browser(it_support)
    assert FORM not in text(client, reverse("people:member", args=[nurse.pk]))
    assert client.post(to(nurse), {"label": "Phone F2"}).status_code == 403
    assert not Registration.objects.exists()


def test_it_withdraws_what_is_not_finished(nurse: Membership, it_support: Membership) -> None:
    made, client = issue(nurse), browser(it_support)
    shown = text(client, reverse("devices:registration", args=[made.pk]))
    address = reverse("devices:move", args=[made.pk, "withdraw"])
    assert address in shown
    assert reverse("devices:move", args=[made.pk, "retire"]) not in shown
    assert "is not asked about it any more" in text(client, address)
    assert client.post(address, {"reason": "Given to somebody else"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.state_reason) == ("retired", "Given to somebody else")
    assert "Is this that device?" not in text(browser(nurse), START)


def test_a_finished_or_personal_device_is_removed_not_withdrawn(nurse: Membership, it_support: Membership) -> None:
    client = browser(it_support)
    for made in (register(nurse, ownership="issued"), register(nurse, state="enrolling")):
        shown = text(client, reverse("devices:registration", args=[made.pk]))
        assert reverse("devices:move", args=[made.pk, "retire"]) in shown
        assert client.get(reverse("devices:move", args=[made.pk, "withdraw"])).status_code == 404
