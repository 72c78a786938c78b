"""The pages of access in a real browser, at the width of a phone and of a desk, and "check again" in place."""

import mimetypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from fobwatch.devices.models import Registration
from fobwatch.kernel.clock import epoch, now
from fobwatch.people.models import Membership, SignIn
from tests import cast
from tests.access.policy import DAY, confirm, evidence, publish, registered, text
from tests.access.test_emergencies import kept

pytestmark = pytest.mark.journey
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
HOST = "http://localhost:8000"
Answers = dict[str, tuple[bytes, str]]


@contextmanager
def browsing(chromium: Browser, answers: Answers, width: int) -> Iterator[tuple[Page, list[str]]]:
    """A page that is given these answers, by "METHOD path", and the browser's complaints. No database meanwhile."""
    complaints: list[str] = []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            kind = "text/javascript" if path.endswith(".mjs") else mimetypes.guess_type(path)[0]
            route.fulfill(body=Path(str(found)).read_bytes(), content_type=kind or "")
        elif (told := answers.get(f"{route.request.method} {path}")) is not None:
            route.fulfill(body=told[0], content_type="text/html", headers={"Content-Security-Policy": told[1]})
        else:
            route.fulfill(body="{}", content_type="application/json")

    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.route("**/*", answer)
    yield page, complaints
    page.close()


def told(client: Client, path: str) -> tuple[bytes, str]:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content, response["Content-Security-Policy"]


def hindrances(chromium: Browser, client: Client, paths: list[str], width: int) -> list[str]:
    """What sticks out, is closed to somebody, or breaks the policy of the page; all details are opened first."""
    found: list[str] = []
    with browsing(chromium, {f"GET {path}": told(client, path) for path in paths}, width) as (page, complaints):
        for path in paths:
            page.goto(HOST + path)
            for summary in page.locator("summary").all():
                if not summary.evaluate("one => one.parentElement.open"):
                    summary.click()
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{path} sticks out")
            found += [f"{path} {one}" for one in axe(page)]
        return found + complaints


def axe(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))")
    return found


def on_device(client: Client, phone: Registration) -> Client:
    SignIn.objects.filter(pk=client.sign_in.pk).update(device=phone.device_id)
    return client


@pytest.fixture
def bad_phone(nurse: Membership) -> Registration:
    """Two things to fix, one warning, and something out of date."""
    confirm(nurse, publish(nurse.organisation, image_groups=["clinical"]))
    at = epoch(now())
    held = evidence(at - DAY, {"os_version": "16.1", "auto_lock_minutes": 9})
    held["os_version"] = held["os_version"]._replace(observed=at - 25 * DAY)
    held["contacts_reviewed"] = held["contacts_reviewed"]._replace(expires=at - DAY)
    return registered(nurse, facts=text(held))


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_staff_hinder_nobody(
    chromium: Browser, nurse: Membership, bad_phone: Registration, browse: Callable[..., Client], width: int
) -> None:
    paths = ["/access/", "/access/why?cell=record:view&system=a", "/access/emergency?kind=record"]
    assert hindrances(chromium, on_device(browse(nurse), bad_phone), paths, width) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_the_desk_hinder_nobody(
    chromium: Browser, nurse: Membership, bad_phone: Registration, browse: Callable[..., Client], width: int
) -> None:
    lead = cast.member(nurse.organisation, "Kit Lowe", "practice_lead")
    review = f"/access/emergencies/{kept(nurse).pk}"
    paths = ["/access/register?state=active", f"/access/register/{bad_phone.pk}", "/access/emergencies", review]
    assert hindrances(chromium, browse(lead), paths, width) == []


def test_check_again_answers_in_place(
    chromium: Browser, nurse: Membership, bad_phone: Registration, browse: Callable[..., Client]
) -> None:
    client = on_device(browse(nurse), bad_phone)
    answers = {"GET /access/": told(client, "/access/")}
    Registration.objects.filter(pk=bad_phone.pk).update(facts=text(evidence(epoch(now()))))
    answers["POST /access/"] = told(client, "/access/")
    with browsing(chromium, answers, 360) as (page, complaints):
        page.goto(HOST + "/access/")
        assert "to fix on your phone" in page.locator("h1").inner_text()
        page.evaluate("window.sameDocument = true")
        page.get_by_role("button", name="I have done it, check again").click()
        expect(page.locator("h1")).to_contain_text("is ready for work")
        assert page.evaluate("window.sameDocument")
        assert page.evaluate("document.activeElement.id") == "answers"
        assert complaints == []
