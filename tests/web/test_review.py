"""`fobwatch policy review`: for a person, for a machine, as files, and again after it was stopped."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fobwatch.policy.rules.checklist import ITEMS
from fobwatch.web import reviewing
from fobwatch.web.command_line import main
from fobwatch.web.commands import app
from tests.policy.review import made

runner = CliRunner()


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "var"
    monkeypatch.setenv("FOBWATCH_VAR", str(folder))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    here = tmp_path / "policies"
    (here / "north").mkdir(parents=True)
    (here / "south").mkdir()
    (here / "north" / "policy.txt").write_bytes(made.as_text())
    (here / "south" / "policy.docx").write_bytes(made.as_word())
    (here / "leave.md").write_text("# Leave Policy\n\nTell your manager. =1+1\n")
    (here / "broken.pdf").write_bytes(b"%PDF-1.7 nonsense")
    (here / "picture.png").write_bytes(b"x")
    return here


def run(*words: object) -> Result:
    return runner.invoke(app, ["policy", "review", *map(str, words)])


def data(*words: object) -> dict[str, Any]:
    done = run(*words, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)["documents"]
    return found


def test_it_prints_the_shape_that_is_promised(folder: Path) -> None:
    found = data(folder)
    assert set(found) == {"north/policy.txt", "south/policy.docx", "leave", "broken"}
    one = found["north/policy.txt"]
    assert set(one["items"]) == set(ITEMS)
    assert set(one["items"]["P17"]) == {"grade", "quote", "where", "why"}
    assert one["items"]["P17"]["quote"] == made.PARAGRAPHS[3]
    assert one["review_date"] == "2028-03-31"
    assert one["readability"]["words"] > 0
    assert found["broken"]["error"].startswith("This PDF is damaged")
    assert set(found["broken"]["items"]) == set(ITEMS)


def test_a_single_document_is_named_by_its_stem_and_told_in_sentences(folder: Path) -> None:
    assert list(data(folder / "leave.md")) == ["leave"]
    said = run(folder / "north" / "policy.txt").stdout
    assert "policy: this looks like a BYOD policy." in said
    assert f"“{made.PARAGRAPHS[3]}”" in said
    assert "We looked for: multi-factor" in said
    assert "leave: not a policy about devices." in run(folder / "leave.md").stdout


def test_a_folder_becomes_a_table_with_a_sign_for_each_grade(folder: Path) -> None:
    said = run(folder).stdout
    assert "5 of 26  BYOD policy" in said
    assert "✔ found, ~ weak" in said
    assert "This PDF is damaged" in said


def test_it_writes_a_report_that_stands_alone_and_a_table(folder: Path, tmp_path: Path) -> None:
    report, table = tmp_path / "report.html", tmp_path / "table.csv"
    assert run(folder, "--html", report, "--csv", table).exit_code == 0
    page = report.read_text(encoding="utf-8")
    assert made.PARAGRAPHS[3] in page
    assert "http://" not in page
    assert "<script" not in page
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert {row["document"] for row in rows} == {"north/policy.txt", "south/policy.docx", "leave", "broken"}
    assert next(row for row in rows if row["document"] == "leave")["P17"] == "Not found"
    assert (tmp_path / ".report.review-state").exists()


def test_a_stopped_run_goes_on_where_it_was(folder: Path, var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = data(folder)
    state = var / "fobwatch-review-state"
    with state.open("a") as stream:
        stream.write('{"key": "half a li\n[]\n')
    monkeypatch.setattr(reviewing, "review_documents", lambda asked, **_: [(one, {"error": "again"}) for one in asked])
    again = data(folder)
    assert again["north/policy.txt"] == first["north/policy.txt"]
    assert again["broken"]["error"] == "again"


def test_everything_is_read_again_on_request(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data(folder)
    monkeypatch.setattr(reviewing, "review_documents", lambda asked, **_: [(one, {"error": "again"}) for one in asked])
    done = run(folder, "--fresh", "--json")
    assert done.exit_code == 1
    assert {one["error"] for one in json.loads(done.stdout)["documents"].values()} == {"again"}


def test_nothing_left_to_read_reads_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = data(folder / "leave.md")
    monkeypatch.setattr(reviewing, "review_documents", None)
    assert data(folder / "leave.md") == first


def test_a_state_that_cannot_be_written_costs_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert data(folder / "leave.md", "--state", tmp_path / "file" / "state")["leave"]["error"] is None


@pytest.mark.parametrize(
    ("name", "said"), [("none", "There is no file or folder"), ("south/empty", "There is no document")]
)
def test_what_is_not_there_is_refused(name: str, said: str, folder: Path) -> None:
    (folder / "south" / "empty").mkdir()
    done = run(folder / name)
    assert done.exit_code == 2
    assert said in done.stderr
    assert said in json.loads(run(folder / name, "--json").stderr)["error"]


def test_a_report_that_cannot_be_written_is_said_so(folder: Path, tmp_path: Path) -> None:
    done = run(folder / "leave.md", "--csv", tmp_path)
    assert done.exit_code == 1
    assert "could not be written" in done.stderr


def test_a_document_that_cannot_be_opened_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = reviewing._State(folder / "state", fresh=True)
    assert kept.key(folder / "gone.txt") == ""
    kept.keep("", {})
    assert not (folder / "state").exists()
    assert "This PDF is damaged" in run(folder / "broken.pdf").stdout


def test_it_needs_no_settings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["policy", "review", str(folder / "leave.md"), "--json"])
    assert ended.value.code == 0
    assert "leave" in json.loads(capsys.readouterr().out)["documents"]
