"""The home page: the answers, what needs a member today, and the figures, each for whom it concerns."""

import datetime as dt
from collections.abc import Callable
from unittest.mock import patch

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from fobwatch.access.models import Emergency
from fobwatch.audit.jobs import checkpoint
from fobwatch.devices.actions import issue_device
from fobwatch.devices.actions.demo import make_demo_device
from fobwatch.devices.rules.support import TRUSTED_WITHOUT_END
from fobwatch.kernel.clock import epoch, now
from fobwatch.people.actions.invitations import invite
from fobwatch.people.models import Membership, Organisation, Passkey
from fobwatch.policy import actions as policy
from fobwatch.policy.models import Version
from fobwatch.web import home
from tests import cast
from tests.access.policy import registered

Browse = Callable[..., Client]


@pytest.fixture
def version(hospital: Organisation) -> Version:
    draft = policy.adopt(organisation=hospital, by=cast.TESTER, now=now())
    return policy.publish(draft=draft, shown=draft.hash, by=cast.TESTER, now=now())


def page(browse: Browse, member: Membership) -> str:
    answer = browse(member).get("/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_nobody_signed_in_is_sent_to_sign_in_and_back(db: None) -> None:
    assert Client().get("/")["Location"] == "/sign-in/?next=%2F"


def test_a_nurse_is_told_what_to_read_and_nothing_of_other_peoples_work(
    nurse: Membership, version: Version, browse: Browse
) -> None:
    text = page(browse, nurse)
    assert "Read the policy and confirm it" in text
    assert "devices in use" not in text
    assert "Log intact" not in text
    policy.acknowledge(membership=nurse, version=version, shown=version.hash, by=cast.TESTER, now=now())
    registered(nurse, state="enrolling")
    text = page(browse, nurse)
    assert "Read the policy and confirm it (about" not in text
    assert "Finish setting up your device" in text
    assert "issued to you" not in text


def test_somebody_is_told_of_the_device_that_was_issued_to_them(
    nurse: Membership, version: Version, browse: Browse
) -> None:
    issue_device(membership=nurse, label="Work phone 1", by=cast.TESTER, now=now())
    text = page(browse, nurse)
    assert "Set up the device that was issued to you" in text
    assert "Finish setting up your device" not in text


def test_the_lead_is_told_to_begin_and_to_finish_the_policy(ig_lead: Membership, browse: Browse) -> None:
    assert "Start your policy from the national template" in page(browse, ig_lead)
    policy.adopt(organisation=ig_lead.organisation, by=cast.TESTER, now=now())
    assert "Finish the draft" in page(browse, ig_lead)


def test_the_lead_sees_figures_with_a_page_behind_each_and_the_state_of_the_log(
    ig_lead: Membership, nurse: Membership, version: Version, browse: Browse
) -> None:
    registered(nurse)
    policy.acknowledge(membership=nurse, version=version, shown=version.hash, by=cast.TESTER, now=now())
    assert "has not been signed yet" in page(browse, ig_lead)
    checkpoint(now())
    text = page(browse, ig_lead)
    assert '<a href="/access/register?state=active"><strong>1</strong> devices in use</a>' in text
    assert "<strong>1</strong> of 2 staff have confirmed the policy" in text
    assert "Log intact when it was last checked and signed" in text


@pytest.mark.parametrize(("count", "words"), [(1, "Review 1 emergency access"), (2, "Review 2 times emergency access")])
def test_emergency_access_waits_for_its_review(
    ig_lead: Membership, nurse: Membership, version: Version, browse: Browse, count: int, words: str
) -> None:
    for _ in range(count):
        Emergency.objects.create(
            organisation=nurse.organisation, membership=nurse, sign_in="x", kind="record", reason="A crash call",
            started_at=now(), until_epoch=epoch(now()) + 60,
        )  # fmt: skip
    assert words in page(browse, ig_lead)
    assert words not in page(browse, nurse)


def test_a_link_for_a_privileged_role_waits_for_the_second_person_only(
    it_support: Membership, second_it: Membership, ig_lead: Membership, browse: Browse
) -> None:
    with patch.object(Passkey, "of") as known:
        known.return_value.exists.return_value = True
        invite(membership=second_it, purpose="recover", inviter=it_support, by=cast.TESTER, now=now())
    assert '<a href="/staff/approvals/">Approve 1 sign-in link</a>' in page(browse, ig_lead)
    assert "Approve 1 sign-in link" not in page(browse, it_support), "she asked for it"
    assert "Approve 1 sign-in link" not in page(browse, second_it), "it is hers"


def test_whoever_keeps_the_support_table_hears_of_its_end_a_month_ahead(
    it_support: Membership, nurse: Membership, version: Version, browse: Browse
) -> None:
    organisation = it_support.organisation
    checked = min(line.checked_on for line in home.support_table(organisation) if line.fixes_until is None)
    ends = dt.datetime.combine(checked + TRUSTED_WITHOUT_END, dt.time(9), dt.UTC)
    said = f"Check the list of supported versions by {ends:%-d %B %Y}"
    for days, told in ((31, False), (29, True), (-1, True)):
        with time_machine.travel(ends - dt.timedelta(days=days), tick=False):
            assert (said in page(browse, it_support)) is told, days
            assert said not in page(browse, nurse)


def test_without_open_ends_there_is_nothing_to_check(it_support: Membership) -> None:
    with patch.object(home, "support_table", return_value=[]):
        assert home._support_work(it_support.organisation, now()) == []


class TestLookingThroughAMadeUpDevice:
    def make(self, member: Membership) -> str:
        made = make_demo_device(
            membership=member, label="Amara's iPhone", ownership="personal", state="active", state_reason="", items=(),
            last_seen=0, by=cast.TESTER, now=now(),
        )  # fmt: skip
        return f"/demo/device/{made.pk}/"

    def test_a_persona_is_offered_hers_until_she_has_one(
        self, nurse: Membership, browse: Browse, settings: Settings
    ) -> None:
        settings.FOBWATCH_DEMO = True
        address = self.make(nurse)
        client = browse(nurse, how="demo")
        assert address in client.get("/").content.decode()
        assert client.post(address)["Location"] == "/"
        assert address not in client.get("/").content.decode()
        assert client.get(address).status_code == 405

    def test_nobody_reaches_that_of_another_or_outside_the_demo(
        self, nurse: Membership, porter: Membership, outsider: Membership, browse: Browse, settings: Settings
    ) -> None:
        settings.FOBWATCH_DEMO = True
        address = self.make(nurse)
        for other in (porter, outsider):
            assert browse(other, how="demo").post(address).status_code == 404
        assert "/sign-in/" in Client().post(address)["Location"]
        assert browse(nurse).post(address).status_code == 403
        settings.FOBWATCH_DEMO = False
        assert browse(nurse, how="demo").post(address).status_code == 404


@pytest.mark.parametrize(("source", "words"), [("https://code.example/fobwatch", "https://code.example"), ("", "Ask")])
def test_the_source_is_offered_to_everybody(db: None, settings: Settings, source: str, words: str) -> None:
    settings.FOBWATCH_SOURCE = source
    assert words in Client().get("/about/").content.decode()


@pytest.mark.parametrize(("path", "status"), [("/nowhere/", 404), ("/devices/own/nothing/", 404)])
def test_what_is_not_there_is_said_plainly(nurse: Membership, browse: Browse, path: str, status: int) -> None:
    answer = browse(nurse).get(path)
    assert answer.status_code == status
    assert "find that page" in answer.content.decode()


def test_a_form_from_elsewhere_changes_nothing(nurse: Membership) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["fobwatch"] = cast.sign_in(nurse).token
    answer = client.post("/sign-out/")
    assert answer.status_code == 403
    assert client.get("/").status_code == 200, "still signed in"


def test_when_something_breaks_the_page_needs_no_database(nurse: Membership, browse: Browse) -> None:
    client = browse(nurse)
    client.raise_request_exception = False
    with patch("fobwatch.web.views.tasks", side_effect=RuntimeError("with a name in it")):
        answer = client.get("/")
    assert answer.status_code == 500
    assert "with a name in it" not in answer.content.decode()


def test_a_request_for_another_host_is_refused(db: None) -> None:
    assert Client().get("/sign-in/", HTTP_HOST="evil.example").status_code == 400
