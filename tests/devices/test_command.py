"""On somebody's own device no path can erase, lock, find or look: the gateway refuses, whoever asks (DESIGN 11)."""

import ast
import random
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fobwatch.audit.models import Entry
from fobwatch.devices import actions
from fobwatch.devices.models import Registration
from fobwatch.devices.rules.evidence import from_check_in
from fobwatch.devices.rules.states import PERSONAL_VERBS, WORK_VERBS, plain_verb
from fobwatch.devices.views.register import MOVES
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Membership, SignIn
from fobwatch.people.rules.roles import ROLES
from tests.cast import NOW, TESTER, browser, sign_in

PACKAGE = Path(__file__).resolve().parents[2] / "fobwatch"


def spellings(verb: str) -> list[str]:
    words = verb.split("_")
    return [
        verb,
        verb.upper(),
        verb.replace("_", "-"),
        verb.replace("_", " "),
        "".join(w.title() for w in words),
        f" {verb}\n",
    ]


ASKERS = [
    Actor("membership:owner"), Actor("membership:it"), Actor.system("worker"), Actor.anonymous("lost-code"),
    Actor("person:x"),
]  # fmt: skip


@pytest.mark.parametrize("verb", sorted(PERSONAL_VERBS))
def test_no_personal_verb_passes_in_any_spelling_whoever_asks(phone: Registration, verb: str) -> None:
    before = (phone.state, phone.facts)
    for spelling in spellings(verb):
        with pytest.raises(Refused, match="own device"):
            actions.command(registration=phone, verb=spelling, by=random.choice(ASKERS), now=NOW)  # noqa: S311
    phone.refresh_from_db()
    assert (phone.state, phone.facts) == before
    assert not Entry.objects.filter(action="device.commanded").exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    verb=st.one_of(st.text(max_size=40), st.sampled_from(sorted(PERSONAL_VERBS)).map(str.title)),
    who=st.sampled_from(ASKERS),
)
def test_what_is_not_on_the_short_list_never_passes(phone: Registration, verb: str, who: Actor) -> None:
    if plain_verb(verb) in {plain_verb(word) for word in WORK_VERBS}:
        return
    with pytest.raises(Refused):
        actions.command(registration=phone, verb=verb, by=who, now=NOW)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_page_takes_a_personal_verb_from_any_role(phone: Registration, role: str) -> None:
    Membership.objects.filter(pk=phone.membership_id).update(role=role)
    client = browser(Membership.objects.get(pk=phone.membership_id))
    for verb in sorted(PERSONAL_VERBS):
        page = client.post(reverse("devices:move", args=[phone.pk, verb]), {"reason": "Please", "verb": verb})
        assert page.status_code in (403, 404)
    for move in MOVES:
        client.post(reverse("devices:move", args=[phone.pk, move]), {"verb": "erase"})
    phone.refresh_from_db()
    assert phone.state == "active"


def test_no_other_code_names_a_personal_command() -> None:
    """Every path: outside the rule that refuses them, no string of the program is such a verb."""
    loud = {plain_verb(verb) for verb in PERSONAL_VERBS if "_" in verb}
    for path in PACKAGE.rglob("*.py"):
        if path.name == "states.py" and path.parent.name == "rules":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 60:
                assert plain_verb(node.value) not in loud, f"{path}: {node.value}"


def test_ending_sessions_ends_those_on_the_device(phone: Registration, nurse: Membership) -> None:
    on_it, elsewhere = sign_in(nurse), sign_in(nurse)
    SignIn.objects.filter(pk=on_it.pk).update(device=phone.device_id)
    for verb in ("end_sessions", "RemoveWorkData"):
        actions.command(registration=phone, verb=verb, by=TESTER, now=NOW)
    assert SignIn.objects.get(pk=on_it.pk).ended_at
    assert SignIn.objects.get(pk=elsewhere.pk).ended_at is None
    assert phone.state == "active"


def test_cutting_off_suspends(phone: Registration) -> None:
    actions.command(registration=phone, verb="cut_off_access", by=TESTER, now=NOW)
    assert phone.state == "suspended"


def test_asking_to_check_in_forgets_the_last_check_in(phone: Registration) -> None:
    actions.record_evidence(registration=phone, items=[from_check_in(1)], by=TESTER, now=NOW)
    actions.command(registration=phone, verb="ask_to_check_in", by=TESTER, now=NOW)
    phone.refresh_from_db()
    assert "checked_in" not in phone.known()
    assert phone.evidence.filter(fact="checked_in", current=False).exists()


def test_on_an_issued_device_it_says_that_no_manager_is_connected(phone: Registration) -> None:
    Registration.objects.filter(pk=phone.pk).update(ownership="issued")
    phone.refresh_from_db()
    with pytest.raises(Refused, match="No device manager is connected"):
        actions.command(registration=phone, verb="erase", by=TESTER, now=NOW)


def test_a_request_cannot_say_whose_the_device_is(phone: Registration, it_support: Membership) -> None:
    client: Client = browser(it_support)
    client.post(reverse("devices:move", args=[phone.pk, "suspend"]), {"reason": "Why not", "ownership": "issued"})
    phone.refresh_from_db()
    assert (phone.state, phone.ownership) == ("suspended", "personal")
