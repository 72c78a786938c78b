"""Rules of a draft on their pages: written, added, taken out, by two authors at once, and from a newer template."""

import dataclasses
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from fobwatch.audit.models import Entry
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy import actions
from fobwatch.policy.forms import ClauseForm
from fobwatch.policy.models import Step, Version, template
from fobwatch.policy.models import shipped as at_version
from fobwatch.policy.rules import updates
from fobwatch.policy.rules.clause import clause_data, clause_digest, parse, to_data
from fobwatch.policy.rules.edit import Overtaken
from fobwatch.policy.rules.form import Policy, atoms, said
from tests.cast import NOW
from tests.policy.conftest import approved, changed

Browse = Callable[..., Client]
IDS = [clause.id for clause in template().clauses]


def sent(form: ClauseForm, **changes: Any) -> QueryDict:
    """The fields of a page as a browser sends them back."""
    query = QueryDict(mutable=True)
    for bound in form:
        value = bound.value()
        if isinstance(value, list):
            query.setlist(bound.html_name, value)
        elif value not in (None, False):
            query[bound.html_name] = value
    for name, facts in form.facts.items():
        for index, fact in enumerate(facts):
            query[f"{name}-{index}-fact"] = fact
    for key, value in changes.items():
        name = key.replace("__", "-")
        if isinstance(value, list):
            query.setlist(name, value)
        elif value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return query


def form_of(policy: Policy, clause_id: str, data: Any = None) -> ClauseForm:
    return ClauseForm(data, policy=policy, clause=policy.clause(clause_id), teams=["Ward 6"])


def after(clause_id: str, policy: Policy | None = None, **changes: Any) -> ClauseForm:
    """The form of a clause of the template once these fields were filled in."""
    base = policy or template()
    form = form_of(base, clause_id, sent(form_of(base, clause_id), **changes))
    form.is_valid()
    return form


# --- the form ---


@pytest.mark.parametrize("clause_id", IDS)
def test_what_is_not_changed_comes_back_as_it_was(clause_id: str) -> None:
    form = after(clause_id)
    assert form.errors == {}
    assert form.policy_after == template()


def test_a_detail_is_set_inside_its_sentence() -> None:
    form = form_of(template(), "version-iphone")
    pieces = [piece if isinstance(piece, str) else f"[{piece.html_name}]" for piece in form.sentence]
    assert "".join(pieces) == "An iPhone must run iOS [param-min_ios] or newer."
    made = after("version-iphone", param__min_ios="18.2").policy_after
    assert made.values["min_ios"] == "18.2"
    assert "18.2" in said(made, made.clause("version-iphone"))
    wrong = after("version-iphone", param__min_ios="newest")
    assert "Write a version as numbers" in wrong.errors["param-min_ios"][0]
    assert [one.html_name for one in form.other_details] == ["param-grace_days"]


def test_a_detail_that_stands_twice_is_a_field_once() -> None:
    policy = changed_clause("version-iphone", text="Run iOS {min_ios} or newer. Older than {min_ios} is closed.")
    pieces = form_of(policy, "version-iphone").sentence
    assert [isinstance(piece, str) for piece in pieces] == [True, False, True, True, True]


def changed_clause(clause_id: str, **values: Any) -> Policy:
    data = to_data(template())
    data["clause"] = [{**one, **values} if one["id"] == clause_id else one for one in data["clause"]]
    return parse(data)


