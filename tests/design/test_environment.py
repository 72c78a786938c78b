import datetime as dt
from pathlib import Path

import pytest
from django.core.paginator import Paginator
from django.template import engines
from jinja2 import FileSystemLoader
from jinja2.exceptions import UndefinedError

from fobwatch.design.environment import environment, moment_words

pytestmark = pytest.mark.urls("tests.design.urls")
NOON = dt.datetime(2026, 11, 27, 14, 30, tzinfo=dt.UTC)


def render(folder: Path, text: str, **context: object) -> str:
    (folder / "ours.jinja").write_text(text)
    return environment(loader=FileSystemLoader(folder)).get_template("ours.jinja").render(**context)


@pytest.mark.parametrize(
    "text",
    [
        "{{ typo }}",
        "{{ known.typo }}",
        "{{ 'a' ~ typo }}",
        "{% for one in typo %}{% endfor %}",
        "{{ typo | length }}",
        "{% if typo == 'yes' %}{% endif %}",
        "{% if typo != 'yes' %}{% endif %}",
        "<a href='{{ typo.deeper.still }}'>",
    ],
)
def test_a_name_without_a_value_is_an_error_in_our_templates(tmp_path: Path, text: str) -> None:
    with pytest.raises(UndefinedError, match=r"typo|no attribute"):
        render(tmp_path, text, known={})


def test_it_may_be_asked_about_and_given_a_default(tmp_path: Path) -> None:
    text = "{% if typo %}a{% endif %}{{ typo is defined }}{{ typo | default('b') }}{{ typo or 'c' }}"
    assert render(tmp_path, text) == "Falsebc"


def test_the_nhs_macros_keep_their_forgiving_undefined(tmp_path: Path) -> None:
    text = (
        "{% from 'nhsuk/components/button/macro.jinja' import button %}{{ button({'text': 'Save', 'classes': typo}) }}"
    )
    assert "Save" in render(tmp_path, text)


def test_inside_the_nhs_package_a_missing_value_is_empty_wherever_it_is_used(tmp_path: Path) -> None:
    place = tmp_path / "nhsuk_frontend_jinja"
    place.mkdir()
    text = "[{{ a }}{{ a.b }}{% for one in a %}x{% endfor %}{{ a | length }}{{ a == b }}{{ a != 1 }}{{ a == 1 }}]"
    assert render(place, text) == "[0TrueTrueFalse]"


def test_where_it_is_not_strict_nothing_fails(tmp_path: Path, settings: object) -> None:
    settings.FOBWATCH_STRICT_TEMPLATES = False  # type: ignore[attr-defined]
    assert render(tmp_path, "[{{ typo.deeper }}]") == "[]"


