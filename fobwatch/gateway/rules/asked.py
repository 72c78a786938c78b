"""What a proxy asks about: host, path and method of the request that waits at the gate (B10, B14).

Each proxy has its own headers, and only those that it always sets itself are read: what a client could add under the
name of another proxy's header is not looked at.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, unquote

LONGEST_PATH = 2_000
# Answers must fit into the smallest buffer of a proxy: nginx takes 4,096 bytes of headers.
LONGEST_WAY_BACK = 1_200
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
SAFE_METHODS = frozenset({"GET", "HEAD"})
PROXIES = ("nginx", "traefik", "envoy")
# What the gate and the system behind it could read differently is closed: an escaped slash or backslash, an escape
# of an escape, a parameter in the path, anything that is not printable ASCII.
ODD = re.compile(r"%2f|%5c|%25|[\\;]|[^\x21-\x7e]", re.IGNORECASE)
ODD_DECODED = re.compile(r"[%\\;\x00-\x1f\x7f]")


class Asked(NamedTuple):
    """The request that waits. path: plain, decoded once, without query, no slash at its end; None where it is odd."""

    host: str
    path: str | None
    method: str
    uri: str

    @property
    def reads(self) -> bool:
        """Whether the method only reads."""
        return self.method in SAFE_METHODS


def plain_path(uri: str) -> str | None:
    """The path of a request target as the gate matches it: "/notes/7" for "/notes/7/?page=2", "" for "/".

    None where two servers could understand it differently; the gate refuses that. A dot or a space at the end of a
    segment is odd too, because Windows drops it.
    """
    raw = uri.partition("?")[0].partition("#")[0]
    if not raw.startswith("/") or len(raw) > LONGEST_PATH or ODD.search(raw):
        return None
    try:
        path = unquote(raw, errors="strict")
    except UnicodeDecodeError:
        return None
    segments = path.split("/")[1:]
    if segments[-1] == "":
        segments.pop()
    if ODD_DECODED.search(path) or any(not segment or segment.endswith((".", " ")) for segment in segments):
        return None
    return "".join(f"/{segment}" for segment in segments)


def host_name(text: str) -> str:
    """The name in a Host header, in small letters and without its port; empty where it is none."""
    host = text.partition(",")[0].strip().lower()
    name, colon, port = host.rpartition(":")
    name = name if colon and port.isdigit() else host
    return name if HOST.fullmatch(name) else ""


def read(environ: Mapping[str, str], proxy: str = "nginx", own: str = "") -> Asked:
    """The request that a proxy asks about. own: the path behind the gate's own address, where Envoy repeats it.

    That path reaches us decoded, so it can't tell "%2F" from "/": Envoy sends the raw one too, and both must agree.
    """
    if proxy == "traefik":
        host, uri, method = (environ.get(f"HTTP_X_FORWARDED_{name}", "") for name in ("HOST", "URI", "METHOD"))
    else:
        host, uri, method = (environ.get(f"HTTP_X_{name}", "") for name in ("FORWARDED_HOST", "ORIGINAL_URI",
                                                                            "ORIGINAL_METHOD"))  # fmt: skip
    path = plain_path(uri)
    if proxy == "envoy":
        host, method = environ.get("HTTP_HOST", ""), environ.get("REQUEST_METHOD", "")
        path = path if path == plain_path(quote(own, safe="/:@!$&'()*+,=~")) else None
    return Asked(host=host_name(host), path=path, method=method.upper(), uri=uri)


def way_back(uri: str) -> str:
    """Where somebody may be sent on this very host: the path they wanted, or "/" (open redirect, CWE-601).

    A path that begins with two slashes, or holds a backslash or what a browser drops, would lead to another host.
    """
    local = uri.startswith("/") and not uri.startswith(("//", "/.fobwatch"))
    plain = "\\" not in uri and uri.isascii() and uri.isprintable() and " " not in uri
    return uri if local and plain and len(quote(uri, safe="")) <= LONGEST_WAY_BACK else "/"


def cookie(environ: Mapping[str, str], name: str) -> str:
    """The value of one cookie, and nothing where it stands twice: then somebody else may have set one of them."""
    found = [
        value.strip()
        for key, _, value in (part.partition("=") for part in environ.get("HTTP_COOKIE", "").split(";"))
        if key.strip() == name
    ]
    return found[0] if len(found) == 1 else ""
