"""policy review: what documents say of the 26 items. Needs no settings, no database and no network.

It stands outside the other commands, because they need Django to be ready.
"""

import datetime as dt
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import typer

from fobwatch.policy.backends.pool import Asked, review_documents
from fobwatch.policy.backends.readers import SUFFIXES
from fobwatch.policy.rules.checklist import ITEMS
from fobwatch.policy.rules.review.book import GRADE_WORDS, book, edition
from fobwatch.policy.rules.review.many import SIGNS, by_risk, to_csv
from fobwatch.policy.rules.review.report import unread_data
from fobwatch.policy.rules.review.standalone import html_report

Found = dict[str, dict[str, Any]]


def review(
    path: Path = typer.Argument(help="A document, or a folder of them: PDF, DOCX, ODT, HTML, Markdown or text."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object instead of sentences."),
    html: Path | None = typer.Option(None, "--html", help="Write a report that stands alone to this file."),
    csv: Path | None = typer.Option(None, "--csv", help="Write one row a document to this file."),
    state: Path | None = typer.Option(
        None, "--state", help="Where to keep what is done, so that a stopped run goes on."
    ),
    fresh: bool = typer.Option(False, "--fresh", help="Read every document again."),
) -> None:
    """Review policies that exist: which items they cover, with the sentence, the page and the reason."""
    files = _files(path, as_json)
    names = _names(files, path)
    kept = _State(state or _state_file(html or csv), fresh)
    found = _all(files, kept, quiet=as_json)
    documents = {names[file]: found[file] for file in files}
    if html is not None:
        _write(html, html_report(documents), as_json)
    if csv is not None:
        _write(csv, to_csv(documents), as_json)
    if as_json:
        typer.echo(json.dumps({"documents": documents}, ensure_ascii=False))
    else:
        typer.echo(_one(*next(iter(documents.items()))) if len(documents) == 1 else _table(documents))
    if all(one.get("error") for one in documents.values()):
        raise typer.Exit(1)


def _stop(sentence: str, *, as_json: bool, code: int = 1) -> NoReturn:
    typer.echo(json.dumps({"error": sentence}, ensure_ascii=False) if as_json else sentence, err=True)
    raise typer.Exit(code)


def alone(arguments: list[str]) -> None:
    """Run the command by itself."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(review)
    app(args=arguments, prog_name="fobwatch policy review")


def _files(path: Path, as_json: bool) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        _stop(f"There is no file or folder {path}.", as_json=as_json, code=2)
    files = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file() and p.name[0] not in ".~")
    if not files:
        _stop(f"There is no document in {path}. We read {', '.join(sorted(SUFFIXES))}.", as_json=as_json, code=2)
    return files


def _names(files: list[Path], path: Path) -> dict[Path, str]:
    """A name for each file: its stem, or its whole path where two have the same stem."""
    stems = Counter(file.stem for file in files)
    base = path if path.is_dir() else path.parent
    return {file: file.stem if stems[file.stem] == 1 else file.relative_to(base).as_posix() for file in files}


def _state_file(beside: Path | None) -> Path:
    if beside is not None:
        return beside.with_name(f".{beside.stem}.review-state")
    folder = os.environ.get("FOBWATCH_VAR") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(folder).expanduser() / "fobwatch-review-state"


class _State:
    """What is done, one JSON object a line, by the hash of the content, the day and the edition of the rules."""

    def __init__(self, path: Path, fresh: bool) -> None:
        self.path, self.done = path, {}
        today = dt.datetime.now(dt.UTC).date()
        self.today, self.salt = today, f"{edition()}:{today.isoformat()}"
        if not fresh:
            self.done = dict(self._read())

    def _read(self) -> Iterator[tuple[str, dict[str, Any]]]:
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return
        for line in lines:
            try:  # a run that was stopped may leave half a line
                row = json.loads(line)
                if row["key"].startswith(self.salt):
                    yield row["key"], row["found"]
            except (ValueError, KeyError, TypeError, AttributeError):
                continue

    def key(self, file: Path) -> str:
        """The key of one file. What cannot be opened has none, and is asked again."""
        try:
            with file.open("rb") as stream:
                return f"{self.salt}:{file.suffix.lower()}:{hashlib.file_digest(stream, 'sha256').hexdigest()}"
        except OSError:
            return ""

    def keep(self, key: str, found: dict[str, Any]) -> None:
        """Add one result. A state that cannot be written costs time at the next run, and nothing else."""
        if not key:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps({"key": key, "found": found}) + "\n")
        except OSError:
            return


def _all(files: list[Path], state: _State, *, quiet: bool) -> dict[Path, dict[str, Any]]:
    keys = {file: state.key(file) for file in files}
    found = {file: state.done[keys[file]] for file in files if keys[file] in state.done}
    left = [Asked(file, file.name) for file in files if file not in found]
    if not left:
        return found
    with typer.progressbar(
        length=len(left), label="Reading", file=typer.get_text_stream("stderr"), hidden=quiet
    ) as bar:
        for asked, answer in review_documents(left, today=state.today):
            found[asked.path] = unread_data(answer["error"]) if answer.get("error") else answer
            if not answer.get("error"):
                state.keep(keys[asked.path], found[asked.path])
            bar.update(1)
    return found


def _write(target: Path, text: str, as_json: bool) -> None:
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as wrong:
        _stop(f"{target} could not be written: {wrong.strerror}.", as_json=as_json)


def _one(name: str, one: dict[str, Any]) -> str:
    if one.get("error"):
        return f"{name}: {one['error']}"
    hard = one["readability"]
    lines = [
        f"{name}: this looks like a {one['kind']}." if not one["kind"].startswith("not") else f"{name}: {one['kind']}.",
        f"{one['covered']} of {len(ITEMS)} items are covered. Reading grade {hard['grade']}, {hard['words']} words.",
        f"Owner: {one['owner'] or 'not found'}. Review date: {one['review_date'] or 'not found'}"
        + (" (overdue)." if one["overdue"] else "."),
        *one["unread"], "",
    ]  # fmt: skip
    for key in by_risk(one, {item.id: item.risk for item in book().items.values()}):
        item = one["items"][key]
        quote = f" “{item['quote']}” ({item['where']})" if item["quote"] else ""
        lines += [
            f"{SIGNS[item['grade']]} {key} {ITEMS[key]}: {GRADE_WORDS[item['grade']]}.{quote}",
            f"    {item['why']}",
        ]
        if item.get("looked_for"):
            lines.append(f"    We looked for: {', '.join(item['looked_for'])}.")
    return "\n".join(lines)


def _table(documents: Found) -> str:
    width = min(max(map(len, documents)), 44)
    lines = []
    for name, one in documents.items():
        if one.get("error"):
            lines.append(f"{name[:width]:{width}}  {one['error']}")
            continue
        signs = "".join(SIGNS[one["items"][key]["grade"]] for key in ITEMS)
        lines.append(f"{name[:width]:{width}}  {signs}  {one['covered']:2} of {len(ITEMS)}  {one['kind']}")
    legend = ", ".join(f"{sign} {GRADE_WORDS[grade].lower()}" for grade, sign in SIGNS.items())
    return "\n".join([*lines, "", f"Items P01 to P26 from left to right: {legend}."])
