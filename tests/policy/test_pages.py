"""The pages of the policy: who may open which, what they say, and what their forms do."""

import hashlib
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from fobwatch.kernel.actor import Actor
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Acknowledgement, Version, template
from fobwatch.policy.rules.clause import param_words, parse, sentence, to_data
from fobwatch.policy.rules.proofs import Finding, Status, Weight
from tests.cast import member
from tests.policy.conftest import approved, approver, changed, confirmed, put_in_force

Browse = Callable[..., Client]
# name, arguments, method, who may
PAGES = [
    ("read", (), "get", "staff"),
    ("acknowledge", (), "post", "staff"),
    ("receipt", ("BCDFG-HJKMN",), "get", "staff"),
    ("version", (1,), "get", "staff"),
    ("version_json", (1,), "get", "staff"),
    ("overview", (), "get", "author"),
    ("adopt", (), "get", "author"),
    ("adopt", (), "post", "author"),
    ("draft", (), "get", "author"),
    ("draft", (), "post", "author"),
    ("params", (), "get", "author"),
    ("params", (), "post", "author"),
    ("discard", (), "post", "author"),
    ("submit", (), "get", "author"),
    ("submit", (), "post", "author"),
    ("take_back", (), "post", "author"),
    ("owner", (), "get", "author"),
    ("owner", (), "post", "author"),
    ("approval", (), "get", "author"),
    ("approval", (), "post", "author"),
]
NOW_ON = {"start": "now", "hour": "9"}


def opened(client: Client, name: str, *args: object, method: str = "get", **data: object):
    app = "access" if name == "publish" else "policy"
    return getattr(client, method)(reverse(f"{app}:{name}", args=args), data)


def text(response) -> str:
    return response.content.decode()


def filled(version: Version, **changed: object) -> dict[str, object]:
    """The form of the details as the page shows it."""
    data: dict[str, object] = {"shown": version.hash}
    for param in version.policy.params:
        value = param.value
        data[param.name] = ("yes" if value else "no") if isinstance(value, bool) else value
    return {**data, **changed}


# --- who may ---


@pytest.mark.parametrize(("name", "args", "method", "who"), PAGES)
def test_nobody_signed_in_goes_to_sign_in(
    browse: Browse, first: Version, name: str, args: tuple[object, ...], method: str, who: str
) -> None:
    response = opened(browse(None), name, *args, method=method)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("people:sign_in"))


@pytest.mark.parametrize(("name", "args", "method", "who"), [row for row in PAGES if row[3] == "author"])
@pytest.mark.parametrize("role", ["nurse", "it_support"])
def test_without_the_role_a_page_says_why_it_is_closed(
    request: pytest.FixtureRequest, browse: Browse, first: Version, role: str, name: str, args: tuple[object, ...],
    method: str, who: str,
) -> None:  # fmt: skip
    response = opened(browse(request.getfixturevalue(role)), name, *args, method=method)
    assert response.status_code == 403
    assert "Your role here does not include this: " in text(response)


@pytest.mark.parametrize("name", ["version", "version_json", "receipt"])
def test_what_belongs_to_another_organisation_is_not_there(
    browse: Browse, nurse: Membership, outsider: Membership, first: Version, name: str
) -> None:
    made = confirmed(nurse, first)
    key = made.receipt if name == "receipt" else 1
    assert opened(browse(nurse), name, key).status_code == 200
    assert opened(browse(outsider), name, key).status_code == 404


def test_a_receipt_is_for_the_person_who_has_it(
    browse: Browse, nurse: Membership, porter: Membership, first: Version
) -> None:
    assert opened(browse(porter), "receipt", confirmed(nurse, first).receipt).status_code == 404


def test_an_author_elsewhere_meets_only_their_own_policy(
    browse: Browse, outsider: Membership, draft: Version, hospital: Organisation
) -> None:
    client = browse(outsider)
    for name in ("draft", "params", "publish"):
        assert opened(client, name)["Location"] == reverse("policy:overview")
    for name in ("params", "publish", "discard"):
        assert opened(client, name, method="post", **filled(draft))["Location"] == reverse("policy:overview")
    assert "Your organisation has no policy yet" in text(opened(client, "overview"))
    assert Version.draft_of(hospital) == draft
    assert opened(client, "acknowledge", method="post", shown=draft.hash).status_code == 404


def test_a_draft_is_not_a_version_that_staff_can_open(browse: Browse, nurse: Membership, draft: Version) -> None:
    assert opened(browse(nurse), "version", 1).status_code == 404


