"""Counterexamples are people: as ordinary as the fault allows, in a sentence that says what stands out."""

import pytest

from fobwatch.policy.rules.clause import parse
from fobwatch.policy.rules.proofs.case import Case
from fobwatch.policy.rules.proofs.person import example
from fobwatch.policy.rules.proofs.prover import Prover
from fobwatch.policy.rules.proofs.words import doing, facts_told, told, usual, work_told
from fobwatch.policy.rules.row import NAMES
from fobwatch.policy.rules.vocabulary import CELLS, FACTS, Grade, Kind
from tests.policy.rules.made import DAY, NOW, clause, policy, row, said
from tests.policy.rules.proofs.planted import template

USUALLY = {"os_version": "26.1", "checked_in": NOW, "verified": NOW}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "A clinical member of staff on their own iPhone"),
        ({"encrypted": False}, "A clinical member of staff on their own iPhone, with storage not encrypted"),
        ({"encrypted": None, "unaltered": False},
         "A clinical member of staff on their own iPhone, with “storage is encrypted” not known and its guards taken"
         " away"),
        ({"encrypted": said(True, expires=NOW - 5)},
         "A clinical member of staff on their own iPhone, with “storage is encrypted” out of date"),
        ({"screen_lock": said(True)},
         "A clinical member of staff on their own iPhone, with “screen lock” (only told by the person)"),
        ({"os_version": said("13", Grade.DECLARED)},
         "A clinical member of staff on their own iPhone, with version 13 (only told by the person)"),
        ({"checked_in": NOW - 31 * DAY, "auto_lock_minutes": 10, "os_fixes": NOW - 2 * DAY},
         "A clinical member of staff on their own iPhone, with 2 days after security fixes end, 10 minutes until the"
         " screen locks and 31 days since the last check-in"),
        ({"role": "ig_lead", "staff_group": None, "ownership": "issued", "device_state": "lost", "platform": "linux",
          "os_version": "6.12"},
         "An IG lead of an unknown staff group on a work Linux computer that was reported lost"),
        ({"employment": "left", "staff_group": "non_clinical", "platform": None, "os_version": "15"},
         "A non-clinical member of staff who has left, on their own device of an unknown make, with version 15"),
        ({"employment": None, "device_state": None},
         "A clinical member of staff whose employment is not recorded, on their own iPhone whose state is not known"),
        ({"ownership": "shared", "device_state": "none"}, "A clinical member of staff on a shared ward computer"),
        ({"ownership": None, "device_state": "none"}, "A clinical member of staff on a device that is not registered"),
        ({"ownership": None}, "A clinical member of staff on somebody's iPhone"),
        ({"verified": None, "passkey_verified": False},
         "A clinical member of staff on their own iPhone, with no passkey used at sign-in"),
    ],
)  # fmt: skip
def test_it_says_what_stands_out_and_nothing_else(changes, sentence):
    changes = {"os_fixes": NOW + 90 * DAY} | USUALLY | changes
    assert told(row(**changes), NOW) == sentence


def test_every_fact_is_listed_with_how_it_is_known():
    facts = dict(facts_told(row(encrypted=None, antivirus=said(True, expires=NOW)), NOW))
    assert len(facts) == len(FACTS)
    assert facts["make of device"] == "iPhone (seen)"
    assert facts["storage is encrypted"] == "not known"
    assert facts["antivirus is on and current"] == "out of date"
    assert facts["not jailbroken or rooted"] == "yes (told by the person)"


def test_a_choice_never_goes_without_saying():
    assert usual("platform", row(), NOW) == ()
    assert {name for name in NAMES if not usual(name, row(), NOW)} == {
        fact.name for fact in FACTS if fact.kind is Kind.CHOICE
    }


def test_work_is_told_in_few_words():
    assert work_told(CELLS) == "do all work"
    assert work_told(CELLS, "or") == "do any work"
    assert work_told(["record:view"]) == "view patient records"
    assert work_told(cell for cell in CELLS if cell.startswith("chat:")) == "do anything with messages"
    assert (
        work_told(["chat:print", "record:view", "chat:view"], "or") == "view or print messages; or view patient records"
    )


def test_a_person_and_what_they_do_are_one_sentence():
    assert doing("A nurse on an iPhone", "may go") == "A nurse on an iPhone may go"
    assert doing("A nurse on an iPhone, with no lock", "may go") == "A nurse on an iPhone, with no lock, may go"


def test_an_odd_person_is_found_too():
    case = Case(parse(template()), Prover(120))
    world = case.world
    odd = [world.value["os_version"] == 7_123_456, world.grade["os_version"] == int(Grade.DECLARED)]
    shown = example(case.prover, case.compiled, world, *odd)
    assert shown.sentence.endswith("with version 7.123.456 (only told by the person)")
    with case.prover.within(*odd):
        assert not case.prover.possible(world.value["os_version"] == 1)
    assert case.prover.possible(world.value["os_version"] == 1)


def test_what_was_once_known_and_is_out_of_date_is_told_so():
    case = Case(policy(clause("require", need=["encrypted", "==", True], grace_days=3)), Prover(120))
    once = [case.world.once["encrypted"], case.world.grade["encrypted"] == 0]
    shown = example(case.prover, case.compiled, case.world, *once)
    assert "“storage is encrypted” out of date" in shown.sentence
