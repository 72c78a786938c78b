"""Enrolment in the pages: forwards, backwards, twice, in two tabs, and after a break."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fobwatch.audit.models import Entry
from fobwatch.devices.models import Device, Evidence, Registration
from fobwatch.devices.rules import lostcode
from fobwatch.kernel.clock import now
from fobwatch.people.models import Membership, SignIn
from fobwatch.policy.rules.vocabulary import Grade, version_number
from tests.cast import browser
from tests.devices.browsers import (
    ANDROID,
    ANDROID_HINTS,
    ANSWERS,
    BrowserKey,
    answer_all,
    enrol_to_questions,
    send,
    show_key,
)
from tests.devices.conftest import register

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")


def page(client: Client, name: str, *args: str) -> str:
    return client.get(reverse(f"devices:{name}", args=args)).content.decode()


def test_from_start_to_the_lost_code(nurse: Membership) -> None:
    client = browser(nurse)
    assert "It is your choice" in page(client, "start")
    assert "Nobody here can see" in page(client, "sight")
    assert not Registration.objects.exists()
    enrol_to_questions(client)
    last = answer_all(client)
    code = CODE.search(last.content.decode())
    registration = Registration.objects.get()
    assert code
    assert registration.state == "active"
    assert lostcode.matches(lostcode.normalise(code[0]), settings.SECRET_KEY.encode(), registration.lost_code_hash)
    assert registration.known()["auto_lock_minutes"][:2] == (2, Grade.DECLARED)
    assert registration.known()["remote_wipe_on"][0] == 0
    assert registration.known()["os_version"][:2] == (version_number("26.1"), Grade.OBSERVED)
    assert registration.device.label.startswith("Apple iPhone")


def test_the_lost_code_is_shown_once_and_a_new_one_replaces_it(nurse: Membership) -> None:
    client = browser(nurse)
    enrol_to_questions(client)
    answer_all(client)
    before = Registration.objects.get().lost_code_hash
    assert not CODE.search(page(client, "done"))
    assert CODE.search(client.post(reverse("devices:done")).content.decode())
    assert Registration.objects.get().lost_code_hash != before


def test_sent_twice_is_done_once(nurse: Membership) -> None:
    client = browser(nurse)
    for _ in range(2):
        client.post(reverse("devices:sight"))
    assert Registration.objects.count() == Device.objects.count() == 1
    enrol_to_questions(client)
    answer_all(client)
    again = client.post(reverse("devices:checklist", args=["lost"]), ANSWERS["lost"])
    assert again.status_code == 302
    assert Entry.objects.filter(action="registration.finished").count() == 1
    assert Registration.objects.get().state == "active"


def test_after_a_break_it_goes_on_where_it_stopped(nurse: Membership) -> None:
    key = enrol_to_questions(first := browser(nurse))
    first.post(reverse("devices:checklist", args=["lock"]), ANSWERS["lock"])
    later = browser(nurse)
    later.cookies[settings.DEVICE_COOKIE] = first.cookies[settings.DEVICE_COOKIE].value
    begun = later.post(reverse("devices:sight"))
    assert begun["Location"] == reverse("devices:key")
    shown = show_key(later, key, enrol=True)
    assert shown.json() == {"go": reverse("devices:checklist", args=["private"])}
    assert Registration.objects.count() == Device.objects.count() == 1
    assert "Carry on" in page(later, "start")


@pytest.mark.parametrize("steps", range(4))
def test_killed_at_any_step_nothing_is_half_done(
    nurse: Membership, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies in the middle of a step: the step before stands, and the same step works again."""
    client = browser(nurse)
    client.raise_request_exception = False
    key = BrowserKey()
    walk = [
        lambda: client.post(reverse("devices:sight")),
        lambda: show_key(client, key, enrol=True),
        lambda: client.post(reverse("devices:checklist", args=["lock"]), ANSWERS["lock"]),
        lambda: client.post(reverse("devices:checklist", args=["lost"]), ANSWERS["lost"]),
    ]
    for step in walk[:steps]:
        step()
    counts = (Registration.objects.count(), Evidence.objects.count(), Entry.objects.count())
    with monkeypatch.context() as broken:
        broken.setattr("fobwatch.audit.actions.append", lambda **_: (_ for _ in ()).throw(RuntimeError("killed")))
        assert walk[steps]().status_code == 500
    assert (Registration.objects.count(), Evidence.objects.count(), Entry.objects.count()) == counts
    assert walk[steps]().status_code in (200, 302)
    assert (Registration.objects.count(), Entry.objects.count()) > (0, 0)


