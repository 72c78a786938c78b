"""The member's side of a device that was issued: the choice, and the ways back."""

from django.test import Client
from django.urls import reverse

from fobwatch.audit.models import Entry
from fobwatch.devices.models import Device, Registration
from fobwatch.people.models import Membership, SignIn
from tests.cast import browser
from tests.devices.browsers import BrowserKey, answer_all, enrol_to_questions, show_key
from tests.devices.test_issue import issue

START, SIGHT, KEY = (reverse(f"devices:{name}") for name in ("start", "sight", "key"))


def text(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    return page.content.decode()


def finish_issued(client: Client, made: Registration, key: BrowserKey | None = None) -> BrowserKey:
    """Choose the issued device and make the key on it."""
    key = key or BrowserKey()
    chosen = client.post(START, {"device": made.pk})
    assert chosen["Location"] == f"{SIGHT}?device={made.pk}"
    assert client.post(chosen["Location"])["Location"] == f"{KEY}?device={made.pk}"
    assert show_key(client, key, enrol=True, registration=made.pk).status_code == 200
    return key


def test_she_is_asked_and_sets_up_the_issued_one(nurse: Membership) -> None:
    made, client = issue(nurse), browser(nurse)
    shown = text(client, START)
    assert "Fennimore Hospitals issued you Laptop F1234. Is this that device?" in shown
    assert "It is your choice" not in shown
    assert "It belongs to Fennimore Hospitals" in text(client, f"{SIGHT}?device={made.pk}")
    assert f'data-enrol="{made.pk}"' in text(client, f"{KEY}?device={made.pk}")
    assert Registration.objects.count() == 1
    finish_issued(client, made)
    answer_all(client)
    made.refresh_from_db()
    assert (made.state, made.ownership, made.device.label) == ("active", "issued", "Laptop F1234")
    assert Registration.objects.count() == Device.objects.count() == 1


def test_she_registers_her_own_and_the_issued_one_goes_on_waiting(nurse: Membership) -> None:
    made, client = issue(nurse), browser(nurse)
    own = client.post(START, {"device": "own"})["Location"]
    assert own == f"{START}?device=own"
    assert "It is your choice" in text(client, own)
    assert f"{SIGHT}?device=own" in text(client, own)
    client.post(f"{SIGHT}?device=own")
    assert show_key(client, BrowserKey(), enrol=True).status_code == 200
    answer_all(client)
    assert Registration.objects.get(ownership="personal").state == "active"
    made.refresh_from_db()
    assert made.waits
    shown = text(client, START)
    assert "registered already" in shown
    assert "also issued you Laptop F1234. Open this page on that device" in shown


def test_two_waiting_devices_are_told_apart(nurse: Membership) -> None:
    first, second, client = issue(nurse), issue(nurse, "Phone F2"), browser(nurse)
    shown = text(client, START)
    assert "issued you these devices. Is this one of them?" in shown
    for words in (
        "Yes, this is Laptop F1234",
        "Yes, this is Phone F2",
        "No, this is my own device",
        "Issued to you on",
    ):
        assert words in shown
    finish_issued(client, second)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.waits
    assert (second.step, second.device.label) == ("checklist", "Phone F2")
    assert "Phone F2" not in text(browser(nurse), START)


def test_an_answer_is_needed_and_only_ones_own_counts(nurse: Membership, porter: Membership) -> None:
    issue(nurse)
    theirs, client = issue(porter, "Phone F2"), browser(nurse)
    for answer in ({"device": ""}, {"device": "other"}, {"device": theirs.pk}):
        page = client.post(START, answer)
        assert page.status_code == 200
        assert "There is a problem" in page.content.decode()
    for name in (SIGHT, KEY):
        assert client.get(f"{name}?device={theirs.pk}").status_code == 404
    assert client.post(f"{SIGHT}?device={theirs.pk}").status_code == 404
    assert show_key(client, BrowserKey(), enrol=True, registration=theirs.pk).status_code == 403
    theirs.refresh_from_db()
    assert theirs.waits


def test_what_was_issued_elsewhere_is_not_asked_about_here(nurse: Membership, outsider: Membership) -> None:
    Membership.objects.filter(pk=outsider.pk).update(person=nurse.person)
    made = issue(outsider)
    client = browser(nurse)
    assert "Is this that device?" not in text(client, START)
    assert client.get(f"{SIGHT}?device={made.pk}").status_code == 404


def test_an_old_address_without_a_choice_asks_first(nurse: Membership) -> None:
    issue(nurse)
    client = browser(nurse)
    for send in (client.get, client.post):
        assert send(SIGHT)["Location"] == START
    assert client.get(KEY)["Location"] == START
    assert Registration.objects.count() == 1


def test_a_shared_computer_is_not_asked(nurse: Membership) -> None:
    issue(nurse)
    assert "This is a shared computer" in text(browser(nurse, shared=True), START)


def test_sent_twice_the_issued_one_is_set_up_once(nurse: Membership) -> None:
    made, client = issue(nurse), browser(nurse)
    key = finish_issued(client, made)
    again = show_key(client, key, enrol=True, registration=made.pk)
    assert again.json() == {"go": reverse("devices:checklist", args=["lock"])}
    for name in (SIGHT, KEY):
        assert client.get(f"{name}?device={made.pk}").status_code in (200, 302)
    assert client.post(f"{SIGHT}?device={made.pk}")["Location"] == reverse("devices:checklist", args=["lock"])
    assert Registration.objects.count() == Device.objects.count() == 1


def test_withdrawn_in_between_is_said(nurse: Membership) -> None:
    made, client = issue(nurse), browser(nurse)
    Registration.objects.filter(pk=made.pk).update(state="retired")
    page = client.post(f"{SIGHT}?device={made.pk}")
    assert page.status_code == 403
    assert "Laptop F1234 is not waiting to be set up any more." in page.content.decode()
    assert show_key(client, BrowserKey(), enrol=True, registration=made.pk).status_code == 403


def test_back_from_her_own_leads_to_the_question(nurse: Membership) -> None:
    made, client = issue(nurse), browser(nurse)
    client.post(f"{SIGHT}?device=own")
    assert f'href="{SIGHT}"' in text(client, KEY)
    assert client.get(SIGHT)["Location"] == START
    assert f'href="{START}?device=own"' in text(client, f"{SIGHT}?device=own")
    assert f'href="{START}"' in text(client, f"{START}?device=own")
    finish_issued(client, made)
    made.refresh_from_db()
    assert (made.step, made.ownership) == ("checklist", "issued")
    assert Registration.objects.get(ownership="personal").waits


def test_back_from_the_issued_one_puts_it_back(nurse: Membership) -> None:
    made, client = issue(nurse), browser(nurse)
    key = finish_issued(client, made)
    shown = text(client, START)
    assert "Set up Laptop F1234</h1>" in shown
    assert "This is not Laptop F1234" in shown
    for _ in range(2):
        assert client.post(reverse("devices:put_back"))["Location"] == START
    waiting = Registration.issued_to(nurse).get()
    assert waiting.pk != made.pk
    assert "Laptop F1234. Is this that device?" in text(client, START)
    client.post(f"{SIGHT}?device=own")
    assert show_key(client, key, enrol=True).status_code == 200
    assert SignIn.objects.get(pk=client.sign_in.pk).device == Registration.objects.get(ownership="personal").device_id
    assert Entry.objects.filter(action="registration.put_back").count() == 1


def test_ones_own_is_not_put_back(nurse: Membership) -> None:
    client = browser(nurse)
    enrol_to_questions(client)
    assert "This is not" not in text(client, START)
    assert client.post(reverse("devices:put_back")).status_code == 403
    assert Registration.objects.get().state == "enrolling"


def test_my_devices_say_what_waits(nurse: Membership) -> None:
    made, client = issue(nurse), browser(nurse)
    shown = text(client, reverse("devices:mine"))
    assert "Fennimore Hospitals issued it to you." in shown
    assert "Your organisation issued it to you" in text(client, reverse("devices:device", args=[made.pk]))


def test_an_unfinished_issued_device_may_be_reported_lost(nurse: Membership) -> None:
    made, client = issue(nurse), browser(nurse)
    assert "Laptop F1234" in text(client, reverse("devices:lost"))
    client.post(reverse("devices:lost"), {"device": made.device_id})
    made.refresh_from_db()
    assert made.state == "lost"
    assert "Is this that device?" not in text(browser(nurse), START)