def test_what_people_wrote_is_escaped(tmp_path: Path) -> None:
    assert render(tmp_path, "{{ name }}", name="<b>") == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ at | moment }}", "Friday 27 November 2026, 14:30"),
        ("{{ summer | moment }}", "Wednesday 1 July 2026, 13:00"),
        ("{{ seconds | moment }}", "Friday 27 November 2026, 14:30"),
        ("{{ none | moment }}", ""),
        ("{{ none | moment('never') }}", "never"),
        ("{{ at | day }}", "Friday 27 November 2026"),
        ("{{ late | day }}", "Thursday 2 July 2026"),
        ("{{ plain | day }}", "Sunday 1 March 2026"),
        ("{{ none | day('no date') }}", "no date"),
        ("{{ at | clock }}", "14:30"),
        ("{{ none | clock }}", ""),
        ("{{ 45000 | number }}", "45,000"),
        ("{{ 1 | plural('device') }}", "1 device"),
        ("{{ 1200 | plural('device') }}", "1,200 devices"),
        ("{{ plural(0, 'person', 'people') }}", "0 people"),
        ("{{ url('access:row', 7) }}", "/register/7"),
        ("{{ url('access:row', number=8) }}", "/register/8"),
        ("{{ static('design/app.css') }}", "/static/design/app.css"),
    ],
)
def test_words_for_dates_numbers_and_addresses(tmp_path: Path, text: str, expected: str) -> None:
    summer = dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)
    late = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    context = {"at": NOON, "seconds": int(NOON.timestamp()), "summer": summer, "late": late}
    assert render(tmp_path, text, plain=dt.date(2026, 3, 1), **context) == expected


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment_words(dt.datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


MACROS = [
    ("answer_tag('not_yet')", "Not yet"),
    ("answer_tag('view_only')", "View only"),
    ("answer_square('no', 'Messages')", "Messages: No. "),
    ("grade_tag(5)", "Proved"),
    ("grade_tag('declared')", "You told us"),
    ("back_link('/x')", 'href="/x"'),
    ("button('Save', 'warning')", "nhsuk-button--warning"),
    ("link_button('/x', 'Start')", 'href="/x"'),
    ("post_button('/x', 'Go', hidden={'a': '<1>'})", 'name="a" value="&lt;1&gt;"'),
    ("post_button('/x', 'Go')", "csrfmiddlewaretoken"),
    ("summary_list([('Name', 'Amara')])", "row--no-actions"),
    ("summary_list([('Name', 'Amara', '/x', 'Change')])", "Change<span"),
    ("qr_figure('http://localhost:8000/join', 'Scan this')", "<svg"),
]


@pytest.mark.parametrize(("call", "expected"), MACROS)
def test_every_macro_says_what_it_should(call: str, expected: str) -> None:
    name = call.partition("(")[0]
    text = f"{{% from 'design/macros.jinja' import {name} with context %}}{{{{ {call} }}}}"
    made = engines["jinja2"].from_string(text)
    assert expected in made.render({"csrf_input": '<input name="csrfmiddlewaretoken">'})


def test_an_answer_that_does_not_exist_is_an_error() -> None:
    text = "{% from 'design/macros.jinja' import answer_tag %}{{ answer_tag('perhaps') }}"
    with pytest.raises((UndefinedError, ValueError)):
        engines["jinja2"].from_string(text).render({})


def test_a_table_is_plain_html_that_can_be_scrolled_with_the_keyboard() -> None:
    text = (
        "{% from 'design/macros.jinja' import table %}"
        "{% call table('Devices', ['Person']) %}<tr><td>Amara</td></tr>{% endcall %}"
    )
    made = engines["jinja2"].from_string(text).render({})
    assert '<th role="columnheader" class="nhsuk-table__header" scope="col">Person</th>' in made
    assert 'tabindex="0"' in made
    assert "<tr><td>Amara</td></tr>" in made


@pytest.mark.parametrize(
    ("number", "has", "lacks"),
    [(1, "page=2", "Previous"), (2, "page=3", "?page="), (3, "page=2", "Next")],
)
def test_pages_keep_the_filter(number: int, has: str, lacks: str) -> None:
    text = "{% from 'design/macros.jinja' import pagination %}{{ pagination(page, 'state=lost') }}"
    made = engines["jinja2"].from_string(text).render({"page": Paginator(range(30), 10).page(number)})
    assert has in made
    assert "?state=lost&amp;page=" in made
    assert lacks not in made
    assert "nav" not in engines["jinja2"].from_string(text).render({"page": Paginator([1], 10).page(1)})


def test_each_cell_of_a_table_says_which_column_it_is_in() -> None:
    text = (
        "{% from 'design/macros.jinja' import table %}"
        "{% call table('People', ['Name', 'Job & team']) %}"
        '<tr class="nhsuk-table__row"><td class="nhsuk-table__cell">{{ name }}</td>'
        '<td class="nhsuk-table__cell"></td></tr>{% endcall %}'
    )
    page = engines["jinja2"].from_string(text).render({"name": "<b>Amara</b>"})
    assert '<td role="cell" data-heading="Name" class="nhsuk-table__cell">&lt;b&gt;Amara&lt;/b&gt;</td>' in page
    assert '<td role="cell" data-heading="Job &amp; team" class="nhsuk-table__cell"></td>' in page
    assert page.count('<tr role="row" class="nhsuk-table__row">') == 2
