"""What nobody can see is put right by telling: from the reason to the question, and back to the answers."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from fobwatch.devices import actions
from fobwatch.devices.models import SupportedRelease
from fobwatch.devices.rules.evidence import from_check_in
from fobwatch.kernel.clock import epoch, now
from fobwatch.people.actions.sign_in import on_device
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy import actions as policy
from fobwatch.policy.models import Version
from fobwatch.policy.rules.vocabulary import Grade
from fobwatch.web.demo.devices import evidence
from tests import cast
from tests.access.policy import registered


@pytest.fixture
def version(hospital: Organisation) -> Version:
    draft = policy.adopt(organisation=hospital, by=cast.TESTER, now=now())
    return policy.publish(draft=draft, shown=draft.hash, by=cast.TESTER, now=now())


@pytest.fixture(autouse=True)
def still_fixed(hospital: Organisation) -> None:
    """Her system gets fixes today, whenever that is: the shipped table ages."""
    today = now().date()
    SupportedRelease.objects.create(
        organisation=hospital, platform="ios", version="26", fixes_until=today + dt.timedelta(days=300),
        source="Made up", checked_on=today,
    )  # fmt: skip


def test_a_nurse_tells_that_she_has_done_it_and_is_let_in(
    nurse: Membership, version: Version, browse: Callable[..., Client]
) -> None:
    phone = registered(nurse)
    client = browse(nurse)
    on_device(sign_in=client.sign_in, device=phone.device_id, by=cast.TESTER, now=cast.NOW)
    items = [*evidence("ios", "26.0", no=["remote_wipe_on"]), from_check_in(epoch(now()))]
    actions.record_evidence(registration=phone, items=items, by=cast.TESTER, now=now())
    page = client.get("/access/").content.decode()
    assert "Tell us when you have done it" in page
    assert "Read the policy and confirm it" in page
    assert "/devices/enrol/questions/lost/?then=answers" in page
    answered = client.post("/devices/enrol/questions/lost/?then=answers", {"find-and-erase": "1"})
    assert answered.status_code == 302, answered.content.decode()[:2000]
    assert answered["Location"] == "/access/#answers"
    phone.refresh_from_db()
    assert phone.known()["remote_wipe_on"][:2] == (1, Grade.DECLARED)
    assert "/devices/enrol/questions/lost/" not in client.get("/access/").content.decode()
