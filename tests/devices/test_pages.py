"""Who may open which page, and what stands on it."""

import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fobwatch.audit.models import Entry
from fobwatch.devices import actions
from fobwatch.devices.models import Device, Registration
from fobwatch.devices.rules.evidence import from_browser_key, from_declaration
from fobwatch.devices.rules.visible import visible
from fobwatch.devices.urls import urlpatterns
from fobwatch.devices.views.register import MOVES
from fobwatch.kernel.actor import Actor
from fobwatch.people.models import Membership, SignIn
from tests.cast import NOW, TESTER, browser, member
from tests.devices.conftest import register

SOMETHING = "0" * 32
ARGUMENTS = {
    "checklist": ["lock"], "device": [SOMETHING], "download": [SOMETHING], "remove": [SOMETHING], "lost_done": ["x"],
    "registration": [SOMETHING], "move": [SOMETHING, "suspend"], "support_drop": [SOMETHING],
}  # fmt: skip
PUBLIC = {"lost", "lost_code", "privacy", "lost_done"}
NAMES = [str(pattern.name) for pattern in urlpatterns]
POST_ONLY = {"key_options", "key_answer", "put_back", "support_drop"}


def address(name: str) -> str:
    return reverse(f"devices:{name}", args=ARGUMENTS.get(name, []))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in PUBLIC])
def test_signed_out_leads_to_the_sign_in_page(db: None, name: str) -> None:
    client = Client()
    page = client.post(address(name)) if name in POST_ONLY else client.get(address(name))
    assert page.status_code == 302
    assert page["Location"].startswith(reverse("people:sign_in"))


@pytest.mark.parametrize("name", sorted(PUBLIC - {"lost_done"}))
def test_public_pages_need_no_sign_in(db: None, name: str) -> None:
    assert Client().get(address(name)).status_code == 200


def test_an_address_of_the_lost_page_that_nobody_signed_is_not_there(db: None) -> None:
    assert Client().get(address("lost_done")).status_code == 404


@pytest.mark.parametrize("name", ["device", "download", "remove", "registration", "move"])
def test_what_belongs_to_another_organisation_is_not_there(
    phone: Registration, outsider: Membership, name: str
) -> None:
    arguments = [phone.pk, *ARGUMENTS[name][1:]]
    for send in (browser(outsider).get, browser(outsider).post):
        assert send(reverse(f"devices:{name}", args=arguments)).status_code == 404
    phone.refresh_from_db()
    assert phone.state == "active"
    assert not Entry.objects.filter(action="registration.looked_at").exists()


@pytest.mark.parametrize("name", ["device", "download", "remove"])
def test_somebody_elses_device_is_not_mine(phone: Registration, it_support: Membership, name: str) -> None:
    assert browser(it_support).get(reverse(f"devices:{name}", args=[phone.pk])).status_code == 404


@pytest.mark.parametrize(
    ("name", "role"),
    [("registration", "nurse"), ("registration", "manager"), ("move", "nurse"), ("move", "ig_lead"),
     ("issue", "nurse"), ("issue", "ig_lead"), ("support_line", "nurse"), ("support_line", "ig_lead"),
     ("support_drop", "nurse")],
)  # fmt: skip
def test_the_wrong_role_is_refused_with_a_sentence(
    phone: Registration, name: str, role: str, request: pytest.FixtureRequest
) -> None:
    client = browser(request.getfixturevalue(role))
    page = client.post(address(name)) if name in POST_ONLY else client.get(address(name))
    assert page.status_code == 403
    assert "Your role here does not include this" in page.content.decode()


def test_my_devices_are_listed_and_this_one_is_marked(phone: Registration, nurse: Membership) -> None:
    client = browser(nurse)
    assert "This device" not in client.get(address("mine")).content.decode()
    SignIn.objects.filter(pk=client.sign_in.pk).update(device=phone.device_id)
    assert "This device" in client.get(address("mine")).content.decode()


def test_without_devices_it_says_what_will_appear(porter: Membership) -> None:
    assert "You have no devices registered" in browser(porter).get(address("mine")).content.decode()


def test_my_device_shows_every_stored_field(phone: Registration, nurse: Membership) -> None:
    items = [from_browser_key(), from_declaration("not_shared", 0, 90)]
    actions.record_evidence(registration=phone, items=items, by=TESTER, now=NOW)
    page = browser(nurse).get(reverse("devices:device", args=[phone.pk])).content.decode()
    for words in ("Proved", "You told us", "Nobody else uses it", "Last seen", "Cookie beside the key", "Kept until"):
        assert words in page
    for line in visible("ios").cannot_see:
        assert line in page.replace("&#39;", "'")
    for secret in (phone.device.cookie_hash, phone.lost_code_hash or "nothing"):
        assert secret not in page


