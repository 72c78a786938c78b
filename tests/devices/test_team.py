"""What a ward manager sees of her team: who has a registered device, and nothing about it."""

import pytest
from django.urls import reverse

from fobwatch.devices.models import Device
from fobwatch.people.models import Membership
from tests.cast import NOW, browser
from tests.devices.conftest import register

TEAM = "devices:team"


@pytest.mark.parametrize(
    ("state", "said"), [("active", ">Yes<"), ("enrolling", ">Being set up<"), ("lost", ">No<"), ("retired", ">No<")]
)
def test_a_manager_sees_who_has_registered_and_not_which_device(
    manager: Membership, nurse: Membership, state: str, said: str
) -> None:
    phone = register(nurse, state=state)
    page = browser(manager).get(reverse(TEAM)).content.decode()
    assert nurse.person.name in page
    assert said in page
    assert phone.device.label not in page


def test_one_device_in_use_is_enough(manager: Membership, nurse: Membership) -> None:
    register(nurse)
    other = Device.objects.create(
        person=nurse.person,
        label="Laptop",
        platform="windows",
        browser_key="another",
        cookie_hash="d" * 64,
        created_at=NOW,
    )
    register(nurse, state="enrolling", device=other)
    assert "1 of 1 person has registered" in browser(manager).get(reverse(TEAM)).content.decode()


def test_other_teams_and_those_who_left_are_not_there(
    manager: Membership, nurse: Membership, porter: Membership
) -> None:
    Membership.within(nurse.organisation).filter(pk=nurse.pk).update(employment="left", leaves_on=NOW.date())
    page = browser(manager).get(reverse(TEAM)).content.decode()
    assert nurse.person.name not in page
    assert porter.person.name not in page
    assert "Nobody is in your team yet" in page


def test_a_nurse_sees_no_team_and_is_told_why(nurse: Membership) -> None:
    page = browser(nurse).get(reverse(TEAM))
    assert page.status_code == 403
    assert "Your role here does not include this" in page.content.decode()


def test_the_menu_of_a_manager_leads_there(manager: Membership, nurse: Membership) -> None:
    assert reverse(TEAM) in browser(manager).get(reverse("devices:mine")).content.decode()
    assert reverse(TEAM) not in browser(nurse).get(reverse("devices:mine")).content.decode()
