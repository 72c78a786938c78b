"""A clause for some staff: what is enforced, what is only read, and that what is written comes back as it was."""

from typing import Any

import pytest

from fobwatch.policy.models import template
from fobwatch.policy.rules.clause import (
    Policy,
    PolicyErrors,
    canonical,
    clause_data,
    clause_digest,
    from_json,
    parse,
    to_data,
    with_params,
)  # fmt: skip
from fobwatch.policy.rules.compile import compile_policy
from fobwatch.policy.rules.form import atoms, own_when, said
from fobwatch.policy.rules.reading import audience_words, is_for, rules

LOCK, OPEN = "screen-lock", "open-mail"


def changed(clause_id: str, **values: Any) -> Policy:
    data = to_data(template())
    data["clause"] = [{**one, **values} if one["id"] == clause_id else one for one in data["clause"]]
    return parse(data)


def taught() -> str:
    return next(one.id for one in template().clauses if one.kind == "teach")


@pytest.mark.parametrize(
    ("clause_id", "audience", "facts"),
    [
        (LOCK, {"groups": ["clinical"]}, ["staff_group", "ownership"]),
        (LOCK, {"groups": ["clinical"], "roles": ["manager"]}, ["staff_group", "role", "ownership"]),
        ("passkey", {"roles": ["manager"]}, ["role"]),
        ("passkey", {"groups": ["clinical"], "roles": ["manager"]}, ["staff_group", "role"]),
        (OPEN, {"groups": ["clinical"]}, ["staff_group"]),
    ],
)
def test_groups_and_roles_are_enforced_and_the_text_comes_back_as_it_was(
    clause_id: str, audience: dict[str, list[str]], facts: list[str]
) -> None:
    policy = changed(clause_id, audience=audience)
    clause = policy.clause(clause_id)
    assert [atom.fact for atom in atoms(clause.when)] == facts
    assert own_when(clause) == template().clause(clause_id).when
    assert clause_data(clause)["audience"] == audience
    assert clause_data(clause).get("when") == clause_data(template().clause(clause_id)).get("when")
    assert from_json(canonical(policy)) == policy
    assert set(facts) <= set(compile_policy(policy).names)


def test_a_team_is_read_and_taught_and_never_decides() -> None:
    policy = changed(taught(), audience={"teams": ["Theatres", "Maternity"], "groups": ["clinical"]})
    clause = policy.clause(taught())
    assert clause.when is None
    assert audience_words(clause) == "Clinical staff in Theatres, Maternity"
    assert is_for(clause, staff_group="clinical", team="Theatres")
    assert is_for(clause)
    assert not is_for(clause, team="Portering")
    assert not is_for(clause, staff_group="non_clinical", team="Theatres")
    with pytest.raises(PolicyErrors, match="cannot be for some teams only"):
        changed(LOCK, audience={"teams": ["Theatres"]})


@pytest.mark.parametrize(
    "audience", [{"groups": ["surgeons"]}, {"roles": ["staff", "staff"]}, {"teams": [" "]}, {"sites": ["North"]}, "all"]
)
def test_an_audience_that_there_is_not_is_refused(audience: Any) -> None:
    with pytest.raises(PolicyErrors):
        changed(taught(), audience=audience)


def test_who_it_is_for_in_words() -> None:
    assert [audience_words(changed(LOCK, audience=one).clause(LOCK)) for one in (
        {}, {"roles": ["manager", "it_support"]}, {"groups": ["clinical", "non_clinical"]},
    )] == ["", "Staff with the role manager or IT support", "Clinical and non-clinical staff"]  # fmt: skip


def test_what_is_added_here_is_read_and_leaves_the_national_sentence() -> None:
    policy = changed(LOCK, addition="On Ward 6, put it in the locker. At most {auto_lock_minutes} minutes.")
    clause = policy.clause(LOCK)
    assert clause.text == template().clause(LOCK).text
    assert said(policy, clause).endswith("put it in the locker. At most 5 minutes.")
    rule = rules(policy)[policy.clauses.index(clause)]
    assert (rule.text, rule.audience) == (said(policy, clause), "")
    with pytest.raises(PolicyErrors, match="is not a parameter"):
        changed(LOCK, addition="{unknown}")


def test_what_was_left_out_of_the_template_is_kept() -> None:
    data = {**to_data(template()), "left_out": {"screen-lock": "2026.1"}}
    assert from_json(canonical(parse(data))).left_out == {"screen-lock": "2026.1"}
    with pytest.raises(PolicyErrors):
        parse({**data, "left_out": {"screen-lock": 1}})


def test_what_an_author_saw_of_a_clause_changes_with_it_and_with_its_own_parameters() -> None:
    before = template()
    shown = clause_digest(before, before.clause("auto-lock"))
    for after, same in (
        (with_params(before, {"auto_lock_minutes": 3}), False),
        (with_params(before, {"min_ios": "18.2"}), True),
        (changed("auto-lock", title="Let it lock"), False),
        (changed(LOCK, title="Lock it"), True),
    ):
        assert (clause_digest(after, after.clause("auto-lock")) == shown) == same
