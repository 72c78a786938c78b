"""The Jinja environment: NHS components, our globals and filters, and an undefined that tests can make strict."""

import datetime as dt
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader
from jinja2.exceptions import UndefinedError

from fobwatch.design.forms import component, summary_of
from fobwatch.design.frame import frame

LONDON = ZoneInfo("Europe/London")


class StrictUndefined(ChainableUndefined):
    """What a name without a value becomes in tests: printing, counting or comparing it is an error.

    The NHS macros lean on a forgiving undefined, so inside their package it stays forgiving; in our own
    templates it would hide a typo. `{% if name %}` and `name is defined` are allowed everywhere.
    """

    __slots__ = ()

    def _complain_in_ours(self) -> None:
        place = _template_of(sys._getframe(1))
        if "nhsuk_frontend_jinja" not in place:
            raise UndefinedError(f"{self._undefined_message} (used in {place or 'Python'})")

    def __str__(self) -> str:
        self._complain_in_ours()
        return ""

    def __html__(self) -> str:
        return str(self)

    def __iter__(self) -> Iterator[Any]:
        self._complain_in_ours()
        return iter(())

    def __len__(self) -> int:
        self._complain_in_ours()
        return 0

    def __eq__(self, other: object) -> bool:
        self._complain_in_ours()
        return type(self) is type(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = ChainableUndefined.__hash__


def _template_of(caller: FrameType | None) -> str:
    """The file of the innermost template that is being rendered; empty where there is none."""
    while caller is not None:
        if caller.f_code.co_filename.endswith(".jinja"):
            return caller.f_code.co_filename
        caller = caller.f_back
    return ""


def local(value: dt.datetime | int) -> dt.datetime:
    """An aware moment, or whole seconds since 1970, on the clock of Europe/London.

    Raises ValueError for a moment without a time zone: it could be an hour wrong.
    """
    moment = dt.datetime.fromtimestamp(value, dt.UTC) if isinstance(value, int) else value
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(LONDON)


def moment_words(value: dt.datetime | int | None, otherwise: str = "") -> str:
    """ "Friday 27 November 2026, 14:30" in Europe/London; `otherwise` where there is no moment."""
    return otherwise if value is None else f"{day_words(value)}, {clock_words(value)}"


def day_words(value: dt.datetime | dt.date | int | None, otherwise: str = "") -> str:
    """ "Friday 27 November 2026"; of a moment, the day in Europe/London; `otherwise` where there is none."""
    if value is None:
        return otherwise
    day = local(value) if isinstance(value, dt.datetime | int) else value
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def clock_words(value: dt.datetime | int | None, otherwise: str = "") -> str:
    """ "14:30" in Europe/London; `otherwise` where there is no moment."""
    return otherwise if value is None else f"{local(value):%H:%M}"


def number_words(value: int) -> str:
    """A whole number with commas: 45,000."""
    return f"{value:,}"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 device", "2 devices", "0 people" with `many` given."""
    return f"{number_words(count)} {one if count == 1 else many or one + 's'}"


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page, as `django.urls.reverse`. Raises NoReverseMatch when there is none."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def qr_svg(text: str) -> SafeString:
    """A QR code as inline SVG without a size (the style sheet gives it) and with a white quiet zone."""
    code = segno.make_qr(text)
    return SafeString(code.svg_inline(omitsize=True, border=4, light="#fff", svgclass=None, lineclass=None))


def stacked(rows: str, headings: list[str]) -> SafeString:
    """Table rows of which each cell says which column it is in: the style sheet stacks them on a narrow screen.

    The roles are written out, because a browser forgets what a row is once it is no longer laid out as a table.
    """
    opened = [f'<td role="cell" data-heading="{escape(heading)}" class="nhsuk-table__cell' for heading in headings]
    said = []
    for row in str(rows).split('<tr class="nhsuk-table__row'):
        cells = row.split('<td class="nhsuk-table__cell')
        said.append(cells[0] + "".join(start + cell for start, cell in zip(opened, cells[1:], strict=False)))
    return SafeString('<tr role="row" class="nhsuk-table__row'.join(said))


def environment(**options: Any) -> Environment:
    """The environment of the Django backend: `TEMPLATES[…]["OPTIONS"]["environment"]`."""
    strict = getattr(settings, "FOBWATCH_STRICT_TEMPLATES", False)
    options["undefined"] = StrictUndefined if strict else ChainableUndefined
    options |= {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    options["loader"] = ChoiceLoader([options["loader"], PackageLoader("nhsuk_frontend_jinja")])
    made = Environment(**options)  # noqa: S701 - autoescape is set above
    made.globals.update(
        static=static, url=url, frame=frame, component=component, summary_of=summary_of, plural=plural, qr_svg=qr_svg
    )
    made.filters.update(moment=moment_words, day=day_words, clock=clock_words, number=number_words, plural=plural)
    made.filters.update(stacked=stacked)
    return made
