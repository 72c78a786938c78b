"""Every component of ours on one page, in a real browser, at the width of a phone and of a desk."""

import mimetypes
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template import engines
from playwright.sync_api import Browser, Page, Route

from fobwatch.kernel.permission import Permission
from tests.design.test_forms import Everything
from tests.design.test_layout import REFUSAL, member

pytestmark = [pytest.mark.urls("tests.design.urls"), pytest.mark.journey]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-n0nce'; style-src 'self'; img-src 'self' data:; form-action 'self'"
)

GALLERY = """
{% extends "design/task.jinja" %}
{% from "design/macros.jinja" import answer_tag, answer_square, grade_tag, table, pagination with context %}
{% from "design/macros.jinja" import button, link_button, post_button, summary_list, qr_figure with context %}
{% from "design/field.jinja" import field %}
{% block page_title %}Gallery{% endblock %}
{% block task %}
<h1>Everything at once</h1>
<p>{% for answer in ["yes", "view_only", "not_yet", "no"] %}
{{ answer_tag(answer) }} {{ answer_square(answer, "Messages") }}
{% endfor %}</p>
<p>{% for grade in range(6) %}{{ grade_tag(grade) }} {% endfor %}</p>
{% call table("Devices", ["Person", "Device", "Answer"]) %}
<tr class="nhsuk-table__row">
<td class="nhsuk-table__cell">Amara Osei</td><td class="nhsuk-table__cell">iPhone 15</td>
<td class="nhsuk-table__cell">{{ answer_square("no", "Messages") }}</td>
</tr>
{% endcall %}
{{ pagination(page, "state=lost") }}
{{ summary_list([("Name", "Amara Osei", "/me", "Change"), ("Role", "Staff nurse")]) }}
{{ qr_figure("http://localhost:8000/join/abcdefgh", "Scan this with your phone") }}
{{ link_button("/mine", "Start now") }}{{ post_button("/out", "Sign out", "secondary") }}
<form method="post" action="/somewhere" novalidate>{{ csrf_input }}{{ form.render_nhs() }}{{ button("Save") }}</form>
{% endblock %}
{% block scripts %}{% include "design/htmx.jinja" %}{% endblock %}
"""


def gallery() -> str:
    request: Any = member(*Permission)
    request.other_organisations = True
    request._messages = CookieStorage(request)
    request._messages.add(25, "Your phone is ready.")
    context = {
        **REFUSAL,
        "form": Everything({}),
        "page": Paginator(range(30), 10).page(2),
        "back": "/",
        "step": 2,
        "steps": 5,
    }
    return engines["jinja2"].from_string(GALLERY).render(context, request)


def open_gallery(chromium: Browser, width: int) -> tuple[Page, list[str]]:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    html = gallery()

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix("http://localhost:8000")
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            kind = "text/javascript" if path.endswith(".mjs") else mimetypes.guess_type(path)[0]
            route.fulfill(body=Path(str(found)).read_bytes(), content_type=kind or "")
        elif path == "/":
            route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})
        else:
            route.fulfill(status=204)

    page.route("**/*", answer)
    page.goto("http://localhost:8000/")
    return page, complaints


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_hinders_a_person_or_breaks_the_policy(chromium: Browser, settings: Any, width: int) -> None:
    settings.FOBWATCH_DEMO = True
    page, complaints = open_gallery(chromium, width)
    page.wait_for_selector("[data-nhsuk-header-init], .nhsuk-frontend-supported")
    assert complaints == []
    assert page.locator("form input[type=text][name=name]").is_visible()
    assert page.locator("input[name=lock]").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert "Frutiger" not in page.evaluate("getComputedStyle(document.body).fontFamily")
    assert page.evaluate("document.activeElement.className") == "nhsuk-error-summary"
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))")
    assert found == []
    page.close()


def test_a_form_is_sent_once(chromium: Browser) -> None:
    page, _ = open_gallery(chromium, 360)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate(
        "const f = document.querySelector('form[action=\"/somewhere\"]'); f.requestSubmit(); f.requestSubmit()"
    )
    page.wait_for_timeout(300)
    page.evaluate("document.querySelector('form[action=\"/somewhere\"]').requestSubmit()")
    page.wait_for_timeout(300)
    assert len(sent) == 1
    page.close()
