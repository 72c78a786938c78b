"""Documents that are a zip of XML (Word, OpenDocument): opened with a limit on what they may inflate to."""

import io
import zipfile
import zlib
from typing import Any

from lxml import etree

from fobwatch.policy.backends.text import MOST_INFLATED, Unreadable

BOMB = "This document unpacks to far more than a policy could hold. We stopped reading it. Ask its sender for a PDF."
DEFINITIONS = (
    "This document carries definitions of its own, which no word processor writes. We did not read it. Save it again."
)
DAMAGED = "This document is damaged and could not be opened. Save it again, or ask its sender for another copy."


def opened(data: bytes) -> zipfile.ZipFile:
    """The archive. Raises Unreadable where it is damaged or would inflate beyond the limit."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as wrong:
        raise Unreadable(DAMAGED) from wrong
    if sum(entry.file_size for entry in archive.infolist()) > MOST_INFLATED:
        raise Unreadable(BOMB)
    return archive


def part(archive: zipfile.ZipFile, name: str) -> Any:
    """The root element of one part, without entities and without a network. Raises Unreadable."""
    try:
        with archive.open(name) as stream:  # what a header promises may be a lie, so what comes out is counted too
            data = stream.read(MOST_INFLATED + 1)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as wrong:
        raise Unreadable(DAMAGED) from wrong
    except RuntimeError as wrong:
        raise Unreadable("This document is encrypted. Save it without a password and try again.") from wrong
    if len(data) > MOST_INFLATED:
        raise Unreadable(BOMB)
    if b"<!DOCTYPE" in data:
        raise Unreadable(DEFINITIONS)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as wrong:
        raise Unreadable(DAMAGED) from wrong
