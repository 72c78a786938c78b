"""What authors want to hold: made of choices, refused where it makes no sense, proved or told as a person."""

import pytest

from fobwatch.policy.rules.clause import parse
from fobwatch.policy.rules.proofs import Invariant, Status, check_policy
from fobwatch.policy.rules.proofs.form import claim_words, from_data, problems, to_data
from fobwatch.policy.rules.proofs.library import prove
from tests.policy.rules.proofs.planted import template

POLICY = parse(template())
OWN = ("ownership", "==", "personal")


def found(how, *who, cells=("record:view",), name=""):
    (finding,) = prove(POLICY, (), [Invariant(how, who, cells, name)], 120.0, lambda: 0.0)
    return finding


def test_they_are_proved_beside_the_library():
    own = [Invariant("never", (OWN,), ("documents:download",)), Invariant("can", (), ("mail:view",), "Mail")]
    keys = {finding.key: finding for finding in check_policy(POLICY, own=own, seconds=120)}
    assert [keys["own-1"].status, keys["own-2"].status] == [Status.PROVED, Status.PROVED]
    assert (
        keys["own-2"].claim
        == "Mail: Somebody like this who keeps every rule can view email, calendar and rota: anybody."
    )


def test_never_has_a_counterexample():
    finding = found("never", ("platform", "in", ("android", "windows")), ("os_version", "<", "15"))
    assert finding.status is Status.BROKEN
    assert finding.sentence == (
        "A clinical member of staff on their own Android phone or tablet, with version 14, may view patient records."
        " “Patient records” opens it, and no rule closes it."
    )
    assert finding.clauses == ("open-record",)


def test_always_names_who_may_not_and_why():
    refused = found("always", ("staff_group", "==", "clinical"), ("device_state", "==", "active"))
    assert refused.status is Status.BROKEN
    assert "What refuses it: " in refused.sentence
    closed = found("always", ("device_state", "==", "active"), cells=("record:print",))
    assert closed.sentence.endswith("No rule opens it to them.")
    impossible = found("always", ("os_version", "<", "1"), ("os_version", ">", "2"))
    assert impossible.status is Status.PROVED


def test_can_names_what_nobody_like_this_can():
    finding = found("can", ("ownership", "==", "shared"), cells=("record:view", "images:view"))
    assert (finding.status, finding.cells) == (Status.BROKEN, ("images:view",))
    assert found("can", ("ownership", "==", "shared")).status is Status.PROVED


@pytest.mark.parametrize(
    ("one", "wrong"),
    [
        (Invariant("often", (), ("record:view",)), "“often” is none of: never, always, can."),
        (Invariant("never", (), ()), "Choose at least one kind of work."),
        (Invariant("never", (), ("record:eat",)), "“record:eat” is not a kind of work that we know."),
        (Invariant("never", (OWN,) * 7, ("record:view",)), "Choose at most 6 facts."),
        (Invariant("never", (("mood", "==", True),), ("record:view",)), "“mood” is not a fact that we know."),
        (Invariant("never", (("encrypted", "<", True),), ("record:view",)), "“<” does not fit the fact"),
        (Invariant("never", (("platform", "in", ("amiga",)),), ("record:view",)), "“amiga” is not a choice"),
        (Invariant("never", (("os_version", "<", "new"),), ("record:view",)), "“os_version” is compared"),
    ],
)  # fmt: skip
def test_what_cannot_be_proved_is_refused_with_a_sentence(one, wrong):
    assert any(problem.startswith(wrong) for problem in problems(one))


def test_what_can_be_proved_has_no_problems_and_is_a_sentence():
    who = (
        OWN, ("encrypted", "==", False), ("unaltered", "!=", False), ("platform", "in", ("ios", "macos")),
        ("role", "!=", "auditor"), ("checked_in", ">", 30),
    )  # fmt: skip
    one = Invariant("never", who, ("record:view", "chat:view"))
    assert problems(one) == []
    assert from_data(to_data(one)) == one
    assert claim_words(one) == (
        "Nobody like this may ever view messages; or view patient records: whose device it is: personal, storage is"
        " encrypted: no, not jailbroken or rooted: yes, make of device: iPhone or Mac, role: not auditor and days since"
        " the last check-in above 30."
    )
