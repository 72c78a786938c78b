"""The way in: start on the protected host, sign in at Fobwatch, arrive with a cookie, once and in one browser."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from fobwatch.gateway.models import GateSession, GateTicket, System
from fobwatch.kernel.clock import epoch, now
from fobwatch.kernel.secrets import keyed_hash
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.models import Membership, Organisation, SignIn
from fobwatch.policy.models import Version
from tests import cast
from tests.access.policy import publish
from tests.gateway import door
from tests.gateway.door import HOST, ask

Browse = Callable[..., Client]
THERE = {"headers": {"X-Forwarded-Host": HOST}}


def query(address: str) -> dict[str, str]:
    return {key: value[0] for key, value in parse_qs(urlsplit(address).query).items()}


def test_the_whole_way_in(nurse: Membership, system: System, version: Version, browse: Browse) -> None:
    protected, ours = Client(), browse(nurse)
    began = protected.get("/gate/start", {"to": "/record/view?page=2"}, **THERE)
    assert (began.status_code, began["Referrer-Policy"]) == (303, "no-referrer")
    assert began["Location"].startswith("http://localhost:8000/gate/pass?")
    nonce = began.cookies["fobwatch-gate-nonce"]
    assert (nonce["httponly"], nonce["samesite"], nonce["path"], nonce["secure"]) == (True, "Lax", "/", "")
    assert query(began["Location"])["bind"] == keyed_hash("gate-nonce", nonce.value)
    assert nonce.value not in began["Location"]

    passed = ours.get(began["Location"].removeprefix("http://localhost:8000"))
    assert (passed.status_code, passed["Referrer-Policy"]) == (303, "no-referrer")
    assert passed["Location"].startswith(f"https://{HOST}/.fobwatch/arrive?ticket=")

    there = protected.get("/gate/arrive", query(passed["Location"]), **THERE)
    assert (there.status_code, there["Location"], there["Referrer-Policy"]) == (
        303,
        "/record/view?page=2",
        "no-referrer",
    )
    cookie = there.cookies["fobwatch-gate"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    assert there.cookies["fobwatch-gate-nonce"].value == ""
    assert "fobwatch" not in {name for name, one in there.cookies.items() if one.value} - {"fobwatch-gate"}
    assert ask("/record/view", cookie.value).status == 403  # no device registered, but known
    assert GateSession.objects.get().sign_in_id == ours.sign_in.pk  # type: ignore[attr-defined]


def test_over_tls_the_cookies_are_the_hosts_own(
    nurse: Membership, system: System, browse: Browse, settings: Any
) -> None:
    settings.COOKIES_SECURE = True
    protected = Client()
    began = protected.get("/gate/start", **THERE)
    assert began.cookies["__Host-fobwatch-gate-nonce"]["secure"] is True
    passed = browse(nurse).get(began["Location"].removeprefix("http://localhost:8000"))
    there = protected.get("/gate/arrive", query(passed["Location"]), **THERE)
    assert there.cookies["__Host-fobwatch-gate"]["secure"] is True


def test_nobody_signed_in_comes_back_after_signing_in(system: System) -> None:
    answered = Client().get("/gate/pass", {"host": HOST, "to": "/a", "bind": "b"})
    assert answered.status_code == 302
    assert query(answered["Location"])["next"] == f"/gate/pass?host={HOST}&to=%2Fa&bind=b"


@pytest.mark.parametrize("to", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", ""])
def test_the_way_back_stays_on_the_host(system: System, nurse: Membership, browse: Browse, to: str) -> None:
    assert query(Client().get("/gate/start", {"to": to}, **THERE)["Location"])["to"] == "/"
    browse(nurse).get("/gate/pass", {"host": HOST, "to": to, "bind": "b"})
    assert GateTicket.objects.get().path == "/"


def test_a_system_at_another_port_is_reached_there_only(nurse: Membership, browse: Browse) -> None:
    door.system(nurse.organisation, f"{HOST}:8443", routes=False)
    passed = browse(nurse).get("/gate/pass", {"host": f"{HOST}:666", "to": "/", "bind": "b"})
    assert passed["Location"].startswith(f"https://{HOST}:8443/.fobwatch/arrive?")


@pytest.mark.parametrize("host", ["nowhere.example", "", "-", HOST + ".evil.example"])
def test_an_unknown_host_is_refused_plainly(system: System, nurse: Membership, browse: Browse, host: str) -> None:
    began = Client().get("/gate/start", headers={"X-Forwarded-Host": host})
    assert (began.status_code, began.cookies.keys()) == (403, set())
    assert "not connected" in began.content.decode()
    passed = browse(nurse).get("/gate/pass", {"host": host, "to": "/", "bind": "b"})
    assert passed.status_code == 403
    assert "not connected" in passed.content.decode()
    arrived = Client().get("/gate/arrive", {"ticket": "x"}, headers={"X-Forwarded-Host": host})
    assert arrived.status_code == 403


def test_no_ticket_to_a_system_of_an_organisation_that_is_not_mine(
    system: System, outsider: Membership, browse: Browse
) -> None:
    assert browse(outsider).get("/gate/pass", {"host": HOST, "to": "/", "bind": "b"}).status_code == 403
    assert not GateTicket.objects.exists()


def test_no_ticket_for_somebody_who_left(
    system: System, nurse: Membership, surgery: Organisation, browse: Browse
) -> None:
    there = Membership.objects.create(organisation=surgery, person=nurse.person, joined_at=now())
    gone = now().date() - dt.timedelta(days=1)
    Membership.objects.filter(pk=nurse.pk).update(employment="left", leaves_on=gone)
    client = browse(there)
    assert client.get("/gate/pass", {"host": HOST, "to": "/", "bind": "b"}).status_code == 403
    with pytest.raises(Exception, match="do not work for"):
        door.ticket(system, client.sign_in)  # type: ignore[attr-defined]


@pytest.fixture
def arriving(system: System, sign_in: SignIn) -> Callable[..., Any]:
    """`arriving()` comes to the protected host with a good ticket and the browser's own nonce."""
    given = door.ticket(system, sign_in)

    def arrive(*, host: str = HOST, nonce: str = "nonce", token: str = given.token) -> Any:
        client = Client()
        client.cookies["fobwatch-gate-nonce"] = nonce
        return client.get("/gate/arrive", {"ticket": token}, headers={"X-Forwarded-Host": host})

    return arrive


