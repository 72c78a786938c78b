"""Tagged PDF from data: PDF/UA-1 by typst, in this process, a few milliseconds a document.

What is printed comes in as JSON. Nothing of it becomes source text of the layout, so no text can be a command.
Conformance is what the writer declares; nobody has certified it.
"""

import functools
import json
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import font_source_sans_pro
import typst

# Signs without a shape, but for the end of a line: no font has them.
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
# What the font surely lacks nothing of: Latin letters, and the usual signs of punctuation.
_STRANGE = re.compile("[^\n\x20-\x7e\xa0-\u024f\u2010-\u203a\u20ac\u2122]")


@functools.lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts of the package, read once: nothing of the machine's own gets into a document."""
    folder = Path(font_source_sans_pro.__file__).parent / "files"
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])


@functools.lru_cache(maxsize=16)
def _layout(package: str, name: str) -> bytes:
    return resources.files(package).joinpath("data", name).read_bytes()


def pdf(package: str, name: str, data: Mapping[str, Any], *, large: bool = False) -> bytes:
    """A PDF of `data`, laid out by `data/<name>` of a package.

    The layout finds the data in `sys.inputs.data` as JSON, and in `sys.inputs.size` "usual" or "large": large print.
    Raises typst.TypstError where the layout fails, for instance on a picture without a text alternative.
    """
    layout, size = _layout(package, name), "large" if large else "usual"
    try:
        return _compiled(layout, _without(data, _UNSEEN, ""), size)
    except typst.TypstError as wrong:
        if "could not be displayed" not in str(wrong):
            raise
    # PDF/UA refuses a letter that its font does not have. A question mark in its place is better than no document.
    return _compiled(layout, _without(data, _STRANGE, "?"), size)


def _compiled(layout: bytes, data: Any, size: str) -> bytes:
    inputs = {"data": json.dumps(data), "size": size}
    made = typst.compile(layout, format="pdf", pdf_standards=["ua-1"], font_paths=_fonts(), sys_inputs=inputs)
    assert isinstance(made, bytes)  # noqa: S101 - a format with one file gives one file
    return made


def _without(value: Any, letters: re.Pattern[str], instead: str) -> Any:
    """The same data, with some letters of its texts replaced."""
    if isinstance(value, str):
        return letters.sub(instead, value)
    if isinstance(value, Mapping):
        return {key: _without(one, letters, instead) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without(one, letters, instead) for one in value]
    return value
