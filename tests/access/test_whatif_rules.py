"""What would change, over a whole register: the same as deciding one by one, told as people, clauses and remedies."""

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fobwatch.access.rules.affected import affected, losers, touched, work_words
from fobwatch.access.rules.lockout import may_publish
from fobwatch.access.rules.picture import gaps, picture
from fobwatch.access.rules.register import as_if_signed_in
from fobwatch.access.rules.remedies import remedies
from fobwatch.access.rules.whatif import NOTHING, Effect, Register, effect, standing_under, taking_effect
from fobwatch.access.rules.whatif_words import details, headline
from fobwatch.policy.rules.batch import Column
from fobwatch.policy.rules.clause import load_toml, with_params
from fobwatch.policy.rules.compile import ALL_CELLS, CELL_BIT, Compiled, compile_policy
from fobwatch.policy.rules.decide import decide
from fobwatch.policy.rules.explain import explain
from fobwatch.policy.rules.row import GRADES_AT, INDEX, OBSERVED_AT, Row, pack
from fobwatch.policy.rules.vocabulary import BY_NAME, CELLS, CLASSES, PLATFORM_WORDS, PLATFORMS, Grade
from tests.policy.rules.conftest import POLICIES
from tests.policy.rules.made import NOW, clause, compiled, row
from tests.policy.rules.made import policy as small_policy
from tests.policy.rules.seeded import requests
from tests.policy.rules.test_batch_grace import columns

DAY = 86_400
TEMPLATE = load_toml(POLICIES["template"].read_text())
TIGHTER = with_params(TEMPLATE, {"min_ios": "18.5", "auto_lock_minutes": 1, "record_groups": [], "checkin_days": 1})


def register(rows: list[Row], persons: list[int], teams: tuple[str, ...] = ("Ward 6", "")) -> Register:
    people = max(persons, default=-1) + 1
    blank = {name: Column(*[np.zeros(0, np.int64)] * 4) for name in BY_NAME}
    return Register(
        columns(rows) if rows else blank, np.array(persons, np.int64), np.arange(people) % len(teams), teams, without=3
    )  # fmt: skip


def people_of(count: int) -> list[int]:
    """Persons with one, two or three devices, in turn."""
    return list(itertools.chain.from_iterable([one] * (1 + one % 3) for one in range(count)))[:count]


def at(compiled: Compiled, moment: int) -> Compiled:
    return taking_effect(compiled, moment)


def signed_in(rows: list[Row]) -> list[Row]:
    """The rows as if each person had just answered with their passkey."""
    found = []
    for one in rows:
        flat = list(one)
        for name, value in (("passkey_verified", 1), ("verified", NOW)):
            place = INDEX[name]
            flat[place], flat[GRADES_AT + place], flat[OBSERVED_AT + place] = value, int(Grade.ATTESTED), NOW
            flat[place + 3 * len(BY_NAME)] = 253_402_300_799
        found.append(as_if_signed_in(tuple(flat)))
    return found


def without_grace(compiled: Compiled) -> Compiled:
    return dataclasses.replace(compiled, graceful=0)


def united(masks: list[int], persons: list[int]) -> list[int]:
    found = [0] * (max(persons) + 1)
    for mask, person in zip(masks, persons, strict=True):
        found[person] |= mask
    return found


OLD = at(compile_policy(TEMPLATE), NOW - 40 * DAY)
NEW = compile_policy(TIGHTER)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [pack(facts) for facts in requests(5_000, seed=5)]


@pytest.fixture(scope="module")
def found(rows: list[Row]) -> Effect:
    return effect(standing_under(OLD, register(rows, people_of(5_000)), NOW), NEW)


def test_it_says_what_deciding_one_by_one_says(rows: list[Row], found: Effect) -> None:
    persons, here = people_of(5_000), signed_in(rows)
    answers = {}
    for name, engine in (("old", OLD), ("new", at(NEW, NOW))):
        answers[name] = united([decide(without_grace(engine), one, NOW, NOW).allowed for one in here], persons)
        answers[f"{name} day"] = united([decide(engine, one, NOW, NOW).allowed for one in here], persons)
    assert found.was.tolist() == answers["old"]
    assert found.becomes.tolist() == answers["new"]
    pairs = list(zip(answers["old day"], answers["new day"], strict=True))
    assert found.day_lost.tolist() == [before & ~after for before, after in pairs]
    assert found.day_gained.tolist() == [after & ~before for before, after in pairs]
    shown = picture(found)
    assert shown.lose == sum(bool(a & ~b) for a, b in zip(answers["old"], answers["new"], strict=True)) > 100
    assert shown.gain == 0
    assert shown.day_lose == sum(bool(before & ~after) for before, after in pairs) > 0
    assert (shown.people, shown.devices, shown.without) == (max(persons) + 1, 5_000, 3)