@pytest.mark.parametrize("name", ["acknowledge", "discard"])
def test_what_changes_something_wants_a_post(browse: Browse, ig_lead: Membership, first: Version, name: str) -> None:
    assert opened(browse(ig_lead), name).status_code == 405


# --- staff ---


def test_before_the_first_version_staff_learn_whom_to_ask(
    browse: Browse, nurse: Membership, ig_lead: Membership, draft: Version
) -> None:
    page = text(opened(browse(nurse), "read"))
    assert "There is no policy yet" in page
    assert "ig@example.org" in page
    assert reverse("policy:overview") in text(opened(browse(ig_lead), "read"))


def test_staff_read_every_rule_with_the_values_chosen(browse: Browse, nurse: Membership, first: Version) -> None:
    page = text(opened(browse(nurse), "read"))
    words = param_words(template())
    for clause in template().clauses:
        assert clause.title in page
        assert sentence(clause.text, words).split(". ")[0].replace("'", "&#39;") in page
    assert "The head of information governance" in page
    assert "Saturday 20 November 2027" in page
    assert page.count(">Checked</strong>") == sum(one.kind != "teach" for one in template().clauses) + 1
    assert page.count(">Taught</strong>") == sum(one.kind == "teach" for one in template().clauses) + 1
    assert "Use work email in the browser" in page


def test_the_summary_leaves_out_what_is_open_to_others_only(
    browse: Browse, nurse: Membership, porter: Membership, first: Version
) -> None:
    line = "Look only at the records that you need for your work."
    assert line in text(opened(browse(nurse), "read"))
    assert line not in text(opened(browse(porter), "read"))


def test_a_nurse_confirms_and_a_second_press_shows_the_same_receipt(
    browse: Browse, nurse: Membership, first: Version
) -> None:
    client = browse(nurse)
    assert f'value="{first.hash}"' in text(opened(client, "read"))
    pressed = [opened(client, "acknowledge", method="post", shown=first.hash) for _ in range(2)]
    assert pressed[0]["Location"] == pressed[1]["Location"]
    made = Acknowledgement.objects.get()
    page = text(client.get(pressed[0]["Location"]))
    assert made.receipt in page
    assert "Version 1" in page
    again = text(opened(client, "read"))
    assert "You confirmed this version" in again
    assert "Confirm that I have read it" not in again
    assert made.receipt in again


def test_a_policy_that_changed_while_it_was_read_is_read_again(
    browse: Browse, nurse: Membership, first: Version, lead: Actor
) -> None:
    confirmed(nurse, first)
    second = put_in_force(changed(first, lead, grace_days=3), lead, change_note="Three days now.")
    client = browse(nurse)
    response = opened(client, "acknowledge", method="post", shown=first.hash)
    assert response.status_code == 403
    assert "The policy changed while you were reading." in text(response)
    page = text(opened(client, "read"))
    for words in ("What changed", "Three days now.", "Time to put a new problem right", "7 days", "3 days"):
        assert words in page
    opened(client, "acknowledge", method="post", shown=second.hash)
    assert Acknowledgement.of(nurse, second)


def test_what_was_carried_over_says_so(browse: Browse, nurse: Membership, first: Version, lead: Actor) -> None:
    confirmed(nurse, first)
    second = put_in_force(changed(first, lead, grace_days=3), lead, material=False, change_note="Small.")
    client = browse(nurse)
    assert "You confirmed version 1 on" in text(opened(client, "read"))
    page = text(opened(client, "receipt", Acknowledgement.of(nurse, second).receipt))
    assert "what you confirmed counts for it too" in page
    assert first.hash[:8] in page


def test_a_version_shows_its_hash_and_the_file_has_it(
    browse: Browse, nurse: Membership, first: Version, lead: Actor
) -> None:
    put_in_force(changed(first, lead, grace_days=3), lead)
    client = browse(nurse)
    page = text(opened(client, "version", 1))
    assert all(first.hash[start : start + 8] in page for start in range(0, 64, 8))
    assert "A newer version is in force" in page
    assert "A newer version is in force" not in text(opened(client, "version", 2))
    file = opened(client, "version_json", 1)
    assert hashlib.sha256(file.content).hexdigest() == first.hash
    assert file["Content-Type"] == "application/json"
    assert opened(client, "version", 3).status_code == 404


# --- authors ---


