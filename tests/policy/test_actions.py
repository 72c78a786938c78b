"""Adopting, setting, publishing and confirming a policy: all of it or nothing, and never twice."""

import hashlib
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from fobwatch.audit.models import Detail, Entry
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import epoch
from fobwatch.kernel.verdict import Refused
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy import actions
from fobwatch.policy.actions import publishing
from fobwatch.policy.models import RECEIPT_LETTERS, Acknowledgement, Version, template
from fobwatch.policy.rules.clause import PolicyErrors, digest
from tests.cast import NOW, TESTER
from tests.policy.conftest import actor, approved, changed, confirmed, put_in_force

# --- adopt, set, discard ---


def test_adopting_makes_a_draft_that_says_what_the_template_says(hospital: Organisation, draft: Version) -> None:
    assert (draft.number, draft.state, draft.template_version) == (1, "draft", template().template_version)
    assert draft.hash == digest(template()) == hashlib.sha256(draft.content.encode()).hexdigest()
    assert draft.policy == template()
    assert Version.in_force(hospital) is None
    assert Version.draft_of(hospital) == draft


def test_a_policy_is_adopted_once(hospital: Organisation, draft: Version, lead: Actor) -> None:
    with pytest.raises(Refused, match="has a policy already"):
        actions.adopt(organisation=hospital, by=lead, now=NOW)


def test_a_draft_starts_from_what_is_in_force(hospital: Organisation, first: Version, lead: Actor) -> None:
    second = actions.start_draft(organisation=hospital, by=lead, now=NOW)
    assert (second.number, second.state, second.hash) == (2, "draft", first.hash)
    with pytest.raises(Refused, match="There is a draft already"):
        actions.start_draft(organisation=hospital, by=lead, now=NOW)


def test_without_a_version_in_force_there_is_nothing_to_start_from(hospital: Organisation, lead: Actor) -> None:
    with pytest.raises(Refused, match="no version in force"):
        actions.start_draft(organisation=hospital, by=lead, now=NOW)


def test_details_are_set_in_the_draft_and_kept_in_the_log(draft: Version, lead: Actor) -> None:
    before = draft.hash
    actions.set_params(draft=draft, values={"min_ios": "18.2", "record_groups": []}, shown=before, by=lead, now=NOW)
    kept = Version.objects.get(pk=draft.pk)
    assert kept.hash != before
    assert (kept.policy.values["min_ios"], kept.policy.values["record_groups"]) == ("18.2", ())
    entry = Entry.objects.get(action="policy.params_set")
    assert entry.doc_sha256 == kept.hash
    assert "18.2" in Detail.objects.get(entry=entry).payload


def test_every_wrong_detail_is_named_and_nothing_is_kept(draft: Version, lead: Actor) -> None:
    with pytest.raises(PolicyErrors) as wrong:
        actions.set_params(
            draft=draft, values={"min_ios": "new", "idle_minutes": 1, "grace_days": 3}, shown=draft.hash, by=lead,
            now=NOW,
        )  # fmt: skip
    assert {one.where for one in wrong.value.problems} == {"min_ios", "idle_minutes"}
    assert Version.objects.get(pk=draft.pk).policy.values["grace_days"] == 7
    assert not Entry.objects.filter(action="policy.params_set").exists()


def test_two_tabs_do_not_overwrite_each_other(draft: Version, lead: Actor) -> None:
    shown, other_tab = draft.hash, Version.objects.get(pk=draft.pk)
    actions.set_params(draft=draft, values={"grace_days": 3}, shown=shown, by=lead, now=NOW)
    for act in (
        lambda: actions.set_params(draft=other_tab, values={"grace_days": 9}, shown=shown, by=lead, now=NOW),
        lambda: actions.submit(draft=other_tab, shown=shown, by=lead, now=NOW),
        lambda: actions.discard_draft(draft=other_tab, shown=shown, by=lead, now=NOW),
    ):
        with pytest.raises(Refused, match="The draft changed while you had it open"):
            act()
    assert Version.objects.get(pk=draft.pk).policy.values["grace_days"] == 3


