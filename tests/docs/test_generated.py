"""The pages that the code writes are the ones that are committed."""

import pytest
from django.apps import apps
from django.db import models

from fobwatch.kernel.permission import SENTENCES
from fobwatch.kernel.privacy import Kept
from fobwatch.people.rules.roles import ROLES
from fobwatch.policy.rules.vocabulary import CLASSES, FACTS
from fobwatch.web import documents
from tests.docs import regenerate
from tests.docs.reading import ROOT, tables, text

OURS = [model for model in apps.get_models() if model.__module__.startswith("fobwatch.")]


@pytest.mark.parametrize("name", documents.PAGES)
def test_the_committed_page_is_up_to_date(name: str) -> None:
    assert text(ROOT / name) == documents.PAGES[name](), "run: python -m tests.docs.regenerate"


def test_every_field_of_every_table_is_on_the_privacy_page() -> None:
    page = documents.privacy_markdown()
    rows = [row for table in tables(page) for row in table if "Field" in row]
    fields = [field.name for model in OURS for field in model._meta.local_concrete_fields]
    assert sorted(row["Field"].strip("`") for row in rows) == sorted(fields)
    assert page.count("\n### ") == len(OURS)


def test_what_nothing_deletes_is_said() -> None:
    assert documents.kept_words(Kept(because="x")).startswith("No number of days is set")
    assert documents.kept_words(Kept(because="x", days=1, after="at")).startswith("1 day after `at`")
    assert documents.kept_words(Kept(because="x", days=2190, after="at")).startswith("2,190 days")
    assert documents.kept_words(Kept(because="x", unless=("rows",))).startswith("Until no other row (`rows`) leans on")
    told = documents.kept_words(Kept(because="x", days=2, after="at", only=("state", ("a", "b")), unless=("r", "s")))
    assert told.startswith("2 days after `at`, where `state` is `a` or `b`, once no other row (`r`, `s`) leans on it.")


def test_patient_data_is_named_where_there_is_some(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No field today holds" in documents.privacy_markdown()
    model: type[models.Model] = OURS[0]
    monkeypatch.setattr(model.Privacy, "clinical", "picture", raising=False)  # type: ignore[attr-defined]
    assert f"Patient data: {model.__name__}" in documents.privacy_markdown()


def test_roles_say_what_they_may_do() -> None:
    page = documents.roles_markdown()
    assert all(f"## {role.name}\n\n{role.sentence}" in page for role in ROLES.values())
    assert all(sentence[1:] in page for sentence in SENTENCES.values())


def test_the_vocabulary_has_every_fact_and_kind_of_work() -> None:
    page = documents.vocabulary_markdown()
    assert all(f"| `{fact.name}` |" in page for fact in FACTS)
    assert all(words in page for words in CLASSES.values())


def test_a_bar_in_a_cell_does_not_break_its_row() -> None:
    assert tables("\n".join(documents.table(["A"], [["x|y"]]))) == [[{"A": "x\\|y"}]]


def test_one_command_writes_what_is_out_of_date_or_says_so(tmp_path, monkeypatch, capsys) -> None:
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(regenerate, "ROOT", tmp_path)
    assert regenerate.main(["--check"]) == 1
    assert list(tmp_path.rglob("*.md")) == []
    capsys.readouterr()
    assert regenerate.main([]) == 0
    assert capsys.readouterr().out.split() == list(documents.PAGES)
    assert regenerate.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