def test_the_overview_leads_from_nothing_to_a_version_in_force(
    browse: Browse, hospital: Organisation, ig_lead: Membership, nurse: Membership, porter: Membership
) -> None:
    client = browse(ig_lead)
    assert "Your organisation has no policy yet" in text(opened(client, "overview"))
    assert "Read the template first" in text(opened(client, "adopt"))
    assert opened(client, "adopt", method="post")["Location"] == reverse("policy:params")
    assert "Version 1 is a draft" in text(opened(client, "overview"))
    draft = Version.draft_of(hospital)
    assert "nobody has approved this version yet" in text(client.get(reverse("access:publish"), follow=True)).lower()
    opened(client, "submit", method="post", shown=draft.hash)
    guardian = browse(approver(hospital))
    page = text(opened(guardian, "approval"))
    for words in ("Approve version 1 of the policy", "Started", "Imran Qureshi", "Lock your screen"):
        assert words in page
    answer = {"answer": "approve", "approve-shown": draft.hash}
    assert opened(guardian, "approval", method="post", **answer).status_code == 302
    assert "Ruth Kessler approved it on" in text(opened(client, "publish"))
    assert "This is your first version" in text(opened(client, "publish"))
    response = opened(client, "publish", method="post", **NOW_ON, shown=draft.hash)
    assert response["Location"] == reverse("policy:overview")
    confirmed(nurse, Version.in_force(hospital))
    page = text(client.get(response["Location"]))
    for words in (
        "Version 1 is in force from now on",
        "1 of 4 members of staff",
        "Imran Qureshi",
        "Ruth Kessler",
        draft.hash[:8],
    ):
        assert words in page


def test_those_who_left_are_not_asked(
    browse: Browse, hospital: Organisation, ig_lead: Membership, nurse: Membership, first: Version
) -> None:
    confirmed(nurse, first)
    member(hospital, "Gone Long Since", employment="left", leaves_on="2025-01-01")
    member(hospital, "Gone By Date", employment="leaving", leaves_on="2026-01-01")
    assert "1 of 3 members of staff" in text(opened(browse(ig_lead), "overview"))


