"""Django forms whose fields render as NHS components: `{{ form.render_nhs() }}`, or `field(form.name)` for one."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

_ANSWER = "Answer the question: "
_DEFAULT_REQUIRED = forms.Field.default_error_messages["required"]
_FROM_WIDGET = ("autocomplete", "inputmode", "spellcheck", "autocapitalize", "pattern", "rows", "width")


class Form(forms.Form):
    """The base of our forms. The page writes `<form method="post" novalidate>`, `csrf_input` and its button.

    The error summary is printed by the layout, above the heading, when the page's context holds this as `form`.
    An empty required field says what to do ("Enter your name"), unless the field has its own words.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.error_messages.get("required") == _DEFAULT_REQUIRED:
                field.error_messages["required"] = _ask(self[name], field)
            if isinstance(field, forms.EmailField):
                says = f"{self[name].label}: enter an e-mail address, like name@example.org."
                field.error_messages.setdefault("invalid", says)

    def render_nhs(self) -> SafeString:
        """All fields as NHS components, hidden ones included."""
        return SafeString(render_to_string("design/form.jinja", {"form": self}))


class DayWidget(forms.MultiWidget):
    """Day, month and year in three small boxes."""

    def __init__(self) -> None:
        super().__init__([forms.TextInput(), forms.TextInput(), forms.TextInput()])

    def decompress(self, value: dt.date | None) -> list[Any]:
        """A date as its three parts."""
        return [value.day, value.month, value.year] if value else [None, None, None]


class DayField(forms.MultiValueField):
    """A date, asked for as the NHS date input. Its value is a `datetime.date`, or None where it is optional."""

    widget = DayWidget

    def __init__(self, **kwargs: Any) -> None:
        wrong = {"invalid": "Use numbers for the day, month and year."}
        parts = [forms.IntegerField(error_messages=wrong) for _ in range(3)]
        kwargs.setdefault("error_messages", {}).setdefault("incomplete", "Enter a day, a month and a year.")
        super().__init__(fields=parts, require_all_fields=True, **kwargs)

    def compress(self, data_list: list[int]) -> dt.date | None:
        """Three numbers as a date. Raises ValidationError when there is no such day."""
        if not data_list:
            return None
        day, month, year = data_list
        try:
            return dt.date(year, month, day)
        except (ValueError, OverflowError):
            raise ValidationError("There is no such day. Check the day, month and year.", code="no_such_day") from None


def component(bound: forms.BoundField, heading: bool = False, hints: dict[str, Any] | None = None) -> dict[str, Any]:
    """The NHS component for a field: `{"kind": "radios", "params": {…}}`.

    heading: the label is the page's h1 (a page that asks one thing). hints: a hint for each choice, by its value.
    """
    widget, kind = bound.field.widget, _kind(bound.field.widget)
    params: dict[str, Any] = {"name": bound.html_name}
    if bound.help_text:
        params["hint"] = {"text": bound.help_text, "id": f"{bound.auto_id}-hint"}
    if bound.errors:
        params["errorMessage"] = {"text": bound.errors[0], "id": f"{bound.auto_id}-error"}
    if kind in ("radios", "checkboxes"):
        # An id beside the prefix would stand in the page twice.
        params |= {"idPrefix": bound.auto_id, "items": _choices(bound, hints or {})}
    else:
        params |= {"id": bound.auto_id} | {key: widget.attrs[key] for key in _FROM_WIDGET if key in widget.attrs}
    if kind in ("radios", "checkboxes", "dateInput") and not isinstance(widget, forms.CheckboxInput):
        params["fieldset"] = {"legend": _label(bound, heading, "fieldset__legend")}
    elif kind != "checkboxes":
        params["label"] = _label(bound, heading, "label")
    return {"kind": kind, "params": params | _value(kind, bound)}


def summary_of(form: Any) -> list[dict[str, str]]:
    """The lines of the error summary; each leads to the first input of its field."""
    found = [{"text": message} for message in form.non_field_errors()]
    for bound in form:
        suffix = "-day" if isinstance(bound.field.widget, DayWidget) else ""
        link = {} if bound.is_hidden else {"href": f"#{bound.auto_id}{suffix}"}
        found += [{"text": message} | link for message in bound.errors]
    return found


def _kind(widget: forms.Widget) -> str:
    # A file is a plain input: the script of the NHS file upload gives its button a name that is not its label (axe).
    for classes, kind in (
        ((forms.CheckboxSelectMultiple, forms.CheckboxInput), "checkboxes"),
        (forms.RadioSelect, "radios"),  # after the check boxes, which Django derives from it
        (forms.Select, "select"),
        (forms.Textarea, "textarea"),
        (DayWidget, "dateInput"),
    ):
        if isinstance(widget, classes):
            return kind
    return "input"


def _label(bound: forms.BoundField, heading: bool, block: str) -> dict[str, Any]:
    optional = "" if bound.field.required or "optional" in bound.label else " (optional)"
    size = "l" if heading else "s"
    return {"text": f"{bound.label}{optional}", "isPageHeading": heading, "classes": f"nhsuk-{block}--{size}"}


def _choices(bound: forms.BoundField, hints: dict[str, Any]) -> list[dict[str, Any]]:
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return [{"value": "on", "text": bound.label, "checked": bool(bound.value())}]
    chosen = bound.value()
    held = {str(one) for one in chosen} if isinstance(chosen, list | tuple) else {"" if chosen is None else str(chosen)}
    choices = bound.field.choices  # type: ignore[attr-defined]
    return [
        {"value": str(value), "text": text, "checked": str(value) in held, "selected": str(value) in held}
        | ({"hint": {"text": hints[str(value)]}} if str(value) in hints else {})
        for value, text in choices
        if str(value) or _kind(bound.field.widget) == "select"
    ]


def _value(kind: str, bound: forms.BoundField) -> dict[str, Any]:
    widget = bound.field.widget
    if kind == "select":
        return {"items": _choices(bound, {})}
    if isinstance(widget, DayWidget):
        value = bound.value()
        parts = value if isinstance(value, list) else widget.decompress(value)
        return {
            "items": [
                {"id": f"{bound.auto_id}-{word}", "name": f"{bound.html_name}_{index}", "label": word.capitalize(),
                 "value": "" if part is None else str(part), "width": 4 if word == "year" else 2}
                for index, (word, part) in enumerate(zip(("day", "month", "year"), parts, strict=True))
            ]
        }  # fmt: skip
    if kind == "textarea":
        return {"value": bound.value() or ""}
    if kind == "input":
        return {"value": widget.format_value(bound.value()) or "", "type": getattr(widget, "input_type", "text")}
    return {}


def _ask(bound: forms.BoundField, field: forms.Field) -> str:
    label = str(bound.label)
    if isinstance(field.widget, forms.CheckboxInput):
        return f"Tick the box: {label}"
    if label.endswith("?"):
        return _ANSWER + label
    written = _kind(field.widget) in ("input", "textarea", "dateInput") and not isinstance(
        field.widget, forms.FileInput
    )
    verb = "Enter" if written else "Choose"
    return f"{verb} {label[0].lower() + label[1:] if label[1:2].islower() else label}"
