"""A nurse registers her own phone from her one-time link, takes one wrong turn, and later loses it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from fobwatch.devices.models import Registration
from fobwatch.kernel.clock import now
from fobwatch.people.actions import invitations
from fobwatch.people.models import Membership, SignIn
from fobwatch.policy.rules.vocabulary import Grade, version_number
from tests.cast import TESTER, sign_in
from tests.devices.conftest import register
from tests.journeys.axe import check_axe
from tests.journeys.conftest import DESK, PHONE, Authenticator
from tests.journeys.enrolling import SIGHT, Walk, as_a_phone

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Shot = Callable[[str], Path]


def link_for(member: Membership) -> str:
    made = invitations.invite(membership=member, purpose="join", inviter=None, by=TESTER, now=now())
    return f"/join/{made.token}/"


def slug(heading: str) -> str:
    return re.sub(r"\W+", "-", heading.lower()).strip("-")


@pytest.fixture
def phone_page(page: Page) -> Page:
    as_a_phone(page.context.new_cdp_session(page))
    return page


@pytest.fixture
def walk(phone_page: Page, authenticator: Authenticator, shot: Shot) -> Walk:
    """Every page that the walk comes to is checked by axe and kept as a picture."""

    def look(heading: str) -> None:
        check_axe(phone_page)
        shot(f"enrol-{slug(heading)}")

    return Walk(phone_page, look)


@pytest.mark.parametrize("viewport", [PHONE, DESK], indirect=True)
def test_a_nurse_registers_her_phone_with_one_wrong_turn(walk: Walk, nurse: Membership, shot: Shot) -> None:
    page = walk.page
    walk.join(link_for(nurse))
    walk.begin()
    walk.button("Continue")
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    check_axe(page)
    shot("enrol-wrong-turn")
    walk.answer()
    code = page.locator(".fob-code").inner_text()
    registration = Registration.objects.get()
    known = registration.known()
    assert registration.state == "active"
    assert known["browser_key"][1] == Grade.ATTESTED
    assert known["screen_lock"][:2] == (1, Grade.OBSERVED)
    assert known["os_version"][:2] == (version_number("16"), Grade.OBSERVED)
    assert "Pixel 8" in registration.device.label

    page.reload()
    page.goto(reverse("devices:done"))
    expect(page.get_by_text(code)).to_have_count(0)
    page.go_back()

    page.goto(reverse("devices:mine"))
    check_axe(page)
    shot("my-devices")
    page.get_by_role("link", name="Pixel 8").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What we know about your device")
    check_axe(page)
    shot("my-device")


def test_back_works_and_skips_the_key(walk: Walk, nurse: Membership) -> None:
    walk.look = lambda _: None
    walk.join(link_for(nurse))
    walk.begin()
    walk.page.go_back()
    walk.at(SIGHT)
    walk.button("Continue")
    walk.at("How it locks")
    walk.page.get_by_role("link", name="Back", exact=True).click()
    walk.at(SIGHT)
    assert Registration.objects.count() == 1


def test_after_a_break_the_key_is_still_there(walk: Walk, nurse: Membership) -> None:
    walk.look = lambda _: None
    page = walk.page
    walk.join(link_for(nurse))
    walk.begin()
    walk.choose("How soon does your screen lock itself", "2 minutes")
    walk.button("Continue")
    page.context.clear_cookies(name="fobwatch")
    page.goto(reverse("devices:start"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    walk.at("Use your own phone for work")
    walk.button("Start")
    walk.button("Continue")
    walk.at("Keep it private")
    assert Registration.objects.count() == 1
    kept = page.evaluate("[Object.keys(localStorage).length, Object.keys(sessionStorage).length]")
    assert kept == [0, 0]


def test_a_later_session_shows_its_key_on_the_home_page(walk: Walk, nurse: Membership) -> None:
    walk.look = lambda _: None
    page = walk.page
    walk.join(link_for(nurse))
    walk.begin()
    walk.answer()
    page.context.clear_cookies(name="fobwatch")
    page.goto(reverse("people:sign_in"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    with page.expect_response(lambda response: response.url.endswith(reverse("devices:key_answer"))):
        page.goto("/")
    assert SignIn.objects.order_by("-started_at")[0].device == Registration.objects.get().device_id


def test_without_a_store_it_says_so(walk: Walk, nurse: Membership, shot: Shot) -> None:
    page = walk.page
    page.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError') }")
    walk.look = lambda _: None
    walk.join(link_for(nurse))
    walk.button("Start")
    walk.button("Continue")
    expect(page.get_by_role("alert")).to_contain_text("private or incognito window")
    check_axe(page)
    shot("enrol-no-store")


@pytest.mark.parametrize("viewport", [PHONE, DESK], indirect=True)
def test_she_loses_it_and_a_colleague_cuts_it_off_by_the_code(
    walk: Walk, nurse: Membership, chromium: Browser, site: str, viewport: dict[str, int], shot: Shot
) -> None:
    walk.look = lambda _: None
    walk.join(link_for(nurse))
    walk.begin()
    walk.answer()
    code = walk.page.locator(".fob-code").inner_text()
    other = chromium.new_page(base_url=site, viewport=viewport)  # type: ignore[arg-type]
    other.goto("/devices/lost/")
    check_axe(other)
    other.screenshot(path=shot("lost-own").with_name(f"lost-{viewport['width']}.png"), full_page=True)
    other.get_by_label("Lost code").fill(code.lower())
    other.get_by_role("button", name="Cut my phone off").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Your phone is cut off from work")
    check_axe(other)
    other.screenshot(path=shot("lost-own").with_name(f"lost-done-{viewport['width']}.png"), full_page=True)
    other.close()
    walk.page.goto(reverse("devices:mine"))
    expect(walk.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert Registration.objects.get().state == "lost"


@pytest.mark.parametrize("viewport", [PHONE, DESK], indirect=True)
def test_the_pages_of_it_and_the_others_look_right(
    page: Page, site: str, nurse: Membership, it_support: Membership, shot: Shot
) -> None:
    phone = register(nurse)
    page.context.add_cookies([{"name": "fobwatch", "value": sign_in_of(it_support), "url": site}])
    for name, args in (
        ("registration", [phone.pk]), ("move", [phone.pk, "lost"]), ("support", []), ("support_line", []),
        ("poster", []), ("privacy", []), ("mine", []), ("lost", []), ("start", []),
    ):  # fmt: skip
        page.goto(reverse(f"devices:{name}", args=args))
        check_axe(page)
        shot(f"devices-{name}")


def sign_in_of(member: Membership) -> str:
    return sign_in(member).token
