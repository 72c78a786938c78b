"""Plain answers: yes, view only, not yet, no; each reason once; the missing grant instead of a useless fix."""

import pytest

from fobwatch.policy.rules.decide import decide
from fobwatch.policy.rules.explain import Status, explain
from fobwatch.policy.rules.reasons import CHECK_AGAIN, Cause
from fobwatch.policy.rules.row import pack
from fobwatch.policy.rules.vocabulary import BY_NAME, CELLS, CLASSES, Grade
from fobwatch.policy.rules.words import choice_words, fact_words, grade_words
from tests.policy.rules.made import DAY, NOW, clause, compiled, row, said
from tests.policy.rules.seeded import requests

VERSION = clause(
    "require", id="version", on=["*:*"], need=["os_version", ">=", "17.0"], grade="observed", minutes=30,
    fails="Your {platform} runs {os_version}.", fix={"ios": ["Update it."], "any": ["Ask IT."], "macos": []},
)  # fmt: skip


def answers(engine, facts, **more):
    found = explain(decide(engine, facts, NOW, **more))
    return found, {answer.kind: answer for answer in found.answers}


def reason(*clauses, **changes):
    found, _ = answers(compiled(*clauses), row(**changes))
    (only,) = found.reasons
    return only


def test_a_good_device_reads_yes_without_reasons():
    found, by = answers(compiled(VERSION), row())
    assert (by["mail"].status, by["mail"].reasons, found.minutes) == (Status.YES, (), 0)
    assert by["mail"].actions == ("view", "create", "share", "download", "print")
    assert [answer.kind for answer in found.answers] == list(CLASSES)


def test_a_failing_clause_appears_once_with_the_values_and_the_steps_of_this_platform():
    found, by = answers(compiled(VERSION), row(os_version="16.7.2"))
    (only,) = found.reasons
    assert only.sentences == ("Your iPhone runs 16.7.2.",)
    assert only.steps == ("Update it.",)
    assert only.cause is Cause.FAILING
    assert by["mail"].status is by["record"].status is Status.NOT_YET
    assert by["mail"].reasons == by["record"].reasons == ("version",)
    assert {cell.split(":")[0] for cell in only.cells} == {"mail", "record"}
    assert (by["mail"].minutes, found.minutes) == (30, 30)


@pytest.mark.parametrize("platform", ["windows", "macos", None])
def test_steps_fall_back_to_any(platform):
    only = reason(VERSION, os_version="16", platform=platform)
    assert only.steps == ("Ask IT.",)
    assert ("device" in only.sentences[0]) == (platform is None)


def test_missing_stale_and_badly_known_are_told_apart():
    missing = reason(VERSION, os_version=None)
    assert (missing.cause, missing.sentences) == (Cause.MISSING, (BY_NAME["os_version"].missing,))
    stale = reason(VERSION, os_version=said("18", Grade.OBSERVED, expires=NOW - 2 * DAY))
    assert stale.cause is Cause.STALE
    assert stale.sentences == ("What we know about this is out of date since 13 January 2027: system version.",)
    graded = reason(VERSION, os_version=said("18"))
    assert graded.cause is Cause.GRADE
    assert "your word" in graded.sentences[0]
    assert missing.steps == stale.steps == graded.steps == CHECK_AGAIN
    assert missing.minutes == 1


def test_what_is_not_about_the_device_keeps_its_own_steps():
    passkey = clause("require", need=["passkey_verified", "==", True], fix={"any": ["Sign in again."]})
    assert reason(passkey, passkey_verified=None).steps == ("Sign in again.",)


def test_both_what_is_wrong_and_what_is_unknown_are_said():
    both = clause("require", need=["all", ["auto_lock_minutes", "<=", 5], ["antivirus", "==", True]], fails="Too late.")
    only = reason(both, auto_lock_minutes=said(9), antivirus=None)
    assert (only.cause, only.sentences) == (Cause.FAILING, (BY_NAME["antivirus"].missing, "Too late."))


def test_of_alternatives_the_one_that_only_has_to_be_told_is_asked():
    either = clause("require", need=["any", ["ownership", "==", "issued"], ["remote_wipe_on", "==", True]])
    assert reason(either, remote_wipe_on=None).cause is Cause.MISSING
    assert reason(either, remote_wipe_on=said(False)).sentences == ("Wrong.",)


def test_an_alternative_that_holds_is_no_reason():
    nested = ["all", ["any", ["ownership", "==", "issued"], ["antivirus", "==", True]], ["unaltered", "==", True]]
    assert reason(clause("require", need=nested), unaltered=None).sentences == (BY_NAME["unaltered"].missing,)


def test_a_clause_that_may_not_apply_asks_that_first_and_says_so_once():
    first = clause("require", id="a", when=["platform", "==", "ios"], need=["antivirus", "==", True])
    second = clause("require", id="b", on=["record:*"], when=["platform", "==", "ios"], need=["unaltered", "==", True])
    found, by = answers(compiled(first, second), row(platform=None, antivirus=said(False), unaltered=None))
    (only,) = found.reasons
    assert only.sentences == (BY_NAME["platform"].missing,)
    assert by["record"].reasons == by["mail"].reasons == ("a",)


