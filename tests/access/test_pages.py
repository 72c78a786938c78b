"""The pages of access: plain answers, reasons with steps, and nothing for whom it is not."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from fobwatch.access.models import Decision
from fobwatch.audit.models import Entry
from fobwatch.devices.models import Registration
from fobwatch.kernel.clock import epoch, now
from fobwatch.people.models import Membership, Organisation, SignIn
from tests.access.policy import DAY, confirm, declared, publish, registered

Browse = Callable[..., Client]
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1"
)


def on_device(client: Client, registration: Registration) -> Client:
    SignIn.objects.filter(pk=client.sign_in.pk).update(device=registration.device_id)
    return client


def page(client: Client, name: str = "access:mine", query: str = "") -> str:
    response = client.get(reverse(name) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_good_phone_is_ready(nurse: Membership, browse: Browse) -> None:
    confirm(nurse, publish(nurse.organisation))
    text = page(on_device(browse(nurse), registered(nurse)))
    assert "Your phone is ready for work" in text
    assert text.count("nhsuk-tag--green") == 4
    assert "does not open clinical photographs to clinical staff" in text
    assert "Night service desk" in text
    assert "Checked " in text


def test_an_old_phone_is_told_how_to_update(nurse: Membership, browse: Browse) -> None:
    confirm(nurse, publish(nurse.organisation))
    old = registered(nurse, changes={"os_version": "16.1"}, observed=epoch(now()) - 25 * DAY)
    text = page(on_device(browse(nurse), old))
    assert "One thing to fix on your phone" in text
    assert "Your iPhone runs 16.1. We ask for 17 or newer." in text.replace("17.0", "17")
    assert "Open Settings, General, Software Update." in text
    assert "1 fix, about 30 minutes" in text
    assert "the same fix" in text
    assert "Rule " in text


def test_grace_counts_down_to_a_day_and_a_time(nurse: Membership, browse: Browse) -> None:
    confirm(nurse, publish(nurse.organisation))
    slow = registered(nurse, changes={"auto_lock_minutes": 9}, observed=epoch(now()) - DAY)
    text = page(on_device(browse(nurse), slow))
    ends = now() + dt.timedelta(days=6)
    assert "ready for work, for now" in text
    assert f"Until {ends:%A} {ends.day} {ends:%B %Y}, " in text


def test_stale_evidence_asks_for_a_refresh(nurse: Membership, browse: Browse) -> None:
    confirm(nurse, publish(nurse.organisation))
    old = registered(nurse, observed=epoch(now()) - 40 * DAY)
    text = page(on_device(browse(nurse), old))
    assert "is out of date since" in text
    assert "That is not the same as wrong" in text


def test_a_browser_without_a_registration_is_offered_one(nurse: Membership, browse: Browse) -> None:
    publish(nurse.organisation)
    text = page(browse(nurse))
    assert "This browser is not registered for work yet" in text
    assert f'href="{reverse("devices:start")}"' in text


@pytest.mark.parametrize(("state", "words"), [
    ("suspended", "Access from this phone is paused"), ("lost", "This phone was reported lost"),
    ("enrolling", "Finish setting up this phone"),
])  # fmt: skip
def test_a_phone_that_is_not_active_says_so(nurse: Membership, browse: Browse, state: str, words: str) -> None:
    publish(nurse.organisation)
    cut_off = registered(nurse, state=state, state_reason="Call us please")
    text = page(on_device(browse(nurse), cut_off))
    assert words in text
    assert "nhsuk-tag--green" not in text
    assert ("They said: “Call us please”" in text) is (state == "suspended")


def test_without_a_policy_all_is_closed(nurse: Membership, browse: Browse) -> None:
    text = page(on_device(browse(nurse), registered(nurse)))
    assert "has not put a policy in force" in text
    assert text.count("There is no policy yet.") == 5


def test_check_again_looks_at_the_browser_anew(nurse: Membership, browse: Browse) -> None:
    confirm(nurse, publish(nurse.organisation))
    phone = registered(nurse, changes={"os_version": declared("os_version", "16.1", epoch(now()) - 25 * DAY)})
    client = on_device(browse(nurse), phone)
    assert "nhsuk-tag--green" not in page(client)
    Registration.objects.filter(pk=phone.pk).update(facts="{}")
    response = client.post(reverse("access:mine"), headers={"user-agent": IPHONE})
    assert response["Location"] == f"{reverse('access:mine')}#answers"
    phone.refresh_from_db()
    assert phone.known()["os_version"][0] == 18_006_000
    assert "We checked again just now." in page(client)


def test_check_again_without_a_registration_changes_nothing(nurse: Membership, browse: Browse) -> None:
    publish(nurse.organisation)
    assert browse(nurse).post(reverse("access:mine"), {"hints": "x" * 9000}).status_code == 302


def test_a_refusal_explains_one_cell(nurse: Membership, browse: Browse) -> None:
    confirm(nurse, publish(nurse.organisation))
    old = registered(nurse, changes={"os_version": "16.1"}, observed=epoch(now()) - 25 * DAY)
    text = page(on_device(browse(nurse), old), "access:why", "?cell=record:view&system=abc123")
    assert "You cannot open Patient records on this phone yet" in text
    assert "How to fix it (about 30 minutes)" in text
    assert "I have done it, check again" in text
    assert "01632 960 199" in text
    assert "Rule 12 of the policy" in text
    assert "Need it for a patient right now?" in text
    assert "?kind=record" in text


def test_a_refusal_for_want_of_a_grant_names_no_fix(porter: Membership, browse: Browse) -> None:
    confirm(porter, publish(porter.organisation))
    text = page(on_device(browse(porter), registered(porter)), "access:why", "?cell=record:view")
    assert "You cannot open Patient records on this phone" in text
    assert "does not open patient records to non-clinical staff" in text
    assert "How to fix it" not in text
    assert "Need it for a patient" not in text


def test_what_the_policy_opens_in_part_says_which_part(nurse: Membership, browse: Browse) -> None:
    confirm(nurse, publish(nurse.organisation))
    text = page(on_device(browse(nurse), registered(nurse)), "access:why", "?cell=record:share")
    assert "does not let you share patient records on this phone. You can view and add." in text


def test_an_address_that_nobody_registered_says_so(nurse: Membership, browse: Browse) -> None:
    publish(nurse.organisation)
    for query in ("?cell=unknown", "", "?cell=<b>"):
        text = page(browse(nurse), "access:why", query)
        assert "Nobody here has said yet what kind of work this address holds" in text
        assert "<b>" not in text


def test_what_is_open_now_sends_people_back(nurse: Membership, browse: Browse) -> None:
    confirm(nurse, publish(nurse.organisation))
    text = page(on_device(browse(nurse), registered(nurse)), "access:why", "?cell=mail:view")
    assert "You can open Email, calendar and rota on this phone now" in text
    assert "check again" not in text.lower()


def test_the_refusal_page_checks_again_and_comes_back(nurse: Membership, browse: Browse) -> None:
    publish(nurse.organisation)
    query = "?cell=record:view&system=ab/../c"
    response = browse(nurse).post(reverse("access:why") + query)
    assert response["Location"] == f"{reverse('access:why')}?cell=record%3Aview&system=abc&organisation="


def test_a_system_of_another_organisation_is_not_answered_for_here(
    nurse: Membership, surgery: Organisation, browse: Browse
) -> None:
    publish(nurse.organisation)
    there, client = Membership.objects.create(organisation=surgery, person=nurse.person, joined_at=now()), browse(nurse)
    query = f"?cell=record:view&system=abc&organisation={surgery.pk}"
    text = page(client, "access:why", query)
    assert f"This system belongs to {surgery.name}" in text
    assert f"You are looking at {nurse.organisation.name}." in text
    assert "You cannot open" not in text
    back = f"{reverse('access:why')}?cell=record%3Aview&system=abc&organisation={surgery.pk}"
    assert f'name="next" value="{escape(back)}"' in text
    assert not Decision.objects.exists()
    response = client.post(reverse("people:switch"), {"membership": there.pk, "next": back})
    assert response["Location"] == back
    assert "This system belongs to" not in page(client, "access:why", query)


def test_an_organisation_that_is_none_of_theirs_tells_nothing(
    nurse: Membership, surgery: Organisation, browse: Browse
) -> None:
    publish(nurse.organisation)
    for owner in (surgery.pk, nurse.organisation.pk, "nowhere"):
        assert surgery.name not in page(browse(nurse), "access:why", f"?cell=record:view&organisation={owner}")


def test_a_switch_leads_to_no_other_site(nurse: Membership, surgery: Organisation, browse: Browse) -> None:
    there = Membership.objects.create(organisation=surgery, person=nurse.person, joined_at=now())
    for wanted in ("https://evil.example/", "//evil.example"):
        response = browse(nurse).post(reverse("people:switch"), {"membership": there.pk, "next": wanted})
        assert response["Location"] == reverse("web:home")


def test_a_refusal_is_kept_once_per_cause(nurse: Membership, browse: Browse) -> None:
    confirm(nurse, publish(nurse.organisation))
    phone = registered(nurse, changes={"unaltered": False})
    client = on_device(browse(nurse), phone)
    for _ in range(3):
        page(client, "access:why", "?cell=record:view&system=abc")
    page(client, "access:why", "?cell=mail:view&system=abc")
    kept = Decision.objects.filter(cause="refused").order_by("at")
    assert [(one.refused_cell, one.system, one.reasons) for one in kept] == [
        ("record:view", "abc", ["unaltered"]), ("mail:view", "abc", ["unaltered"])
    ]  # fmt: skip
    assert Entry.objects.filter(action="access.decided").count() == 2


def test_a_visit_keeps_a_decision_only_when_something_changed(nurse: Membership, browse: Browse) -> None:
    confirm(nurse, publish(nurse.organisation))
    phone = registered(nurse)
    client = on_device(browse(nurse), phone)
    page(client)
    page(client)
    assert Decision.objects.count() == 1
    Registration.objects.filter(pk=phone.pk).update(state="suspended")
    page(client)
    assert [one.allowed > 0 for one in Decision.objects.order_by("at")] == [True, False]


def test_a_session_gets_the_limits_of_the_policy(nurse: Membership, browse: Browse) -> None:
    publish(nurse.organisation)
    client = browse(nurse)
    SignIn.objects.filter(pk=client.sign_in.pk).update(idle_minutes=99)
    page(client)
    client.sign_in.refresh_from_db()
    assert (client.sign_in.idle_minutes, client.sign_in.absolute_minutes) == (15, 780)


def test_the_page_asks_few_questions(
    nurse: Membership, browse: Browse, django_assert_max_num_queries: Callable[..., object]
) -> None:
    confirm(nurse, publish(nurse.organisation))
    client = on_device(browse(nurse), registered(nurse))
    page(client)
    with django_assert_max_num_queries(7):  # type: ignore[attr-defined]
        page(client)


GET_PAGES = ["mine", "why", "emergency", "emergencies", "register"]


@pytest.mark.parametrize("name", GET_PAGES)
def test_nobody_is_sent_to_sign_in(db: None, browse: Browse, name: str) -> None:
    response = browse(None).get(reverse(f"access:{name}"))
    assert response.status_code == 302
    assert reverse(settings.SIGN_IN_URL_NAME) in response["Location"]


@pytest.mark.parametrize(("name", "args", "post"), [
    ("emergency_end", ["x"], True), ("emergency_review", ["x"], False), ("register_file", [], False),
    ("device", ["x"], False),
])  # fmt: skip
def test_nobody_is_sent_to_sign_in_from_deeper_pages(
    db: None, browse: Browse, name: str, args: list[str], post: bool
) -> None:
    client = browse(None)
    address = reverse(f"access:{name}", args=args)
    response = client.post(address) if post else client.get(address)
    assert response.status_code == 302
    assert reverse(settings.SIGN_IN_URL_NAME) in response["Location"]


@pytest.mark.parametrize(("name", "args", "post"), [
    ("emergency", [], False), ("emergency_end", ["x"], True), ("emergencies", [], False),
    ("emergency_review", ["x"], False), ("register", [], False), ("register_file", [], False), ("device", ["x"], False),
])  # fmt: skip
def test_the_wrong_role_is_refused_with_a_sentence(
    porter: Membership, browse: Browse, name: str, args: list[str], post: bool
) -> None:
    client = browse(porter)
    address = reverse(f"access:{name}", args=args)
    response = client.post(address) if post else client.get(address)
    assert response.status_code == 403
    assert "Your role here does not include this" in response.content.decode()


def test_the_device_of_another_organisation_is_not_there(
    nurse: Membership, outsider: Membership, surgery: Organisation, browse: Browse
) -> None:
    phone = registered(nurse)
    assert browse(outsider).get(reverse("access:device", args=[phone.pk])).status_code == 404