def test_each_loss_has_its_clause_and_each_clause_its_loss(rows: list[Row], found: Effect) -> None:
    here, names = signed_in(rows), [one.id for one in TIGHTER.clauses]
    persons = found.register.person
    for place in range(0, 5_000, 7):
        before = decide(without_grace(OLD), here[place], NOW, NOW).allowed
        after = decide(without_grace(at(NEW, NOW)), here[place], NOW, NOW)
        lost = before & ~after.allowed & int(found.lost[persons[place]])
        opened = NEW.opened(after.bits)
        closing = {
            index for index in range(len(names))
            if after.failing >> index & 1 and NEW.cells[index] & lost & opened
        }  # fmt: skip
        assert {index for index in range(64) if int(found.closing[place]) >> index & 1} == closing
        ungranted = lost & ~opened
        old_bits = OLD.bits(here[place], NOW)
        grants = {
            index for index in range(len(names))
            if (OLD.grants & old_bits) >> index & 1 and OLD.cells[index] & ungranted
        }  # fmt: skip
        assert {index for index in range(64) if int(found.ungranted[place]) >> index & 1} == grants
        assert bool(lost) == bool(closing or grants)
    assert {one.clause for one in picture(found).blame} == {"open-record", "auto-lock", "check-in", "version-iphone"}


def test_what_can_be_put_right_is_what_the_remedies_say(rows: list[Row], found: Effect) -> None:
    here, mended = signed_in(rows), 0
    for place in np.flatnonzero(found.closing)[:300]:
        decision = decide(without_grace(at(NEW, NOW)), here[place], NOW, NOW)
        curable = {one.clause for one in explain(decision).reasons if one.curable}
        closing, by_hand = int(found.closing[place]), int(found.by_hand[place])
        for index, one in enumerate(TIGHTER.clauses):
            if closing >> index & 1 and decision.failing >> index & 1:
                mended += by_hand >> index & 1
                assert not by_hand >> index & 1 or one.id in curable
    assert mended > 200


def people(*facts: dict[str, object]) -> Register:
    """One person for each device, whose facts are good but for the changes."""
    return register([row(**one) for one in facts], list(range(len(facts))))


def changed(old: Compiled, new: Compiled, *facts: dict[str, object]) -> Effect:
    return effect(standing_under(old, people(*facts), NOW), new)


def rule(name: str, need: list[object], **more: object) -> dict[str, object]:
    return clause("require", id=name, title=f"Rule {name}", on=["*:*"], need=need, minutes=4, **more)


STEPS = {"fix": {"any": ["Do it."]}}


@pytest.mark.parametrize(("need", "facts", "by_hand", "told"), [
    (["auto_lock_minutes", "<=", 1], {}, True, False),
    (["auto_lock_minutes", "<=", 1], {"auto_lock_minutes": None}, True, True),
    (["employment", "==", "active"], {"employment": "away"}, False, False),
    (["role", "==", "manager"], {"role": None}, False, False),
    (["policy_read", "==", True], {"policy_read": False}, True, False),
    (["all", ["employment", "==", "active"], ["unaltered", "==", True]],
     {"employment": "away", "unaltered": False}, False, False),
])  # fmt: skip
def test_a_person_can_change_their_device_and_not_the_list_of_staff(
    need: list[object], facts: dict[str, object], by_hand: bool, told: bool
) -> None:
    engine = compiled(rule("it", need, **STEPS))
    found = changed(compiled(), engine, facts)
    assert (bool(found.mends[0]), bool(found.told[0])) == (by_hand, told)


def test_what_is_wrong_without_steps_for_this_make_needs_another_device() -> None:
    engine = compiled(rule("virus", ["antivirus", "==", True], fix={"windows": ["Turn it on."]}))
    no = {"antivirus": False}
    found = changed(compiled(), engine, no, {**no, "platform": "windows"}, {**no, "platform": None}, {})
    assert (found.mends != 0).tolist() == [False, True, False, False]
    shown = picture(found)
    assert [(one.name, one.of, one.lose, one.mend) for one in shown.platforms] == [
        ("iPhone", 2, 1, 0), ("Windows computer", 1, 1, 1), ("Not known", 1, 1, 0)
    ]  # fmt: skip