def test_no_steps_is_a_no():
    _, by = answers(compiled(clause("require", need=["employment", "==", "active"])), row(employment="left"))
    assert (by["mail"].status, by["record"].status) == (Status.NO, Status.YES)


def test_only_looking_is_view_only():
    rest = ["mail:create", "mail:share", "mail:download", "mail:print"]
    engine = compiled(
        clause("require", on=rest, need=["ownership", "==", "issued"]),
        clause("require", id="duty", on=["record:*"], set={"view_only": True}),
    )
    _, by = answers(engine, row())
    assert by["mail"].status is by["record"].status is Status.VIEW_ONLY
    assert by["mail"].actions == ("view",)
    assert by["record"].obligations["create"] == {"view_only": True}


@pytest.mark.parametrize(
    ("need", "changes", "words"),
    [
        (["staff_group", "==", "clinical"], {"staff_group": "non_clinical"}, " to non-clinical staff"),
        (["ownership", "==", "issued"], {}, " on personal devices"),
        (["role", "==", "manager"], {"role": "ig_lead"}, " to the role of IG lead"),
        (["platform", "==", "macos"], {}, " on this kind of device: iPhone"),
        (["employment", "==", "active"], {"employment": "left"}, " in your case"),
    ],
)
def test_a_missing_grant_is_named(need, changes, words):
    engine = compiled(clause("grant", on=["images:*"], need=need), VERSION)
    found, by = answers(engine, row(os_version="16", **changes))
    assert by["images"].missing_grant == f"The policy here does not open clinical photographs{words}."
    assert (by["images"].status, by["images"].reasons) == (Status.NO, ())
    assert by["chat"].missing_grant == "The policy here does not open messages."
    assert all(not cell.startswith("images") for one in found.reasons for cell in one.cells)


def test_a_grant_that_only_has_to_be_known_is_asked_for():
    engine = compiled(clause("grant", on=["images:*"], need=["notifications_hidden", "==", True]))
    found, by = answers(engine, row(notifications_hidden=None))
    assert (by["images"].status, by["images"].missing_grant) == (Status.NOT_YET, "")
    assert found.reasons[0].steps == CHECK_AGAIN
    asked = compiled(clause("grant", on=["images:*"], need=["policy_read", "==", True], fix={"any": ["Read it."]}))
    found, by = answers(asked, row(policy_read=False))
    assert (found.reasons[0].sentences, found.reasons[0].steps) == (("Text.",), ("Read it.",))


def test_grace_warns_with_its_deadline():
    lock = clause("require", need=["auto_lock_minutes", "<=", 5], grace_days=7, fix={"any": ["Set it."]}, minutes=2)
    elsewhere = {**lock, "id": "elsewhere", "on": ["images:*"]}
    found, by = answers(compiled(lock, elsewhere), row(auto_lock_minutes=said(9)))
    (warning,) = found.warnings
    assert (warning.clause, warning.until) == ("require", NOW + 6 * DAY)
    assert (by["mail"].status, found.reasons, found.minutes) == (Status.YES, (), 2)


def test_words_of_values():
    version, since, until, whole = (BY_NAME[n] for n in ("os_version", "verified", "os_fixes", "auto_lock_minutes"))
    assert fact_words(version, 17_004_001, NOW) == "17.4.1"
    assert fact_words(since, NOW - 60, NOW) == "1 minute"
    assert fact_words(until, NOW + 3 * DAY, NOW) == "3 days"
    assert fact_words(whole, 9, NOW) == "9"
    assert [fact_words(BY_NAME["antivirus"], value, NOW) for value in (0, 1)] == ["no", "yes"]
    assert [choice_words(one) for one in ("issued", "non_clinical", "practice_lead")] == [
        "work", "non-clinical", "practice lead",
    ]  # fmt: skip
    assert grade_words(version, Grade.OBSERVED, Grade.ATTESTED).startswith("So far this is only seen: system version.")


def test_every_refusal_has_a_sentence(compiled):
    for facts in requests(1_500, seed=7):
        decision = decide(compiled, pack(facts), NOW)
        found = explain(decision)
        assert len({one.clause for one in found.reasons}) == len(found.reasons)
        said_cells = {cell for one in found.reasons for cell in one.cells}
        for answer in found.answers:
            assert answer.actions or answer.missing_grant or answer.reasons
            assert not (answer.missing_grant and answer.reasons)
        for one in (*found.reasons, *found.warnings):
            assert one.sentences
            assert all("{" not in text for text in (*one.sentences, *one.steps, one.title))
        assert not {cell for cell in said_cells if decision.may(cell)}
        assert said_cells <= set(CELLS)
