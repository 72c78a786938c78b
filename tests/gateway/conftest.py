"""A hospital with a policy in force, a nurse with a good phone, and a system behind the gate."""

from collections.abc import Callable

import pytest

from fobwatch.devices.models import Registration
from fobwatch.gateway import api
from fobwatch.gateway.api.notes import Notes
from fobwatch.gateway.models import GateSession, System
from fobwatch.people.models import Membership, Organisation, SignIn
from fobwatch.policy.models import Version
from tests.access.policy import confirm, publish, registered
from tests.gateway import door


@pytest.fixture(autouse=True)
def notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    """The notes of this test alone, written only when it says so."""
    made = Notes()
    monkeypatch.setattr(made, "wake", lambda: None)
    monkeypatch.setattr(api, "NOTES", made)
    return made


@pytest.fixture
def write(notes: Notes) -> Callable[[], int]:
    """Write what the gate noted; how many notes there were."""

    def all_of_them() -> int:
        return notes.write_some() if notes.waiting.qsize() else 0

    return all_of_them


@pytest.fixture
def version(hospital: Organisation) -> Version:
    return publish(hospital)


@pytest.fixture
def phone(nurse: Membership, version: Version) -> Registration:
    confirm(nurse, version)
    return registered(nurse)


@pytest.fixture
def system(hospital: Organisation) -> System:
    return door.system(hospital)


@pytest.fixture
def sign_in(nurse: Membership, phone: Registration) -> SignIn:
    return door.sign_in(nurse, phone)


@pytest.fixture
def inside(system: System, sign_in: SignIn) -> GateSession:
    """The nurse's session in front of the system."""
    return door.session(system, sign_in)