def test_many_alternatives_are_asked_without_running_over() -> None:
    many = ["any", *(["auto_lock_minutes", "<", -number] for number in range(1, 24))]
    engine = compiled(rule("many", many, **STEPS))
    table = people({}, {"auto_lock_minutes": None}).columns
    closing = np.full(2, np.uint64(1 << [one.id for one in engine.policy.clauses].index("many")))
    cures = remedies(engine, table, closing, NOW)
    assert (cures.by_hand == closing).all()
    assert cures.told.tolist() == [0, int(closing[1])]
    del table["platform"]
    assert (remedies(engine, table, closing, NOW).by_hand == closing).all()
    del table["auto_lock_minutes"]
    assert (remedies(engine, table, closing, NOW).told == closing).all()


def test_who_keeps_it_on_another_device_has_not_lost_it() -> None:
    engine = compiled(rule("lock", ["auto_lock_minutes", "<=", 1], **STEPS))
    pair = register([row(), row(auto_lock_minutes=1), row()], [0, 0, 1])
    found = effect(standing_under(compiled(), pair, NOW), engine)
    assert (found.lost != 0).tolist() == [False, True]
    shown = picture(found)
    assert shown.blame[0].people == 1
    assert shown.platforms[0].lose == 2
    assert [one.number for one in affected(found, losers(found))] == [1]


def test_an_empty_register_changes_nothing() -> None:
    found = effect(standing_under(OLD, register([], []), NOW), NEW)
    shown = picture(found)
    assert (shown.people, shown.lose, shown.platforms, shown.teams) == (0, 0, (), ())
    assert headline(shown) == "Publishing this would take nothing away from anybody."
    assert details(shown) == []
    assert may_publish(found, None, [])


def test_a_fact_is_asked_for_only_where_its_clause_may_apply() -> None:
    engine = compiled(
        rule("virus", ["antivirus", "==", True], when=["platform", "==", "windows"]),
        rule("again", ["antivirus", "==", True], when=["platform", "==", "windows"], grade="declared"),
        rule("hard", ["encrypted", "==", True], grade="observed"),
        clause("require", id="taught", on=["*:*"], need=["role", "==", "staff"]),
        clause("teach", id="words"),
    )
    windows = {"platform": "windows"}
    found = changed(
        engine, engine, {"antivirus": None}, {**windows, "antivirus": None}, windows, {"platform": None},
        {"encrypted": (True, Grade.DECLARED, NOW - DAY, NOW + DAY)},
        {"encrypted": (True, Grade.OBSERVED, NOW - DAY, NOW)},
    )  # fmt: skip
    assert [(one.fact, one.devices, one.unknown, one.weak) for one in gaps(found)] == [
        ("storage is encrypted", 6, 1, 1), ("antivirus is on and current", 3, 1, 0)
    ]  # fmt: skip


def test_a_fact_without_a_column_is_not_known_of_anybody() -> None:
    engine = compiled(rule("virus", ["antivirus", "==", True], when=["non_admin", "==", True]))
    whole = people({}, {})
    left = {name: one for name, one in whole.columns.items() if name not in ("browser_key", "non_admin")}
    bare = dataclasses.replace(whole, columns=left)
    found = effect(standing_under(engine, bare, NOW), engine)
    assert [one.devices for one in gaps(found)] == [2]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(range(5_000)), min_size=1, max_size=40), st.booleans())
def test_nothing_lost_comes_from_nothing_and_mending_never_gives_more(
    rows: list[Row], chosen: list[int], back: bool
) -> None:
    some = register([rows[one] for one in chosen], people_of(len(chosen)))
    old, new = (NEW, OLD) if back else (OLD, NEW)
    found = effect(standing_under(old, some, NOW), new)
    assert (found.lost & ~found.was == 0).all()
    assert (found.gained & found.was == 0).all()
    assert (found.mends & ~found.lost == 0).all()
    assert (found.told & ~found.mends == 0).all()
    shown = picture(found)
    assert shown.mend <= shown.lose <= shown.people
    assert sum(one.of for one in shown.platforms) == shown.devices
    assert sum(one.of for one in shown.teams) == sum(one.of for one in shown.staff_groups) == shown.people
    assert sum(one.lose for one in shown.teams) == shown.lose


