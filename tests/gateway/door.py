"""What the tests of the gate need: a system with a path for every cell, a session in front of it, and the question."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fobwatch.devices.models import Registration
from fobwatch.gateway import actions, api
from fobwatch.gateway.models import GateSession, GateTicket, System
from fobwatch.kernel.clock import now
from fobwatch.kernel.secrets import keyed_hash
from fobwatch.people.models import Membership, Organisation, SharedComputer, SignIn
from fobwatch.policy.rules.vocabulary import CELLS
from tests import cast

HOST = "notes.fennimore.example"


def path_of(cell: str) -> str:
    return "/" + cell.replace(":", "/")


def system(organisation: Organisation, host: str = HOST, *, routes: bool = True, **more: Any) -> System:
    fields = {"name": "Ward notes", "when_down": "closed", "when_down_because": "Paper is there."} | more
    made = actions.connect_system(organisation=organisation, host=host, **fields, by=cast.TESTER, now=now())
    for cell in CELLS if routes else ():
        actions.register_route(system=made, prefix=path_of(cell), cell=cell, by=cast.TESTER, now=now())
    return made


def sign_in(member: Membership, phone: Registration | None = None, **more: Any) -> SignIn:
    """A session of a member, on this phone where one is named."""
    made = cast.sign_in(member, **more)
    if phone is not None:
        SignIn.objects.filter(pk=made.pk).update(device=phone.device_id)
        made.refresh_from_db(fields=["device"])
    return made


def ward(organisation: Organisation) -> SharedComputer:
    """A computer that IT marked as shared."""
    number = SharedComputer.objects.count()
    return SharedComputer.objects.create(
        organisation=organisation, label=f"Ward {number}", cookie_hash=f"hash {number}", marked_at=now()
    )


def ticket(
    system: System, session: SignIn, *, nonce: str = "nonce", path: str = "/", at: dt.datetime | None = None
) -> GateTicket:
    return actions.give_ticket(
        system=system, sign_in=session, path=path, bound_to=keyed_hash("gate-nonce", nonce), by=cast.TESTER,
        now=at or now(),
    )  # fmt: skip


def session(system: System, sign_in: SignIn) -> GateSession:
    """The session in front of a system; the clear token is on it."""
    return actions.arrive(ticket=ticket(system, sign_in), system=system, nonce="nonce", by=cast.TESTER, now=now())


class Told:
    """What the gate said."""

    def __init__(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status = int(status.split(maxsplit=1)[0])
        self.headers = dict(headers)
        assert len(self.headers) == len(headers)
        where = urlsplit(self.headers.get("Location", ""))
        self.to, self.query = where._replace(query="").geturl(), {k: v[0] for k, v in parse_qs(where.query).items()}


def ask(path: str = "/", token: str = "", *, host: str = HOST, method: str = "GET", **environ: str) -> Told:
    """Ask as nginx does."""
    told: list[Told] = []
    asked = {
        "PATH_INFO": "/gate/check", "REQUEST_METHOD": "GET", "HTTP_HOST": "fobwatch.example",
        "HTTP_X_FORWARDED_HOST": host, "HTTP_X_ORIGINAL_URI": path, "HTTP_X_ORIGINAL_METHOD": method,
        "HTTP_COOKIE": f"fobwatch-gate={token}" if token else "", **environ,
    }  # fmt: skip
    body = b"".join(api.check(asked, lambda status, headers: told.append(Told(status, headers))))  # type: ignore[arg-type,func-returns-value]
    assert body == b""
    assert told[0].headers["Cache-Control"] == "no-store"
    return told[0]
