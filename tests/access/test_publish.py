"""A version is published with its eyes open: what changes and for whom, and never one that locks everybody out."""

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from fobwatch.access.models import compiled_policy
from fobwatch.access.models import whatif as models
from fobwatch.kernel.clock import now
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy import actions
from fobwatch.policy.models import Version
from tests.access.policy import confirm, registered, understood
from tests.policy.conftest import actor, approved, changed, put_in_force

Browse = Callable[..., Client]
NOW_ON = {"start": "now", "hour": "9"}
TOLD = {"material": "no", "change_note": "Newer phones."}


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    models._kept.clear()
    yield
    models._kept.clear()


@pytest.fixture
def draft(hospital: Organisation, ig_lead: Membership) -> Version:
    return actions.adopt(organisation=hospital, by=actor(ig_lead), now=now())


@pytest.fixture
def first(draft: Version, ig_lead: Membership) -> Version:
    return put_in_force(draft, actor(ig_lead))


@pytest.fixture
def next_one(first: Version, ig_lead: Membership) -> Callable[..., Version]:
    """`next_one(min_ios="26")` is an approved version with this value."""

    def made(**values: object) -> Version:
        return approved(changed(first, actor(ig_lead), **values), actor(ig_lead))

    return made


def address() -> str:
    return reverse("access:publish")


def text(client: Client) -> str:
    response = client.get(address())
    assert response.status_code == 200
    return response.content.decode()


def sent(client: Client, draft: Version, **more: object) -> str:
    response = client.post(address(), {"shown": draft.hash, **NOW_ON, **more}, follow=True)
    return response.content.decode()


# --- who may ---


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signed_in_goes_to_sign_in(browse: Browse, draft: Version, method: str) -> None:
    response = getattr(browse(None), method)(address())
    assert response["Location"].startswith(reverse("people:sign_in"))


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ["nurse", "it_support"])
def test_without_the_role_it_says_why_it_is_closed(
    request: pytest.FixtureRequest, browse: Browse, draft: Version, role: str, method: str
) -> None:
    response = getattr(browse(request.getfixturevalue(role)), method)(address())
    assert response.status_code == 403
    assert "Your role here does not include this: publish a version of the policy" in response.content.decode()


def test_another_organisation_publishes_only_its_own(
    browse: Browse, outsider: Membership, draft: Version, ig_lead: Membership, hospital: Organisation
) -> None:
    approved(draft, actor(ig_lead))
    assert "There is no draft now" in sent(browse(outsider), draft)
    assert Version.in_force(hospital) is None


# --- what it says and does ---


def test_what_nobody_approved_is_not_published(browse: Browse, ig_lead: Membership, draft: Version) -> None:
    for page in (browse(ig_lead).get(address(), follow=True), browse(ig_lead).post(address(), follow=True)):
        assert "Nobody has approved this version yet" in page.content.decode()


def test_a_first_version_is_published(
    browse: Browse, ig_lead: Membership, nurse: Membership, draft: Version, hospital: Organisation
) -> None:
    approved(draft, actor(ig_lead))
    registered(nurse)
    client = browse(ig_lead)
    page = text(client)
    assert "Ruth Kessler approved it on" in page
    assert "This is your first version" in page
    assert "It would open something to 1 person." in page
    assert "Version 1 is in force from now on" in sent(client, draft)
    assert Version.in_force(hospital).pk == draft.pk


def test_it_shows_what_changes_for_whom_and_asks_for_a_note(
    browse: Browse, ig_lead: Membership, nurse: Membership, porter: Membership, hospital: Organisation,
    first: Version, next_one: Callable[..., Version],
) -> None:  # fmt: skip
    for one, phone in ((nurse, "18.2"), (porter, "30.1")):
        confirm(one, first)
        understood(one, now() + dt.timedelta(days=300))
        registered(one, changes={"os_version": phone})
    draft = next_one(min_ios="26")
    client = browse(ig_lead)
    page = text(client)
    for words in (
        "Oldest iPhone system version", "18.0", "26",
        "Publishing this would stop 1 person from seeing at least one kind of work.",
        "This person could fix it today, if their device takes the newer version.", reverse("access:whatif"),
    ):  # fmt: skip
        assert words in page
    page = sent(client, draft)
    assert "Answer the question: Do staff have to read and confirm it again?" in page
    assert "Enter what changed" in page
    assert "Version 2 is in force from now on" in sent(client, draft, **TOLD)
    current = Version.in_force(hospital)
    assert (current.number, current.material, current.change_note) == (2, False, "Newer phones.")
    again = sent(client, draft, **TOLD)
    assert "There is no draft now" not in again
    assert Version.history(hospital).count() == 2


