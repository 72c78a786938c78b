"""The notice says only what the policy says; the search shows rules; sites are whole names."""

import dataclasses
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.notices.models import Desk, FaqEntry, Question
from fobwatch.notices.rules import finding, patient
from fobwatch.notices.rules.sites import MOST, read_sites
from fobwatch.people.models import Organisation
from fobwatch.policy.models import template
from fobwatch.policy.rules import search
from fobwatch.policy.rules.check import BINDS
from fobwatch.policy.rules.checklist import ITEMS
from fobwatch.policy.rules.clause import with_params
from fobwatch.policy.rules.possible import Reader, opened
from fobwatch.policy.rules.readability import grade, sentences, words
from fobwatch.policy.rules.vocabulary import ACTIONS, BY_NAME, CLASSES, STAFF_GROUPS
from tests.policy.rules.made import clause
from tests.policy.rules.made import policy as made

DATA = tomllib.loads((Path(patient.__file__).parents[1] / "data" / "patients.toml").read_text())
GROUPS = {"mail": "mail_groups", "chat": "chat_groups", "record": "record_groups", "images": "image_groups"}


def part(policy, title: str) -> patient.Part:
    return next(one for one in patient.parts_of(policy) if one.title == title)


# --- the notice ---


def test_the_sentences_are_filed_under_words_that_exist() -> None:
    assert set(DATA["may"]) == set(CLASSES)
    assert all(set(said) <= set(ACTIONS) for said in DATA["may"].values())
    assert set(DATA["must"]) <= set(BY_NAME)
    assert set(DATA["never"]) | set(DATA["also"]) <= set(ITEMS)
    assert BINDS


def test_a_patient_can_read_it() -> None:
    lines = [line for one in patient.parts_of(template()) for line in (one.text, *one.lines)]
    assert grade("\n".join(lines)) <= 8
    assert max(len(words(one)) for line in lines for one in sentences(line)) <= 25


@given(st.fixed_dictionaries({name: st.sets(st.sampled_from(STAFF_GROUPS)) for name in GROUPS.values()}))
def test_a_kind_of_work_is_told_as_open_where_it_is_and_nowhere_else(chosen: dict[str, set[str]]) -> None:
    values = {name: [group for group in STAFF_GROUPS if group in groups] for name, groups in chosen.items()}
    policy = with_params(template(), values)
    lines = " ".join(part(policy, "What staff may do on their own device").lines)
    for kind, name in GROUPS.items():
        told = any(text in lines for text in DATA["may"][kind].values())
        assert told is bool(values[name])
        if values[name] == ["clinical"]:
            assert "Only clinical staff may do this." in lines


def test_closed_photographs_are_told_as_closed() -> None:
    closed = with_params(template(), {"image_groups": []})
    assert part(closed, "Photographs").text == "Staff may not photograph you with their own device."


def test_consent_is_promised_only_where_the_policy_asks_for_it() -> None:
    policy = template()
    bare = tuple(
        dataclasses.replace(one, items=tuple(item for item in one.items if item != "P23")) for one in policy.clauses
    )
    said = part(dataclasses.replace(policy, clauses=bare), "Photographs").text
    assert "You can say no" not in said
    assert "may photograph you" in said


def test_what_no_rule_says_is_not_said() -> None:
    policy = made(clause("grant", id="print-record", on=["record:print"]), clause("teach", id="t"))
    titles = [one.title for one in patient.parts_of(policy)]
    assert "What staff may never do" not in titles
    assert "What must be so first" not in titles
    lines = part(policy, "What staff may do on their own device").lines
    assert "Look at your health record and write in it, when they need it for your care." in lines


def test_a_kind_that_is_open_in_an_unusual_way_is_told_by_its_name() -> None:
    policy = made(clause("grant", id="odd", on=["images:print"]))
    lines = part(policy, "What staff may do on their own device").lines
    assert "Use this kind of work: clinical photographs." in lines