def test_discarding_leaves_what_is_in_force(hospital: Organisation, first: Version, lead: Actor) -> None:
    second = changed(first, lead, grace_days=3)
    actions.discard_draft(draft=second, shown=second.hash, by=lead, now=NOW)
    assert Version.in_force(hospital) == first
    with pytest.raises(Refused, match="was discarded"):
        actions.submit(draft=second, shown=second.hash, by=lead, now=NOW)
    assert actions.start_draft(organisation=hospital, by=lead, now=NOW).number == 2


# --- publish ---


def test_publishing_puts_the_draft_in_force_and_replaces_the_one_before(
    hospital: Organisation, ig_lead: Membership, first: Version, lead: Actor
) -> None:
    second = put_in_force(changed(first, lead, grace_days=3), lead, change_note="Less time.", material=True)
    first.refresh_from_db()
    assert first.state == "superseded"
    assert Version.in_force(hospital) == second
    assert (second.published_by, second.published_at, second.effective_epoch) == (ig_lead, NOW, epoch(NOW))
    assert second.policy.effective == epoch(NOW)
    entry = Entry.objects.filter(action="policy.published").latest("pk")
    assert (entry.doc_sha256, entry.object) == (second.hash, f"version:{second.pk}")
    assert [one.number for one in Version.history(hospital)] == [2, 1]


def test_the_program_itself_sets_up_a_first_version_and_no_second(draft: Version, lead: Actor) -> None:
    first = actions.publish(draft=draft, shown=draft.hash, by=TESTER, now=NOW)
    assert first.published_by is None
    second = changed(first, lead, grace_days=3)
    with pytest.raises(Refused, match="Nobody has approved"):
        actions.publish(draft=second, shown=second.hash, by=TESTER, now=NOW)


@pytest.mark.parametrize("who", ["nurse", "outsider", "it_support"])
def test_only_a_member_with_the_permission_here_publishes(
    request: pytest.FixtureRequest, hospital: Organisation, draft: Version, lead: Actor, who: str
) -> None:
    approved(draft, lead)
    for by in (actor(request.getfixturevalue(who)), Actor.anonymous("lost_code", hospital.pk)):
        with pytest.raises(Refused, match="does not include publishing"):
            put_in_force(draft, by)
    assert Version.in_force(hospital) is None


def test_a_draft_that_changes_nothing_is_not_published(hospital: Organisation, first: Version, lead: Actor) -> None:
    second = actions.start_draft(organisation=hospital, by=lead, now=NOW)
    with pytest.raises(Refused, match="exactly what is in force"):
        put_in_force(second, lead)


def test_publishing_twice_is_refused(first: Version, lead: Actor) -> None:
    with pytest.raises(Refused, match="published already"):
        actions.publish(draft=first, shown=first.hash, by=lead, now=NOW)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [("{}", "cannot be enforced as it is"), (None, "not what was kept")],
    ids=["unreadable", "another hash"],
)
def test_what_cannot_be_enforced_is_not_published(
    draft: Version, lead: Actor, content: str | None, sentence: str
) -> None:
    Version.objects.filter(pk=draft.pk).update(content=content or draft.content.replace("18.0", "12.0"))
    with pytest.raises(Refused, match=sentence):
        put_in_force(draft, lead)


@pytest.mark.parametrize("where", ["_carry", "epoch"])
def test_a_publication_that_breaks_off_leaves_the_old_version_in_force(
    monkeypatch: pytest.MonkeyPatch, hospital: Organisation, nurse: Membership, first: Version, lead: Actor, where: str
) -> None:
    confirmed(nurse, first)
    second = approved(changed(first, lead, grace_days=3), lead)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(publishing, where, killed)
    with pytest.raises(KeyboardInterrupt):
        put_in_force(second, lead, material=False)
    assert Version.in_force(hospital) == first
    assert Version.objects.get(pk=second.pk).state == "approved"
    assert Acknowledgement.of(nurse, second) is None
    assert not Entry.objects.filter(action="policy.published", doc_sha256=second.hash).exists()


# --- confirm ---


def test_confirming_is_bound_to_the_text_and_gives_a_receipt(nurse: Membership, first: Version) -> None:
    made = confirmed(nurse, first)
    assert (made.hash, made.membership, made.version, made.at) == (first.hash, nurse, first, NOW)
    assert len(made.receipt) == 11
    assert set(made.receipt) <= {*RECEIPT_LETTERS, "-"}
    assert Entry.objects.get(action="policy.acknowledged").doc_sha256 == first.hash
    assert Acknowledgement.of(nurse, first) == made


