"""I lost my phone: with a code and without sign-in, or signed in with one tap."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from fobwatch.devices import actions
from fobwatch.devices.models import Registration
from fobwatch.devices.rules import lostcode
from fobwatch.devices.views import lost as views
from fobwatch.people.models import Membership, SignIn
from tests.cast import NOW, TESTER, browser, sign_in
from tests.devices.conftest import register

CODE_PAGE = "/devices/lost/code/"


def new_code(phone: Registration) -> str:
    return actions.new_lost_code(registration=phone, by=TESTER, now=NOW)


def test_the_code_works_without_signing_in(phone: Registration, nurse: Membership) -> None:
    sign_in(nurse)
    answered = Client().post(CODE_PAGE, {"code": new_code(phone)}, follow=True)
    shown = answered.content.decode()
    phone.refresh_from_db()
    assert phone.state == "lost"
    assert not SignIn.objects.filter(person=nurse.person, ended_at=None).exists()
    for words in ("cut off from work", "What stays untouched", "Your photos"):
        assert words in shown
    for secret in (phone.organisation.name, nurse.person.name, phone.device.label):
        assert secret not in shown


def test_it_works_once(phone: Registration) -> None:
    code = new_code(phone)
    Client().post(CODE_PAGE, {"code": code})
    again = Client().post(CODE_PAGE, {"code": code})
    assert again.status_code == 403
    assert "used already" in again.content.decode()


def test_a_slip_of_the_pen_is_told_in_words(phone: Registration) -> None:
    code = new_code(phone)
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    for typed, words in ((wrong, "is not right"), ("ABC", "different length"), ("", "Enter the lost code")):
        answered = Client().post(CODE_PAGE, {"code": typed})
        assert words in answered.content.decode()
        assert 'href="#id_code"' in answered.content.decode(), "said at the field"
        assert answered.status_code == 200
    phone.refresh_from_db()
    assert phone.state == "active"


def test_tries_are_counted_by_address(phone: Registration) -> None:
    for number in range(views.TRIES_HERE):
        Client().post(CODE_PAGE, {"code": lostcode.make(bytes([number] * 8))})
    right = new_code(phone)
    refused = Client().post(CODE_PAGE, {"code": right})
    assert "too many tries" in refused.content.decode()
    phone.refresh_from_db()
    assert phone.state == "active"
    assert Client(REMOTE_ADDR="192.0.2.7").post(CODE_PAGE, {"code": right}).status_code == 302


def test_tries_are_counted_in_all(phone: Registration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "TRIES_EVERYWHERE", 3)
    for number in range(3):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(CODE_PAGE, {"code": lostcode.make(bytes([number] * 8))})
    refused = Client(REMOTE_ADDR="192.0.2.99").post(CODE_PAGE, {"code": new_code(phone)})
    assert "too many tries" in refused.content.decode()


def test_the_window_passes(phone: Registration) -> None:
    for number in range(views.TRIES_HERE + 1):
        Client().post(CODE_PAGE, {"code": lostcode.make(bytes([number] * 8))})
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=61)):
        assert Client().post(CODE_PAGE, {"code": new_code(phone)}).status_code == 302


def test_signed_in_one_tap_is_enough(phone: Registration, nurse: Membership) -> None:
    client = browser(nurse)
    shown = client.get(reverse("devices:lost")).content.decode()
    assert shown.count("I lost this one") == 1
    answered = client.post(reverse("devices:lost"), {"device": phone.device_id}, follow=True)
    words = answered.content.decode()
    phone.refresh_from_db()
    assert phone.state == "lost"
    assert "cut off from work" in words
    assert "01632 960 100" in words
    assert client.get(reverse("devices:mine")).status_code == 302


def test_somebody_elses_phone_cannot_be_reported(phone: Registration, porter: Membership) -> None:
    register(porter)
    assert browser(porter).post(reverse("devices:lost"), {"device": phone.device_id}).status_code == 404
    phone.refresh_from_db()
    assert phone.state == "active"


def test_tapped_twice_is_reported_once(phone: Registration, nurse: Membership) -> None:
    browser(nurse).post(reverse("devices:lost"), {"device": phone.device_id})
    assert browser(nurse).post(reverse("devices:lost"), {"device": phone.device_id}).status_code == 404


def test_nobody_signed_in_cannot_report_by_device(phone: Registration) -> None:
    assert Client().post(reverse("devices:lost"), {"device": phone.device_id}).status_code == 200
    phone.refresh_from_db()
    assert phone.state == "active"


def test_without_a_device_it_points_to_the_sessions(porter: Membership) -> None:
    assert "where I am signed in" in browser(porter).get(reverse("devices:lost")).content.decode()


def test_the_page_that_says_it_is_gone_after_an_hour(phone: Registration, nurse: Membership) -> None:
    told = browser(nurse).post(reverse("devices:lost"), {"device": phone.device_id})["Location"]
    assert Client().get(told).status_code == 200
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=61)):
        assert Client().get(told).status_code == 404
