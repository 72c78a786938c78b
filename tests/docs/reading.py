"""How the documents are read: tables, names of tests, pages, files and links."""

import ast
import functools
import re
from pathlib import Path

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
HAZARDS, THREATS, GUIDANCE = (
    ROOT / "docs" / name for name in ("safety/hazards.md", "security/threats.md", "guidance.md")
)
CODE = re.compile(r"`([^`]+)`")
TEST = re.compile(r"tests/[\w/]+\.py(::\w+)+")
NONE_YET = "none yet"


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def cells(line: str) -> list[str]:
    """The cells of one row of a table; an escaped bar is part of its cell."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def tables(source: str) -> list[list[dict[str, str]]]:
    """Every table of a page: its rows, each by the headings."""
    found: list[list[dict[str, str]]] = []
    headings: list[str] | None = None
    for line in source.splitlines():
        if not line.startswith("|"):
            headings = None
        elif headings is None:
            headings = cells(line)
            found.append([])
        elif not set(line) <= set("|-: "):
            row = cells(line)
            assert len(row) == len(headings), line
            found[-1].append(dict(zip(headings, row, strict=True)))
    return found


@functools.cache
def functions(path: Path) -> frozenset[str]:
    """The tests of a file, as pytest names them behind the file."""
    names = set()
    for node in ast.parse(text(path)).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names |= {f"{node.name}::{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)}
    return frozenset(name for name in names if name.split("::")[-1].startswith("test_"))


def missing_test(name: str) -> str:
    """Why a test that is named does not exist; empty where it does."""
    file, _, function = name.partition("::")
    path = ROOT / file
    if not path.is_file():
        return f"no file {file}"
    return "" if function in functions(path) else f"no test {function} in {file}"


def faults_of_proof(cell: str) -> list[str]:
    """What is wrong with a cell that names tests, or says "none yet"."""
    if cell == NONE_YET:
        return []
    named = CODE.findall(cell)
    if not named or cell.replace("`", "") != ", ".join(named):
        return [f"neither tests nor “{NONE_YET}”: {cell}"]
    return [
        fault
        for name in named
        for fault in ([] if TEST.fullmatch(name) else [f"not a test: {name}"]) + [missing_test(name)]
        if fault
    ]


@functools.cache
def pages() -> frozenset[str]:
    """The name of every page, as "app:name"."""
    return frozenset(
        f"{resolver.app_name}:{pattern.name}"
        for resolver in get_resolver().url_patterns
        if isinstance(resolver, URLResolver)
        for pattern in resolver.url_patterns
        if isinstance(pattern, URLPattern)
    )


def faults_of_names(source: str) -> list[str]:
    """Pages and files named in a document that do not exist."""
    ours = {config.label for config in apps.get_app_configs()}
    faults = []
    for word in CODE.findall(source):
        app, colon, _ = word.partition(":")
        if re.fullmatch(r"[a-z]+:[a-z_]+", word) and colon and app in ours and word not in pages():
            faults.append(f"no page {word}")
        if (
            re.fullmatch(r"(fobwatch/)?[a-z]+/[\w/.]+", word)
            and word.removeprefix("fobwatch/").split("/")[0] in ours
            and not (ROOT / "fobwatch" / word.removeprefix("fobwatch/")).exists()
            and not (ROOT / "fobwatch" / f"{word}.py").exists()
        ):
            faults.append(f"no file {word}")
    return faults


def broken_links(path: Path) -> list[str]:
    """Links within the project that lead nowhere; pictures are another matter."""
    found = []
    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", text(path)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, part = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (part and part not in anchors(there)):
            found.append(target)
    return found


def anchors(path: Path) -> set[str]:
    """The anchors of the headings of a page, as code hosts make them."""
    titles = re.findall(r"^#+ (.+)$", text(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
