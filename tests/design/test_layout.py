from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import DatabaseError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import resolve

from fobwatch.design.forms import Form
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import Verdict

pytestmark = pytest.mark.urls("tests.design.urls")
REFUSAL = {"verdict": Verdict.no("Your phone is not registered.", "Register it first.")}


def visitor(path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.csp_nonce = "n0nce"
    request.member = request.organisation = request.permissions = None
    return request


def member(*permissions: Permission, path: str = "/mine") -> Any:
    request: Any = visitor(path)
    request.resolver_match = resolve(path)
    request.permissions = frozenset(permissions)
    request.member = SimpleNamespace(person=SimpleNamespace(name="Amara <Osei>"))
    request.organisation = SimpleNamespace(
        name="Fennimore Hospitals", help_name="IT service desk", help_phone="01632 960 100", help_hours="8 to 6",
        help_email="it@example.org", night_name="On call", night_phone="01632 960 199",
    )  # fmt: skip
    return request


def page(request: HttpRequest | None, template: str = "design/refused.jinja", **context: Any) -> str:
    return render_to_string(template, {**REFUSAL, **context}, request=request)


def test_a_visitor_finds_the_way_in_and_the_lost_page() -> None:
    made = page(visitor())
    assert 'href="/in"' in made
    assert 'href="/lost">I lost my phone</a>' in made
    assert "What can your organisation see?" in made
    assert "Sign out" not in made
    assert "Who can help" not in made
    assert "do this yet \N{EN DASH} Fobwatch</title>" in made


def test_a_member_sees_only_the_pages_that_their_permissions_open() -> None:
    made = page(member(Permission.OWN_DEVICE))
    assert "My devices" in made
    assert "Register</" not in made
    assert 'href="/register"' in page(member(Permission.SEE_REGISTER))


def test_a_page_that_is_not_mounted_is_left_out_of_the_menu() -> None:
    assert "Emergency access" not in page(member(*Permission))


def test_the_menu_marks_where_you_are() -> None:
    made = page(member(Permission.OWN_DEVICE))
    assert made.count('aria-current="page"') == 1


def test_a_member_may_sign_out_by_a_form_with_a_token() -> None:
    made = page(member(Permission.OWN_DEVICE))
    assert 'action="/out" method="post"><input type="hidden" name="csrfmiddlewaretoken"' in made
    assert "Amara &lt;Osei&gt;" in made
    assert 'href="/in"' not in made


def test_the_switch_is_for_those_with_a_second_organisation() -> None:
    request = member()
    assert "Change organisation" not in page(request)
    request.other_organisations = True
    assert 'href="/switch"' in page(request)


def test_a_refusal_says_why_what_to_do_and_whom_to_call_at_night() -> None:
    made = page(member())
    for words in ("Your phone is not registered.", "Register it first.", "01632 960 100", "tel:01632960199", "8 to 6"):
        assert words in made


def test_the_scripts_carry_the_nonce() -> None:
    assert page(visitor()).count('nonce="n0nce"') == 2


def test_messages_are_shown_once_and_by_their_kind() -> None:
    request = member()
    request._messages = CookieStorage(request)
    request._messages.add(25, "Your phone is ready.")
    request._messages.add(30, "Your system is old.")
    made = page(request)
    assert made.count("nhsuk-notification-banner--success") == 1
    assert "Your phone is ready." in made
    assert "Your system is old." in made
    assert request._messages.used


def test_the_demo_says_so_on_every_page(settings: Any) -> None:
    assert "(demo)" not in page(visitor())
    settings.FOBWATCH_DEMO = True
    assert page(visitor()).count("(demo)") == 2


def test_the_nhs_logo_is_shown_only_where_it_is_allowed(settings: Any) -> None:
    assert "nhsuk-header__logo" not in page(visitor())
    settings.FOBWATCH_NHS_LOGO = True
    assert "nhsuk-header__logo" in page(visitor())


def test_a_form_with_errors_has_a_summary_and_says_so_in_the_title() -> None:
    class Name(Form):
        name = forms.CharField(label="Your name")

    made = page(visitor(), form=Name({}))
    assert "<title>Error: " in made
    assert '<a href="#id_name">' in " ".join(made.split())
    assert made.index("There is a problem") < made.index("<h1")
    assert "There is a problem" not in page(visitor(), form=Name())


class Broken:
    """A request whose member can't be loaded any more."""

    def __get__(self, *_: object) -> None:
        raise DatabaseError


@pytest.mark.parametrize("kind", ["not_found", "bad_request", "form_too_old", "broken"])
def test_every_error_page_has_one_heading_and_a_way_on(kind: str) -> None:
    made = page(member(), "design/error.jinja", kind=kind)
    assert made.count("<h1") == 1
    assert "Go to your home page" in made


def test_the_page_for_a_fault_asks_no_database() -> None:
    request = member()
    request.__class__ = type("Request", (type(request),), {"member": Broken(), "permissions": Broken()})
    del request.__dict__["member"], request.__dict__["permissions"]
    made = page(request, "design/error.jinja", kind="broken")
    assert "something went wrong" in made
    assert "I lost my phone" in made
    with pytest.raises(DatabaseError):
        page(request, "design/error.jinja", kind="not_found")
    assert "something went wrong" in page(None, "design/error.jinja", kind="broken")


def test_a_task_shows_its_step_and_the_way_back() -> None:
    made = page(visitor(), "design/task.jinja", step=2, steps=5, back="/before")
    assert "Step 2 of 5" in made
    assert '<a class="nhsuk-back-link" href="/before">Back</a>' in made
