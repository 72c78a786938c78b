"""What imports cannot show: guards, actions, privacy, foreign keys, words in strings, sizes of files."""

import ast
import inspect
import re
from importlib import import_module, util
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from fobwatch.audit.actions import ACTIONS
from fobwatch.kernel.permission import SENTENCES, Permission
from fobwatch.kernel.privacy import Kept, Kind
from fobwatch.people.rules.roles import ROLES

HERE = Path(__file__).resolve().parents[1]
PACKAGE = HERE / "fobwatch"
LADDER = [
    "kernel", "design", "audit", "people", "policy", "devices", "learning", "notices", "access", "gateway", "web",
    "config",
]  # fmt: skip
OURS = [model for model in apps.get_models() if model.__module__.startswith("fobwatch.")]
SOURCES = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]


def every_url(resolver: URLResolver | None = None) -> list[URLPattern]:
    found: list[URLPattern] = []
    for pattern in (resolver or get_resolver()).url_patterns:
        found += every_url(pattern) if isinstance(pattern, URLResolver) else [pattern]
    return found


@pytest.mark.parametrize("pattern", every_url(), ids=lambda pattern: str(pattern.pattern) or "/")
def test_every_url_says_who_may_open_it(pattern: URLPattern) -> None:
    guard = getattr(pattern.callback, "guard", None)
    assert guard == "public" or isinstance(guard, Permission), "add @public or @needs(Permission…)"
    assert pattern.name, "name the URL"


def action_modules() -> list[str]:
    names = []
    for path in SOURCES:
        parts = path.relative_to(HERE).with_suffix("").parts
        if len(parts) > 2 and parts[2] == "actions":
            names.append(".".join(parts).removesuffix(".__init__"))
    return [name for name in names if name != "fobwatch.audit.actions"]


@pytest.mark.parametrize("name", action_modules())
def test_every_public_function_of_actions_is_an_action(name: str) -> None:
    module = import_module(name)
    bare = [
        key
        for key, thing in vars(module).items()
        if inspect.isfunction(thing)
        and thing.__module__ == name
        and not key.startswith("_")
        and not getattr(thing, "is_action", False)
    ]
    assert bare == [], f"{name}: add @action, or move what does not write to rules or models"


def test_the_registry_knows_actions_of_every_app_that_writes() -> None:
    assert {name.split(".")[0] for name in ACTIONS} >= {"sign_in", "registration"}


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_the_log_says_in_plain_words_what_was_done(name: str) -> None:
    inside = re.compile(r"\b(session|ticket|token|cookie|stamp|outbox|hash|row|evidence|host|proxy|lease)s?\b|[`_]")
    assert not inside.search(ACTIONS[name].sentence), ACTIONS[name].sentence


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_is_classified_once(model: type[models.Model]) -> None:
    privacy = model.__dict__.get("Privacy")
    assert privacy is not None, "add an inner class Privacy"
    assert isinstance(privacy.kept, Kept)
    assert privacy.whose
    named = [word for kind in Kind for word in getattr(privacy, kind.value, "").split()]
    fields = [field.name for field in model._meta.local_concrete_fields]
    assert sorted(named) == sorted(fields)
    if privacy.kept.after:
        assert isinstance(model._meta.get_field(privacy.kept.after), models.DateField | models.IntegerField)
        assert privacy.kept.days
    if privacy.kept.only:
        field = model._meta.get_field(privacy.kept.only[0])
        assert set(privacy.kept.only[1]) <= {value for value, _ in field.choices or ()}
    for relation in privacy.kept.unless:
        assert model._meta.get_field(relation).one_to_many


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_foreign_keys_point_down_the_ladder(model: type[models.Model]) -> None:
    here = LADDER.index(model._meta.app_label)
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey):
            assert LADDER.index(field.related_model._meta.app_label) <= here, field


def view_files() -> list[Path]:
    return [p for p in SOURCES if "views" in p.relative_to(PACKAGE).with_suffix("").parts]


def test_the_log_can_tell_models_apart_by_their_name() -> None:
    names = sorted(model.__name__ for model in OURS)
    assert names == sorted(set(names))


@pytest.mark.parametrize("path", view_files(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_view_reaches_for_a_table_by_itself(path: Path) -> None:
    source = path.read_text()
    assert ".objects" not in source
    assert not re.search(r"\.(save|create|update|delete|bulk_create)\(", source), "a view calls ONE action"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_and_functions_stay_short(path: Path) -> None:
    source = path.read_text()
    assert source.count("\n") <= 300
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno <= 40 + docstring_lines(node), f"{path.name}: {node.name}"


def docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    doc = ast.get_docstring(node, clean=False)
    return doc.count("\n") + 1 if doc else 0


def templates() -> list[Path]:
    return sorted(PACKAGE.rglob("*.jinja"))


@pytest.mark.parametrize("path", templates(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_templates_name_pages_and_templates_that_exist(path: Path) -> None:
    source = path.read_text()
    known = {
        f"{resolver.app_name}:{pattern.name}" if resolver.app_name else pattern.name
        for resolver in get_resolver().url_patterns
        if isinstance(resolver, URLResolver)
        for pattern in every_url(resolver)
    }
    for name in re.findall(r"""\burl\(\s*["']([\w:]+)["']""", source):
        assert name in known, f"no page is called {name}"
    for name in re.findall(r"""{%-?\s*(?:extends|include|from|import)\s+["']([^"']+)["']""", source):
        if name.startswith("nhsuk/"):
            continue
        app = name.split("/")[0]
        assert (PACKAGE / app / "templates" / name).exists(), f"no template {name}"
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", source), "no inline script"
    assert not re.search(r"\son\w+=|\sstyle=", source), "no inline handler or style"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_views_render_templates_that_exist(path: Path) -> None:
    for name in re.findall(r"""["'](\w+/[\w/-]+\.jinja)["']""", path.read_text()):
        assert (PACKAGE / name.split("/")[0] / "templates" / name).exists(), name


def test_every_permission_has_a_sentence_and_a_role() -> None:
    assert set(SENTENCES) == set(Permission)
    held = frozenset().union(*(role.permissions for role in ROLES.values()))
    assert held == frozenset(Permission)


def test_every_middleware_and_setting_by_name_exists() -> None:
    for name in [*settings.MIDDLEWARE, settings.CSRF_FAILURE_VIEW]:
        module, _, attribute = name.rpartition(".")
        assert util.find_spec(module)
        assert hasattr(import_module(module), attribute)


def test_the_layers_of_the_contracts_are_the_apps() -> None:
    contracts = (HERE / ".importlinter").read_text()
    for app in LADDER:
        assert re.search(rf"^    (\w+ \| )*{app}( \| \w+)*$", contracts, re.M), app
