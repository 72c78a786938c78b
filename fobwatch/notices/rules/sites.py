"""The sites that may show the notice in a frame: https origins, nothing wider."""

import re

_ORIGIN = re.compile(r"https://[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:[0-9]{1,5})?")
MOST = 10


def read_sites(text: str) -> tuple[tuple[str, ...], str]:
    """The origins in a text, one a line, and what is wrong with them as a sentence; empty where nothing is.

    Only whole names are taken: a wildcard would let every site of a shared host show the notice as its own.
    """
    lines = tuple(dict.fromkeys(line.strip().lower().rstrip("/") for line in text.splitlines() if line.strip()))
    for line in lines:
        if not _ORIGIN.fullmatch(line):
            return (), f"“{line[:60]}” is not the address of a site. Write it like https://www.example.nhs.uk."
    if len(lines) > MOST:
        return (), f"At most {MOST} sites can show the notice."
    return lines, ""