def test_a_policy_that_opens_nothing_is_told_as_that() -> None:
    groups = [param.name for param in template().params if param.kind == "groups"]
    closed = with_params(template(), {name: [] for name in groups})
    first = patient.parts_of(closed)[0]
    assert (first.lines, first.text.startswith("Staff may not use their own phones")) == ((), True)
    assert "What must be so first" not in [one.title for one in patient.parts_of(closed)]


# --- the search ---


@given(st.text(max_size=120), st.sampled_from(STAFF_GROUPS))
def test_whatever_is_asked_only_words_of_the_policy_come_back(query: str, group: str) -> None:
    policy = template()
    found = finding.find(policy, search.index_of(policy), (), query, Reader(group))
    for one in found.rules:
        assert " ".join(said for said, _ in one.said) == one.rule.text
    assert found.answers == ()
    assert len(found.rules) <= finding.MOST_RULES + len(policy.clauses)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("lost phone", False), ("can my son use my phone", False), ("print on my own phone", False),
        ("look at my rota", True), ("rota", True), ("my phone in a break", True),
    ],
)  # fmt: skip
def test_an_answer_is_not_shown_for_a_word_that_every_rule_has(query: str, shown: bool) -> None:
    policy = template()
    asked = search.Text("rota", (("May I look at my rota on my own phone while I am on a break?", 3.0), ("Yes.", 1.0)))
    found = finding.find(policy, search.index_of(policy), [asked], query, Reader("clinical"))
    assert found.answers == (("rota",) if shown else ())


def test_a_kind_of_work_that_is_named_brings_its_rule() -> None:
    policy = template()
    found = finding.find(policy, search.index_of(policy), (), "zzz whatsapp zzz qqq", Reader("clinical"))
    assert "open-chat" in [one.rule.clause.id for one in found.rules]
    assert [one.kind for one in found.kinds] == ["chat"]
    assert not found.nothing


def test_what_is_open_is_said_in_words() -> None:
    by_kind = {one.kind: one for one in opened(template(), "non_clinical")}
    assert finding.verbs(by_kind["chat"]) == "view, add and share"
    assert finding.verbs(by_kind["documents"]) == "view"
    assert finding.verbs(by_kind["record"]) == ""


# --- sites ---


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("", ()), ("https://www.example.org/", ("https://www.example.org",)),
        ("HTTPS://A.example\n\nhttps://a.example\nhttps://b.example:8443", ("https://a.example", "https://b.example:8443")),
    ],
)  # fmt: skip
def test_sites_are_whole_https_origins(text: str, sites: tuple[str, ...]) -> None:
    assert read_sites(text) == (sites, "")


@pytest.mark.parametrize(
    "text",
    [
        "*", "https://*.example.org", "http://www.example.org", "https://www.example.org/path", "https://localhost",
        "www.example.org", "https://a.example; script-src *", "https://a.example 'unsafe-inline'", "https://a.example,x",
        "https://exa mple.org", "'self'",
    ],
)  # fmt: skip
def test_anything_wider_is_refused(text: str) -> None:
    sites, wrong = read_sites(text)
    assert sites == ()
    assert "is not the address of a site" in wrong


def test_so_many_sites_are_too_many() -> None:
    text = "\n".join(f"https://s{number}.example" for number in range(MOST + 1))
    assert read_sites(text)[1] == f"At most {MOST} sites can show the notice."


@given(st.text(max_size=60))
def test_no_text_breaks_out_of_the_policy_of_a_page(text: str) -> None:
    sites, _ = read_sites(text)
    assert not any(set(site) & set(" ;,'\"*\n\r") for site in sites)


def test_rows_are_named_by_their_number_alone(hospital: Organisation) -> None:
    for row in (Desk(organisation=hospital), Question(pk="ab", text="Secret"), FaqEntry(pk="cd", question="Secret")):
        assert "Secret" not in str(row)
        assert row.pk in str(row)