def test_every_field_of_the_tables_is_shown_or_named() -> None:
    """A field that is added has to be shown to its owner; this list says where each stands."""
    shown = {
        Registration: "id organisation device membership ownership state state_reason state_at step lost_code_hash"
        " facts platform last_seen created_at",
        Device: "id person label platform browser_key cookie_hash created_at",
    }
    for model, names in shown.items():
        assert {field.name for field in model._meta.concrete_fields} == set(names.split())


def test_the_owner_sees_who_looked(phone: Registration, nurse: Membership, it_support: Membership) -> None:
    owner = browser(nurse)
    own = reverse("devices:device", args=[phone.pk])
    assert "Nobody has opened this device" in owner.get(own).content.decode()
    assert browser(it_support).get(reverse("devices:registration", args=[phone.pk])).status_code == 200
    assert "Nia Pritchard, IT support" in owner.get(own).content.decode()


def test_ones_own_look_in_the_register_is_no_look(it_support: Membership) -> None:
    own = register(it_support)
    browser(it_support).get(reverse("devices:registration", args=[own.pk]))
    assert not Entry.objects.filter(action="registration.looked_at").exists()


def test_the_download_holds_the_same_and_the_history(phone: Registration, nurse: Membership) -> None:
    for value in (0, 1):
        actions.record_evidence(
            registration=phone, items=[from_declaration("not_shared", value, 90)], by=TESTER, now=NOW
        )
    page = browser(nurse).get(reverse("devices:download", args=[phone.pk]))
    told = json.loads(page.content)
    assert "attachment" in page["Content-Disposition"]
    assert [row["value"] for row in told["stored"] if row["what"] == "Nobody else uses it"] == ["Yes", "No"]
    assert phone.device.cookie_hash not in page.content.decode()


def test_i_remove_my_own_phone(phone: Registration, nurse: Membership) -> None:
    client = browser(nurse)
    address = reverse("devices:remove", args=[phone.pk])
    assert "Nothing of yours is deleted" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    phone.refresh_from_db()
    assert phone.state == "retired"
    again = client.post(address)
    assert again.status_code == 403
    assert "already removed" in again.content.decode()


def test_it_sees_evidence_timeline_and_what_it_may_do(phone: Registration, it_support: Membership) -> None:
    client = browser(it_support)
    page = client.get(reverse("devices:registration", args=[phone.pk])).content.decode()
    for words in ("Suspend", "Mark as lost", "Remove", "Amara Osei can see that you opened this page", "Nia Pritchard"):
        assert words in page
    assert "Restore" not in page


def test_an_auditor_sees_and_moves_nothing(phone: Registration) -> None:
    auditor = member(phone.organisation, "Ann Audit", "auditor")
    page = browser(auditor).get(reverse("devices:registration", args=[phone.pk])).content.decode()
    assert "What you can do" not in page


@pytest.mark.parametrize(
    ("move", "before", "after"),
    [("suspend", "active", "suspended"), ("lost", "active", "lost"), ("restore", "suspended", "active"),
     ("retire", "active", "retired")],
)  # fmt: skip
def test_it_moves_with_a_reason(
    phone: Registration, it_support: Membership, move: str, before: str, after: str
) -> None:
    Registration.objects.filter(pk=phone.pk).update(state=before)
    client = browser(it_support)
    address = reverse("devices:move", args=[phone.pk, move])
    assert "Nobody here can touch anything personal" in client.get(address).content.decode()
    assert "Say why" in client.post(address, {"reason": ""}).content.decode()
    assert client.post(address, {"reason": "Because of a test"}).status_code == 302
    phone.refresh_from_db()
    assert (phone.state, phone.state_reason) == (after, "Because of a test")
    page = client.get(reverse("devices:registration", args=[phone.pk])).content.decode()
    assert "Because of a test" in page
    assert "nhsuk-notification-banner--success" in page, "it says that it was done"
    assert MOVES[move].done in page


def test_a_move_that_does_not_exist_is_not_there_or_refused(phone: Registration, it_support: Membership) -> None:
    client = browser(it_support)
    assert client.get(reverse("devices:move", args=[phone.pk, "explode"])).status_code == 404
    assert client.get(reverse("devices:move", args=[phone.pk, "restore"])).status_code == 403


def test_the_poster_carries_the_way_to_enrolment(nurse: Membership) -> None:
    page = browser(nurse).get(address("poster")).content.decode()
    assert "<svg" in page
    assert settings.ORIGIN + reverse("devices:start") in page


def test_the_timeline_names_whoever_is_known(phone: Registration, nurse: Membership, it_support: Membership) -> None:
    actions.new_lost_code(registration=phone, by=Actor("membership:gone", phone.organisation_id), now=NOW)
    code = actions.new_lost_code(registration=phone, by=Actor.system("x", phone.organisation_id), now=NOW)
    actions.report_lost_by_code(code=code, by=Actor.anonymous("lost-code"), now=NOW)
    page = browser(it_support).get(reverse("devices:registration", args=[phone.pk])).content.decode()
    for words in ("Somebody with the lost code", "Somebody who has left", "Fobwatch"):
        assert words in page
