"""The pages on which IT connects systems: who may see them, what they say, and what they refuse."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fobwatch.audit.models import Detail, Entry
from fobwatch.gateway import actions
from fobwatch.gateway.models import GateSession, GateTicket, Route, System
from fobwatch.kernel.clock import now
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Membership
from tests import cast
from tests.gateway import door

Browse = Callable[..., Client]
PAGES = ["system", "change", "disconnect", "route_add", "route_remove", "config"]


@pytest.fixture
def route(system: System) -> Route:
    found = system.routes.filter(cell="record:view").first()
    assert found is not None
    return found


def every_address(system: System, route: Route) -> dict[str, str]:
    made = {name: reverse(f"gateway:{name}", args=[system.pk]) for name in PAGES if name != "route_remove"}
    made["route_remove"] = reverse("gateway:route_remove", args=[system.pk, route.pk])
    return made | {name: reverse(f"gateway:{name}") for name in ("systems", "connect")}


def get(client: Client, name: str, address: str) -> Any:
    return client.post(address) if name == "route_remove" else client.get(address)


@pytest.mark.parametrize("name", [*PAGES, "systems", "connect"])
def test_only_those_who_keep_systems_see_them(
    name: str, system: System, route: Route, browse: Browse, nurse: Membership, ig_lead: Membership,
    it_support: Membership, outsider: Membership,
) -> None:  # fmt: skip
    address = every_address(system, route)[name]
    assert get(browse(None), name, address).status_code == 302
    for member in (nurse, ig_lead):
        refused = get(browse(member), name, address)
        assert refused.status_code == 403
        assert "does not include this" in refused.content.decode()
    theirs = get(browse(outsider), name, address)
    assert theirs.status_code == (404 if name in PAGES else 200)
    assert system.name not in theirs.content.decode()
    assert get(browse(it_support), name, address).status_code in (200, 302)


def test_a_route_of_another_system_is_not_removed_by_this_ones_address(
    system: System, route: Route, browse: Browse, it_support: Membership
) -> None:
    other = door.system(system.organisation, "rota.example", routes=False)
    assert browse(it_support).post(reverse("gateway:route_remove", args=[other.pk, route.pk])).status_code == 404
    assert Route.objects.filter(pk=route.pk).exists()


def test_a_system_is_connected_filled_changed_and_disconnected(browse: Browse, it_support: Membership) -> None:
    client = browse(it_support)
    told = {"name": "Ward notes", "host": "Notes.Example.org:8443", "scheme": "https", "when_down": "closed",
            "when_down_because": "Paper is there."}  # fmt: skip
    page = client.post(reverse("gateway:connect"), told, follow=True)
    text = page.content.decode()
    assert "All its addresses are closed until you register them" in text
    made = System.objects.get()
    assert (made.host, made.port, made.address) == ("notes.example.org", 8443, "https://notes.example.org:8443")
    assert made.chosen_by == it_support
    assert "Everything else is closed" in text
    assert it_support.person.name in text
    assert "Paper is there." in text

    add = reverse("gateway:route_add", args=[made.pk])
    text = client.post(
        add, {"path": "letters/", "methods": "read", "cell": "documents:view"}, follow=True
    ).content.decode()
    assert "/letters" in text
    assert "Documents: view" in text
    assert "Reading only" in text

    change = reverse("gateway:change", args=[made.pk])
    again = {"name": "Notes", "when_down": "open", "when_down_because": "No paper on nights."}
    text = client.post(change, again, follow=True).content.decode()
    assert "Set up the proxy again" in text
    assert "from any device, lost ones too" in text

    route = made.routes.get()
    text = client.post(reverse("gateway:route_remove", args=[made.pk, route.pk]), follow=True).content.decode()
    assert "/letters is no longer registered" in text
    text = client.post(
        reverse("gateway:disconnect", args=[made.pk]), {"reason": "Replaced"}, follow=True
    ).content.decode()
    assert "Its gate lets nobody in" in text
    assert "No system is connected yet" in text
    done = set(Entry.objects.values_list("action", flat=True))
    assert done >= {"system.connected", "route.registered", "system.changed", "route.removed", "system.disconnected"}
    assert any("No paper on nights." in payload for payload in Detail.objects.values_list("payload", flat=True))


def test_a_disconnected_system_lets_nobody_in(system: System, inside: GateSession) -> None:
    assert door.ask("/record/view", inside.token).status == 204
    actions.disconnect_system(system=system, reason="Replaced", by=cast.TESTER, now=now())
    assert door.ask("/record/view", inside.token).status == 401
    assert not GateTicket.objects.exists()


@pytest.mark.parametrize("host", ["https://notes.example", "a b", "notes/x", "", "a:0", "-a", "nötes.example"])
def test_a_host_that_is_none_is_refused(browse: Browse, it_support: Membership, host: str) -> None:
    told = {"name": "N", "host": host, "scheme": "https", "when_down": "open", "when_down_because": "Why"}
    page = browse(it_support).post(reverse("gateway:connect"), told)
    assert "host name" in page.content.decode()
    assert not System.objects.exists()


def test_a_host_is_connected_once_in_all_organisations(system: System, outsider: Membership, browse: Browse) -> None:
    told = {"name": "N", "host": system.host, "scheme": "https", "when_down": "open", "when_down_because": "Why"}
    page = browse(outsider).post(reverse("gateway:connect"), told)
    assert page.status_code == 403
    assert "connected already" in page.content.decode()


@pytest.mark.parametrize("path", ["/a/../b", "/a?x=1", "/a#x", "/a%2fb", "//", "/é", "/caf%C3%A9", "/a;b"])
def test_a_path_that_the_gate_can_not_match_is_refused(system: System, path: str) -> None:
    with pytest.raises(Refused, match="cannot match"):
        actions.register_route(system=system, prefix=path, cell="mail:view", by=cast.TESTER, now=now())


def test_a_path_is_registered_once(system: System) -> None:
    with pytest.raises(Refused, match="registered already"):
        actions.register_route(system=system, prefix="record/view/", cell="mail:view", by=cast.TESTER, now=now())


@pytest.mark.parametrize("reason", ["", "   "])
def test_the_choice_needs_a_reason(system: System, reason: str) -> None:
    with pytest.raises(Refused, match="why you chose"):
        actions.change_system(
            system=system, name="N", when_down="open", when_down_because=reason, by=cast.TESTER, now=now()
        )
    with pytest.raises(Refused, match="why you chose"):
        door.system(system.organisation, "b.example", when_down_because=reason)


@pytest.mark.parametrize(("proxy", "sign"), [
    ("nginx", "auth_request /.fobwatch-check"), ("traefik", "forwardAuth:"), ("envoy", "ext_authz"),
])  # fmt: skip
def test_the_configuration_is_there_for_each_proxy(
    system: System, browse: Browse, it_support: Membership, proxy: str, sign: str
) -> None:
    address = reverse("gateway:config", args=[system.pk])
    text = browse(it_support).get(address, {"proxy": proxy, "upstream": "10.0.0.5:8080"}).content.decode()
    assert sign in text
    assert "10.0.0.5:8080" in text
    assert ("Not run in our tests" in text) is (proxy != "nginx")


def test_traefik_is_said_to_close_although_open_was_chosen(
    system: System, browse: Browse, it_support: Membership
) -> None:
    System.objects.update(when_down="open")
    text = browse(it_support).get(reverse("gateway:config", args=[system.pk]), {"proxy": "traefik"}).content.decode()
    assert "it closes the system" in text


@pytest.mark.parametrize("told", [
    {"upstream": "a:1; return 200"}, {"upstream": "nohost"}, {"fobwatch": "http://a/b"}, {"fobwatch": "http://a;x"},
    {"proxy": "apache"}, {"fobwatch": "javascript:a"},
])  # fmt: skip
def test_nothing_but_addresses_gets_into_a_configuration(
    system: System, browse: Browse, it_support: Membership, told: dict[str, str]
) -> None:
    page = browse(it_support).get(reverse("gateway:config", args=[system.pk]), told)
    assert page.status_code == 200
    assert "auth_request" not in page.content.decode()
    assert "There is a problem" in page.content.decode()