@pytest.mark.parametrize(
    ("clause_id", "changes", "key", "value"),
    [
        ("open-record", {"param-record_groups": ""}, "values", ()),
        ("encrypted", {"need-0-value": "no"}, "need", ["encrypted", "==", False]),
        ("screen-lock", {"when-0-value": ["personal"]}, "when", ["ownership", "==", "personal"]),
        ("screen-lock", {"when-0-op": "!=", "when-0-value": ["shared"]}, "when", ["ownership", "!=", "shared"]),
        ("auto-lock", {"need-0-param": "", "need-0-value": "3"}, "need", ["auto_lock_minutes", "<=", 3]),
        ("auto-lock", {"grace": "", "grace_days": "2"}, "grace_days", 2),
        ("auto-lock", {"flags": []}, "break_glass", None),
        ("screen-lock", {"work-mail": []}, "on", [f"{one}:*" for one in ("chat", "documents", "record", "images")]),
        ("screen-lock", {"work-mail": ["view"]}, "on", ["mail:view", "chat:*", "documents:*", "record:*", "images:*"]),
        ("fresh-passkey", {f"work-{one}": ["view", "create", "share", "download", "print"]
                           for one in ("mail", "chat", "documents")}, "on", ["*:*"]),
        ("screen-lock", {"groups": ["clinical"], "roles": ["manager"]}, "audience",
         {"groups": ["clinical"], "roles": ["manager"]}),
        ("screen-lock", {"addition": "On Ward 6, put it away."}, "addition", "On Ward 6, put it away."),
        ("screen-lock", {"items": ["P01", "P05"]}, "items", ["P01", "P05"]),
        ("screen-lock", {"do": "Set a code."}, "do", "Set a code."),
        ("screen-lock", {"fix-any": "Ask us.\n\n Then wait. "}, "fix", None),
        ("passkey", {"set-idle_minutes": "", "set-idle_minutes-number": "10"}, "set",
         {"absolute_hours": "$absolute_hours", "idle_minutes": 10}),
        ("screen-lock", {"kind": "teach"}, "need", None),
        ("version-computer", {"need-0-letter": "", "need-1-letter": "", "need-2-remove": "on", "need-3-remove": "on"},
         "need", ["any", ["platform", "==", "windows"], ["os_version", ">=", "$min_windows"]]),
    ],
)  # fmt: skip
def test_each_choice_becomes_what_it_says(clause_id: str, changes: dict[str, Any], key: str, value: Any) -> None:
    form = after(clause_id, **{name.replace("-", "__"): one for name, one in changes.items()})
    assert form.errors == {}
    made = form.policy_after
    if key == "values":
        assert made.values["record_groups"] == value
    elif key == "fix":
        assert made.clause(clause_id).fix["any"] == ("Ask us.", "Then wait.")
    else:
        assert clause_data(made.clause(clause_id)).get(key) == value