# --- words and lists ---


def test_each_person_has_what_why_and_how_long() -> None:
    old = compiled(
        clause("grant", id="pictures", title="Pictures", on=["images:*"], need=["staff_group", "==", "clinical"]),
        clause("grant", id="saving", title="Saving", on=["documents:view", "documents:download"]),
    )
    new = compiled(
        clause("grant", id="pictures", title="Pictures", on=["images:*"], need=["staff_group", "==", "non_clinical"]),
        clause("grant", id="saving", title="Saving", on=["documents:view"]),
        clause("require", id="lock", title="Lock", on=["documents:view"], need=["auto_lock_minutes", "<=", 2],
               minutes=2, **STEPS),
    )  # fmt: skip
    found = changed(old, new, {}, {"staff_group": "non_clinical", "auto_lock_minutes": 9}, {"auto_lock_minutes": 9})
    first, second, third = (next(affected(found, [number])) for number in range(3))
    assert (first.loses, first.because, first.minutes) == (
        ("Documents: download", "Clinical photographs"), ("Pictures", "Saving"), None
    )  # fmt: skip
    assert (second.gains, second.loses, second.because) == (
        ("Clinical photographs",), ("Documents",), ("Lock", "Saving")
    )  # fmt: skip
    assert third.team == "Ward 6"
    assert sorted(touched(found).tolist()) == [0, 1, 2]
    only = changed(new, old, {"auto_lock_minutes": 9, "staff_group": "non_clinical"}, {"auto_lock_minutes": 9})
    assert touched(only).tolist() == [0, 1]
    assert next(affected(only, [1])).minutes == 0
    assert list(work_words(ALL_CELLS)) == list(CLASSES.values())


def test_those_who_cannot_mend_it_come_first() -> None:
    engine = compiled(
        rule("lock", ["auto_lock_minutes", "<=", 1], **STEPS), rule("here", ["employment", "==", "active"], **STEPS)
    )
    found = changed(compiled(), engine, {}, {}, {"employment": "away"}, {"auto_lock_minutes": 1})
    assert losers(found).tolist() == [2, 0, 1]
    assert [one.minutes for one in affected(found, losers(found))] == [None, 4, 4]


LOCK = rule("lock", ["auto_lock_minutes", "<=", 1], **STEPS)
HERE = rule("here", ["employment", "==", "active"], **STEPS)
SLOW = rule("slow", ["auto_lock_minutes", "<=", 1], grace_days=7, **STEPS)
NO_PRINT = clause("require", id="print", title="P", on=["mail:print"], need=["auto_lock_minutes", "<=", 1], fails="N.")


@pytest.mark.parametrize(("clauses", "facts", "said"), [
    ([LOCK], [{}, {"auto_lock_minutes": 1}], [
        "Publishing this would stop 1 person from seeing email, calendar and rota or patient records.",
        "This person could fix it today.", "It takes effect at once, without a warning first."]),
    ([HERE], [{"employment": "away"}], [
        "Publishing this would stop 1 person from seeing email, calendar and rota or patient records.",
        "This person could not fix it alone: they need another device, or somebody in the organisation.",
        "It takes effect at once, without a warning first."]),
    ([LOCK, HERE], [{"employment": "away"}, {"employment": "away"}, {}, {}], [
        "Publishing this would stop 4 people from seeing email, calendar and rota or patient records.",
        "2 could fix it today. 2 people could not: they need another device, or somebody in the organisation.",
        "It takes effect at once, without a warning first."]),
    ([HERE], [{"employment": "away"}] * 2, [
        "Publishing this would stop 2 people from seeing email, calendar and rota or patient records.",
        "None of them could fix it alone: they need another device, or somebody in the organisation.",
        "It takes effect at once, without a warning first."]),
    ([SLOW], [{}, {}], [
        "Publishing this would stop 2 people from seeing email, calendar and rota or patient records.",
        "All could fix it today.", "On the day itself nobody is stopped: everybody is warned first."]),
    ([SLOW, HERE], [{}, {"employment": "away"}], [
        "Publishing this would stop 2 people from seeing email, calendar and rota or patient records.",
        "1 could fix it today. 1 person could not: they need another device, or somebody in the organisation.",
        "1 person would be stopped at once. The others are warned first."]),
    ([NO_PRINT], [{}], [
        "Publishing this would take something away from 1 person, but nobody would stop seeing a kind of work.",
        "This person could not fix it alone: they need another device, or somebody in the organisation.",
        "It takes effect at once, without a warning first."]),
    ([], [{}], ["Publishing this would take nothing away from anybody."]),
])  # fmt: skip
def test_it_is_said_in_sentences(clauses: list[object], facts: list[dict[str, object]], said: list[str]) -> None:
    shown = picture(changed(compiled(), compiled(*clauses), *facts))
    assert [headline(shown), *details(shown)] == said


