"""A process that reviews documents, each in a child with limits: `python -m fobwatch.policy.backends.worker`.

Takes one JSON object a line on standard input (`path`, `name`, `today`, perhaps `only`), gives one on standard output.
A document that takes too long, too much memory or breaks its reader costs its child and nothing else.
"""

import datetime as dt
import json
import os
import resource
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

from fobwatch.policy.backends.readers import read_document
from fobwatch.policy.backends.text import MOST_BYTES, Unreadable
from fobwatch.policy.rules.review.book import book
from fobwatch.policy.rules.review.report import as_data, review

MEMORY = 1536 * 2**20
CPU_SECONDS = 40
WALL_SECONDS = 60
SLOW = (
    "This document took too long to read, so we stopped. Save it without its pictures, or as plain text, and try again."
)
HEAVY = "This document needs more memory than a policy should, so we stopped. Save it as plain text and try again."
BROKEN = "This document broke its reader, so we stopped. Save it again, as PDF or as plain text, and try again."


def reviewed(path: Path, name: str, today: dt.date, only: str = "") -> dict[str, Any]:
    """What one document says, or the sentence why it could not be read."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
        text = read_document(data, name)
    except Unreadable as wrong:
        return {"error": str(wrong)}
    except OSError:
        return {"error": "This file could not be opened. Check that it is there and that you may read it."}
    if only == "text":
        return {"error": None, "characters": sum(len(line.text) for line in text.lines)}
    found = as_data(review(text.lines), today)
    return {**found, "pages": text.pages, "unread": text.unread}


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _child(asked: dict[str, str], out: int) -> None:
    """Review one document in this process, which then ends."""
    _limits()
    try:
        answer = reviewed(
            Path(asked["path"]), asked["name"], dt.date.fromisoformat(asked["today"]), asked.get("only", "")
        )
    except (MemoryError, RecursionError):
        answer = {"error": HEAVY}
    except BaseException as wrong:  # whatever a document does to its reader, the parent hears a sentence
        answer = {"error": BROKEN, "fault": type(wrong).__name__}
    data = json.dumps(answer).encode()
    while data:
        data = data[os.write(out, data) :]
    os._exit(0)


def answer(asked: dict[str, str]) -> dict[str, Any]:
    """What a child says of one document; it is ended where it takes too long."""
    into, out = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(into)
        _child(asked, out)
    os.close(out)
    data, late = _hear(into, time.monotonic() + WALL_SECONDS)
    os.close(into)
    if late:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)):
        return {"error": SLOW}
    try:
        return dict(json.loads(data))
    except ValueError:
        return {"error": BROKEN}


def _hear(into: int, until: float) -> tuple[bytes, bool]:
    data = b""
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([into], [], [], left)[0]:
            return data, True
        more = os.read(into, 1 << 16)
        if not more:
            return data, False
        data += more


def main() -> None:
    """Answer until standard input ends."""
    book()  # compiled once, before the children
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
