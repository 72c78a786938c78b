"""Every page of people: signed out, without the permission, in another organisation, and as it should be."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fobwatch.kernel.clock import now
from fobwatch.kernel.permission import Permission
from fobwatch.people import urls
from fobwatch.people.actions import invitations, staff_files
from fobwatch.people.models import Membership, Passkey
from fobwatch.people.rules.staff_changes import compare
from tests import cast
from tests.cast import TESTER
from tests.people.phone import Phone

NAMES = {pattern.name: pattern for pattern in urls.urlpatterns}
GUARDED = sorted(name for name, pattern in NAMES.items() if pattern.callback.guard != "public")
PUBLIC = {
    "sign_in", "sign_in_options", "sign_in_answer", "sign_out", "join", "join_qr", "join_options", "join_answer",
    "demo", "letters",
}  # fmt: skip
POST_ONLY = {"check_options", "check_answer", "add_options", "add_answer", "link_withdraw"}
ABOUT_ONE = {
    "member", "member_change", "member_link", "link_withdraw", "staff_preview", "passkey", "passkey_remove",
    "shared_computer_withdraw",
}  # fmt: skip


@pytest.fixture
def things(nurse: Membership, it_support: Membership) -> dict[str, str]:
    """One of each thing of the hospital that an address may name."""
    Phone().enrolled(it_support)
    link = invitations.invite(membership=nurse, purpose="join", inviter=it_support, by=TESTER, now=now())
    kept = staff_files.receive(rows=[], uploader=it_support, digest=compare([], []).digest, by=TESTER, now=now())
    passkey = Passkey.of(it_support.person).get()
    computer = cast.shared_computer(nurse.organisation)
    return {
        "member_id": nurse.pk, "invitation_id": link.pk, "file_id": kept.pk, "passkey_id": passkey.pk,
        "computer_id": computer.pk,
    }  # fmt: skip


def address(name: str, things: dict[str, str]) -> str:
    wanted = {key: things[key] for key in NAMES[name].pattern.converters}
    return reverse(f"people:{name}", kwargs=wanted)


def call(client: Client, name: str, things: dict[str, str]) -> Any:
    return (client.post if name in POST_ONLY else client.get)(address(name, things))


def test_the_pages_that_are_open_to_anybody_are_these() -> None:
    assert {name for name, pattern in NAMES.items() if pattern.callback.guard == "public"} == PUBLIC


@pytest.mark.parametrize("name", GUARDED)
def test_nobody_signed_in_is_sent_to_sign_in(name: str, things: dict[str, str]) -> None:
    answer = call(Client(), name, things)
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/")


@pytest.mark.parametrize("name", GUARDED)
def test_without_the_permission_it_says_why(
    name: str, things: dict[str, str], porter: Membership, browse: Callable[..., Client]
) -> None:
    if NAMES[name].callback.guard == Permission.OWN_DEVICE:
        assert Permission.OWN_DEVICE in porter.permissions
        return
    answer = call(browse(porter), name, things)
    assert answer.status_code == 403
    assert "Your role here does not include this" in answer.content.decode()


@pytest.mark.parametrize("name", sorted(ABOUT_ONE))
def test_what_belongs_to_another_organisation_is_not_found(
    name: str, things: dict[str, str], outsider: Membership, browse: Callable[..., Client]
) -> None:
    assert call(browse(outsider), name, things).status_code == 404


@pytest.mark.parametrize("name", sorted(set(GUARDED) - POST_ONLY - {"staff_preview", "organisation"}))
def test_it_support_sees_the_page(
    name: str, things: dict[str, str], it_support: Membership, browse: Callable[..., Client]
) -> None:
    answer = call(browse(it_support), name, things)
    assert answer.status_code == 200, answer.content
    assert name == "staff_csv" or "<h1" in answer.content.decode()


def test_a_passkey_of_a_colleague_is_not_found(
    things: dict[str, str], nurse: Membership, browse: Callable[..., Client]
) -> None:
    assert call(browse(nurse), "passkey", things).status_code == 404
    assert call(browse(nurse), "passkey_remove", things).status_code == 404


def test_the_roles_page_prints_every_permission(nurse: Membership, browse: Callable[..., Client]) -> None:
    page = html.unescape(browse(nurse).get("/roles/").content.decode())
    assert all(one.sentence in page for one in Permission if one != Permission.BREAK_GLASS)


@pytest.mark.parametrize("name", ["demo", "letters"])
def test_outside_the_demo_its_pages_do_not_exist(name: str, db: None) -> None:
    assert Client().get(reverse(f"people:{name}")).status_code == 404
    assert Client().post("/demo/", {"membership": "x"}).status_code == 404
