"""Forward-auth: another system's proxy asks, the gate answers, before Django's request stack and without a cache.

204 let in, with who it is and what to keep to; 401 sign in first; 403 not from this device, and where the reason is.
Traefik and Envoy pass the answer itself on to the browser, so theirs is a redirect. Envoy takes 200 only for a yes.
"""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import Error, connection

from fobwatch.access.models import compiled_policy
from fobwatch.access.rules import emergency
from fobwatch.access.rules.sheet import DAY, employment_on, iso_day
from fobwatch.access.rules.sheet import row as sheet_row
from fobwatch.gateway.api.notes import NOTES, Note
from fobwatch.gateway.api.statement import KINDS, Found, arguments, fetch
from fobwatch.gateway.rules.asked import PROXIES, Asked, cookie, read, way_back
from fobwatch.gateway.rules.cookies import gate_cookie
from fobwatch.kernel import clock
from fobwatch.kernel.secrets import keyed_hash
from fobwatch.policy.rules.decide import Decision, decide, obligations

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger("fobwatch.gate")
GATE = "/gate/check"
START = "/.fobwatch/start"
PHRASES = {
    200: "OK", 204: "No Content", 303: "See Other", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    503: "Service Unavailable",
}  # fmt: skip
YES = 204


class Answer(NamedTuple):
    """What the proxy is told."""

    status: int
    headers: list[tuple[str, str]]


def check(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Answer one question of a proxy (WSGI). Never cached.

    503 only where the database does not answer: a proxy may then leave the system open, if that is the recorded
    choice. Whatever else goes wrong closes, so that no request can open a system by breaking the gate.
    """
    proxy, _, own = environ.get("PATH_INFO", "")[len(GATE) + 1 :].partition("/")
    proxy = proxy or PROXIES[0]
    try:
        status, headers = _answer(environ, proxy, own) if proxy in PROXIES else Answer(404, [])
    except Error:
        log.exception("The gate has no answer from the database")
        connection.close()
        status, headers = Answer(503, [("Retry-After", "5")])
    except Exception:
        log.exception("The gate closed because of a fault of its own")
        status, headers = Answer(403, [("Location", _why("unknown", "", ""))])
    if proxy != PROXIES[0] and status in {401, 403}:
        status = 303
    if proxy == "envoy" and status == YES:
        status = 200
    length = [] if status == YES else [("Content-Length", "0")]
    start_response(f"{status} {PHRASES[status]}", [("Cache-Control", "no-store"), *length, *headers])
    return [b""]


def _answer(environ: "WSGIEnvironment", proxy: str, own: str) -> Answer:
    asked = read(environ, proxy, f"/{own}")
    return answer(asked, cookie(environ, gate_cookie(secure=settings.COOKIES_SECURE)), now=clock.epoch(clock.now()))


def answer(asked: Asked, token: str, *, now: int) -> Answer:
    """Decide one request at `now` (epoch seconds). Raises django.db.Error when the database does not answer."""
    found = look(asked, token, now) if token and asked.host else None
    if found is None or now >= found.expires or now >= found.last_seen + found.idle:
        return Answer(401, [("Location", f"{START}?{urlencode({'to': way_back(asked.uri)})}")])
    cell = found.cell_of(asked.path)
    decision = decision_of(found, cell, now)
    if decision is None or cell is None or not decision.may(cell) or _left(found, now):
        NOTES.put(Note(found, now, cell or "unknown", decision, refused=True))
        return Answer(403, [("Location", _why(cell or "unknown", found.system, found.organisation))])
    NOTES.put(Note(found, now, cell))
    return Answer(YES, _identity(found, decision, cell))


def look(asked: Asked, token: str, now: int) -> Found | None:
    """The one row of this request. A connection that has died is opened anew, once."""
    parameters = arguments(
        path=asked.path or "", reads=asked.reads, now=now, token_hash=keyed_hash("gate", token), host=asked.host
    )
    try:
        return fetch(parameters)
    except Error:
        connection.close()
        return fetch(parameters)


def decision_of(found: Found, cell: str | None, now: int) -> Decision | None:
    """The decision of the engine for this cell; None where no policy is in force, which closes.

    Emergency access counts for its own kind of work.
    """
    if found.version is None or found.policy_hash is None:
        return None
    compiled = compiled_policy(found.version, found.policy_hash)
    sheet = found.sheet()
    row = sheet_row(sheet, now, demo=settings.FOBWATCH_DEMO)
    kind = (cell or "").partition(":")[0]
    if found.emergencies & KINDS.get(kind, 0):
        aside, within = emergency.aside(compiled, row, now, [kind])
        return decide(compiled, row, now, sheet.started, aside, within)
    return decide(compiled, row, now, sheet.started)


def _left(found: Found, now: int) -> bool:
    """Whether the person no longer works there, whatever the policy says: a page is closed to them too."""
    stands = employment_on(found.employment, found.away_from, found.away_until, found.leaves_on, iso_day(now // DAY))
    return stands == "left"


def _why(cell: str, system: str, organisation: str) -> str:
    """The page that explains and fixes. It carries opaque ids only."""
    query = urlencode({"cell": cell, "system": system, "organisation": organisation})
    return f"{settings.ORIGIN}/access/why?{query}"


def _identity(found: Found, decision: Decision, cell: str) -> list[tuple[str, str]]:
    """Who it is and what the system must keep to. The proxy overwrites these names, so no client can forge them."""
    keep_to = [
        key.replace("_", "-") if value is True else f"{key.replace('_', '-')}={value}"
        for key, value in sorted(obligations(decision, cell).items())
    ]
    return [
        ("X-Fobwatch-Member", found.membership),
        ("X-Fobwatch-Email", quote(found.email, safe="@.+-_")),
        ("X-Fobwatch-Role", found.role),
        ("X-Fobwatch-Cell", cell),
        ("X-Fobwatch-Keep-To", ", ".join(keep_to)),
    ]
