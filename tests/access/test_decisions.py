"""What is decided is kept when it is new; a policy is compiled once and only as it was agreed."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fobwatch.access import actions
from fobwatch.access.models import (
    Decision,
    Emergency,
    Outcome,
    compiled_policy,
    decide_for,
    reasons_of,
    register_outcome,
    registration_here,
    worth_keeping,
)
from fobwatch.access.rules.emergency import aside, minutes
from fobwatch.access.rules.limits import limits
from fobwatch.access.rules.register import as_if_signed_in
from fobwatch.access.rules.sheet import Sheet, row
from fobwatch.access.rules.statuses import MOST, Statuses
from fobwatch.audit.models import Entry
from fobwatch.devices.models import Registration
from fobwatch.kernel.clock import epoch, now
from fobwatch.people.models import Membership, Organisation
from fobwatch.policy.models import Version
from fobwatch.policy.rules.compile import compile_policy
from fobwatch.policy.rules.decide import decide
from fobwatch.policy.rules.explain import explain
from fobwatch.policy.rules.row import Held
from fobwatch.policy.rules.vocabulary import DEVICE_STATES
from tests import cast
from tests.access.policy import (
    DAY,
    DEVICE_FACTS,
    confirm,
    evidence,
    publish,
    publish_template,
    registered,
    sample,
    text,
)

AT = 1_795_170_000


def outcome(member: Membership, phone: Registration | None, version: Version | None) -> Outcome:
    return decide_for(cast.sign_in(member), member, phone, version, now())


def keep(found: Outcome, cell: str = "", system: str = "") -> bool:
    told = {
        "member": found.member, "registration": found.registration, "version": found.version,
        "decision": found.decision, "cell": cell, "system": system,
    }  # fmt: skip
    if not worth_keeping(**told):  # type: ignore[arg-type]
        return False
    actions.keep_decision(**told, by=cast.TESTER, now=now())  # type: ignore[arg-type]
    return True


def test_the_same_again_is_not_kept(nurse: Membership) -> None:
    version, phone = publish(nurse.organisation), registered(nurse)
    assert keep(outcome(nurse, phone, version))
    assert not keep(outcome(nurse, phone, version))
    confirm(nurse, version)
    assert keep(outcome(nurse, phone, version))
    kept = Decision.objects.order_by("-at").first()
    assert kept is not None
    assert (kept.cause, kept.refused_cell, kept.expires_at is not None) == ("changed", "", True)


def test_a_refusal_is_new_after_the_cell_was_open(nurse: Membership) -> None:
    version, phone = publish(nurse.organisation), registered(nurse)
    confirm(nurse, version)
    good = outcome(nurse, phone, version)
    phone.state = "suspended"
    bad = outcome(nurse, phone, version)
    assert keep(bad, "mail:view", "system")
    assert not keep(bad, "mail:view", "system")
    assert keep(bad, "mail:view", "other")
    assert keep(good)
    assert keep(bad, "mail:view", "system")
    assert Decision.objects.filter(cause="refused", reasons=["registered"]).count() == 3


def test_what_was_asked_and_open_is_a_change_and_no_refusal(nurse: Membership) -> None:
    version, phone = publish(nurse.organisation), registered(nurse)
    assert keep(outcome(nurse, phone, version), "mail:view", "system")
    kept = Decision.objects.get()
    assert (kept.cause, kept.system, kept.refused_cell) == ("changed", "", "")


def test_a_refusal_without_a_policy_is_kept(nurse: Membership) -> None:
    assert keep(outcome(nurse, None, None), "mail:view")
    assert not keep(outcome(nurse, None, None), "mail:view")
    assert Decision.objects.get().reasons == ["no-policy"]
    assert keep(outcome(nurse, None, None))
    assert not keep(outcome(nurse, None, None))
    assert Entry.objects.filter(action="access.decided").count() == 2


def test_a_new_version_makes_the_refusal_new(nurse: Membership) -> None:
    phone = registered(nurse, state="suspended")
    assert keep(outcome(nurse, phone, publish(nurse.organisation)), "mail:view")
    assert keep(outcome(nurse, phone, publish(nurse.organisation, idle=20)), "mail:view")


def test_an_unknown_cell_is_refused_for_its_own_reason(nurse: Membership) -> None:
    found = outcome(nurse, registered(nurse), publish(nurse.organisation))
    assert keep(found, "unknown")
    assert not keep(found, "unknown")
    assert Decision.objects.get().reasons == ["no-grant"]


def test_the_reasons_name_what_closes(nurse: Membership, porter: Membership) -> None:
    version = publish(nurse.organisation)
    bad = outcome(nurse, registered(nurse, changes={"unaltered": False}), version).decision
    assert "unaltered" in reasons_of(bad)
    assert reasons_of(bad, "mail:view") == ["unaltered"]
    assert "no-grant" in reasons_of(outcome(porter, registered(porter), version).decision, "record:view")


def test_an_outcome_answers_for_a_cell(nurse: Membership) -> None:
    version = publish(nurse.organisation)
    confirm(nurse, version)
    found = outcome(nurse, registered(nurse), version)
    assert found.may("record:view")
    assert found.obligations("record:view")["watermark"] is True
    closed = outcome(nurse, None, None)
    assert not closed.may("record:view")
    assert closed.obligations("record:view") == {}


def test_a_shared_computer_has_no_registration(nurse: Membership) -> None:
    phone = registered(nurse)
    own, shared = cast.sign_in(nurse), cast.sign_in(nurse, shared=True)
    own.device = shared.device = phone.device_id
    assert registration_here(own, nurse) == phone
    assert registration_here(shared, nurse) is None
    phone.state = "retired"
    phone.save()
    assert registration_here(own, nurse) is None


def test_a_policy_that_nobody_agreed_to_is_never_enforced(nurse: Membership) -> None:
    version = publish(nurse.organisation)
    with pytest.raises(ValueError, match="does not have its hash"):
        compiled_policy(version.pk, "0" * 64)


def test_a_policy_is_compiled_once_and_takes_effect_with_its_version(nurse: Membership) -> None:
    version = publish(nurse.organisation)
    found = compiled_policy(version.pk, version.hash)
    assert found is compiled_policy(version.pk, version.hash)
    assert found.policy.effective == version.effective_epoch


def test_limits_come_from_clauses_over_all_work() -> None:
    compiled = compile_policy(sample())
    assert limits(compiled) == (15, 780)
    clauses = tuple(
        dataclasses.replace(clause, set={"idle_minutes": 5, "absolute_hours": 2})
        if clause.id == "registered"
        else clause
        for clause in compiled.policy.clauses
    )
    assert limits(compile_policy(dataclasses.replace(compiled.policy, clauses=clauses))) == (5, 120)


def test_limits_are_stamped_on_the_session(nurse: Membership) -> None:
    version, sign_in = publish(nurse.organisation), cast.sign_in(nurse)
    sign_in.idle_minutes = 99
    actions.stamp_limits(sign_in=sign_in, version=version, by=cast.TESTER, now=now())
    sign_in.refresh_from_db()
    assert (sign_in.idle_minutes, sign_in.absolute_minutes) == (15, 780)
    assert Entry.objects.filter(action__in=["access.limits_stamped", "sign_in.limits_set"]).count() == 2


def test_minutes_of_an_emergency_have_a_default() -> None:
    assert minutes(compile_policy(sample())) == 60


def sheet(state: str = "active", held: dict[str, Held] | None = None, **more: object) -> Sheet:
    told: dict[str, object] = {
        "role": "staff", "clinical": True, "employment": "active", "away_from": None, "away_until": None,
        "leaves_on": None, "ownership": "personal", "device_state": state,
        "facts": text(evidence(AT) if held is None else held), "read_at": 1, "how": "passkey", "verified": AT,
        "started": AT, **more,
    }  # fmt: skip
    return Sheet(**told)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", DEVICE_STATES)
def test_no_emergency_reaches_a_device_that_was_cut_off(state: str) -> None:
    compiled = compile_policy(sample())
    bits, within = aside(compiled, row(sheet(state), AT), AT, ["record"])
    open_to = state in ("active", "enrolling", "none")
    assert bool(bits) is bool(within) is open_to
    assert aside(compiled, row(sheet(state), AT), AT, ["nonsense"]) == (0, 0)
    assert aside(compiled, row(sheet("nowhere"), AT), AT, ["record"]) == (0, 0)


COMPILED = compile_policy(sample())
STATUSES = Statuses(COMPILED)
HELD = st.builds(
    Held, st.sampled_from([0, 1, 2, 5, 16_000_000, 18_000_000, AT - 40 * DAY, AT, AT + 40 * DAY]), st.integers(1, 5),
    st.sampled_from([AT - 40 * DAY, AT - DAY]), st.sampled_from([AT - DAY, AT + DAY]),
)  # fmt: skip
EVIDENCE = st.dictionaries(st.sampled_from([*DEVICE_FACTS]), HELD).map(lambda found: {**evidence(AT), **found})


def valid(held: dict[str, Held]) -> dict[str, Held]:
    return {name: one if name != "platform" else one._replace(value=one.value % 7) for name, one in held.items()}


@settings(max_examples=300, deadline=None)
@given(
    held=EVIDENCE, drop=st.sets(st.sampled_from(DEVICE_FACTS)), state=st.sampled_from(DEVICE_STATES),
    clinical=st.booleans(), ownership=st.sampled_from(["personal", "issued", "shared", ""]), read=st.integers(0, 1),
)  # fmt: skip
def test_the_short_answers_are_those_of_the_page(
    held: dict[str, Held], drop: set[str], state: str, clinical: bool, ownership: str, read: int
) -> None:
    left = {name: one for name, one in valid(held).items() if name not in drop}
    told = sheet(state, left, clinical=clinical, ownership=ownership, read_at=read)
    decision = decide(COMPILED, row(told, AT), AT, AT)
    assert STATUSES.of(decision) == tuple(answer.status.name.lower() for answer in explain(decision).answers)


def test_the_memory_of_answers_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    statuses = Statuses(COMPILED)
    monkeypatch.setattr("fobwatch.access.rules.statuses.MOST", 2)
    for name in ("unaltered", "not_shared", "encrypted", "platform"):
        held = {key: one for key, one in evidence(AT).items() if key != name}
        statuses.of(decide(COMPILED, row(sheet(held=held), AT), AT, AT))
    assert len(statuses._known) <= 2 < MOST


def test_the_register_decides_as_the_page_does_just_after_sign_in(nurse: Membership) -> None:
    version, phone, moment = publish(nurse.organisation), registered(nurse), now()
    confirm(nurse, version)
    page = decide_for(cast.sign_in(nurse), nurse, phone, version, moment)
    listed = register_outcome(phone, version, moment)
    assert page.decision is not None
    assert listed.decision is not None
    assert page.decision.allowed == listed.decision.allowed
    assert page.explanation.answers == listed.explanation.answers


def test_grace_is_kept_as_bits(nurse: Membership) -> None:
    version = publish(nurse.organisation)
    phone = registered(nurse, changes={"auto_lock_minutes": 9}, observed=epoch(now()) - DAY)
    assert keep(outcome(nurse, phone, version))
    index = [clause.id for clause in sample().clauses].index("auto-lock")
    assert Decision.objects.get().graced >> index & 1


def test_what_is_kept_names_itself_without_a_person(nurse: Membership) -> None:
    assert keep(outcome(nurse, None, None))
    assert str(Decision.objects.get()).startswith("decision ")
    one = Emergency(pk="e1", until_epoch=AT)
    assert str(one) == "emergency access e1"


def test_a_register_row_without_a_key_is_left_as_it_is() -> None:
    held = {name: one for name, one in evidence(AT).items() if name != "browser_key"}
    flat = row(sheet(held=held), AT)
    assert as_if_signed_in(flat) is flat


@pytest.mark.parametrize(("days", "may"), [(400, False), (8, False), (6, True), (0, True)])
def test_who_joins_late_has_as_many_days_to_read_the_policy(
    nurse: Membership, hospital: Organisation, days: int, may: bool
) -> None:
    version, phone = publish_template(hospital), registered(nurse)
    nurse.joined_at = now() - dt.timedelta(days=days)
    assert outcome(nurse, phone, version).may("record:view") is may
