"""The page of proofs: what a version can never do, against the one in force, and an organisation's own claims."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from fobwatch.audit.models import Detail, Entry
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy import actions
from fobwatch.policy.actions.promises import add_promise, remove_promise
from fobwatch.policy.models import Promise, Version
from fobwatch.policy.models.promise import MOST
from fobwatch.policy.rules.proofs import ASSUMED, Invariant
from fobwatch.policy.views import proofs
from tests import cast
from tests.cast import NOW, TESTER
from tests.policy.conftest import approver, changed

Browse = Callable[..., Client]
NEVER = Invariant("never", (("ownership", "==", "personal"),), ("documents:download",), "Keep files here")
PAGE = reverse("policy:proofs")
ADD = reverse("policy:promise_add")


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine settles it too; nothing is remembered from test to test."""
    monkeypatch.setattr(proofs, "SECONDS", 300.0)
    proofs._proved.cache_clear()
    proofs._compared.cache_clear()


def text(client: Client, url: str = PAGE) -> str:
    response = client.get(url, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def add(organisation: Organisation, claim: Invariant = NEVER) -> Promise:
    return add_promise(organisation=organisation, claim=claim, by=TESTER, now=NOW)


def test_the_author_sees_what_is_proved_of_the_draft(browse: Browse, ig_lead: Membership, draft: Version) -> None:
    page = text(browse(ig_lead))
    assert "What version 1 can never do" in page
    assert "1 good to know, 17 proved." in page
    assert "Somebody who has left opens nothing." in page
    assert "Against version" not in page
    assert "A proof is about the rules, not about the world" in page
    assert all(one.replace("'", "&#39;") in page for one in ASSUMED)


def test_a_draft_is_compared_with_what_is_in_force(
    browse: Browse, ig_lead: Membership, first: Version, lead: Actor
) -> None:
    assert "Against version" not in text(browse(ig_lead))
    draft = changed(first, lead, min_ios="26.0")
    assert "Nowhere more permissive" in text(browse(ig_lead))
    actions.set_params(draft=draft, values={"min_ios": "17.0"}, shown=draft.hash, by=lead, now=NOW)
    page = text(browse(ig_lead))
    assert "More permissive" in page
    assert "on their own iPhone, with version 17, may now view email, calendar and rota." in page
    assert "Everything about this person and device" in page
    assert "What version 1 can never do" in text(browse(ig_lead), f"{PAGE}?of=force")


def test_who_approves_sees_the_same_and_changes_nothing(
    browse: Browse, hospital: Organisation, outsider: Membership, first: Version, lead: Actor
) -> None:
    address, guardian = reverse("policy:approval_proofs"), browse(approver(hospital))
    draft = changed(first, lead, min_ios="26.0")
    assert guardian.get(address, follow=True).redirect_chain[0][0] == reverse("policy:approval")
    actions.submit(draft=draft, shown=draft.hash, by=lead, now=NOW)
    add(hospital)
    assert f'href="{address}"' in text(guardian, reverse("policy:approval"))
    page = text(guardian, address)
    assert "What version 2 can never do" in page
    assert "Nowhere more permissive" in page
    assert "proved." in page
    assert "Take away claim" not in page
    assert "Add a claim" not in page
    assert browse(outsider).get(address).status_code == 302
    assert "does not include" in browse(cast.member(hospital, "Amy Nurse")).get(address).content.decode()


def test_the_overview_leads_to_both(browse: Browse, ig_lead: Membership, first: Version, lead: Actor) -> None:
    overview = reverse("policy:overview")
    assert f'href="{PAGE}"' in text(browse(ig_lead), overview)
    changed(first, lead, min_ios="26.0")
    page = text(browse(ig_lead), overview)
    assert f'href="{PAGE}?of=force"' in page
    assert "See what version 2 can never do" in page


def test_what_is_not_settled_is_looked_at_again(
    browse: Browse, ig_lead: Membership, draft: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "SECONDS", 0.0)
    page = text(browse(ig_lead))
    assert " 18 not settled." in page
    monkeypatch.setattr(proofs, "SECONDS", 300.0)
    assert "1 good to know, 17 proved." in text(browse(ig_lead))


def test_without_a_policy_there_is_nothing_to_prove(browse: Browse, ig_lead: Membership) -> None:
    assert "There is no policy to prove anything about yet." in text(browse(ig_lead))


def chosen(**more: object) -> dict[str, object]:
    return {"how": "never", "kinds": ["documents"], "actions": ["download"], "ownership": "personal"} | more


def test_an_author_adds_a_claim_and_takes_it_away(browse: Browse, ig_lead: Membership, draft: Version) -> None:
    client = browse(ig_lead)
    given = chosen(name="Old phones", fact="encrypted", holds="no", below="15", platform="android")
    assert "It is added, and proved with the others" in " ".join(
        client.post(ADD, given, follow=True).content.decode().split()
    )
    promise = Promise.objects.get(organisation=ig_lead.organisation)
    assert promise.claim.who == (
        ("ownership", "==", "personal"), ("platform", "==", "android"), ("encrypted", "==", False),
        ("os_version", "<", "15"),
    )  # fmt: skip
    page = text(client)
    assert "<strong>Old phones.</strong> Nobody like this may ever download documents" in page
    assert "1 good to know, 18 proved." in page
    client.post(reverse("policy:promise_remove", args=[promise.pk]))
    assert not Promise.objects.exists()
    assert {"policy.promise_added", "policy.promise_removed"} <= set(Entry.objects.values_list("action", flat=True))
    assert str(promise) == f"promise {promise.pk}"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"below": "new"}, "Write a version as numbers with dots"),
        ({"kinds": []}, "Which work"),
        ({"how": "often"}, "often"),
        (
            {
                "staff_group": "clinical", "role": "staff", "employment": "active", "device_state": "active",
                "platform": "ios", "fact": "encrypted", "holds": "yes",
            },
            "Choose at most 6 facts.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_a_claim_is_refused_at_the_field(
    browse: Browse, ig_lead: Membership, draft: Version, wrong: dict[str, object], sentence: str
) -> None:
    page = browse(ig_lead).post(ADD, chosen(**wrong)).content.decode()
    assert "There is a problem" in page
    assert sentence in page
    assert not Promise.objects.exists()