def test_two_tabs_make_one_registration(nurse: Membership) -> None:
    first, key = browser(nurse), BrowserKey()
    first.post(reverse("devices:sight"))
    second = Client()
    second.cookies[settings.SESSION_COOKIE] = first.cookies[settings.SESSION_COOKIE].value
    second.post(reverse("devices:sight"))
    assert show_key(first, key, enrol=True).status_code == 200
    second.cookies[settings.DEVICE_COOKIE] = first.cookies[settings.DEVICE_COOKIE].value
    assert show_key(second, key, enrol=True).status_code == 200
    assert Registration.objects.count() == Device.objects.count() == 1


def test_back_shows_what_i_said(nurse: Membership) -> None:
    client = browser(nurse)
    enrol_to_questions(client)
    client.post(reverse("devices:checklist", args=["lock"]), ANSWERS["lock"])
    assert re.search(r'value="2"\s+checked', page(client, "checklist", "lock"))
    assert client.get(reverse("devices:key"))["Location"] == reverse("devices:checklist", args=["private"])


def test_help_me_shows_the_steps_and_keeps_the_other_answers(nurse: Membership) -> None:
    client = browser(nurse)
    enrol_to_questions(client)
    shown = client.post(
        reverse("devices:checklist", args=["private"]), {"messages-hidden": "help", "not-shared": "1"}
    ).content.decode()
    assert re.search(r"<details[^>]* open", shown)
    assert "Show Previews" in shown
    assert "There is a problem" not in shown
    assert "not_shared" not in Registration.objects.get().known()


def test_an_unanswered_question_is_named(nurse: Membership) -> None:
    client = browser(nurse)
    enrol_to_questions(client)
    shown = client.post(reverse("devices:checklist", args=["private"]), {"not-shared": "1"}).content.decode()
    assert "There is a problem" in shown
    assert "Does your lock screen hide what messages say?" in shown


def test_a_screen_that_is_not_asked_leads_on(nurse: Membership) -> None:
    client = browser(nurse)
    enrol_to_questions(client)
    assert client.get(reverse("devices:checklist", args=["computer"])).status_code == 302


def test_a_mac_that_may_be_an_ipad_is_asked_what_it_is(nurse: Membership) -> None:
    client = browser(nurse)
    client.post(reverse("devices:sight"))
    assert show_key(client, BrowserKey(), enrol=True).status_code == 200
    Evidence.objects.all().delete()
    Registration.objects.update(platform="", facts="{}")
    assert "What kind of device is this?" in page(client, "checklist", "kind")
    after = client.post(reverse("devices:checklist", args=["kind"]), {"kind": "4"})
    assert after["Location"] == reverse("devices:checklist", args=["computer"])
    assert Registration.objects.get().platform == "macos"
    asked = page(client, "checklist", "computer")
    assert "Which system version does it run?" in asked
    wrong = client.post(reverse("devices:checklist", args=["computer"]), {"system-version": "new"}).content.decode()
    assert "Write a version as numbers" in wrong


def test_hints_of_the_script_are_heard(nurse: Membership) -> None:
    client = browser(nurse)
    client.post(reverse("devices:sight"), headers={"User-Agent": ANDROID})
    asked = send(client, "devices:key_options", {}).json()
    assert asked["make"] is True
    key = BrowserKey()
    answered = show_key(client, key, enrol=True, hints=ANDROID_HINTS)
    assert answered.status_code == 200


def test_a_shared_computer_is_told_so(nurse: Membership) -> None:
    client = browser(nurse, shared=True)
    assert "This is a shared computer" in page(client, "start")
    assert send(client, "devices:key_options", {}).status_code == 403


def test_without_a_registration_every_step_leads_to_the_start(nurse: Membership) -> None:
    client = browser(nurse)
    for name, args in (("key", []), ("checklist", ["lock"]), ("done", [])):
        assert client.get(reverse(f"devices:{name}", args=args))["Location"] == reverse("devices:start")


def test_registered_already_says_so(nurse: Membership) -> None:
    client = browser(nurse)
    enrol_to_questions(client)
    answer_all(client)
    assert "registered already" in page(client, "start")
    assert client.get(reverse("devices:key")).status_code == 302


def test_a_passkey_that_answered_long_ago_is_asked_again(nurse: Membership) -> None:
    client = browser(nurse)
    client.post(reverse("devices:sight"))
    assert "data-device-key" in page(client, "key")
    SignIn.objects.filter(pk=client.sign_in.pk).update(verified_at=now() - dt.timedelta(hours=1))
    asked = page(client, "key")
    assert "Use my passkey" in asked
    assert "data-device-key" not in asked