def test_confirming_twice_gives_the_first_receipt_back(nurse: Membership, first: Version) -> None:
    assert confirmed(nurse, first).receipt == confirmed(nurse, first).receipt
    assert Acknowledgement.objects.count() == 1


def test_a_text_that_is_not_the_one_in_force_is_not_confirmed(
    nurse: Membership, outsider: Membership, first: Version, lead: Actor
) -> None:
    shown = first.hash
    second = changed(first, lead, grace_days=3)
    for version, hash_shown in ((first, "0" * 64), (second, second.hash)):
        with pytest.raises(Refused, match="changed while you were reading") as refused:
            actions.acknowledge(membership=nurse, version=version, shown=hash_shown, by=actor(nurse), now=NOW)
        assert refused.value.verdict.next_step.startswith("Read it again")
    put_in_force(second, lead)
    for member, version in ((nurse, first), (nurse, second), (outsider, second)):
        with pytest.raises(Refused, match="changed while you were reading"):
            actions.acknowledge(membership=member, version=version, shown=shown, by=actor(member), now=NOW)
    assert not Acknowledgement.objects.exists()


def test_after_a_small_change_what_was_confirmed_still_counts(
    nurse: Membership, porter: Membership, first: Version, lead: Actor
) -> None:
    real = confirmed(nurse, first)
    second = put_in_force(changed(first, lead, grace_days=3), lead, material=False)
    carried = Acknowledgement.of(nurse, second)
    assert carried is not None
    assert (carried.carried_from, carried.hash, carried.at) == (real, first.hash, NOW)
    assert Acknowledgement.of(porter, second) is None
    third = put_in_force(changed(second, lead, grace_days=4), lead, material=False)
    assert Acknowledgement.of(nurse, third).carried_from == real
    nurse.delete()
    assert not Acknowledgement.objects.exists()


def test_after_an_important_change_everybody_confirms_anew(nurse: Membership, first: Version, lead: Actor) -> None:
    confirmed(nurse, first)
    second = put_in_force(changed(first, lead, grace_days=3), lead)
    assert Acknowledgement.of(nurse, second) is None


# --- what is published stays ---

CHANGES = (
    "UPDATE policy_version SET content = '{}' WHERE id = %s",
    "UPDATE policy_version SET hash = 'x' WHERE id = %s",
    "UPDATE policy_version SET effective_epoch = 1 WHERE id = %s",
    "UPDATE policy_version SET state = 'draft', published_at = NULL WHERE id = %s",
    "DELETE FROM policy_version WHERE id = %s",
)


@pytest.mark.parametrize("replaced", [False, True], ids=["in force", "replaced"])
@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_what_was_published(
    first: Version, lead: Actor, change: str, replaced: bool
) -> None:
    if replaced:
        put_in_force(changed(first, lead, grace_days=3), lead)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change, [first.pk])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE policy_version SET published_by_id = NULL WHERE id = %s", [first.pk])


def test_a_replaced_version_never_comes_back(first: Version, lead: Actor) -> None:
    second = put_in_force(changed(first, lead, grace_days=3), lead)
    Version.objects.filter(pk=second.pk).update(state="superseded")
    with pytest.raises(IntegrityError, match="version of the policy"), transaction.atomic():
        Version.objects.filter(pk=first.pk).update(state="published")


def test_the_model_refuses_too(first: Version) -> None:
    with pytest.raises(ValueError, match="never removed"):
        first.delete()
    first.content = "{}"
    with pytest.raises(ValueError, match="never changes"):
        first.save()
    first.refresh_from_db()
    first.state, first.published_at = "draft", None
    with pytest.raises(ValueError, match="never changes"):
        first.save()


def test_a_draft_can_be_changed_and_removed(draft: Version) -> None:
    draft.change_note = "Not yet"
    draft.save()
    draft.delete()
    assert not Version.objects.exists()


def test_names_in_logs_tell_nothing_about_people(nurse: Membership, first: Version) -> None:
    made = confirmed(nurse, first)
    assert (str(first), str(made)) == ("policy version 1", f"acknowledgement {made.receipt}")


def test_a_draft_has_no_day_of_review(draft: Version) -> None:
    assert draft.review_on is None
