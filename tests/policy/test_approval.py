"""The way of a version: sent for approval, approved by somebody else, put in force from a day, replaced."""

import datetime as dt
import logging
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from fobwatch.audit.models import Detail, Entry
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import epoch, now
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy import actions
from fobwatch.policy.jobs import start_due
from fobwatch.policy.models import Acknowledgement, Step, Version
from fobwatch.policy.rules.workflow import OPEN, STATE_WORDS, STATES, STEPS, may_approve, may_start, may_step
from tests import cast
from tests.cast import NOW, TESTER
from tests.policy.conftest import actor, approved, approver, changed, confirmed, put_in_force

Browse = Callable[..., Client]
LATER = NOW + dt.timedelta(days=3)


def send(draft: Version, by: Actor, **more: object) -> Version:
    return actions.submit(draft=draft, shown=draft.hash, by=by, now=NOW, **more)


# --- rules ---


def test_every_step_leads_from_states_that_there_are_to_one() -> None:
    assert set(STATE_WORDS) == set(STATES) == {after for _, after, _ in STEPS.values()}
    assert {state for before, _, _ in STEPS.values() for state in before} == {*OPEN, "published"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_from_its_own_states_and_refused_with_a_sentence_from_any_other(step: str, state: str) -> None:
    verdict = may_step(step, state)
    assert verdict.ok == (state in STEPS[step][0])
    assert verdict.ok or (verdict.reason and verdict.next_step)


@pytest.mark.parametrize(
    ("permitted", "is_author", "alone", "reason", "sentence"),
    [
        (True, False, False, "", ""),
        (False, False, False, "", "does not include approving"),
        (True, True, False, "Nobody else is here", "somebody else has to approve it"),
        (True, True, True, "short", "too short"),
        (True, True, True, "Nobody else is here", ""),
        (False, True, True, "Nobody else is here", "does not include approving"),
    ],
)
def test_who_may_approve_by_its_table(
    permitted: bool, is_author: bool, alone: bool, reason: str, sentence: str
) -> None:
    verdict = may_approve(permitted=permitted, is_author=is_author, alone=alone, reason=reason)
    assert sentence in verdict.reason
    assert verdict.ok == (not sentence)


@pytest.mark.parametrize(
    ("days", "sentence"), [(-1, "has passed"), (0, "has passed"), (367, "more than a year"), (366, "")]
)
def test_a_start_is_in_the_coming_year(days: int, sentence: str) -> None:
    verdict = may_start(NOW + dt.timedelta(days=days), NOW)
    assert (sentence in verdict.reason, verdict.ok) == (True, not sentence)


# --- approval ---


def test_a_version_is_approved_by_somebody_else_and_each_step_is_kept(
    hospital: Organisation, ig_lead: Membership, draft: Version, lead: Actor
) -> None:
    send(draft, lead, note="As the board asked.")
    guardian = approver(hospital)
    actions.approve(draft=draft, shown=draft.hash, by=actor(guardian), now=LATER)
    kept = [(one.kind, one.member, one.at, one.note, one.hash, one.alone) for one in Step.of(draft)]
    assert kept == [
        ("approved", guardian, LATER, "", draft.hash, False),
        ("submitted", ig_lead, NOW, "As the board asked.", draft.hash, False),
        ("started", ig_lead, NOW, "", draft.hash, False),
    ]
    assert Entry.objects.get(action="policy.approved").doc_sha256 == draft.hash
    assert Version.in_force(hospital) is None
    assert str(Step.of(draft)[0]).startswith("step ")


def test_nobody_publishes_what_is_not_approved(hospital: Organisation, draft: Version, lead: Actor) -> None:
    for _ in range(2):
        with pytest.raises(Refused, match="Nobody has approved"):
            actions.publish(draft=draft, shown=draft.hash, by=lead, now=NOW)
        with pytest.raises(Refused, match="Nobody has approved"):
            actions.schedule(draft=draft, shown=draft.hash, starts_at=LATER, by=lead, now=NOW)
        if draft.state == "draft":
            send(draft, lead)
    assert Version.in_force(hospital) is None


def test_who_wrote_some_of_it_does_not_approve_it(hospital: Organisation, draft: Version, lead: Actor) -> None:
    second = cast.member(hospital, "Sally Brook", "ig_lead")
    actions.set_params(draft=draft, values={"grace_days": 3}, shown=draft.hash, by=actor(second), now=NOW)
    send(draft, lead)
    for by in (lead, actor(second)):
        with pytest.raises(Refused, match="You wrote some of this version"):
            actions.approve(draft=draft, shown=draft.hash, reason="I am sure of it.", by=by, now=NOW)
    assert Step.approval(draft) is None


@pytest.mark.parametrize("who", ["nurse", "outsider", "it_support"])
def test_only_a_member_with_the_permission_here_answers(
    request: pytest.FixtureRequest, draft: Version, lead: Actor, who: str
) -> None:
    send(draft, lead)
    for by in (actor(request.getfixturevalue(who)), TESTER, Actor.anonymous("code", draft.organisation_id)):
        with pytest.raises(Refused, match="does not include approving"):
            actions.approve(draft=draft, shown=draft.hash, by=by, now=NOW)
        with pytest.raises(Refused, match="does not include approving"):
            actions.send_back(draft=draft, shown=draft.hash, note="No.", by=by, now=NOW)


def test_what_was_read_is_what_is_approved(hospital: Organisation, draft: Version, lead: Actor) -> None:
    send(draft, lead)
    with pytest.raises(Refused, match="changed while you had it open"):
        actions.approve(draft=draft, shown="0" * 64, by=actor(approver(hospital)), now=NOW)


def test_a_version_goes_back_with_words(hospital: Organisation, draft: Version, lead: Actor) -> None:
    send(draft, lead)
    by = actor(approver(hospital))
    with pytest.raises(Refused, match="Nobody would know what to change"):
        actions.send_back(draft=draft, shown=draft.hash, note=" ", by=by, now=NOW)
    actions.send_back(draft=draft, shown=draft.hash, note="Ask for iOS 18.2.", by=by, now=NOW)
    assert Version.draft_of(hospital).state == "draft"
    assert Step.of(draft)[0].note == "Ask for iOS 18.2."
    with pytest.raises(Refused, match="not waiting for approval"):
        actions.approve(draft=draft, shown=draft.hash, by=by, now=NOW)


def test_a_change_takes_the_approval_away(hospital: Organisation, draft: Version, lead: Actor) -> None:
    approved(draft, lead)
    for state_change in (
        lambda: actions.set_params(draft=draft, values={"grace_days": 3}, shown=draft.hash, by=lead, now=NOW),
        lambda: actions.discard_draft(draft=draft, shown=draft.hash, by=lead, now=NOW),
    ):
        with pytest.raises(Refused, match="is approved, so its text stays"):
            state_change()
    actions.schedule(draft=draft, shown=draft.hash, starts_at=LATER, by=lead, now=NOW)
    actions.take_back(draft=draft, by=lead, now=NOW)
    kept = Version.draft_of(hospital)
    assert (kept.state, kept.starts_at, Step.approval(kept)) == ("draft", None, None)
    actions.set_params(draft=kept, values={"grace_days": 3}, shown=kept.hash, by=lead, now=NOW)
    with pytest.raises(Refused, match="Nobody has approved"):
        actions.publish(draft=kept, shown=kept.hash, by=lead, now=NOW)
    with pytest.raises(Refused, match="a draft already"):
        actions.take_back(draft=kept, by=lead, now=NOW)


@pytest.mark.parametrize(
    ("kind", "single", "others", "may"),
    [("practice", True, False, True), ("care", True, False, True), ("practice", False, False, False),
     ("trust", True, False, False), ("practice", True, True, False)],
)  # fmt: skip
def test_a_tiny_practice_records_one_person_as_both(
    surgery: Organisation, outsider: Membership, kind: str, single: bool, others: bool, may: bool
) -> None:
    Organisation.objects.filter(pk=surgery.pk).update(kind=kind, single_approver=single)
    if others:
        cast.member(surgery, "Piotr Zelny", "caldicott_guardian")
    by = actor(Membership.objects.get(pk=outsider.pk))
    here = Organisation.objects.get(pk=surgery.pk)
    draft = send(actions.adopt(organisation=here, by=by, now=NOW), by)
    reason = "There are six of us, and nobody else may."
    if not may:
        with pytest.raises(Refused, match="somebody else has to approve it"):
            actions.approve(draft=draft, shown=draft.hash, reason=reason, by=by, now=NOW)
        return
    actions.approve(draft=draft, shown=draft.hash, reason=reason, by=by, now=NOW)
    step = Step.approval(draft)
    assert (step.alone, step.note) == (True, reason)
    assert reason in Detail.objects.get(entry__action="policy.approved").payload


# --- the database ---


@pytest.mark.parametrize("state", ["review", "approved"])
@pytest.mark.parametrize("change", [{"content": "{}"}, {"hash": "x"}, {"number": 9}, {"template_version": "1"}])
def test_the_database_keeps_a_text_that_is_in_review_or_approved(
    draft: Version, lead: Actor, state: str, change: dict[str, object]
) -> None:
    send(draft, lead) if state == "review" else approved(draft, lead)
    row = Version.objects.filter(pk=draft.pk)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        row.update(**change)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        row.delete()
    with pytest.raises(ValueError, match="never changes"):
        Version(**{**row.values().get(), "content": "{}"}).save()


def test_the_database_lets_nothing_in_force_that_was_not_approved(draft: Version, lead: Actor) -> None:
    row = Version.objects.filter(pk=draft.pk)
    for state in ("approved", "published", "superseded"):
        with pytest.raises(IntegrityError, match="only when it was approved"), transaction.atomic():
            row.update(state=state, published_at=None if state == "approved" else NOW)
    send(draft, lead)
    with pytest.raises(IntegrityError, match="only when it was approved"), transaction.atomic():
        row.update(state="published", published_at=NOW)


def test_what_was_said_about_a_version_in_force_stays(first: Version) -> None:
    for change in ({"material": False}, {"change_note": "Other words"}, {"state": "review", "published_at": None}):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            Version.objects.filter(pk=first.pk).update(**change)


# --- from a day ---


def scheduled(first: Version, lead: Actor, **more: object) -> Version:
    second = approved(changed(first, lead, grace_days=3), lead)
    fields = {"change_note": "Less time.", "material": False, **more}
    return actions.schedule(draft=second, shown=second.hash, starts_at=LATER, by=lead, now=NOW, **fields)


def test_an_approved_version_comes_in_force_at_its_moment_and_once(
    hospital: Organisation, ig_lead: Membership, nurse: Membership, first: Version, lead: Actor
) -> None:
    confirmed(nurse, first)
    second = scheduled(first, lead)
    assert start_due(LATER - dt.timedelta(seconds=1)) == 0
    assert Version.in_force(hospital) == first
    at = LATER + dt.timedelta(minutes=1)
    assert (start_due(at), start_due(at)) == (1, 0)
    current = Version.in_force(hospital)
    assert (current.pk, current.published_by, current.effective_epoch) == (second.pk, ig_lead, epoch(at))
    assert (current.change_note, current.material, current.hash) == ("Less time.", False, second.hash)
    assert Acknowledgement.of(nurse, current)
    assert Entry.objects.filter(action="policy.published", doc_sha256=second.hash).count() == 1
    assert Step.of(current)[0].member is None


def test_a_version_that_was_taken_back_does_not_start(hospital: Organisation, first: Version, lead: Actor) -> None:
    actions.take_back(draft=scheduled(first, lead), by=lead, now=NOW)
    assert start_due(LATER) == 0
    assert Version.in_force(hospital) == first


def test_one_that_cannot_start_does_not_stop_another(
    surgery: Organisation, outsider: Membership, first: Version, lead: Actor, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    second = scheduled(first, lead)
    mine = approved(actions.adopt(organisation=surgery, by=actor(outsider), now=NOW), actor(outsider))
    actions.schedule(draft=mine, shown=mine.hash, starts_at=LATER, by=actor(outsider), now=NOW)
    whole = Version.enforceable
    broken = lambda self: may_step("published", "draft") if self.pk == second.pk else whole(self)  # noqa: E731
    monkeypatch.setattr(Version, "enforceable", broken)
    with caplog.at_level(logging.ERROR):
        assert start_due(LATER) == 1
    assert second.pk in caplog.text
    assert Version.in_force(first.organisation) == first
    assert Version.in_force(surgery) == mine


def test_a_start_needs_a_person_a_moment_to_come_and_a_whole_text(
    draft: Version, lead: Actor, nurse: Membership
) -> None:
    approved(draft, lead)
    for by, starts_at, sentence in (
        (TESTER, LATER, "Nobody would answer"),
        (actor(nurse), LATER, "does not include publishing"),
        (lead, NOW, "has passed"),
    ):
        with pytest.raises(Refused, match=sentence):
            actions.schedule(draft=draft, shown=draft.hash, starts_at=starts_at, by=by, now=NOW)


# --- owner ---


def test_the_owner_is_somebody_who_works_here_and_stays_with_the_next_version(
    hospital: Organisation, outsider: Membership, nurse: Membership, first: Version, lead: Actor
) -> None:
    gone = cast.member(hospital, "Gone Long Since", employment="left", leaves_on=dt.date(2025, 1, 1))
    for wrong in (outsider, gone):
        with pytest.raises(Refused, match="does not work here"):
            actions.name_owner(organisation=hospital, owner=wrong, by=lead, now=NOW)
    actions.name_owner(organisation=hospital, owner=nurse, by=lead, now=NOW)
    assert Version.in_force(hospital).owner == nurse
    assert actions.start_draft(organisation=hospital, by=lead, now=NOW).owner == nurse


# --- pages ---


def address(name: str) -> str:
    return reverse(f"{'access' if name == 'publish' else 'policy'}:{name}")


def posted(client: Client, name: str, **data: object) -> str:
    return client.post(address(name), data, follow=True).content.decode()


def seen(client: Client, name: str) -> str:
    return client.get(address(name), follow=True).content.decode()


def test_the_guardian_sends_it_back_and_the_author_reads_why(
    browse: Browse, hospital: Organisation, ig_lead: Membership, draft: Version
) -> None:
    author, guardian = browse(ig_lead), browse(approver(hospital))
    assert "Ruth Kessler, Caldicott Guardian" in seen(author, "submit")
    assert "No version of the policy is waiting" in seen(guardian, "approval")
    assert "waiting for approval" in posted(author, "submit", shown=draft.hash, note="Please read.")
    assert "Take it back to change it" in seen(author, "overview")
    assert "Approve it or send it back" not in seen(author, "overview")
    assert "Its text stays as it is" in seen(author, "params")
    assert "You wrote some of this version" in seen(author, "approval")
    assert "Please read." in seen(guardian, "approval")
    page = posted(guardian, "approval", answer="send_back", **{"back-shown": draft.hash, "back-note": ""})
    assert "There is a problem" in page
    posted(guardian, "approval", answer="send_back", **{"back-shown": draft.hash, "back-note": "Too long."})
    assert "Ruth Kessler sent it back: “Too long.”" in seen(author, "draft")
    posted(author, "submit", shown=draft.hash)
    assert "It is a draft again" in posted(author, "take_back")


def test_a_practice_approves_alone_with_its_reason_on_the_page(
    browse: Browse, surgery: Organisation, outsider: Membership
) -> None:
    Organisation.objects.filter(pk=surgery.pk).update(single_approver=True)
    client = browse(outsider)
    posted(client, "adopt")
    assert "you will be asked why" in seen(client, "submit")
    assert "Somebody who did not write it" not in seen(client, "submit")
    shown = Version.draft_of(surgery).hash
    posted(client, "submit", shown=shown)
    assert "Approve it or send it back" in seen(client, "overview")
    assert "did not write it" not in seen(client, "overview")
    page = posted(client, "approval", answer="approve", **{"approve-shown": shown})
    assert "Answer the question: Why do you approve what you wrote yourself?" in page
    reason = {"approve-shown": shown, "approve-reason": "There are six of us, and nobody else may."}
    assert "is approved" in posted(client, "approval", answer="approve", **reason)
    assert "in force from now on" in posted(client, "publish", shown=shown, start="now", hour="9")
    page = seen(client, "overview")
    assert "Helen Coppard, who also wrote it" in page


def test_without_a_second_person_the_page_says_what_to_do(browse: Browse, ig_lead: Membership, draft: Version) -> None:
    assert "Nobody else here can approve it yet" in seen(browse(ig_lead), "submit")


def test_a_day_to_come_is_asked_for_and_shown(
    browse: Browse, hospital: Organisation, ig_lead: Membership, draft: Version, lead: Actor
) -> None:
    approved(draft, lead)
    client, day = browse(ig_lead), now().date() + dt.timedelta(days=40)
    start = {"shown": draft.hash, "start": "later", "hour": "7"}
    assert "Enter the day from which it is in force" in posted(client, "publish", **start)
    parts = {"day_0": day.day, "day_1": day.month, "day_2": day.year}
    page = posted(client, "publish", **start, **parts)
    kept = Version.draft_of(hospital)
    assert "comes in force on" in page
    assert (kept.state, kept.starts_at.date()) == ("approved", day)
    assert "It is set to start on" in seen(client, "publish")


def test_the_owner_is_named_on_a_page(
    browse: Browse, hospital: Organisation, ig_lead: Membership, nurse: Membership, outsider: Membership, first: Version
) -> None:
    client = browse(ig_lead)
    assert "Not named yet" in seen(client, "overview")
    page = posted(client, "owner", owner=outsider.pk)
    assert "Select a valid choice" in page
    posted(client, "owner", owner=nurse.pk)
    assert Version.in_force(hospital).owner == nurse
    assert "Amara Osei" in seen(client, "overview")


def test_without_any_version_there_is_nothing_to_own_or_send(
    browse: Browse, ig_lead: Membership, outsider: Membership, first: Version
) -> None:
    other = browse(outsider)
    for name in ("submit", "owner"):
        assert "There is no draft now" in seen(other, name)
    assert "There is no draft now" in posted(other, "take_back")
    assert "No version of the policy is waiting" in seen(browse(ig_lead), "approval")


def test_a_version_in_review_is_not_sent_again(
    browse: Browse, ig_lead: Membership, draft: Version, lead: Actor
) -> None:
    send(draft, lead)
    assert "waiting for approval" in seen(browse(ig_lead), "submit")


def test_a_draft_that_says_nothing_new_is_not_sent(hospital: Organisation, first: Version, lead: Actor) -> None:
    with pytest.raises(Refused, match="exactly what is in force"):
        send(actions.start_draft(organisation=hospital, by=lead, now=NOW), lead)


def test_the_way_of_a_version_that_was_replaced_is_whole(first: Version, lead: Actor) -> None:
    put_in_force(changed(first, lead, grace_days=3), lead)
    assert [one.kind for one in Step.of(first)] == ["superseded", "published", "approved", "submitted", "started"]
