"""Reviewing 400 policies, against reading their plain text alone in the same run: `python -m bench.review`.

The documents are generated: the marked ones of the tests, repeated and shuffled into documents of two to twenty
pages behind one to three pages of control tables, as PDF, Word, OpenDocument, web page, Markdown and text.
`ratio` is bytes a second of the review ÷ bytes a second of reading the same files' text in the same processes.
"""

import argparse
import datetime as dt
import json
import os
import platform
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import docx
import typst

from fobwatch.policy.backends.pool import Asked, review_documents
from tests.policy.review.made import packed
from tests.policy.review.marked import of

DOCUMENTS = 400
TODAY = dt.date(2026, 11, 22)
FORMS = ("pdf", "pdf", "docx", "docx", "odt", "html", "md", "txt")
SIZES = (600, 1200, 2000, 3000, 3000, 4500, 7000)
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def paragraphs(rng: random.Random, bodies: list[list[str]]) -> list[str]:
    """A policy: control tables, contents, then the rules of marked documents until it is long enough."""
    wanted = rng.choice(SIZES)
    control = [f"Version {n} | {rng.randint(1, 28)} March {2010 + n} | Reviewed by committee {n}" for n in range(30)]
    contents = [f"{n} Section {n} {'.' * 60} {n + 3}" for n in range(1, 13)]
    found = ["Bring Your Own Device Policy", *control[: rng.randint(8, 30)], "Contents", *contents]
    length = 0
    while length < wanted:
        body = rng.choice(bodies)
        found += body
        length += sum(len(one.split()) for one in body)
    return found


def plain(text: str) -> str:
    """The text without what typst and XML would read as marks."""
    return "".join(letter for letter in text if letter.isalnum() or letter in " .,;:'-()/?’|")


def write(folder: Path, number: int, form: str, lines: list[str]) -> Path:
    """One document in its form."""
    path = folder / f"policy{number:03}.{form}"
    safe = [plain(line) for line in lines]
    if form == "pdf":
        source = folder / "source.typ"
        source.write_text("\n\n".join(f'#text("{line}")' for line in safe), encoding="utf-8")
        typst.compile(str(source), output=str(path))
    elif form == "docx":
        document = docx.Document()
        for line in safe:
            document.add_paragraph(line)
        document.save(str(path))
    elif form == "odt":
        body = "".join(f"<t:p>{line}</t:p>" for line in safe)
        content = (
            f'<o:document-content xmlns:o="{OFFICE}:office:1.0" xmlns:t="{OFFICE}:text:1.0">'
            f"<o:body><o:text>{body}</o:text></o:body></o:document-content>"
        )
        path.write_bytes(packed({"content.xml": content.encode()}))
    elif form == "html":
        path.write_text("<html><body>" + "".join(f"<p>{line}</p>" for line in safe) + "</body></html>")
    else:
        path.write_text("\n\n".join(safe))
    return path


def made(folder: Path) -> list[Asked]:
    """The documents, always the same ones."""
    rng = random.Random(7)
    marked = [document for part in ("seen", "kept", "fresh", "blind") for document in of(part)]
    bodies = [[line for line in document.text.split("\n") if line.strip()] for document in marked]
    paths = [write(folder, n, FORMS[n % len(FORMS)], paragraphs(rng, bodies)) for n in range(DOCUMENTS)]
    return [Asked(path, path.name) for path in paths]


def run(asked: list[Asked], only: str = "") -> tuple[float, list[dict[str, Any]]]:
    """How long all of them take, and what was found."""
    start = time.perf_counter()
    found = [answer for _, answer in review_documents(asked, today=TODAY, only=only)]
    return time.perf_counter() - start, found


def spent() -> float:
    """The processor time of all children so far, in seconds: what the work costs when others use the machine too."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure() -> dict[str, Any]:
    """Everything, as one object."""
    with tempfile.TemporaryDirectory() as name:
        asked = made(Path(name))
        size = sum(one.path.stat().st_size for one in asked)
        reading, _ = run(asked, only="text")
        before = spent()
        seconds, found = run(asked)
        cpu = spent() - before
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    words = sum(one.get("readability", {}).get("words", 0) for one in found)
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "documents": len(asked),
        "bytes": size,
        "words": words,
        "unread": sum(bool(one["error"]) for one in found),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu, 1),
        "seconds_text_only": round(reading, 1),
        "bytes_per_second": round(size / seconds),
        "bytes_per_second_text_only": round(size / reading),
        "ratio": round(reading / seconds, 3),
        "peak_mib": round(peak / 1024, 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    found = measure()
    if parser.parse_args().json:
        print(json.dumps(found))
        return
    wanted = {"seconds": "at most 60", "unread": "0"}
    for key, value in found.items():
        print(f"{key:28} {value!s:>40}  {wanted.get(key, '')}".rstrip())


if __name__ == "__main__":
    sys.exit(main())