@pytest.mark.parametrize(
    ("clause_id", "changes", "field", "sentence"),
    [
        ("screen-lock", {"fails": ""}, "fails", "“What a no says” is missing"),
        ("screen-lock", {f"work-{one}": [] for one in ("mail", "chat", "documents", "record", "images")}, "work-mail",
         "“Kinds of work” must say"),
        ("screen-lock", {"text": "Lock it within {unknown}."}, "text", "is not a parameter"),
        ("screen-lock", {"teams": ["Ward 6"]}, "teams", "cannot be for some teams only"),
        ("auto-lock", {"grace": "", "grace_days": "abc"}, "grace", "must be a whole number"),
        ("auto-lock", {"need-0-param": "", "need-0-value": "some"}, "__all__", "is compared with a whole number"),
        ("screen-lock", {"title": ""}, "title", "Enter a title"),
        ("encrypted", {"grade": "attested"}, "grade", "Select a valid choice"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_beside_its_field_in_the_words_of_the_page(
    clause_id: str, changes: dict[str, Any], field: str, sentence: str
) -> None:
    form = after(clause_id, **{name.replace("-", "__"): one for name, one in changes.items()})
    assert sentence in " ".join(form.errors[field])
    assert form.policy_after is None


def test_a_row_is_added_of_any_fact_and_offers_only_what_fits_it() -> None:
    asked = sent(form_of(template(), "encrypted"), press="add-need", need__new="os_version")
    form = form_of(template(), "encrypted", asked)
    assert form.facts["need"] == ("encrypted", "os_version")
    assert dict(form.fields["need-1-op"].choices)[">="] == "at least"
    assert {value for value, _ in form.fields["need-1-param"].choices} >= {"min_ios", "min_macos"}
    full = asked.copy()
    for index in range(12):
        full[f"need-{index}-fact"] = "encrypted"
    assert len(form_of(template(), "encrypted", full).facts["need"]) == 12
    nobody = sent(form_of(template(), "encrypted"), press="add-need", need__new="mood")
    assert form_of(template(), "encrypted", nobody).facts["need"] == ("encrypted",)


def test_a_condition_too_deep_for_rows_stays_as_it_is() -> None:
    deep = ["any", ["all", ["encrypted", "==", True], ["any", ["unaltered", "==", True], ["antivirus", "==", True]]],
            ["platform", "==", "ios"]]  # fmt: skip
    policy = changed_clause("encrypted", need=deep)
    form = after("encrypted", policy)
    assert form.fixed["need"]
    assert form.policy_after == policy
    bare = changed_clause("encrypted", when=["platform", "==", "ios"])
    made = after("encrypted", bare, when__0__remove="on").policy_after
    assert made.clause("encrypted").when is None


# --- pages ---


def address(clause_id: str, name: str = "clause") -> str:
    return reverse(f"policy:{name}", args=[clause_id])


def post(client: Client, clause_id: str, version: Version, **changes: Any) -> Any:
    policy = version.policy
    start = {"shown": clause_digest(policy, policy.clause(clause_id)), "press": "save"}
    return client.post(
        address(clause_id), sent(form_of(policy, clause_id), **{**start, **changes}).urlencode(),
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip


def fresh(hospital: Organisation) -> Version:
    return Version.draft_of(hospital)


@pytest.mark.parametrize("clause_id", ["version-iphone", "version-computer", "roles", "open-record", "passkey"])
def test_the_page_of_a_rule_shows_the_sentence_what_enforces_it_and_what_it_meets(
    browse: Browse, ig_lead: Membership, draft: Version, clause_id: str
) -> None:
    page = browse(ig_lead).get(address(clause_id)).content.decode()
    clause = draft.policy.clause(clause_id)
    for words in (clause.title, "As staff read it", "What enforces it", "Grade ", "A national rule, at version 2026.1",
                  "Not enforced: taught and audited", clause.items[0]):  # fmt: skip
        assert words in page


def test_a_rule_is_saved_and_who_wrote_it_is_kept(
    browse: Browse, hospital: Organisation, ig_lead: Membership, draft: Version
) -> None:
    response = post(browse(ig_lead), "version-iphone", draft, param__min_ios="18.2", addition="Ask Nia for help.")
    assert response["Location"] == address("version-iphone")
    policy = fresh(hospital).policy
    assert (policy.values["min_ios"], policy.clause("version-iphone").addition) == ("18.2", "Ask Nia for help.")
    step = Step.of(fresh(hospital))[0]
    assert (step.kind, step.member, step.note) == ("changed", ig_lead, "Keep your iPhone up to date")
    assert Entry.objects.filter(action="policy.clause_set", doc_sha256=fresh(hospital).hash).exists()


@pytest.mark.parametrize("do", ["look", "add-need", "add-when", ""])
def test_looking_and_adding_a_row_save_nothing(
    browse: Browse, hospital: Organisation, ig_lead: Membership, draft: Version, do: str
) -> None:
    more = {f"{do.removeprefix('add-')}__new": "encrypted"} if do.startswith("add-") else {}
    words = "Sentences " + "that never seem to end at all and go on " * 4 + "are long, says the ABC."
    page = post(browse(ig_lead), "screen-lock", draft, press=do, addition=words, **more).content.decode()
    assert "Long sentences" in page
    assert "Nobody explains ABC" in page
    assert fresh(hospital).hash == draft.hash
    assert page.count("storage is encrypted (seen or you told us)</legend>") == len(more)


def open_folds(page: str) -> set[str]:
    """The parts of the page of a rule that stand open, by their summary up to its colon."""
    titles = re.findall(r'<details class="nhsuk-details" open>.*?summary-text">([^<:]+)', page)
    return {html.unescape(one) for one in titles}


@pytest.mark.parametrize(
    ("typed", "opened"),
    [
        ({}, set()),
        ({"text": "Lock it."}, {"Change the title and the words"}),
        ({"dont": "Do not lend it."}, {"Change the title and the words"}),
        ({"groups": ["clinical"]}, {"Whom it is for"}),
        ({"items": ["P02"]}, {"Items and guidance that it meets"}),
        ({"fix-any": "Ask us."}, {"The fix, for each kind of device"}),
    ],
)
def test_what_somebody_wrote_stands_open_when_the_page_comes_back(
    browse: Browse, ig_lead: Membership, draft: Version, typed: dict[str, Any], opened: set[str]
) -> None:
    start = form_of(draft.policy, "screen-lock")
    as_a_browser_does = {
        one: (start[one].value() or "").replace("\n", "\r\n") for one in start.fields if one.startswith("fix-")
    }
    page = post(browse(ig_lead), "screen-lock", draft, press="look", **{**as_a_browser_does, **typed}).content.decode()
    assert open_folds(page) == opened
    assert "data-answers-post" in page


def test_the_margin_follows_what_is_typed(
    browse: Browse, hospital: Organisation, ig_lead: Membership, outsider: Membership, draft: Version
) -> None:
    typed = sent(form_of(draft.policy, "screen-lock"), addition="Ask the ABC.").urlencode()
    kind = "application/x-www-form-urlencoded"
    part = browse(ig_lead).post(address("screen-lock", "clause_margin"), typed, content_type=kind).content.decode()
    assert "Nobody explains ABC" in part
    assert "<html" not in part
    assert fresh(hospital).hash == draft.hash
    assert browse(ig_lead).post(address("nothing", "clause_margin")).status_code == 404
    assert browse(outsider).post(address("screen-lock", "clause_margin")).status_code == 404


def test_what_is_wrong_is_said_and_nothing_is_kept(
    browse: Browse, hospital: Organisation, ig_lead: Membership, draft: Version
) -> None:
    page = post(browse(ig_lead), "version-iphone", draft, param__min_ios="newest", addition="Mine").content.decode()
    assert "There is a problem" in page
    assert "Mine" in page
    assert fresh(hospital).hash == draft.hash


def test_two_authors_on_one_rule_lose_no_words(
    browse: Browse, hospital: Organisation, ig_lead: Membership, draft: Version, lead: Actor
) -> None:
    client = browse(ig_lead)
    post(client, "screen-lock", draft, addition="Theirs, from the other tab.")
    page = post(client, "screen-lock", draft, addition="Mine, typed at length.").content.decode()
    for words in ("Somebody else changed this rule while you had it open", "Theirs, from the other tab.",
                  "Mine, typed at length.", "Save mine over theirs", "Keep theirs"):  # fmt: skip
        assert words in page
    now_there = fresh(hospital)
    assert now_there.policy.clause("screen-lock").addition == "Theirs, from the other tab."
    shown = clause_digest(now_there.policy, now_there.policy.clause("screen-lock"))
    assert f'value="{shown}"' in page
    post(client, "screen-lock", draft, addition="Mine, typed at length.", shown=shown)
    assert fresh(hospital).policy.clause("screen-lock").addition == "Mine, typed at length."


def test_two_authors_on_two_rules_do_not_disturb_each_other(
    browse: Browse, hospital: Organisation, ig_lead: Membership, draft: Version
) -> None:
    client = browse(ig_lead)
    post(client, "screen-lock", draft, addition="One.")
    post(client, "auto-lock", draft, addition="Two.")
    policy = fresh(hospital).policy
    assert [policy.clause(one).addition for one in ("screen-lock", "auto-lock")] == ["One.", "Two."]


def test_words_for_a_rule_that_is_gone_become_a_rule_of_ones_own(
    browse: Browse, hospital: Organisation, ig_lead: Membership, draft: Version, lead: Actor
) -> None:
    client, policy = browse(ig_lead), draft.policy
    shown = clause_digest(policy, policy.clause("screen-lock"))
    actions.remove_clause(draft=fresh(hospital), clause="screen-lock", shown=shown, by=lead, now=NOW)
    page = post(client, "screen-lock", draft, text="My long thoughts about locks.").content.decode()
    assert "Somebody took this rule out while you wrote" in page
    assert "My long thoughts about locks." in page
    assert client.get(address("screen-lock")).status_code == 404
    with pytest.raises(Refused, match="took this rule out"):
        actions.set_clause(
            draft=fresh(hospital), clause="screen-lock", written={}, values={}, shown=shown, by=lead, now=NOW
        )


def test_words_for_a_rule_that_goes_at_this_very_moment_are_not_lost(
    browse: Browse, hospital: Organisation, ig_lead: Membership, draft: Version, lead: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    save = actions.set_clause
    policy = draft.policy

    def late(**given: Any) -> Version:
        shown = clause_digest(policy, policy.clause("screen-lock"))
        actions.remove_clause(draft=fresh(hospital), clause="screen-lock", shown=shown, by=lead, now=NOW)
        return save(**given)

    monkeypatch.setattr(actions, "set_clause", late)
    page = post(browse(ig_lead), "screen-lock", draft, text="My long thoughts about locks.").content.decode()
    assert "My long thoughts about locks." in page
    assert "Add a rule of your own" in page


def test_words_typed_while_it_went_for_approval_stay_on_the_page(
    browse: Browse, hospital: Organisation, ig_lead: Membership, draft: Version, lead: Actor
) -> None:
    approved(draft, lead)
    page = post(browse(ig_lead), "screen-lock", draft, addition="Typed too late.").content.decode()
    assert "is approved, so its text stays as it is" in page
    assert "Typed too late." in page
    assert browse(ig_lead).get(address("screen-lock")).status_code == 302


def test_an_own_rule_is_added_enforced_and_taken_out(
    browse: Browse, hospital: Organisation, ig_lead: Membership, draft: Version
) -> None:
    client = browse(ig_lead)
    assert "Add a rule of your own" in client.get(reverse("policy:clause_add")).content.decode()
    given = {"section": "Sign in and lock it", "title": "Lockers on Ward 6", "text": "Put your phone in the locker."}
    assert "Enter a title" in client.post(reverse("policy:clause_add"), {**given, "title": ""}).content.decode()
    assert "“{lock}”" in client.post(reverse("policy:clause_add"), {**given, "text": "{lock}"}).content.decode()
    made = client.post(reverse("policy:clause_add"), given)
    assert made["Location"] == address("own-lockers-on-ward-6")
    policy = fresh(hospital).policy
    own = policy.clause("own-lockers-on-ward-6")
    assert (own.own, own.kind) == (True, "teach")
    sections = [one.section for one in policy.clauses]
    assert len({one for place, one in enumerate(sections) if sections.index(one) == place}) == len(set(sections))
    assert "A rule of your own" in client.get(made["Location"]).content.decode()
    asked = sent(form_of(policy, own.id), press="add-need", need__new="notifications_hidden")
    row = form_of(policy, own.id, asked)
    saved = sent(
        row, press="save", shown=clause_digest(policy, own), kind="require", fails="Show no text on the lock screen.",
        need__0__value="yes", work__mail=["view"], need__new="",
    )  # fmt: skip
    client.post(made["Location"], saved.urlencode(), content_type="application/x-www-form-urlencoded")
    kept = fresh(hospital).policy.clause(own.id)
    assert (kept.kind, kept.own, kept.on) == ("require", True, ("mail:view",))
    assert [atom.fact for atom in atoms(kept.need)] == ["notifications_hidden"]
    shown = clause_digest(fresh(hospital).policy, kept)
    client.post(address(own.id, "clause_remove"), {"shown": shown})
    assert own.id not in [one.id for one in fresh(hospital).policy.clauses]
    assert not fresh(hospital).policy.left_out


def test_a_national_rule_that_is_taken_out_is_on_record_and_its_details_go(
    browse: Browse, hospital: Organisation, ig_lead: Membership, draft: Version
) -> None:
    policy = draft.policy
    shown = clause_digest(policy, policy.clause("version-iphone"))
    client = browse(ig_lead)
    assert client.post(address("version-iphone", "clause_remove"), {"shown": "old"}).status_code == 403
    client.post(address("version-iphone", "clause_remove"), {"shown": shown})
    after_it = fresh(hospital).policy
    assert after_it.left_out == {"version-iphone": "2026.1"}
    assert "min_ios" not in after_it.values
    assert client.post(address("version-iphone", "clause_remove"), {"shown": shown}).status_code == 404


def test_the_last_rule_stays(hospital: Organisation, draft: Version, lead: Actor) -> None:
    data = to_data(template())
    only = parse(
        {
            **data,
            "clause": [one for one in data["clause"] if one["id"] == "no-copies"],
            "params": {},
            "order": [],
            "values": {},
        }
    )
    draft.write(only)
    draft.save()
    clause = only.clauses[0]
    with pytest.raises(Refused, match="at least one rule"):
        actions.remove_clause(draft=draft, clause=clause.id, shown=clause_digest(only, clause), by=lead, now=NOW)


def test_what_cannot_be_enforced_is_refused_by_the_action_too(draft: Version, lead: Actor) -> None:
    policy = draft.policy
    clause = policy.clause("screen-lock")
    with pytest.raises(Refused, match="is missing"):
        actions.set_clause(
            draft=draft, clause=clause.id, written={**clause_data(clause), "title": ""}, values={},
            shown=clause_digest(policy, clause), by=lead, now=NOW,
        )  # fmt: skip
    with pytest.raises(Overtaken):
        actions.set_clause(draft=draft, clause=clause.id, written={}, values={}, shown="", by=lead, now=NOW)


@pytest.mark.parametrize("name", ["clause", "clause_remove", "clause_margin", "clause_add", "news"])
@pytest.mark.parametrize("role", ["nurse", "it_support"])
def test_without_the_role_a_rule_is_not_written(
    request: pytest.FixtureRequest, browse: Browse, draft: Version, name: str, role: str
) -> None:
    client = browse(request.getfixturevalue(role))
    path = (
        address("screen-lock", name)
        if name.startswith("clause") and name != "clause_add"
        else reverse(f"policy:{name}")
    )
    response = client.post(path)
    assert response.status_code == 403
    assert "Your role here does not include this" in response.content.decode()


@pytest.mark.parametrize("name", ["clause", "clause_remove", "clause_add", "news"])
def test_an_author_elsewhere_does_not_reach_this_draft(
    browse: Browse, hospital: Organisation, outsider: Membership, draft: Version, name: str
) -> None:
    path = (
        address("screen-lock", name)
        if name.startswith("clause") and name != "clause_add"
        else reverse(f"policy:{name}")
    )
    response = browse(outsider).post(path, {"shown": "x", "title": "T", "text": "T", "section": "S"}, follow=True)
    assert "There is no draft now" in response.content.decode()
    assert fresh(hospital).hash == draft.hash


# --- a newer national template ---


def newer(**changes: Any) -> Policy:
    """The national template of next year: one rule changed, one new, one gone."""
    data = to_data(template())
    for one in data["clause"]:
        if one["id"] == "screen-lock":
            one["text"] += " Cover it when you type."
            one.update(changes)
    data["clause"] = [one for one in data["clause"] if one["id"] != "no-copies"]
    data["params"]["new_days"] = {"kind": "int", "default": 3, "label": "Days to look", "minimum": 1, "maximum": 5}
    data["order"] = [*data["order"], "new_days"]
    data["values"] = {**data["values"], "new_days": 3}
    data["clause"].insert(1, {
        "id": "look-around", "kind": "teach", "section": "Before you start", "title": "Look around",
        "text": "Look around every {new_days} days.", "binds": ["staff"],
    })  # fmt: skip
    return parse({**data, "template_version": "2027.1"})


def shipped(version: str) -> Policy | None:
    return {"2026.1": template(), "2027.1": newer()}.get(version)


def waiting(policy: Policy) -> dict[str, updates.Update]:
    return {one.id: one for one in updates.pending(policy, newer(), shipped)}


def test_only_what_the_nation_changed_is_to_decide() -> None:
    found = waiting(template())
    assert {key: one.what for key, one in found.items()} == {
        "screen-lock": "changed", "look-around": "new", "no-copies": "gone",
    }  # fmt: skip
    assert updates.pending(template(), template(), shipped) == ()
    assert not found["screen-lock"].rewritten
    assert [found[one].title for one in ("look-around", "no-copies")] == [
        "Look around",
        template().clause("no-copies").title,
    ]


def test_taking_everything_ends_at_the_newer_template() -> None:
    policy = changed_clause("screen-lock", addition="Here, six digits.")
    for key in list(waiting(policy)):
        policy = updates.take(policy, newer(), waiting(policy)[key], shipped)
    assert policy.template_version == "2027.1"
    assert policy.clause("screen-lock").addition == "Here, six digits."
    assert [one.id for one in policy.clauses][:2] == ["registered", "look-around"]
    assert policy.values["new_days"] == 3
    assert waiting(policy) == {}
    same = dataclasses.replace(policy.clause("screen-lock"), addition="")
    assert same == newer().clause("screen-lock")


def test_keeping_everything_is_kept_on_record() -> None:
    policy = changed_clause("screen-lock", text="Lock it our way.")
    assert waiting(policy)["screen-lock"].rewritten
    policy = updates.keep(policy, newer(), waiting(policy)["screen-lock"], shipped)
    clause = policy.clause("screen-lock")
    assert (clause.text, updates.stands_at(policy, clause)) == ("Lock it our way.", "2027.1")
    assert updates.stands_at(policy, policy.clause("passkey")) == "2026.1"
    policy = updates.keep(policy, newer(), waiting(policy)["look-around"], shipped)
    policy = updates.keep(policy, newer(), waiting(policy)["no-copies"], shipped)
    assert (policy.template_version, policy.left_out) == ("2027.1", {"look-around": "2027.1"})
    assert policy.clause("no-copies").own
    assert updates.stands_at(policy, policy.clause("no-copies")) == ""


def test_what_was_left_out_is_asked_again_only_when_the_nation_changed_it() -> None:
    data = to_data(template())
    data["clause"] = [one for one in data["clause"] if one["id"] not in ("screen-lock", "passkey")]
    used = {name: value for name, value in data["values"].items() if name not in ("idle_minutes", "absolute_hours")}
    policy = parse({
        **data, "values": used, "order": list(used), "params": {name: data["params"][name] for name in used},
        "left_out": {"screen-lock": "2026.1", "passkey": "2026.1"},
    })  # fmt: skip
    assert set(waiting(policy)) == {"screen-lock", "look-around", "no-copies"}


def test_of_a_template_that_is_not_held_any_more_the_words_alone_are_compared() -> None:
    data = to_data(template())
    policy = parse({**data, "template_version": "2025.9"})
    found = {one.id: one for one in updates.pending(policy, newer(), shipped)}
    assert set(found) == {"screen-lock", "look-around", "no-copies"}
    assert not found["screen-lock"].rewritten


def taken(base: Policy, newest: Policy, clause_id: str) -> Policy:
    update = next(one for one in updates.pending(base, newest, shipped) if one.id == clause_id)
    return updates.take(base, newest, update, shipped)


@pytest.mark.parametrize(
    ("param", "expected"),
    [
        ({"kind": "int", "minimum": 10, "maximum": 120}, 10), ({"kind": "int", "minimum": 1, "maximum": 4}, 4),
        ({"kind": "int", "minimum": 1}, 5), ({"kind": "int"}, 5),
    ],
)  # fmt: skip
def test_a_value_that_the_newer_template_does_not_allow_is_brought_inside(param: dict[str, Any], expected: int) -> None:
    data = to_data(newer())
    for one in data["clause"]:
        if one["id"] == "auto-lock":
            one["text"] += " Really."
    data["params"]["auto_lock_minutes"] = {**param, "default": expected, "label": "Lock within"}
    data["values"]["auto_lock_minutes"] = expected
    after_it = taken(template(), parse(data), "auto-lock")
    assert after_it.values["auto_lock_minutes"] == expected
    assert next(one.label for one in after_it.params if one.name == "auto_lock_minutes") == "Lock within"


def test_a_detail_of_another_kind_takes_the_value_of_the_template() -> None:
    data = to_data(newer())
    for one in data["clause"]:
        if one["id"] == "roles":
            one["text"] += " Really."
    data["params"]["owner_role"] = {"kind": "int", "default": 3, "label": "How many own it"}
    data["values"]["owner_role"] = 3
    assert taken(template(), parse(data), "roles").values["owner_role"] == 3


def test_a_version_that_the_organisation_chose_stays() -> None:
    data = to_data(newer())
    for one in data["clause"]:
        if one["id"] == "version-iphone":
            one["text"] += " Really."
    base = after("version-iphone", param__min_ios="18.9").policy_after
    assert taken(base, parse(data), "version-iphone").values["min_ios"] == "18.9"


@pytest.mark.parametrize(("at", "place"), [(0, 0), (1, 0), (2, 1)])
def test_a_new_rule_stands_behind_the_nearest_one_before_it(at: int, place: int) -> None:
    data = to_data(newer())
    new = next(one for one in data["clause"] if one["id"] == "look-around")
    data["clause"].remove(new)
    data["clause"].insert(at, new)
    ours = to_data(template())
    ours["clause"] = [one for one in ours["clause"] if one["id"] != "registered"]
    made = taken(parse({**ours, "left_out": {"registered": "2026.1"}}), parse(data), "look-around")
    assert [one.id for one in made.clauses].index("look-around") == place


def test_the_page_takes_and_keeps_rule_by_rule(
    monkeypatch: pytest.MonkeyPatch, browse: Browse, hospital: Organisation, ig_lead: Membership, draft: Version
) -> None:
    client = browse(ig_lead)
    assert "nothing waits for you" in client.get(reverse("policy:news")).content.decode()
    for module in ("views.clauses", "actions.clauses"):
        monkeypatch.setattr(f"fobwatch.policy.{module}.template", newer)
        monkeypatch.setattr(f"fobwatch.policy.{module}.shipped", shipped)
    page = client.get(reverse("policy:news")).content.decode()
    for words in ("differs from yours, 2026.1, in 3 rules", "Cover it when you type.", "New rule", "No longer there"):
        assert words in page
    for clause_id, answer in (("screen-lock", "take"), ("look-around", "keep"), ("no-copies", "take")):
        given = {"clause": clause_id, "answer": answer, "shown": "2027.1"}
        assert client.post(reverse("policy:news"), given).status_code == 302
    assert client.post(reverse("policy:news"), given).status_code == 403
    kept = fresh(hospital)
    assert (kept.template_version, kept.policy.left_out) == ("2027.1", {"look-around": "2027.1"})
    assert "Cover it" in kept.policy.clause("screen-lock").text
    assert Step.of(kept)[2].note == "Lock your screen (taken from template 2027.1)"


def test_words_are_shown_as_the_nation_has_them_once_they_are_changed_here(
    browse: Browse, ig_lead: Membership, draft: Version
) -> None:
    client = browse(ig_lead)
    post(client, "screen-lock", draft, text="Lock it.")
    page = client.get(address("screen-lock")).content.decode()
    assert "its words are changed here" in page
    assert "We never see the code itself." in page


def test_a_yes_or_no_detail_is_set_in_its_rule() -> None:
    data = to_data(template())
    data["params"]["asked"] = {"kind": "bool", "default": True, "label": "Do we ask?"}
    data["order"].append("asked")
    data["values"]["asked"] = True
    for one in data["clause"]:
        if one["id"] == "encrypted":
            one["need"] = ["encrypted", "==", "$asked"]
    policy = parse(data)
    assert after("encrypted", policy).policy_after == policy
    assert after("encrypted", policy, param__asked="no").policy_after.values["asked"] is False


# --- what differs ---


def test_any_two_versions_are_read_beside_each_other(
    browse: Browse, ig_lead: Membership, nurse: Membership, outsider: Membership, first: Version, lead: Actor
) -> None:
    second = changed(first, lead, min_ios="18.2", record_groups=[])
    client = browse(ig_lead)
    page = client.get(reverse("policy:compare")).content.decode()
    for words in ("From version 1 to version 2", "18.2", "Patient records", "not in force: draft", "<ins>", "<del>"):
        assert words in page
    assert "They say the same" in client.get(reverse("policy:compare"), {"before": 1, "after": 1}).content.decode()
    assert "Select a valid choice" in client.get(reverse("policy:compare"), {"before": 9}).content.decode()
    mine = browse(nurse).get(reverse("policy:compare"), {"before": 1, "after": second.number}).content.decode()
    assert "18.2" not in mine
    assert "What differs between two versions" in browse(outsider).get(reverse("policy:compare")).content.decode()


def test_a_template_that_is_not_shipped_is_none() -> None:
    assert at_version("2026.1") == template()
    assert at_version("2020.1") is at_version("../secrets") is None