def test_a_key_that_lost_its_cookie_is_made_anew(nurse: Membership) -> None:
    client = browser(nurse)
    key = enrol_to_questions(client)
    answer_all(client)
    later = browser(nurse)
    assert send(later, "devices:key_options", {"public_key": key.public}).json()["make"] is True
    later.post(reverse("devices:sight"))
    assert show_key(later, key, enrol=True).status_code == 403
    assert show_key(later, BrowserKey(), enrol=True).status_code == 200


def test_a_key_of_nobody_says_where_to_start(nurse: Membership) -> None:
    answered = show_key(browser(nurse), BrowserKey(), enrol=False)
    assert answered.status_code == 403
    assert "not registered" in answered.json()["reason"]


def test_a_known_key_without_a_registration_here_leads_to_the_start(nurse: Membership, porter: Membership) -> None:
    client = browser(nurse)
    key = enrol_to_questions(client)
    Registration.objects.update(state="retired")
    assert show_key(client, key, enrol=False).json() == {"go": reverse("devices:start")}


@pytest.mark.parametrize("body", ["", "[]", "nonsense", "{" * 20_000, "\x00", '{"challenge": {"a": 1}}', "[" * 5_000])
def test_nonsense_from_a_script_is_refused_in_words(nurse: Membership, body: str) -> None:
    client = browser(nurse)
    answered = client.post(
        reverse("devices:key_answer"), body, content_type="application/json", headers={"Accept": "application/json"}
    )
    assert answered.status_code == 403
    assert answered.json()["next_step"]


@pytest.mark.parametrize("agent", ["", "A" * 100_000, "\x7f" * 300, "Mozilla/5.0 (" * 5_000])
def test_a_user_agent_of_any_kind_is_survived(nurse: Membership, agent: str) -> None:
    client = browser(nurse)
    for name in ("start", "sight", "privacy"):
        assert client.get(reverse(f"devices:{name}"), headers={"User-Agent": agent}).status_code == 200
    client.post(reverse("devices:sight"), headers={"User-Agent": agent})
    assert len(Device.objects.get().label) <= 80


def test_keys_are_asked_for_only_so_often(nurse: Membership) -> None:
    client = browser(nurse)
    answers = [send(client, "devices:key_options", {}).status_code for _ in range(62)]
    assert answers[59:] == [200, 403, 403]


# Check-in


def bound(nurse: Membership) -> Client:
    client = browser(nurse)
    enrol_to_questions(client)
    answer_all(client)
    return client


def due(client: Client) -> dict[str, bool]:
    return client.get(reverse("devices:check_in")).json()  # type: ignore[no-any-return]


def test_a_check_in_is_due_once_an_hour(nurse: Membership) -> None:
    client = bound(nurse)
    assert due(client) == {"check_in": False, "answer": False}
    registration = Registration.objects.get()
    known = registration.facts.replace(str(registration.known()["checked_in"][0]), "1700000000")
    Registration.objects.update(facts=known)
    assert due(client)["check_in"] is True
    assert send(client, "devices:check_in", {"hints": ""}).json() == {"checked_in": True}
    assert due(client)["check_in"] is False


def test_a_new_session_is_asked_for_its_key(nurse: Membership) -> None:
    assert due(browser(nurse)) == {"check_in": False, "answer": True}
    assert due(browser(nurse, shared=True)) == {"check_in": False, "answer": False}


def test_an_unknown_browser_cannot_check_in(nurse: Membership) -> None:
    assert send(browser(nurse), "devices:check_in", {"hints": ""}).status_code == 403


def test_checking_in_works_without_a_script_and_leads_back(nurse: Membership) -> None:
    client = bound(nurse)
    registration = Registration.objects.get()
    for wanted, leads in (("/devices/", "/devices/"), ("https://evil.example/", None), ("//evil.example", None)):
        answered = client.post(reverse("devices:check_in"), {"next": wanted})
        assert answered["Location"] == (leads or reverse("devices:device", args=[registration.pk]))


def test_a_check_in_of_100_kb_of_hints_is_survived(nurse: Membership) -> None:
    client = bound(nurse)
    assert client.post(reverse("devices:check_in"), {"hints": "x" * 100_000}).status_code == 302
    assert send(client, "devices:check_in", {"hints": {"platform": "y" * 10_000}}).status_code == 200


def test_another_device_of_mine_is_not_touched(nurse: Membership) -> None:
    other = register(nurse)
    bound(nurse)
    other.refresh_from_db()
    assert other.facts == "{}"
