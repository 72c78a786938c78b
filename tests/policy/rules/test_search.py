"""The search finds the rule that a nurse means, mends a slip of the finger, and finds nothing where nothing is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.policy.models import template
from fobwatch.policy.rules import search
from fobwatch.policy.rules.reading import rules

INDEX = search.index_of(template())
# What staff ask, and the rule that answers it: among the first three.
ASKED = {
    "may I use whatsapp for patients?": "open-chat",
    "can I take a photo of a wound with my phone": "take-photographs",
    "Can I save a file on my laptop": "no-copies",
    "my phone was stolen": "report-loss",
    "I've lost my mobile": "report-loss",
    "can my daughter use my ipad": "not-shared",
    "can I lend my phone to a friend": "not-shared",
    "is iphone 12 with ios 17 ok": "version-iphone",
    "my android is old": "version-android",
    "do I need antivirus on my mac": "antivirus",
    "can i print at home": "no-copies",
    "can I forward email to my gmail": "open-mail",
    "look at my rota": "open-mail",
    "I am leaving the trust": "leaving-or-away",
    "maternity leave": "leaving-or-away",
    "what happens if I break the rules": "checks",
    "chatgpt": "approved-apps",
    "can I read patient records at home": "open-record",
    "can I look at blood results": "open-record",
    "how long until I am signed out": "passkey",
    "photgraph": "take-photographs",
    "jailbrokn": "unaltered",
    "can I back up to icloud": "no-copies",
    "what PIN do I need": "screen-lock",
    "how fast must the screen lock itself": "auto-lock",
    "jailbroken phone": "unaltered",
    "who owns this policy": "roles",
    "someone asked for data FOI": "requests",
    "do you wipe my phone": "find-and-erase",
    "notifications on lock screen": "hidden-notices",
    "patient number in contacts": "contacts-reviewed",
    "how do I register": "registered",
    "admin account": "own-account",
    "emergency access": "open-record",
    "screenshot of a message": "open-chat",
    "how often do I check in": "check-in",
    "what is a dpia": "checks",
    "bitlocker": "encrypted",
    "training": "training",
    "home visit notes": "keep-nothing",
}


@pytest.mark.parametrize("query", ASKED)
def test_the_rule_that_is_meant_is_among_the_first_three(query: str) -> None:
    assert ASKED[query] in [hit.key for hit in INDEX.find(query, 3)]


def test_most_often_it_is_the_very_first() -> None:
    first = [INDEX.find(query)[0].key == wanted for query, wanted in ASKED.items()]
    assert sum(first) / len(first) >= 0.75


@pytest.mark.parametrize("query", ["parking my bike", "is the cafe open", "Wi-Fi in the canteen", "", "the", "?!"])
def test_what_the_policy_does_not_speak_of_is_not_found(query: str) -> None:
    assert INDEX.find(query) == []


@given(st.text(max_size=400))
def test_any_text_is_searched_and_only_rules_are_found(query: str) -> None:
    known = {clause.id for clause in template().clauses}
    hits = INDEX.find(query)
    assert {hit.key for hit in hits} <= known
    assert all(search.ENOUGH <= hit.share <= 1.0001 for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    search.kinds_asked(query)


@pytest.mark.parametrize(
    "forms",
    [
        ("copy", "copies", "copied", "copying"), ("message", "messages", "messaging"), ("lock", "locks", "locked"),
        ("stop", "stopped", "stopping"), ("device's", "device", "devices"), ("photograph", "photographs"),
        ("back-up", "backup"),
    ],
)  # fmt: skip
def test_forms_of_a_word_meet(forms: tuple[str, ...]) -> None:
    assert len({search.stem(form) for form in forms}) == 1


@pytest.mark.parametrize("word", ["pass", "virus", "this", "ring", "bed", "is", "ios", "red"])
def test_short_words_keep_themselves(word: str) -> None:
    assert search.stem(word).rstrip("e") == word


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("photograph", "photgraph", True), ("photgraph", "photograph", True), ("password", "passwodr", True),
        ("camera", "canera", True), ("camera", "camera", False), ("phone", "phones", True), ("cat", "car", False),
        ("message", "massages", False), ("password", "passwrdo", False),
    ],
)  # fmt: skip
def test_one_letter_is_forgiven_and_no_more(one: str, other: str, near: bool) -> None:
    assert search._one_letter(one, other) is near


def test_a_kind_of_work_is_known_by_many_names() -> None:
    assert search.kinds_asked("WhatsApp a picture") == ("chat", "images")
    assert search.kinds_asked("SystmOne at home") == ("record",)
    assert search.kinds_asked("parking") == ()


def test_a_quote_leaves_nothing_out() -> None:
    for rule in rules(template()):
        assert " ".join(part for part, _ in search.marked(rule.text, "lost phone")) == rule.text