def test_a_day_to_come_is_asked_for_and_shown(
    browse: Browse, hospital: Organisation, ig_lead: Membership, draft: Version
) -> None:
    approved(draft, actor(ig_lead))
    client, day = browse(ig_lead), now().date() + dt.timedelta(days=40)
    assert "Enter the day from which it is in force" in sent(client, draft, start="later")
    parts = {"day_0": day.day, "day_1": day.month, "day_2": day.year, "start": "later", "hour": "7"}
    for year, said in ((2020, "That moment has passed."), (2099, "That is more than a year from now.")):
        page = sent(client, draft, **{**parts, "day_2": year})
        assert said in page
        assert f'value="{year}"' in page
    assert "comes in force on" in sent(client, draft, **parts)
    kept = Version.draft_of(hospital)
    assert (kept.state, kept.starts_at.date()) == ("approved", day)
    assert "It is set to start on" in text(client)


def test_who_looks_before_publishing_leaves_the_time_of_grace_whole(
    browse: Browse, ig_lead: Membership, hospital: Organisation, first: Version, next_one: Callable[..., Version]
) -> None:
    """The page compiles the draft; the decisions of the same process must know the moment of its publication."""
    draft, client = next_one(min_ios="26"), browse(ig_lead)
    assert "Publishing this" in text(client)
    assert compiled_policy(draft.pk, draft.hash).policy.effective == 0
    assert "is in force from now on" in sent(client, draft, **TOLD)
    current = Version.in_force(hospital)
    assert (current.pk, current.hash) == (draft.pk, draft.hash)
    assert compiled_policy(current.pk, current.hash).policy.effective == current.effective_epoch > 0


def test_who_moves_the_day_does_not_write_the_words_again(
    browse: Browse, ig_lead: Membership, first: Version, next_one: Callable[..., Version]
) -> None:
    draft, client, day = next_one(min_ios="26"), browse(ig_lead), now().date() + dt.timedelta(days=40)
    parts = {"day_0": day.day, "day_1": day.month, "day_2": day.year, "start": "later", "hour": "7"}
    assert "comes in force on" in sent(client, draft, **{**parts, **TOLD})
    page = text(client)
    assert TOLD["change_note"] in page
    assert re.search(r'name="material"[^>]*value="no" checked', page)


# --- never one that locks everybody out ---


@pytest.mark.parametrize(("who", "reason"), [
    (["ig_lead"], "everybody, you included, loses all access from their own devices."),
    (["nurse"], "everybody loses all access from their own devices."),
])  # fmt: skip
def test_what_locks_everybody_out_is_named_and_not_published(
    request: pytest.FixtureRequest, browse: Browse, ig_lead: Membership, hospital: Organisation, first: Version,
    next_one: Callable[..., Version], who: list[str], reason: str,
) -> None:  # fmt: skip
    for name in who:
        registered(request.getfixturevalue(name))
    draft = next_one(min_ios="99")
    client = browse(ig_lead)
    page = text(client)
    assert reason in page
    assert "What takes it away: “Keep your iPhone up to date”." in page
    assert "put it right on your own device first" in page
    assert "Publish version 2</button>" not in page
    for more in (TOLD, {**TOLD, "start": "later", "day_0": "1", "day_1": "1", "day_2": "2099"}):
        response = client.post(address(), {"shown": draft.hash, **NOW_ON, **more})
        assert response.status_code == 403
        assert reason in response.content.decode()
    assert Version.in_force(hospital) == first
    assert Version.draft_of(hospital).starts_at is None


def test_the_author_is_not_locked_out_while_others_stay(
    browse: Browse, ig_lead: Membership, nurse: Membership, hospital: Organisation, first: Version,
    next_one: Callable[..., Version],
) -> None:  # fmt: skip
    registered(ig_lead)
    registered(nurse, changes={"os_version": "99.1"})
    draft = next_one(min_ios="99")
    client = browse(ig_lead)
    assert "If you publish this, you lose all access from your own devices." in text(client)
    registered(ig_lead, label="New phone", changes={"os_version": "99.2"})
    assert "Version 2 is in force from now on" in sent(client, draft, **TOLD)


def test_what_locks_everybody_out_is_said_while_it_is_written(
    browse: Browse, ig_lead: Membership, first: Version
) -> None:
    registered(ig_lead)
    changed(first, actor(ig_lead), min_ios="99")
    page = browse(ig_lead).get(reverse("access:whatif")).content.decode()
    assert "This can’t be published as it is" in page


@pytest.mark.parametrize("content", ['{"clause": 1}', "{}", "not JSON"])
def test_what_cannot_be_enforced_as_it_was_kept_is_said(
    browse: Browse, ig_lead: Membership, draft: Version, content: str
) -> None:
    Version.objects.filter(pk=draft.pk).update(content=content, hash="0" * 64)
    response = browse(ig_lead).get(reverse("access:whatif"))
    assert response.status_code == 403
    assert "Discard it and start a new draft." in response.content.decode()
