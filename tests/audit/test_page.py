import datetime as dt
import json

import pytest
from django.db import connection
from django.urls import reverse

from fobwatch.audit import actions, jobs
from fobwatch.audit.models import Detail, Entry, names_of
from fobwatch.gateway.models import System
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import now
from fobwatch.people.models import Organisation
from tests.audit.deeds import do
from tests.audit.flush import SQL

LOG = reverse("audit:log")
WHEN = dt.datetime(2026, 11, 20, 14, 30, tzinfo=dt.UTC)


def act(member, thing, why="because"):
    do(thing=thing, why=why, by=Actor(f"membership:{member.pk}", member.organisation_id), now=WHEN)
    return Entry.objects.latest("seq")


@pytest.fixture
def client(browse, ig_lead):
    return browse(ig_lead)


def test_the_log_shows_this_organisation_only_newest_first(client, nurse, outsider):
    for n in (1, 2):
        act(nurse, f"thing:mine{n}")
    act(outsider, "thing:theirs")
    page = client.get(LOG).content.decode()
    assert page.index("Thing mine2") < page.index("Thing mine1")
    assert "Thing theirs" not in page
    assert "Do a small thing." in page
    assert "Friday 20 November 2026, 14:30" in page
    assert "Not checked yet" in page


def test_the_log_narrows_by_person_device_and_what_was_done(client, nurse, porter):
    act(nurse, "thing:first")
    act(nurse, "thing:second")
    act(porter, "thing:third")
    by_person = client.get(LOG, {"actor": f"membership:{porter.pk}"}).content.decode()
    assert "Thing third" in by_person
    assert "Thing first" not in by_person
    by_device = client.get(LOG, {"object": "thing:second"}).content.decode()
    assert "Only about <strong>Thing second" in by_device
    assert "Thing first" not in by_device
    assert "Thing first" in client.get(LOG, {"action": "test.done"}).content.decode()
    assert "no entries like this" in client.get(LOG, {"action": "test.made"}).content.decode()
    assert "Thing first" in client.get(LOG, {"action": "nonsense", "page": "x"}).content.decode()


def test_the_log_is_shown_page_by_page(client, nurse):
    for n in range(51):
        act(nurse, f"thing:n{n}-")
    first = client.get(LOG).content.decode()
    assert "Thing n0-" not in first
    assert "page=2" in first
    assert "Thing n0-" in client.get(LOG, {"page": 2}).content.decode()


def test_an_entry_shows_its_details_while_they_are_kept(client, nurse):
    found = act(nurse, "thing:mine", why={"left_out": [], "seen": [True, "the ward"], "none": None, "no": {}})
    page = client.get(reverse("audit:entry", args=[found.seq])).content.decode()
    assert "left out: none; no: none; none: none; seen: Yes, the ward" in page
    Detail.objects.filter(entry=found).delete()
    page = client.get(reverse("audit:entry", args=[found.seq])).content.decode()
    assert "The details of this entry were deleted" in page
    assert "the ward" not in page


def test_an_entry_is_downloaded_with_its_proof_once_it_is_signed(client, nurse):
    found = act(nurse, "thing:mine")
    address = reverse("audit:export", args=[found.seq])
    refused = client.get(address)
    assert refused.status_code == 403
    assert "not signed yet" in refused.content.decode()
    jobs.checkpoint(now())
    response = client.get(address)
    assert response["Content-Disposition"] == f'attachment; filename="log-entry-{found.seq}.json"'
    assert json.loads(response.content)["vkey"] == jobs.vkey()


def test_the_checking_program_is_there_to_send_along(client):
    response = client.get(reverse("audit:verifier"))
    assert response.content.startswith(b"#!/usr/bin/env python3")
    assert "attachment" in response["Content-Disposition"]


def test_check_now_checks_signs_and_is_recorded(client, nurse):
    act(nurse, "thing:mine")
    page = client.post(reverse("audit:check"), follow=True).content.decode()
    assert "The log is intact" in page
    assert "Intact</strong> Checked" in page
    assert Entry.objects.latest("seq").action == "log.checked"


def test_a_log_that_does_not_hold_says_so_and_what_to_do(client, nurse):
    found = act(nurse, "thing:mine")
    off, on = SQL[connection.vendor](["audit_entry"])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE" if connection.vendor == "postgresql" else "SELECT 1")
        for statement in [*off, f"UPDATE audit_entry SET object = 'thing:x' WHERE seq = {found.seq}", *on]:
            cursor.execute(statement)
    page = client.post(reverse("audit:check"), follow=True).content.decode()
    assert "was changed after it was written" in page
    assert "tell your security lead" in page


@pytest.mark.parametrize("name", ["entry", "export"])
def test_an_entry_of_another_organisation_is_not_there(name, client, outsider):
    found = act(outsider, "thing:theirs")
    jobs.checkpoint(now())
    assert client.get(reverse(f"audit:{name}", args=[found.seq])).status_code == 404
    assert client.get(reverse(f"audit:{name}", args=[10_000])).status_code == 404


@pytest.mark.parametrize("address", [LOG, "/log/0", "/log/0/export", "/log/verify.py", "/log/check"])
def test_a_nurse_may_not_read_the_log_and_is_told_why(address, browse, nurse):
    client = browse(nurse)
    response = client.post(address) if address.endswith("check") else client.get(address)
    assert response.status_code == 403
    assert "Your role here does not include this" in response.content.decode()


def test_check_wants_a_post_and_the_log_a_get(client):
    assert client.get(reverse("audit:check")).status_code == 405
    assert client.post(LOG).status_code == 405


def test_names_are_looked_up_when_shown(monkeypatch, db):
    monkeypatch.setattr(Entry, "log_names", classmethod(lambda *_: {"1": "The first"}), raising=False)
    assert names_of(["entry:1", "entry:2", "program:purge", "anonymous:lost_code", "log:installation"]) == {
        "entry:1": "The first", "entry:2": "Entry 2", "program:purge": "Fobwatch itself: purge",
        "anonymous:lost_code": "Somebody who was not signed in: lost code", "log:installation": "The log",
    }  # fmt: skip


def test_an_action_that_no_longer_exists_keeps_its_name(client, nurse, monkeypatch):
    act(nurse, "thing:mine")
    monkeypatch.delitem(actions.ACTIONS, "test.done")
    assert "test.done" in client.get(LOG).content.decode()


def test_an_entry_that_is_not_signed_says_so_and_is_signed_from_there(client, nurse):
    act(nurse, "thing:mine")
    found = Entry.objects.get(object="thing:mine")
    address, export = reverse("audit:entry", args=[found.seq]), reverse("audit:export", args=[found.seq])
    page = client.get(address).content.decode()
    assert "not signed yet" in page
    assert export not in page
    assert client.post(reverse("audit:check"), {"then": found.seq})["Location"] == address
    assert export in client.get(address).content.decode()


@pytest.mark.parametrize("then", ["", "x", "-1", "9" * 16, "²"])
def test_after_a_check_a_strange_way_back_leads_to_the_log(client, then):
    assert client.post(reverse("audit:check"), {"then": then})["Location"] == LOG


def test_a_protected_system_is_named_and_told_apart_from_the_program(hospital: Organisation) -> None:
    system = System.objects.create(organisation=hospital, name="Ward notes", host="notes.example", created_at=now())
    assert names_of([f"system:{system.pk}", "program:demo"]) == {
        f"system:{system.pk}": "Ward notes", "program:demo": "Fobwatch itself: demo",
    }  # fmt: skip
