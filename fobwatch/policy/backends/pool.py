"""Many documents at once: a worker for each core, and whatever happens to one document stays with it."""

import contextlib
import datetime as dt
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from fobwatch.policy.backends.worker import BROKEN

ROOT = Path(__file__).resolve().parents[3]


class Asked(NamedTuple):
    """One document: where it is, and its own name (whose ending helps to tell what it is)."""

    path: Path
    name: str


def review_documents(
    asked: Sequence[Asked], *, today: dt.date, workers: int | None = None, only: str = ""
) -> Iterator[tuple[Asked, dict[str, Any]]]:
    """What each document says (as `as_data`, with `pages` and `unread`), or {"error": sentence}; as they are done.

    only: "text" reads and reviews nothing, which tells what the reading alone costs.
    """
    waiting: queue.SimpleQueue[Asked] = queue.SimpleQueue()
    for one in asked:
        waiting.put(one)
    done: queue.SimpleQueue[tuple[Asked, dict[str, Any]]] = queue.SimpleQueue()
    count = max(1, min(workers or os.cpu_count() or 1, len(asked)))
    threads = [
        threading.Thread(target=_serve, args=(waiting, done, {"today": today.isoformat(), "only": only}), daemon=True)
        for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    for _ in asked:
        yield done.get()
    for thread in threads:
        thread.join()


def _serve(
    waiting: "queue.SimpleQueue[Asked]", done: "queue.SimpleQueue[tuple[Asked, dict[str, Any]]]", how: dict[str, str]
) -> None:
    worker = _start()
    try:
        while True:
            one = waiting.get_nowait()
            found = _ask(worker, one, how)
            if found is None:
                worker.kill()
                _stop(worker)
                worker = _start()
                found = {"error": BROKEN}
            done.put((one, found))
    except queue.Empty:
        pass
    finally:
        _stop(worker)


def _start() -> "subprocess.Popen[str]":
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        [sys.executable, "-m", "fobwatch.policy.backends.worker"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": path},
    )  # fmt: skip


def _stop(worker: "subprocess.Popen[str]") -> None:
    assert worker.stdin is not None  # noqa: S101
    assert worker.stdout is not None  # noqa: S101
    with contextlib.suppress(BrokenPipeError):
        worker.stdin.close()
    worker.wait()
    worker.stdout.close()


def _ask(worker: "subprocess.Popen[str]", one: Asked, how: dict[str, str]) -> dict[str, Any] | None:
    assert worker.stdin is not None  # noqa: S101
    assert worker.stdout is not None  # noqa: S101
    try:
        worker.stdin.write(json.dumps({"path": str(one.path), "name": one.name, **how}) + "\n")
        worker.stdin.flush()
        answer = worker.stdout.readline()
        return dict(json.loads(answer)) if answer else None
    except (OSError, ValueError):
        return None
