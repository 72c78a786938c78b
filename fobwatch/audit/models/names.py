"""What a reference of the log is called on a page. Names are looked up when the page is shown; the log holds none."""

from collections import defaultdict
from collections.abc import Iterable

from django.apps import apps

OTHERS = {
    "program": "Fobwatch itself",
    "anonymous": "Somebody who was not signed in",
    "log": "The log",
    "model": "Table",
}


def names_of(references: Iterable[str]) -> dict[str, str]:
    """A name for each reference; one query for each table.

    A model that wants to be named has a class method `log_names(ids) -> dict of names by id`. What has none, or is
    gone, is called by what kind of thing it is and the start of its id.
    """
    wanted: dict[str, dict[str, str]] = defaultdict(dict)
    for reference in references:
        kind, _, key = reference.partition(":")
        wanted[kind][key] = reference
    models = {model._meta.model_name: model for model in apps.get_models()}
    known = {kind: model for kind, model in models.items() if hasattr(model, "log_names")}
    called = {kind: str(model._meta.verbose_name) for kind, model in models.items()}
    found: dict[str, str] = {}
    for kind, keys in wanted.items():
        said = known[kind].log_names(list(keys)) if kind in known else {}
        found |= {
            reference: said.get(key) or _plain(kind, called.get(kind, kind), key) for key, reference in keys.items()
        }
    return found


def _plain(kind: str, called: str, key: str) -> str:
    if kind in OTHERS:
        return OTHERS[kind] if kind == "log" else f"{OTHERS[kind]}: {key.replace('_', ' ')}"
    return f"{called.replace('_', ' ').capitalize()} {key[:8]}".strip()