def test_gains_and_all_kinds_of_work_are_said_too() -> None:
    wide = [clause("grant", id="all", on=["*:*"])]
    closed, opened = compiled(*wide, rule("lock", ["auto_lock_minutes", "<=", 1])), compiled(*wide)
    shown = picture(changed(closed, opened, {}))
    assert headline(shown, "This change") == (
        "This change would take nothing away from anybody. It would open something to 1 person."
    )
    assert headline(picture(changed(opened, closed, {}))) == (
        "Publishing this would stop 1 person from seeing at least one kind of work."
    )
    half = compiled(
        clause("grant", id="all", on=["*:*"], need=["staff_group", "==", "clinical"]),
        clause("require", id="print", on=["record:print"], need=["auto_lock_minutes", "<=", 1], fails="N.", **STEPS),
    )
    shown = picture(changed(half, compiled(clause("grant", id="all", on=["*:*"], need=["role", "==", "staff"]),
        clause("require", id="v", on=["chat:*"], need=["antivirus", "==", True], fails="N.", **STEPS),
        clause("require", id="s", on=["chat:share", "images:print"], need=["auto_lock_minutes", "<=", 0], **STEPS)),
        {"antivirus": False}, {}))  # fmt: skip
    assert "In all, 2 people would lose something." in details(shown)
    assert "It would open something to 2 people." in details(shown)


def test_grace_that_begins_anew_is_said() -> None:
    engine = compiled(SLOW)
    found = changed(engine, engine, {"observed": NOW - 40 * DAY})
    assert details(picture(found)) == [
        "1 person would get their time of grace again, because each publication begins it anew."
    ]


# --- nobody locks everybody out ---


@pytest.mark.parametrize(("facts", "publisher", "authors", "reason"), [
    ([{}, {}], 0, [0], "If you publish this, everybody, you included, loses all access from their own devices."),
    ([{}, {}], None, [], "If you publish this, everybody loses all access from their own devices."),
    ([{}, {"auto_lock_minutes": 1}], 0, [0], "If you publish this, you lose all access from your own devices."),
    ([{}, {"auto_lock_minutes": 1}], None, [0],
     "If you publish this, everybody who may publish a policy here loses all access."),
    ([{}, {"auto_lock_minutes": 1}], 1, [0, 1], ""),
    ([{}, {"auto_lock_minutes": 1}], None, [], ""),
    ([{"auto_lock_minutes": None}, {}], 0, [0], ""),
    ([{"device_state": "lost"}], 0, [0], ""),
])  # fmt: skip
def test_a_version_that_locks_everybody_out_is_named(
    facts: list[dict[str, object]], publisher: int | None, authors: list[int], reason: str
) -> None:
    active = rule("active", ["device_state", "==", "active"])
    found = changed(compiled(active), compiled(active, LOCK), *facts)
    verdict = may_publish(found, publisher, authors)
    assert bool(verdict) is not bool(reason)
    assert verdict.reason.startswith(reason)
    if reason:
        assert verdict.reason.endswith("What takes it away: “Rule lock”.")
        assert "put it right on your own device first" in verdict.next_step


def test_a_grant_that_goes_is_named_and_a_first_version_is_never_refused() -> None:
    none = compile_policy(dataclasses.replace(small_policy(), clauses=()))
    verdict = may_publish(changed(compiled(), none, {}), 0, [0])
    assert "What takes it away: “T”." in verdict.reason
    first = changed(NOTHING, compiled(LOCK), {})
    assert not first.was.any()
    assert may_publish(first, 0, [0])


def test_every_make_of_device_has_its_name() -> None:
    shown = picture(changed(compiled(), compiled(), *({"platform": one} for one in PLATFORMS)))
    assert {one.name for one in shown.platforms} == set(PLATFORM_WORDS.values())
    assert [one.kind for one in shown.works] == list(CLASSES)
    assert shown.cells == ()
    assert CELLS[0] in CELL_BIT