def test_a_claim_may_be_about_everybody(browse: Browse, ig_lead: Membership) -> None:
    browse(ig_lead).post(ADD, {"how": "can", "kinds": ["mail"], "actions": ["view"], "staff_group": "", "fact": ""})
    assert Promise.objects.get().claim == Invariant("can", (), ("mail:view",))


def test_the_form_is_there_to_be_filled_in(browse: Browse, ig_lead: Membership) -> None:
    assert "Add a claim of your own" in text(browse(ig_lead), ADD)


def test_claims_are_kept_once_and_only_so_many(hospital: Organisation) -> None:
    add(hospital)
    with pytest.raises(Refused, match="already"):
        add(hospital)
    with pytest.raises(Refused, match="Choose at least one kind of work"):
        add(hospital, Invariant("never", (), ()))
    for number in range(MOST - 1):
        add(hospital, Invariant("never", (), ("record:print",), str(number)))
    with pytest.raises(Refused, match="claims of your own"):
        add(hospital, Invariant("can", (), ("record:view",)))


def test_the_log_keeps_what_was_claimed_beside_it(hospital: Organisation) -> None:
    add(hospital)
    entry = Entry.objects.get(action="policy.promise_added")
    assert "documents:download" in str(Detail.objects.get(entry=entry).payload)


def test_two_claims_keep_their_order_and_a_removed_one_is_gone(hospital: Organisation) -> None:
    one, two = add(hospital), add(hospital, Invariant("can", (), ("mail:view",)))
    assert set(Promise.of(hospital)) == {one, two}
    remove_promise(promise=one, by=TESTER, now=NOW)
    assert list(Promise.of(hospital)) == [two]
    assert two.words == "Somebody like this who keeps every rule can view email, calendar and rota: anybody."


def test_another_organisation_has_its_own(
    browse: Browse, outsider: Membership, nurse: Membership, hospital: Organisation
) -> None:
    promise = add(hospital)
    assert browse(outsider).post(reverse("policy:promise_remove", args=[promise.pk])).status_code == 404
    assert Promise.objects.filter(pk=promise.pk).exists()


@pytest.mark.parametrize("url", [PAGE, ADD])
def test_only_authors_see_it(browse: Browse, nurse: Membership, url: str) -> None:
    response = browse(nurse).get(url)
    assert response.status_code == 403
    assert "does not include" in response.content.decode()


def test_only_authors_take_a_claim_away(browse: Browse, nurse: Membership, hospital: Organisation) -> None:
    promise = add(hospital)
    response = browse(nurse).post(reverse("policy:promise_remove", args=[promise.pk]))
    assert response.status_code == 403