def refused(answer: Any) -> bool:
    assert answer.status_code in (303, 403)
    if answer.status_code == 403:
        assert "used or is too old" in answer.content.decode()
        assert "fobwatch-gate" not in answer.cookies
    return bool(answer.status_code == 403)


def test_a_ticket_is_of_use_once(arriving: Callable[..., Any]) -> None:
    assert not refused(arriving())
    assert refused(arriving())
    assert GateSession.objects.count() == 1


def test_a_ticket_is_of_use_for_a_minute(arriving: Callable[..., Any]) -> None:
    with time_machine.travel(now() + dt.timedelta(seconds=61), tick=False):
        assert refused(arriving())


def test_a_ticket_is_of_use_in_its_browser_only(arriving: Callable[..., Any]) -> None:
    assert refused(arriving(nonce=""))
    assert refused(arriving(nonce="another"))
    assert not refused(arriving())


def test_a_ticket_is_of_use_on_its_host_only(arriving: Callable[..., Any], hospital: Organisation) -> None:
    door.system(hospital, "rota.fennimore.example", routes=False)
    assert refused(arriving(host="rota.fennimore.example"))
    assert refused(arriving(token="made-up"))
    assert refused(arriving(token=""))
    assert not refused(arriving())


def test_a_ticket_of_an_ended_session_is_of_no_use(arriving: Callable[..., Any], sign_in: SignIn) -> None:
    sign_ins.end(sign_in=sign_in, because="signed out", by=cast.TESTER, now=now())
    assert refused(arriving())


def test_the_stricter_limits_hold(system: System, sign_in: SignIn, hospital: Organisation, monkeypatch: Any) -> None:
    monkeypatch.setattr("fobwatch.gateway.actions.limits", lambda _: (5, 60))
    made = door.session(system, sign_in)
    assert (made.idle, made.expires - epoch(sign_in.started_at)) == (300, 3600)
    with time_machine.travel(now() + dt.timedelta(minutes=61), tick=False):
        sign_in.touch(now=now())
        fresh = SignIn.objects.get(pk=sign_in.pk)
        with pytest.raises(Exception, match="longer than this system allows"):
            door.session(system, fresh)


def test_without_a_policy_the_sessions_own_limits_hold(system: System, nurse: Membership) -> None:
    sign_in = door.sign_in(nurse)
    made = door.session(system, sign_in)
    assert (made.idle, made.expires - epoch(sign_in.started_at)) == (15 * 60, 780 * 60)
    publish(nurse.organisation)
