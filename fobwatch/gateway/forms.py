"""What IT says about a system."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from fobwatch.design.forms import Form
from fobwatch.gateway.models import Route, System
from fobwatch.gateway.rules.words import METHOD_WORDS, WHEN_DOWN_WORDS, cell_words
from fobwatch.policy.rules.vocabulary import CELLS

PROXY_WORDS = {
    "nginx": "nginx", "traefik": "Traefik (not run in our tests)", "envoy": "Envoy (not run in our tests)",
}  # fmt: skip
UPSTREAM = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?:\d{1,5}")
ADDRESS = re.compile(r"https?://[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?(:\d{1,5})?")


class ChoiceForm(Form):
    """The recorded choice of what happens when Fobwatch does not answer."""

    name = forms.CharField(label="Name of the system", max_length=80, help_text="As staff call it.")
    when_down = forms.ChoiceField(
        label="What should happen when Fobwatch does not answer?", choices=list(WHEN_DOWN_WORDS.items()),
        widget=forms.RadioSelect,
    )  # fmt: skip
    when_down_because = forms.CharField(
        label="Why did you choose this?", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept with your name, for the day on which somebody asks.",
    )  # fmt: skip


class ConnectForm(ChoiceForm):
    """A system that is not behind the gate yet."""

    field_order = ("name", "host", "scheme", "when_down", "when_down_because")
    host = forms.CharField(
        label="Host name", max_length=259, help_text="As it stands in the browser: notes.example.org",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    scheme = forms.ChoiceField(
        label="How do browsers reach it?", choices=[("https", "https"), ("http", "http, in a test only")],
        initial="https", widget=forms.RadioSelect,
    )  # fmt: skip


class RouteForm(Form):
    """A path of a system and the kind of work that it holds."""

    path = forms.CharField(
        label="Path", max_length=500, help_text="/ for the whole system, or a part of it: /letters",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    methods = forms.ChoiceField(
        label="Which requests?", choices=[(key, METHOD_WORDS[key]) for key, _ in Route.METHODS], initial="any",
        widget=forms.RadioSelect,
    )  # fmt: skip
    cell = forms.ChoiceField(
        label="Which kind of work is it?", choices=[("", "Choose")] + [(cell, cell_words(cell)) for cell in CELLS]
    )


class DisconnectForm(Form):
    """Why a system is taken from the gate."""

    reason = forms.CharField(label="Why do you disconnect it?", max_length=200)


class ConfigForm(Form):
    """Where the proxy finds things. Nothing else gets into a configuration."""

    proxy = forms.ChoiceField(label="Your proxy", choices=list(PROXY_WORDS.items()), widget=forms.RadioSelect)
    upstream = forms.CharField(label="Address of the system itself", help_text="Host and port, as the proxy reaches it")
    fobwatch = forms.CharField(label="Address of Fobwatch", help_text="As the proxy reaches it")

    def clean_upstream(self) -> str:
        """A host and a port. Raises ValidationError for anything else."""
        return _matching(UPSTREAM, self.cleaned_data["upstream"], "Write a host and a port, for example 10.0.0.5:8080")

    def clean_fobwatch(self) -> str:
        """An address without a path. Raises ValidationError for anything else."""
        text = self.cleaned_data["fobwatch"].rstrip("/")
        return _matching(ADDRESS, text, "Write an address without a path, for example https://byod.example.org")


def _matching(pattern: re.Pattern[str], text: str, otherwise: str) -> str:
    if not pattern.fullmatch(text):
        raise ValidationError(otherwise)
    return text


def choice_of(system: System) -> dict[str, Any]:
    """What a system says now, for its form."""
    return {"name": system.name, "when_down": system.when_down, "when_down_because": system.when_down_because}
