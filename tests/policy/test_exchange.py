"""A policy file goes from one organisation to another: whole, checked, as a draft, and never over another draft."""

import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fobwatch.audit.models import Entry
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy import actions
from fobwatch.policy.models import Version
from fobwatch.policy.rules.clause import to_data
from fobwatch.policy.rules.form import PolicyErrors
from fobwatch.policy.rules.reading import rules
from tests.cast import NOW, TESTER
from tests.policy.conftest import changed

Browse = Callable[..., Client]


def sent(client: Client, content: bytes):
    return client.post(reverse("policy:import"), {"file": SimpleUploadedFile("policy.json", content)}, follow=True)


def text(response) -> str:
    return response.content.decode()


def test_two_organisations_exchange_a_policy(
    browse: Browse, nurse: Membership, outsider: Membership, first: Version
) -> None:
    url = reverse("policy:version_json", args=(1,))
    given_ = browse(nurse).get(url).content
    page = text(sent(browse(outsider), given_))
    assert "The file is version 1 now, as a draft." in page
    draft = Version.draft_of(outsider.organisation)
    assert draft is not None
    assert [rule.text for rule in rules(draft.policy)] == [rule.text for rule in rules(first.policy)]
    assert (draft.state, draft.effective_epoch, draft.policy.effective) == ("draft", 0, 0)
    assert Entry.objects.filter(action="policy.imported", organisation_id=outsider.organisation_id).exists()


def test_what_is_in_force_stays_in_force(ig_lead: Membership, first: Version, lead: Actor) -> None:
    made = actions.bring_in(organisation=ig_lead.organisation, content=first.content.encode(), by=lead, now=NOW)
    assert made.number == 2
    assert Version.in_force(ig_lead.organisation) == first


def test_a_draft_is_never_overwritten(browse: Browse, ig_lead: Membership, first: Version, lead: Actor) -> None:
    draft = changed(first, lead, min_ios="18.3")
    with pytest.raises(Refused, match="do not overwrite"):
        actions.bring_in(organisation=ig_lead.organisation, content=first.content.encode(), by=lead, now=NOW)
    client = browse(ig_lead)
    response = client.post(reverse("policy:import"), {"file": SimpleUploadedFile("p.json", first.content.encode())})
    assert response.status_code == 403
    draft.refresh_from_db()
    assert draft.policy.values["min_ios"] == "18.3"
    assert "is on its way already" in text(client.get(reverse("policy:import")))


def test_what_is_wrong_is_said_by_rule_and_nothing_is_kept(
    browse: Browse, outsider: Membership, first: Version
) -> None:
    data = to_data(first.policy)
    data["clause"][0]["on"] = ["money:view"]
    data["clause"][3].pop("text")
    page = text(sent(browse(outsider), json.dumps(data).encode()))
    assert "This file cannot be used" in page
    assert data["clause"][0]["id"] in page
    assert data["clause"][3]["id"] in page
    assert not Version.within(outsider.organisation).exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04", "This is not a JSON file."),
        (b"[1]", "A policy is a table of names and values."),
        (b"[" * 100_000, "This is not a JSON file."),
        (b"{}", "things are wrong with it"),
        (b'{"title": NaN, "clause": [1e999]}', "wrong with it"),
        (b"", "The file is empty."),
        (b" " * 1_000_001, "larger than 1 MB"),
    ],
    ids=["zip", "list", "deep", "nothing", "numbers", "empty", "large"],
)
def test_what_is_no_policy_is_refused_with_a_reason(
    browse: Browse, outsider: Membership, content: bytes, words: str
) -> None:
    page = text(sent(browse(outsider), content))
    assert words in page
    assert not Version.within(outsider.organisation).exists()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_refused_and_leave_nothing(surgery: Organisation, content: bytes) -> None:
    with pytest.raises(PolicyErrors):
        actions.bring_in(organisation=surgery, content=content, by=TESTER, now=NOW)
    assert not Version.within(surgery).exists()


def test_words_in_what_is_wrong_cannot_become_markup(browse: Browse, outsider: Membership) -> None:
    page = text(sent(browse(outsider), json.dumps({"<script>alert(1)</script>": 1}).encode()))
    assert "<script>alert" not in page


def test_only_authors_bring_in_a_file(browse: Browse, nurse: Membership, first: Version) -> None:
    for method in ("get", "post"):
        response = getattr(browse(nurse), method)(reverse("policy:import"))
        assert response.status_code == 403
        assert "Your role here does not include this: " in text(response)
    assert browse(None).get(reverse("policy:import")).status_code == 302
