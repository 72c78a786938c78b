"""The gate answers as WSGI: whom it lets in, whom it sends where, and what closes it."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import InterfaceError, OperationalError, connection

from fobwatch.access.actions import start_emergency
from fobwatch.access.models import Decision
from fobwatch.audit.models import Entry
from fobwatch.config.wsgi import application
from fobwatch.devices.actions import mark_lost, report_lost, suspend
from fobwatch.devices.models import Registration
from fobwatch.gateway import actions, api
from fobwatch.gateway.api.notes import Notes
from fobwatch.gateway.api.statement import Found
from fobwatch.gateway.models import GateSession, System
from fobwatch.kernel.clock import epoch, now
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.models import Membership, Organisation, SignIn
from fobwatch.policy.models import Version
from tests import cast
from tests.access.policy import DAY, confirm, registered
from tests.gateway import door
from tests.gateway.door import ask


def later(**ago: float) -> Any:
    return time_machine.travel(now() + dt.timedelta(**ago), tick=False)


def test_a_good_phone_is_let_in_with_who_it_is(nurse: Membership, inside: GateSession) -> None:
    told = ask("/record/view/7?page=2", inside.token)
    assert told.status == 204
    assert told.headers["X-Fobwatch-Member"] == nurse.pk
    assert told.headers["X-Fobwatch-Email"] == nurse.person.email
    assert told.headers["X-Fobwatch-Role"] == "staff"
    assert told.headers["X-Fobwatch-Cell"] == "record:view"
    assert told.headers["X-Fobwatch-Keep-To"] == "absolute-hours=12, idle-minutes=10, watermark"
    assert "Content-Length" not in told.headers


def test_what_binds_a_system_is_said_only_where_it_binds(inside: GateSession, phone: Registration) -> None:
    assert ask("/documents/view", inside.token).headers["X-Fobwatch-Keep-To"] == ""
    assert ask("/documents/download", inside.token).status == 403
    Registration.objects.filter(pk=phone.pk).update(ownership="issued")
    assert ask("/documents/download", inside.token).headers["X-Fobwatch-Keep-To"] == "no-download"


def test_nobody_is_sent_to_sign_in_and_back(inside: GateSession) -> None:
    told = ask("/record/view?patient=1&x=%20")
    assert (told.status, told.to, told.query) == (401, "/.fobwatch/start", {"to": "/record/view?patient=1&x=%20"})


@pytest.mark.parametrize("cookies", [
    "fobwatch-gate=made-up", "other={token}", "fobwatch-gate={token}; fobwatch-gate={token}", "fobwatch-gate={token}x",
    "__Host-fobwatch-gate={token}", "fobwatch-gate-nonce={token}", "fobwatch-gate", "=;;=", "fobwatch={sign_in}",
    "fobwatch-gate={sign_in}",
])  # fmt: skip
def test_a_forged_cookie_is_nobody(inside: GateSession, sign_in: SignIn, cookies: str) -> None:
    cookie = cookies.format(token=inside.token, sign_in=sign_in.token)
    assert ask("/record/view", HTTP_COOKIE=cookie).status == 401


def test_over_tls_only_the_cookie_of_the_host_counts(inside: GateSession, settings: Any) -> None:
    settings.COOKIES_SECURE = True
    assert ask("/record/view", inside.token).status == 401
    assert ask("/record/view", HTTP_COOKIE=f"__Host-fobwatch-gate={inside.token}").status == 204


def test_identity_headers_of_a_client_change_nothing(nurse: Membership, inside: GateSession) -> None:
    forged = {
        "HTTP_X_FOBWATCH_MEMBER": "boss",
        "HTTP_X_FOBWATCH_CELL": "mail:view",
        "HTTP_X_FORWARDED_URI": "/mail/view",
    }
    assert ask("/record/view", **forged).status == 401
    assert ask("/record/view", inside.token, **forged).headers["X-Fobwatch-Member"] == nurse.pk
    assert ask("/nowhere", inside.token, **forged).status == 403


def test_an_address_that_nobody_registered_is_closed(system: System, inside: GateSession) -> None:
    for path in ("/", "/record", "/record/viewing", "/RECORD/view", "/record/view/../../x", "/record%2fview", ""):
        told = ask(path, inside.token)
        assert (told.status, told.query) == (
            403, {"cell": "unknown", "system": system.pk, "organisation": system.organisation_id}
        )  # fmt: skip
        assert told.to == "http://localhost:8000/access/why"


def test_the_longest_path_decides_and_its_own_method_first(system: System, inside: GateSession) -> None:
    for prefix, methods, cell in (
        ("/", "any", "record:view"), ("/a", "read", "mail:view"), ("/a", "any", "mail:create"),
        ("/a/b", "write", "chat:create"),
    ):  # fmt: skip
        actions.register_route(system=system, prefix=prefix, methods=methods, cell=cell, by=cast.TESTER, now=now())
    found = {
        (path, method): ask(path, inside.token, method=method).headers.get("X-Fobwatch-Cell")
        for path in ("/", "/a", "/a/b", "/ab", "/A", "/record/view")
        for method in ("GET", "HEAD", "POST", "")
    }
    assert {key: value for key, value in found.items() if key[0] == "/a"} == {
        ("/a", "GET"): "mail:view", ("/a", "HEAD"): "mail:view", ("/a", "POST"): "mail:create",
        ("/a", ""): "mail:create",
    }  # fmt: skip
    assert found["/a/b", "POST"] == "chat:create"
    assert found["/a/b", "GET"] == "mail:view"
    assert found["/ab", "GET"] == found["/", "POST"] == found["/record/view", "GET"] == "record:view"
    # The system may take /A for /a: it must not get around the longer path.
    assert found["/A", "GET"] is None
    actions.register_route(system=system, prefix="/A", cell="mail:view", by=cast.TESTER, now=now())
    assert ask("/A", inside.token).headers["X-Fobwatch-Cell"] == "mail:view"
    assert ask("/a", inside.token, method="POST").headers["X-Fobwatch-Cell"] == "mail:create"


def test_a_session_is_of_one_system_only(hospital: Organisation, inside: GateSession) -> None:
    door.system(hospital, "rota.fennimore.example")
    assert ask("/record/view", inside.token, host="rota.fennimore.example").status == 401
    assert ask("/record/view", inside.token, host="nowhere.example").status == 401
    assert ask("/record/view", inside.token, host="").status == 401
    assert ask("/record/view", inside.token, host=f"{door.HOST.upper()}:8443").status == 204


def test_an_ended_sign_in_closes_at_the_next_request(sign_in: SignIn, inside: GateSession) -> None:
    assert ask("/record/view", inside.token).status == 204
    sign_ins.end(sign_in=sign_in, because="signed out", by=cast.TESTER, now=now())
    assert ask("/record/view", inside.token).status == 401


def test_a_lost_phone_closes_at_the_next_request(phone: Registration, inside: GateSession) -> None:
    assert ask("/record/view", inside.token).status == 204
    report_lost(device=phone.device, by=cast.TESTER, now=now())
    assert ask("/record/view", inside.token).status == 401


@pytest.mark.parametrize("move", [suspend, mark_lost])
def test_a_phone_cut_off_here_closes_also_where_the_session_is_elsewhere(
    phone: Registration, sign_in: SignIn, inside: GateSession, surgery: Organisation, nurse: Membership, move: Any
) -> None:
    there = Membership.objects.create(organisation=surgery, person=nurse.person, joined_at=now())
    sign_ins.switch(sign_in=sign_in, membership=there, by=cast.TESTER, now=now())
    assert ask("/record/view", inside.token).status == 204
    move(registration=phone, reason="left on a bus", by=cast.TESTER, now=now())
    assert ask("/record/view", inside.token).status in (401, 403)
    SignIn.objects.update(ended_at=None, ended_because="")
    assert ask("/record/view", inside.token).status == 403


def test_the_session_of_another_organisation_is_judged_by_the_systems_own(
    system: System, sign_in: SignIn, inside: GateSession, surgery: Organisation, nurse: Membership
) -> None:
    there = Membership.objects.create(organisation=surgery, person=nurse.person, role="auditor", joined_at=now())
    sign_ins.switch(sign_in=sign_in, membership=there, by=cast.TESTER, now=now())
    told = ask("/record/view", inside.token)
    assert (told.status, told.headers["X-Fobwatch-Member"], told.headers["X-Fobwatch-Role"]) == (204, nurse.pk, "staff")
    theirs = door.system(surgery, "notes.copper.example")
    across = door.session(theirs, sign_in)
    assert ask("/record/view", across.token, host=theirs.host).status == 403  # they have no policy yet


def test_somebody_who_left_is_out_the_day_after(nurse: Membership, inside: GateSession) -> None:
    Membership.objects.filter(pk=nurse.pk).update(employment="leaving", leaves_on=now().date())
    assert ask("/record/view", inside.token).status == 204
    Membership.objects.filter(pk=nurse.pk).update(leaves_on=now().date() - dt.timedelta(days=1))
    assert ask("/record/view", inside.token).status == 403


def test_leaving_closes_even_under_a_policy_that_forgot_it(
    nurse: Membership, inside: GateSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    Membership.objects.filter(pk=nurse.pk).update(employment="left", leaves_on=now().date())
    real = api.decision_of

    def forgetful(found: Found, at: int) -> object:
        return real(found._replace(employment="active", leaves_on=None), at)

    monkeypatch.setattr(api, "decision_of", forgetful)
    assert ask("/record/view", inside.token).status == 403


def test_idle_and_absolute_limits_close(inside: GateSession, write: Callable[[], int]) -> None:
    with later(minutes=14):
        assert ask("/record/view", inside.token).status == 204
        write()
    with later(minutes=28):
        assert ask("/record/view", inside.token).status == 204
    with later(minutes=29, seconds=1):
        assert ask("/record/view", inside.token).status == 401
    GateSession.objects.update(idle=10**6)
    with later(hours=12, minutes=59):
        assert ask("/record/view", inside.token).status != 401
    with later(hours=13, seconds=1):
        assert ask("/record/view", inside.token).status == 401


def test_without_a_policy_everything_is_closed(version: Version, inside: GateSession, write: Callable[[], int]) -> None:
    Version.objects.filter(pk=version.pk).update(state="superseded")
    assert ask("/record/view", inside.token).status == 403
    write()
    assert Decision.objects.get().reasons == ["no-policy"]


def test_a_policy_that_is_not_the_agreed_one_closes(
    inside: GateSession, caplog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tampered(version: str, policy_hash: str) -> None:
        raise ValueError("The content of this policy version does not have its hash.")

    monkeypatch.setattr(api, "compiled_policy", tampered)
    told = ask("/record/view", inside.token)
    assert (told.status, told.query) == (403, {"cell": "unknown"})
    assert "fault of its own" in caplog.text


def test_an_emergency_opens_its_own_kind_of_work_only(
    nurse: Membership, version: Version, system: System, write: Callable[[], int]
) -> None:
    confirm(nurse, version)
    old = registered(nurse, changes={"auto_lock_minutes": 9}, observed=epoch(now()) - 20 * DAY)
    sign_in = door.sign_in(nurse, old)
    inside = door.session(system, sign_in)
    assert ask("/record/view", inside.token).status == 403
    start_emergency(
        member=nurse, sign_in=sign_in, registration=old, version=version, kind="record",
        reason="Chest pain on Ward 6, no computer free", by=cast.TESTER, now=now(),
    )  # fmt: skip
    assert ask("/record/view", inside.token).status == 204
    assert ask("/documents/view", inside.token).status == 403
    other = door.session(system, door.sign_in(nurse, old))
    assert ask("/record/view", other.token).status == 403
    with later(minutes=61):
        GateSession.objects.update(idle=10**6)
        assert ask("/record/view", inside.token).status == 403


def found_in(session: GateSession) -> Found:
    found = api.look(api.read({"HTTP_X_FORWARDED_HOST": door.HOST, "HTTP_X_ORIGINAL_URI": "/"}), session.token, 0)
    assert found is not None
    return found


def test_a_shared_computer_has_no_registration_and_is_one_by_its_mark_only(
    nurse: Membership, system: System, phone: Registration, hospital: Organisation, surgery: Organisation
) -> None:
    said = door.session(system, door.sign_in(nurse, phone, shared=True))
    assert ask("/record/view", said.token).status == 403
    assert (found_in(said).registration, found_in(said).sheet().ownership) == (None, "")
    for place, ownership in ((hospital, "shared"), (surgery, "")):
        sign_in = door.sign_in(nurse, phone, shared=True)
        ward = door.ward(place)
        SignIn.objects.filter(pk=sign_in.pk).update(ward=ward.pk)
        session = door.session(system, sign_in)
        assert found_in(session).sheet().ownership == ownership
        type(ward).objects.update(withdrawn_at=now())
        assert found_in(session).sheet().ownership == ""


def test_refusals_are_kept_once_for_each_cause(
    phone: Registration, inside: GateSession, write: Callable[[], int], system: System
) -> None:
    Registration.objects.filter(pk=phone.pk).update(state="suspended")
    for _ in range(3):
        assert ask("/record/view", inside.token).status == 403
    assert ask("/nowhere", inside.token).status == 403
    assert write() == 2
    kept = Decision.objects.order_by("refused_cell")
    assert [(one.refused_cell, one.system, one.cause) for one in kept] == [
        ("record:view", system.pk, "refused"), ("unknown", system.pk, "refused"),
    ]  # fmt: skip
    assert Entry.objects.filter(action="access.decided").count() == 2
    Registration.objects.filter(pk=phone.pk).update(facts="{}")
    assert ask("/record/view", inside.token).status == 403
    assert write() == 1
    assert Decision.objects.count() == 3


def test_another_process_does_not_keep_the_same_again(
    phone: Registration, inside: GateSession, write: Callable[[], int], notes: Notes
) -> None:
    Registration.objects.filter(pk=phone.pk).update(state="suspended")
    ask("/record/view", inside.token)
    write()
    notes._causes.clear()
    ask("/record/view", inside.token)
    assert write() == 1
    assert Decision.objects.count() == 1


def test_a_refusal_is_noted_again_once_somebody_has_passed(
    phone: Registration, inside: GateSession, write: Any
) -> None:
    there = Registration.objects.filter(pk=phone.pk)
    for state, noted in (("suspended", 1), ("active", 0), ("suspended", 1)):
        there.update(state=state)
        ask("/record/view", inside.token)
        assert write() == noted


def test_last_seen_is_written_at_most_once_a_minute(phone: Registration, inside: GateSession, write: Any) -> None:
    started = inside.last_seen
    for seconds, noted in ((59, 0), (60, 1), (61, 0), (119, 0), (120, 1)):
        with later(seconds=started + seconds - now().timestamp()):
            assert ask("/record/view", inside.token).status == 204
            assert write() == noted
    inside.refresh_from_db()
    phone.refresh_from_db()
    assert inside.last_seen == phone.last_seen == started + 120


def test_a_request_asks_once_and_nobody_unknown_asks(
    inside: GateSession, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    real, asked = api.fetch, []
    monkeypatch.setattr(api, "fetch", lambda parameters: asked.append(parameters) or real(parameters))
    ask("/record/view", inside.token)
    with django_assert_num_queries(0):
        ask("/record/view", inside.token)
        assert len(asked) == 2
        ask("/record/view")
    assert len(asked) == 2


def test_a_database_that_does_not_answer_is_503(inside: GateSession, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[object] = []

    def broken(parameters: object) -> None:
        tries.append(parameters)
        raise OperationalError("gone")

    monkeypatch.setattr(api, "fetch", broken)
    monkeypatch.setattr(connection, "close", lambda: None)
    for proxy in ("", "/traefik", "/envoy/record/view"):
        told = ask("/record/view", inside.token, PATH_INFO=f"/gate/check{proxy}", HTTP_X_FORWARDED_URI="/record/view",
                   HTTP_HOST=door.HOST)  # fmt: skip
        assert (told.status, told.headers["Retry-After"]) == (503, "5")
    assert len(tries) == 6


@pytest.mark.parametrize("problem", [OperationalError, InterfaceError])
def test_a_connection_that_died_is_opened_anew(
    inside: GateSession, monkeypatch: pytest.MonkeyPatch, problem: type[Exception]
) -> None:
    real, done = api.fetch, []

    def once(parameters: Any) -> Any:
        done.append(1)
        if len(done) == 1:
            raise problem("gone")
        return real(parameters)

    monkeypatch.setattr(api, "fetch", once)
    monkeypatch.setattr(connection, "close", lambda: done.append(2))
    assert ask("/record/view", inside.token).status == 204
    assert done == [1, 2, 1]


def test_traefik_is_asked_by_its_own_headers_and_gets_redirects(inside: GateSession) -> None:
    def traefik(path: str, token: str = "", **more: str) -> door.Told:
        return ask("/mail/view", token, PATH_INFO="/gate/check/traefik", HTTP_X_FORWARDED_URI=path,
                   HTTP_X_FORWARDED_METHOD="GET", **more)  # fmt: skip

    assert traefik("/record/view", inside.token).headers["X-Fobwatch-Cell"] == "record:view"
    assert traefik("/nowhere", inside.token).status == 303
    assert traefik("/record/view").to == "/.fobwatch/start"


def test_envoy_must_say_its_path_twice_and_takes_200_for_yes(inside: GateSession) -> None:
    def envoy(path: str, raw: str, token: str = inside.token) -> door.Told:
        return ask(raw, token, PATH_INFO=f"/gate/check/envoy{path}", HTTP_HOST=door.HOST, host="other.example")

    yes = envoy("/record/view", "/record/view?page=2")
    assert (yes.status, yes.headers["X-Fobwatch-Cell"], yes.headers["Content-Length"]) == (200, "record:view", "0")
    for path, raw in (("/record/view", ""), ("/admin", "/record/view"), ("/record/view", "/record%2Fview")):
        told = envoy(path, raw)
        assert (told.status, told.query["cell"]) == (303, "unknown")
    assert envoy("/record/view", "/record/view", "").status == 303


def test_a_proxy_that_we_do_not_know_is_not_answered(inside: GateSession) -> None:
    assert ask("/record/view", inside.token, PATH_INFO="/gate/check/apache").status == 404


def test_the_server_sends_questions_to_the_gate_and_the_rest_to_the_pages(inside: GateSession) -> None:
    seen: list[str] = []

    def start(status: str, headers: object) -> None:
        seen.append(status)

    for path in ("/gate/check", "/gate/check/traefik", "/gate/check/envoy/a/b", "/gate/checked", "/gate/systems/"):
        environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "SERVER_NAME": "testserver", "SERVER_PORT": "80",
                   "wsgi.input": io.BytesIO(), "HTTP_HOST": "testserver"}  # fmt: skip
        answered = application(environ, start)  # type: ignore[arg-type]
        getattr(answered, "close", lambda: None)()
    assert [status[:3] for status in seen] == ["401", "303", "303", "404", "302"]