def test_the_details_are_set_in_the_words_that_staff_read(
    browse: Browse, ig_lead: Membership, hospital: Organisation, draft: Version
) -> None:
    client = browse(ig_lead)
    page = text(opened(client, "params"))
    assert "An iPhone must run iOS 18.0 or newer." in page
    assert "Length of the longest shift (hours)" in page
    response = opened(
        client, "params", method="post", **filled(draft, min_ios="18.3", record_groups=[], grace_days="9")
    )
    assert response["Location"] == reverse("policy:draft")
    values = Version.draft_of(hospital).policy.values
    assert (values["min_ios"], values["record_groups"], values["grace_days"]) == ("18.3", (), 9)
    assert values["mail_groups"] == ("clinical", "non_clinical")
    assert values["protect_shift"] is True


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("min_ios", "new", "Oldest iPhone system version: write a version as numbers"),
        ("min_ios", "", "Oldest iPhone system version: write a version as numbers"),
        ("idle_minutes", "1", "Sign out after no use for: enter a whole number from 5 to 120."),
        ("idle_minutes", "a few", "Sign out after no use for: enter a whole number from 5 to 120."),
        ("idle_minutes", "²", "Sign out after no use for: enter a whole number from 5 to 120."),
        ("idle_minutes", "9" * 5000, "Sign out after no use for: enter a whole number from 5 to 120."),
        ("protect_shift", "perhaps", "Select a valid choice"),
        ("record_groups", "everyone", "Select a valid choice"),
        ("owner_role", "", "Who owns this policy"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept_on_the_page(
    browse: Browse, ig_lead: Membership, hospital: Organisation, draft: Version, name: str, given: str, sentence: str
) -> None:
    response = opened(browse(ig_lead), "params", method="post", **filled(draft, grace_days="9", **{name: given}))
    assert response.status_code == 200
    page = text(response)
    assert "There is a problem" in page
    assert page.count(sentence) >= 2
    assert 'value="9"' in page
    assert Version.draft_of(hospital).hash == draft.hash


def test_a_second_tab_is_told_that_the_draft_changed(
    browse: Browse, ig_lead: Membership, hospital: Organisation, draft: Version
) -> None:
    client = browse(ig_lead)
    opened(client, "params", method="post", **filled(draft, grace_days="9"))
    page = text(opened(client, "params", method="post", **filled(draft, grace_days="3")))
    for words in ("The draft changed while you had it open.", "In the draft now", "9 days", 'value="3"'):
        assert words in page
    assert Version.draft_of(hospital).policy.values["grace_days"] == 9
    again = filled(Version.draft_of(hospital), grace_days="3")
    assert f'value="{again["shown"]}"' in page
    opened(client, "params", method="post", **again)
    assert Version.draft_of(hospital).policy.values["grace_days"] == 3


def test_the_draft_shows_how_hard_it_is_what_is_met_and_what_enforces_it(
    browse: Browse, ig_lead: Membership, draft: Version
) -> None:
    page = text(opened(browse(ig_lead), "draft"))
    for words in (
        "about the age of", "26 of 26", "The longest sentences",
        "Change this rule", "What enforces it", "A warning for 7 days first.",
        "It holds in emergencies too.", "We must see it ourselves.", "The fix: iPhone", "All work", "Taught",
    ):  # fmt: skip
        assert words in page


def test_publishing_shows_what_changes_and_asks_for_a_note(
    browse: Browse, ig_lead: Membership, hospital: Organisation, first: Version, lead: Actor
) -> None:
    client = browse(ig_lead)
    opened(client, "draft", method="post")
    assert "This draft says exactly what is in force" in text(opened(client, "submit"))
    draft = Version.draft_of(hospital)
    opened(client, "params", method="post", **filled(draft, record_groups=[]))
    page = text(opened(client, "submit"))
    assert "Who may look at patient records" in page
    shown = approved(Version.draft_of(hospital), lead).hash
    page = text(opened(client, "publish"))
    for words in ("Who may look at patient records", "clinical staff", "nobody"):
        assert words in page
    page = text(opened(client, "publish", method="post", shown=shown, **NOW_ON))
    assert "Answer the question: Do staff have to read and confirm it again?" in page
    assert "Enter what changed" in page
    fields = {"shown": shown, "material": "no", "change_note": "Records are closed.", **NOW_ON}
    response = opened(client, "publish", method="post", **fields)
    assert response["Location"] == reverse("policy:overview")
    current = Version.in_force(hospital)
    assert (current.number, current.material, current.change_note) == (2, False, "Records are closed.")
    again = client.post(reverse("access:publish"), fields, follow=True)
    assert "There is no draft now" not in text(again)
    assert Version.history(hospital).count() == 2
    assert "not confirmed anew" in text(again)


def test_a_draft_is_discarded_and_the_page_says_that_there_is_none(
    browse: Browse, ig_lead: Membership, hospital: Organisation, draft: Version
) -> None:
    client = browse(ig_lead)
    response = client.post(reverse("policy:discard"), {"shown": draft.hash}, follow=True)
    assert "The draft is discarded" in text(response)
    assert Version.draft_of(hospital) is None
    assert "There is no draft now" in text(client.get(reverse("policy:draft"), follow=True))


def test_a_version_that_the_program_published_says_so(browse: Browse, ig_lead: Membership, draft: Version) -> None:
    put_in_force(draft, Actor.system("demo"))
    assert "Fobwatch itself" in text(opened(browse(ig_lead), "overview"))


def test_the_draft_is_looked_through_for_rules_that_contradict(
    browse: Browse, ig_lead: Membership, hospital: Organisation, draft: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browse(ig_lead)
    assert "No rule contradicts another" not in text(opened(client, "draft"))
    monkeypatch.setattr("fobwatch.policy.views.author.contradictions", lambda _policy: [])
    assert "No rule contradicts another, and each can hold." in text(opened(client, "draft", look="rules"))
    said = Finding("k", "c", Status.BROKEN, Weight.MUST, "Two rules cannot both hold.", clauses=("passkey",))
    monkeypatch.setattr("fobwatch.policy.views.author.contradictions", lambda _policy: [said])
    page = text(opened(client, "draft", look="rules"))
    assert "Two rules cannot both hold." in page
    assert "Look at “Sign in with your passkey”" in page


def test_a_newer_template_is_named_on_the_draft(
    browse: Browse, ig_lead: Membership, draft: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = to_data(template())
    data["clause"][0]["text"] += " Soon."
    monkeypatch.setattr("fobwatch.policy.views.author.template", lambda: parse({**data, "template_version": "2027.1"}))
    assert "Decide about 1 rule of the newer template" in text(opened(browse(ig_lead), "draft"))
