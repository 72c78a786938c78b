"""A real nginx with the configuration that we hand out, Fobwatch behind it, and a system that says what it saw."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError

from fobwatch.config.wsgi import application
from fobwatch.devices.actions import report_lost
from fobwatch.devices.models import Registration
from fobwatch.gateway import api
from fobwatch.gateway.actions import register_route
from fobwatch.gateway.models import GateSession, System
from fobwatch.gateway.rules.cookies import gate_cookie, nonce_cookie
from fobwatch.gateway.rules.proxies import BANNER, IDENTITY, TLS, Front, nginx, plain
from fobwatch.kernel.clock import now
from fobwatch.people.models import Membership, SignIn
from tests import cast
from tests.gateway import nginx as real
from tests.gateway.door import HOST

pytestmark = [pytest.mark.nginx, pytest.mark.django_db(transaction=True)]
GATE = gate_cookie(secure=False)


def front(fobwatch: int, system: int, *, opened: bool = False, **more: Any) -> Front:
    fields: dict[str, Any] = {
        "host": HOST, "name": "Ward notes", "fobwatch": f"http://127.0.0.1:{fobwatch}",
        "origin": "http://localhost:8000", "upstream": f"127.0.0.1:{system}", "open_when_down": opened,
        "help_line": "IT service desk: 01632 960 100", "cookies": (GATE, nonce_cookie(secure=False)),
    }  # fmt: skip
    return Front(**{**fields, **more})


@contextmanager
def protected(place: Path, fobwatch: int, **more: Any) -> Iterator[Callable[..., real.Answer]]:
    """nginx in front of a system; the function asks it."""
    port, extra = real.free_port(), more.pop("extra", "")
    with real.serving(real.echo_server()) as system:
        config = nginx(front(fobwatch, system, **more), listen=f"127.0.0.1:{port}", log=f"{place}/open.log")
        config = config.replace("location / {", f"location / {{ {extra}")
        with real.running(place, config, port):
            yield lambda path, **headers: real.fetch(port, path, host=HOST, **headers)


@pytest.fixture
def fobwatch() -> Iterator[int]:
    """The port of Fobwatch itself, on the test database."""
    with real.serving(real.fobwatch_server(application)) as port:
        yield port


@pytest.fixture
def ask(tmp_path: Path, fobwatch: int) -> Iterator[Callable[..., real.Answer]]:
    with protected(tmp_path, fobwatch) as asking:
        yield asking


def test_it_lets_in_with_who_it_is_and_without_the_gates_cookies(
    ask: Callable[..., real.Answer], inside: GateSession, nurse: Membership
) -> None:
    cookies = f"a=1; {GATE}={inside.token}; my-{GATE}=2; {GATE}-nonce=n; b=3"
    told = ask("/record/view/7?page=2", Cookie=cookies)
    assert told.status == 200
    assert told.seen["path"] == "/record/view/7?page=2"
    headers = told.seen["headers"]
    assert headers["cookie"] == f"a=1; my-{GATE}=2; b=3"
    assert headers["host"] == HOST
    assert headers["x-fobwatch-member"] == nurse.pk
    assert headers["x-fobwatch-email"] == nurse.person.email
    assert headers["x-fobwatch-cell"] == "record:view"
    assert headers["x-fobwatch-keep-to"] == "absolute-hours=12, idle-minutes=10, watermark"


@pytest.mark.parametrize(("before", "after"), [
    ("{g}={t}", None), ("{g}={t}; a=1", "a=1"), ("a=1; {g}={t}", "a=1; "), ("a=1;{g}={t};b=2", "a=1;b=2"),
    ("{g}-nonce=x; {g}={t}", None), ("{g}={t}; {g}-nonce=x; a=1", "a=1"), ("a=1; {g}={t}; {g}-nonce=x", "a=1; "),
])  # fmt: skip
def test_other_cookies_stay_as_they_are(
    ask: Callable[..., real.Answer], inside: GateSession, before: str, after: str | None
) -> None:
    seen = ask("/record/view", Cookie=before.format(g=GATE, t=inside.token)).seen["headers"].get("cookie")
    assert (seen or "").rstrip("; ") == (after or "").rstrip("; ")


def test_what_a_client_forges_never_arrives(
    ask: Callable[..., real.Answer], inside: GateSession, nurse: Membership
) -> None:
    forged = {f"X_Fobwatch_{word.replace('-', '_')}": "forged" for word in (*IDENTITY, "Open")}
    more = {"X_Original_URI": "/mail/view", "X_Original_Method": "HEAD", "X_Forwarded_Host": "other.example",
            "X_Original_URL": "/admin", "X_Rewrite_URL": "/admin", "X_HTTP_Method_Override": "DELETE"}  # fmt: skip
    assert ask("/record/view", **forged, **more).status == 303
    headers = ask("/documents/view", Cookie=f"{GATE}={inside.token}", **forged, **more).seen["headers"]
    assert "forged" not in headers.values()
    assert headers["x-fobwatch-member"] == nurse.pk
    assert headers["x-fobwatch-cell"] == "documents:view"
    assert not {"x-fobwatch-keep-to", "x-fobwatch-open", "x-rewrite-url", "x-http-method-override"} & headers.keys()
    assert "/admin" not in headers.values()
    assert ask("/nowhere", Cookie=f"{GATE}={inside.token}", X_Original_URI="/record/view").status == 303


def test_a_refusal_leads_to_the_page_that_explains(
    ask: Callable[..., real.Answer], inside: GateSession, phone: Registration, system: System
) -> None:
    Registration.objects.filter(pk=phone.pk).update(state="suspended")
    told = ask("/record/view", Cookie=f"{GATE}={inside.token}")
    assert told.status == 303
    query = f"cell=record%3Aview&system={system.pk}&organisation={system.organisation_id}"
    assert told.headers["location"] == f"http://localhost:8000/access/why?{query}"


def test_somebody_unknown_is_led_through_sign_in_and_back(
    ask: Callable[..., real.Answer], system: System, sign_in: SignIn, fobwatch: int
) -> None:
    first = ask("/record/view?patient=1")
    assert (first.status, first.headers["location"]) == (303, "/.fobwatch/start?to=%2Frecord%2Fview%3Fpatient%3D1")
    began = ask(first.headers["location"])
    assert began.status == 303
    there = urlsplit(began.headers["location"])
    passed = real.fetch(
        fobwatch, f"{there.path}?{there.query}", host="localhost:8000", Cookie=f"fobwatch={sign_in.token}"
    )
    back = urlsplit(passed.headers["location"])
    assert (passed.status, back.netloc, back.path) == (303, HOST, "/.fobwatch/arrive")
    nonce = f"{GATE}-nonce={began.cookies[f'{GATE}-nonce']}"
    arrived = ask(f"{back.path}?{back.query}", Cookie=nonce)
    assert (arrived.status, arrived.headers["location"]) == (303, "/record/view?patient=1")
    told = ask(arrived.headers["location"], Cookie=f"{GATE}={arrived.cookies[GATE]}")
    assert (told.status, told.seen["path"]) == (200, "/record/view?patient=1")


@pytest.mark.parametrize("path", [
    "/.fobwatch", "/.fobwatch/", "/.fobwatch/pass", "/.fobwatch/systems/", "/.fobwatch-check", "/.fobwatch/start/x",
    "/.fobwatch/../.fobwatch-check",
])  # fmt: skip
def test_only_the_way_in_is_reached_through_the_system(ask: Callable[..., real.Answer], path: str) -> None:
    assert ask(path).status == 404


@pytest.mark.parametrize("path", [
    "/record/view/..%2f..%2fadmin", "/record/view/%2e%2e/x", "/RECORD/view", "//record/view", "/record/view;x",
    "/record/view%00", "/record%5cview",
])  # fmt: skip
def test_a_confusing_path_does_not_get_through(ask: Callable[..., real.Answer], inside: GateSession, path: str) -> None:
    assert ask(path, Cookie=f"{GATE}={inside.token}").status in (303, 400)


def test_a_body_is_passed_on(ask: Callable[..., real.Answer], inside: GateSession) -> None:
    body = b"note=" + b"a" * 200_000
    told = ask("/record/create", method="POST", body=body, Cookie=f"{GATE}={inside.token}")
    assert (told.status, told.seen["method"], told.seen["body"]) == (200, "POST", body.decode())


def test_an_error_of_the_system_is_the_systems_own(
    ask: Callable[..., real.Answer], inside: GateSession, system: System
) -> None:
    register_route(system=system, prefix="/broken", cell="mail:view", by=cast.TESTER, now=now())
    told = ask("/broken", Cookie=f"{GATE}={inside.token}")
    assert (told.status, told.seen["path"]) == (500, "/broken")


def test_a_lost_phone_is_refused_at_the_very_next_request(
    ask: Callable[..., real.Answer], inside: GateSession, phone: Registration
) -> None:
    assert ask("/record/view", Cookie=f"{GATE}={inside.token}").status == 200
    began = time.perf_counter()
    report_lost(device=phone.device, by=cast.TESTER, now=now())
    told = ask("/record/view", Cookie=f"{GATE}={inside.token}")
    seconds = time.perf_counter() - began
    assert told.status == 303
    sys.stdout.write(f"lost to denied: {seconds:.3f} s\n")
    assert seconds < 1


def test_closed_while_fobwatch_is_down(tmp_path: Path, inside: GateSession) -> None:
    with protected(tmp_path, real.free_port()) as asking:
        told = asking("/record/view", Cookie=f"{GATE}={inside.token}")
    assert told.status == 503
    assert told.body == (
        "Ward notes is closed because we cannot check your device just now. It is not your fault."
        " IT service desk: 01632 960 100"
    )


def test_open_while_fobwatch_is_down_with_a_banner_and_a_log(tmp_path: Path, inside: GateSession) -> None:
    with protected(tmp_path, real.free_port(), opened=True) as asking:
        told = asking("/record/create", method="POST", body=b"x=1", Cookie=f"a=1; {GATE}={inside.token}",
                      X_Fobwatch_Member="boss", X_Original_URL="/admin")  # fmt: skip
    assert told.status == 200
    assert told.headers["x-fobwatch-open"] == "true"
    assert f"</head><p role='alert'>{BANNER}</p>" in told.body
    assert (told.seen["body"], told.seen["headers"]["x-fobwatch-open"]) == ("x=1", "true")
    assert told.seen["headers"]["cookie"].rstrip("; ") == "a=1"
    assert not {"x-fobwatch-member", "x-original-url"} & told.seen["headers"].keys()
    real.wait_for(lambda: "POST /record/create" in (tmp_path / "open.log").read_text())


def test_the_choice_open_opens_nothing_while_fobwatch_answers(
    tmp_path: Path, fobwatch: int, inside: GateSession, phone: Registration
) -> None:
    """No request may break the question, and so open the system: too many headers, a huge cookie, path or body."""
    Registration.objects.filter(pk=phone.pk).update(state="suspended")
    cookie = f"{GATE}={inside.token}"
    with protected(tmp_path, fobwatch, opened=True, extra="client_max_body_size 5m;") as asking:
        for path, headers in (
            ("/record/view", {}),
            ("/record/view?" + "%25" * 2_000, {}),
            ("/record/view", {f"x{number}": "y" for number in range(400)}),
            ("/record/view", {"Cookie": f"{cookie}; a={'b' * 7_000}"}),
            ("/record/view", {"Cookie": "a=" + "b" * 7_000}),
            ("/record/view", {"Cookie": "a=\xff"}),
            ("/record/view%ff", {"Cookie": cookie}),
            ("/record/view", {"Cookie": cookie, "X_Forwarded_Host": "\xff"}),
            ("/record/view", {"Expect": "100-continue", "Cookie": cookie}),
        ):
            assert asking(path, **headers).status in (303, 400, 414), (path[:40], list(headers)[:3])
        big = asking("/record/view", method="POST", body=b"x" * 2_000_000, Cookie=cookie)
        assert big.status == 303
        assert asking("/record/view", method="PROPFIND", Cookie=cookie).status == 303


def test_a_database_that_does_not_answer_is_fobwatch_down(
    tmp_path: Path, fobwatch: int, inside: GateSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(parameters: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(api, "fetch", gone)
    with protected(tmp_path, fobwatch) as asking:
        assert asking("/record/view", Cookie=f"{GATE}={inside.token}").status == 503


def test_nginx_takes_the_configuration_over_tls_too(tmp_path: Path) -> None:
    made = nginx(front(1, 2)._replace(fobwatch="https://127.0.0.1:1"), listen="127.0.0.1:1")
    assert made.count(TLS) == 2
    certificates = Path("/etc/ssl/certs/ca-certificates.crt")
    made = made if certificates.exists() else made.replace(TLS, "        proxy_ssl_server_name on;\n")
    written = tmp_path / "nginx.conf"
    written.write_text(real.FRAME.format(place=tmp_path, config=made))
    tried = real.subprocess.run(
        [real.program(), "-t", "-p", str(tmp_path), "-e", str(tmp_path / "error.log"), "-c", str(written)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tried.returncode == 0, tried.stderr


@pytest.mark.parametrize("name", ['a"; return 200; #', "a\nreturn 200;", "a${host}", "a}b{"])
def test_a_name_can_not_break_out_of_the_configuration(name: str) -> None:
    made = nginx(front(1, 2, name=name, help_line=name))
    assert not set(plain(name)) & set('";${}\n#')
    assert "return 200;" not in made


def test_where_nginx_is_missing_the_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real.shutil, "which", lambda *_, **__: None)
    with pytest.raises(RuntimeError, match="apt-get install"):
        real.program()
