"""What waits in the demo for its visitor, and the passkeys that nobody holds."""

import pytest
from pytest_django.fixtures import Settings as SettingsWrapper
from webauthn.helpers import base64url_to_bytes

from fobwatch.devices.models import Registration
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import now
from fobwatch.kernel.verdict import Refused
from fobwatch.people import backends
from fobwatch.people.actions import invitations
from fobwatch.people.actions.demo import make_passkey
from fobwatch.people.actions.founding import add_staff
from fobwatch.people.models import Invitation, Letter, Membership, Organisation, Passkey
from fobwatch.people.rules.ceremony import NOT_PROVED
from fobwatch.people.rules.demo import MADE_UP, PERSONAS
from fobwatch.web.demo.people import HOSPITAL_PERSONAS
from fobwatch.web.demo.waiting import leave_waiting
from tests import cast
from tests.fakes.authenticator import FakeAuthenticator


@pytest.fixture
def demo(hospital: Organisation, settings: SettingsWrapper) -> None:
    settings.FOBWATCH_DEMO = True
    add_staff(organisation=hospital, people=HOSPITAL_PERSONAS, by=cast.TESTER, now=now())
    leave_waiting(Membership.within(hospital), by=cast.TESTER, now=now())


def test_a_link_waits_for_a_second_person_and_a_work_phone_for_its_holder(demo: None, hospital: Organisation) -> None:
    waiting = Invitation.to_approve(hospital, now=now()).get()
    assert (waiting.membership.person.name, waiting.invited_by.person.name) == ("Imran Qureshi", "Nia Pritchard")
    owen = Membership.objects.get(person__name="Owen Marsh")
    invitations.approve(invitation=waiting, approver=owen, by=Actor.system("test"), now=now())
    assert Letter.objects.filter(to=waiting.membership.person.email).exists()
    assert Registration.issued_to(Membership.objects.get(person__name="Grace Lindqvist")).count() == 1
    assert set(Passkey.objects.values_list("label", flat=True)) == {MADE_UP}


def test_nobody_signs_in_with_a_made_up_passkey(demo: None) -> None:
    made_up = Passkey.objects.filter(label=MADE_UP).first()
    phone = FakeAuthenticator(credential_id=base64url_to_bytes(made_up.credential_id))
    with pytest.raises(Refused) as caught:
        backends.verify_assertion(
            answer=phone.answer(b"c" * 32), challenge=b"c" * 32, origins=[phone.origin], rp_id=phone.rp_id,
            credential_id=made_up.credential_id, public_key=bytes(made_up.public_key), sign_count=0, be=True,
        )  # fmt: skip
    assert caught.value.verdict == NOT_PROVED


def test_no_made_up_passkey_is_made_elsewhere(nurse: Membership, settings: SettingsWrapper) -> None:
    for demo in (False, True):
        settings.FOBWATCH_DEMO = demo
        nurse.person.email = "somebody@hospital.example" if demo else PERSONAS[0].email
        with pytest.raises(Refused, match="no made-up people"):
            make_passkey(membership=nurse, by=Actor.system("test"), now=now())
    assert not Passkey.objects.exists()
