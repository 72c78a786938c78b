"""Tagged PDF from data: PDF/UA-1 by typst, in a process of its own, about a tenth of a second for some pages.

What is printed comes in as JSON. Nothing of it becomes source text of the layout, so no text can be a command.
Conformance is what the writer declares; nobody has certified it.
"""

import functools
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from fobwatch.kernel.verdict import refuse

PRINTER = Path(__file__).with_name("printer.py")
SECONDS = 30
# What a Python needs to start; no secret of ours is among it.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
# Signs without a shape, but for the end of a line: no font has them.
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
# What the font surely lacks nothing of: Latin letters, and the usual signs of punctuation.
_STRANGE = re.compile("[^\n\x20-\x7e\xa0-\u024f\u2010-\u203a\u20ac\u2122]")


class PaperError(ValueError):
    """A layout that cannot be printed: a fault of ours, in typst's own words."""


@functools.lru_cache(maxsize=16)
def _layout(package: str, name: str) -> str:
    return resources.files(package).joinpath("data", name).read_text(encoding="utf-8")


def pdf(package: str, name: str, data: Mapping[str, Any], *, large: bool = False) -> bytes:
    """A PDF of `data`, laid out by `data/<name>` of a package.

    The layout finds the data in `sys.inputs.data` as JSON, and in `sys.inputs.size` "usual" or "large": large print.
    Raises PaperError where the layout fails, for instance on a picture without a text alternative, and Refused where it
    takes too long.
    """
    layout, size = _layout(package, name), "large" if large else "usual"
    try:
        return _printed(layout, _without(data, _UNSEEN, ""), size)
    except PaperError as wrong:
        if "could not be displayed" not in str(wrong):
            raise
    # PDF/UA refuses a letter that its font does not have. A question mark in its place is better than no document.
    return _printed(layout, _without(data, _STRANGE, "?"), size)


def _printed(layout: str, data: Any, size: str) -> bytes:
    order = json.dumps({"layout": layout, "data": json.dumps(data), "size": size}).encode()
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own Python and our own file
            [sys.executable, "-I", str(PRINTER)], input=order, capture_output=True, timeout=SECONDS, check=False,
            env=kept,
        )  # fmt: skip
    except subprocess.TimeoutExpired as slow:
        raise refuse("This document took too long to make.", "Try again in a few minutes.") from slow
    if done.returncode:
        raise PaperError(done.stderr.decode(errors="replace"))
    return done.stdout


def _without(value: Any, letters: re.Pattern[str], instead: str) -> Any:
    """The same data, with some letters of its texts replaced."""
    if isinstance(value, str):
        return letters.sub(instead, value)
    if isinstance(value, Mapping):
        return {key: _without(one, letters, instead) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without(one, letters, instead) for one in value]
    return value
