"""Documents are reviewed in a process of their own, and a bad one costs nothing but itself."""

import datetime as dt
import json
import os
import signal
from pathlib import Path
from typing import Any, NoReturn

import pytest

from fobwatch.policy.backends import pool, worker
from fobwatch.policy.backends.pool import Asked, review_documents
from fobwatch.policy.backends.readers import read_document
from tests.policy.review import made

TODAY = dt.date(2026, 11, 22)


def asked(path: Path) -> dict[str, str]:
    return {"path": str(path), "name": path.name, "today": TODAY.isoformat()}


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy.docx"
    path.write_bytes(made.as_word())
    return path


def test_a_child_reviews_a_document(policy: Path) -> None:
    found = worker.answer(asked(policy))
    assert (found["error"], found["kind"], found["pages"]) == (None, "BYOD policy", None)
    assert found["items"]["P17"]["grade"] == "found"


def test_a_file_that_is_gone_is_said_so(tmp_path: Path) -> None:
    assert worker.answer(asked(tmp_path / "none.txt"))["error"].startswith("This file could not be opened")


def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path: Path, policy: Path) -> None:
    odd = tmp_path / "odd.docx"
    odd.write_bytes(b"PK\x03\x04 and nothing more")
    for path in (odd, tmp_path / "none.txt"):
        said = worker.reviewed(path, path.name, TODAY)
        assert said.keys() == {"error"}
        assert said["error"].endswith(".")
    counted = worker.reviewed(policy, policy.name, TODAY, "text")
    assert counted.keys() == {"error", "characters"}
    lines = read_document(policy.read_bytes(), policy.name).lines
    assert counted["characters"] == sum(len(line.text) for line in lines)


def forever(*_: object) -> NoReturn:
    os.read(os.pipe()[0], 1)
    raise AssertionError


def starved(*_: object) -> NoReturn:
    raise MemoryError


def broken(*_: object) -> NoReturn:
    raise ZeroDivisionError


def killed(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGXCPU)


def crashed(*_: object) -> NoReturn:
    os._exit(3)


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (forever, worker.SLOW),
        (starved, worker.HEAVY),
        (broken, worker.BROKEN),
        (killed, worker.SLOW),
        (crashed, worker.BROKEN),
    ],
)
def test_whatever_a_document_does_to_its_reader_ends_in_a_sentence(
    harm: Any, sentence: str, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "reviewed", harm)
    monkeypatch.setattr(worker, "WALL_SECONDS", 0.5)
    assert worker.answer(asked(policy))["error"] == sentence


def test_a_child_sets_its_limits_before_it_reads(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []
    monkeypatch.setattr(worker.resource, "setrlimit", lambda what, how: done.append(what))
    monkeypatch.setattr(worker.os, "_exit", done.append)
    into, out = os.pipe()
    worker._child(asked(policy), out)
    os.close(out)
    with os.fdopen(into, "rb") as stream:
        assert json.loads(stream.read())["kind"] == "BYOD policy"
    limits = {worker.resource.RLIMIT_AS, worker.resource.RLIMIT_CPU, worker.resource.RLIMIT_FSIZE}
    assert limits <= set(done[:-1])
    assert done[-1] == 0


@pytest.mark.parametrize(("harm", "sentence"), [(starved, worker.HEAVY), (broken, worker.BROKEN)])
def test_a_child_tells_what_went_wrong(harm: Any, sentence: str, policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "reviewed", harm)
    monkeypatch.setattr(worker.resource, "setrlimit", lambda *_: None)
    monkeypatch.setattr(worker.os, "_exit", lambda _: None)
    into, out = os.pipe()
    worker._child(asked(policy), out)
    os.close(out)
    with os.fdopen(into, "rb") as stream:
        assert json.loads(stream.read())["error"] == sentence


def test_a_worker_answers_line_by_line(
    policy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(worker.sys, "stdin", [json.dumps(asked(policy)) + "\n"])
    worker.main()
    assert json.loads(capsys.readouterr().out)["kind"] == "BYOD policy"


def test_many_documents_and_one_bad_file_never_stops_the_rest(tmp_path: Path) -> None:
    good = {"a.txt": made.as_text(), "b.docx": made.as_word(), "c.odt": made.as_opendocument()}
    bad = {"d.docx": b"PK\3\4" + b"x" * 50, "e.pdf": b"%PDF-1.7 nonsense"}
    for name, data in (good | bad).items():
        (tmp_path / name).write_bytes(data)
    every = [Asked(path, path.name) for path in sorted(tmp_path.iterdir())]
    found = {one.name: answer for one, answer in review_documents(every, today=TODAY)}
    assert {name for name, answer in found.items() if answer["error"]} == set(bad)
    assert {answer["kind"] for name, answer in found.items() if name in good} == {"BYOD policy"}


def test_a_worker_that_dies_is_replaced(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = pool._start
    lives: list[bool] = []

    def start() -> Any:
        process = started()
        if not lives:
            process.kill()
            process.wait()
        lives.append(True)
        return process

    monkeypatch.setattr(pool, "_start", start)
    found = list(review_documents([Asked(policy, "one.docx"), Asked(policy, "two.docx")], today=TODAY, workers=1))
    assert [answer["error"] for _, answer in found] == [worker.BROKEN, None]
    assert len(lives) == 2
