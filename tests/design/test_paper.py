"""A PDF is made in a process of its own: without our secrets, within a time, and with a reason where it fails."""

import io
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from fobwatch.design import paper, printer
from fobwatch.kernel.verdict import Refused

LAYOUT = '#let data = json(bytes(sys.inputs.data))\n#set document(title: "T")\n#set text(lang: "en")\n#data.words'
PICTURE = '#image(bytes("<svg xmlns=\\"http://www.w3.org/2000/svg\\" width=\\"1\\" height=\\"1\\"/>"), format: "svg")'


def laid_out(monkeypatch: pytest.MonkeyPatch, layout: str) -> None:
    monkeypatch.setattr(paper, "_layout", lambda package, name: layout)


def test_words_become_a_tagged_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out(monkeypatch, LAYOUT)
    made = paper.pdf("any", "any", {"words": "Hello", "more": ("a", 1)})
    assert made.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in made


def test_a_picture_without_words_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out(monkeypatch, f'#set document(title: "T")\n{PICTURE}')
    with pytest.raises(paper.PaperError, match="alt"):
        paper.pdf("any", "any", {})


def test_a_document_that_takes_too_long_is_refused_with_a_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out(monkeypatch, '#set document(title: "T")\n#let f() = { while true {} }\n#f()')
    monkeypatch.setattr(paper, "SECONDS", 0.01)
    with pytest.raises(Refused, match="took too long"):
        paper.pdf("any", "any", {})


def test_the_process_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out(monkeypatch, LAYOUT)
    monkeypatch.setenv("FOBWATCH_SECRET_KEY", "hush")
    seen: dict[str, object] = {}
    real = subprocess.run

    def run(*args: object, **kwargs: object) -> object:
        seen.update(kwargs)
        return real(*args, **kwargs)

    monkeypatch.setattr(paper.subprocess, "run", run)
    paper.pdf("any", "any", {"words": "Hello"})
    assert "FOBWATCH_SECRET_KEY" not in seen["env"]


@pytest.mark.parametrize(("layout", "code"), [(LAYOUT, 0), ("#nonsense()", printer.FAILED)])
def test_the_printer_says_how_it_went(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], layout: str, code: int
) -> None:
    order = json.dumps({"layout": layout, "data": json.dumps({"words": "Hello"}), "size": "usual"}).encode()
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(order)))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
    assert printer.main() == code
    assert out.getvalue().startswith(b"%PDF-") is (code == 0)
    assert bool(capsys.readouterr().err) is (code != 0)
