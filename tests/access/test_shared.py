"""On a shared computer: what its mark opens, and that saying so opens nothing (ADR 7)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from fobwatch.access import actions
from fobwatch.access.models import decide_for, registration_here
from fobwatch.kernel.clock import now
from fobwatch.kernel.verdict import Refused
from fobwatch.people.actions.shared_computers import withdraw
from fobwatch.people.models import Membership, Organisation, SignIn
from fobwatch.policy.rules.vocabulary import CELLS, CLASSES
from tests import cast
from tests.access.policy import confirm, publish_template
from tests.access.test_pages import page

Browse = Callable[..., Client]


def test_only_a_computer_on_the_list_is_a_shared_one(nurse: Membership, surgery: Organisation) -> None:
    version = publish_template(nurse.organisation)
    confirm(nurse, version)
    ward, theirs = cast.shared_computer(nurse.organisation), cast.shared_computer(surgery)

    def opened(session: SignIn) -> tuple[str, set[str]]:
        found = decide_for(session, nurse, registration_here(session, nurse), version, now())
        return found.sheet.ownership, {cell for cell in CELLS if found.may(cell)}

    marked = cast.sign_in(nurse, computer=ward)
    ownership, cells = opened(marked)
    assert ownership == "shared"
    assert {"record:view", "mail:view", "chat:view"} <= cells
    for session in (cast.sign_in(nurse, shared=True), cast.sign_in(nurse, computer=theirs), cast.sign_in(nurse)):
        assert opened(session) == ("", set())
    forged = cast.sign_in(nurse, computer=theirs)
    forged.ward = theirs.pk
    assert opened(forged) == ("", set())
    withdraw(computer=ward, withdrawer=cast.member(nurse.organisation, "I T", "it_support"), by=cast.TESTER, now=now())
    assert opened(marked) == ("", set())


def test_no_emergency_opens_what_only_its_user_calls_a_shared_computer(nurse: Membership) -> None:
    version = publish_template(nurse.organisation)
    for session in (cast.sign_in(nurse, shared=True), cast.sign_in(nurse)):
        for kind in CLASSES:
            with pytest.raises(Refused, match="not even in an emergency"):
                actions.start_emergency(
                    member=nurse, sign_in=session, registration=None, version=version, kind=kind,
                    reason="Chest pain on Ward 6, no computer free", by=cast.TESTER, now=now(),
                )  # fmt: skip


def test_a_shared_computer_is_never_registered(nurse: Membership, browse: Browse) -> None:
    version = publish_template(nurse.organisation)
    confirm(nurse, version)
    client = browse(nurse, computer=cast.shared_computer(nurse.organisation))
    text = page(client)
    assert "This is a shared computer" in text
    assert f'href="{reverse("devices:start")}"' not in text
    assert text.count("nhsuk-tag--green") > 0
    assert "on this device now" in page(client, "access:why", "?cell=record:view")


def test_a_laptop_that_is_only_called_shared_opens_nothing_and_says_what_to_do(
    nurse: Membership, browse: Browse
) -> None:
    confirm(nurse, publish_template(nurse.organisation))
    client = browse(nurse, shared=True)
    text = page(client)
    assert "This computer is not on IT’s list of shared computers" in text
    assert "Call IT: they put it on the list." in text
    assert "01632 960 100" in text
    assert "nhsuk-tag--green" not in text
    assert text.count("Not on this computer.") == 5
    assert "How to fix it" not in text
    assert f'href="{reverse("devices:start")}"' not in text
    refused = page(client, "access:why", "?cell=record:view")
    assert "You cannot open Patient records on this device" in refused
    assert "not on IT’s list of shared computers" in refused
    assert "How to fix it" not in refused
    assert "Need it for a patient" not in refused
