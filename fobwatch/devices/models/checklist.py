"""The short checklist of what no browser can see, as it is shipped."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from fobwatch.devices.models.device import Registration
from fobwatch.devices.rules.evidence import Item, from_declaration
from fobwatch.policy.rules.vocabulary import PLATFORM_WORDS, PLATFORMS, Grade

KIND = "kind"


@dataclass(frozen=True, slots=True)
class Question:
    """One question. kind: "yes", "minutes", "version" or "platform". facts: what the answer is declared evidence of."""

    id: str
    facts: tuple[str, ...]
    kind: str
    text: str
    yes: str = ""
    unseen: bool = False
    fresh_days: int = 90
    choices: tuple[tuple[int, str], ...] = ()
    how: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def steps(self, platform: str | None) -> tuple[str, ...]:
        """How to look or put it right on this kind of device."""
        return self.how.get(platform or "", self.how.get("any", ()))

    def items(self, value: int) -> list[Item]:
        """The declared evidence of an answer."""
        return [from_declaration(fact, value, self.fresh_days) for fact in self.facts]


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one screen."""

    id: str
    title: str
    questions: tuple[Question, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """All that the screen asks about."""
        return tuple(fact for question in self.questions for fact in question.facts)


_WHICH = Group(
    KIND,
    "What it is",
    (
        Question(
            KIND, ("platform",), "platform", "What kind of device is this?",
            choices=tuple((place, PLATFORM_WORDS[name]) for place, name in enumerate(PLATFORMS)),
        ),
    ),
)  # fmt: skip


@functools.cache
def _shipped() -> dict[str, Any]:
    text = (resources.files("fobwatch.devices") / "data" / "checklist.toml").read_text("utf-8")
    return tomllib.loads(text)


@functools.cache
def groups(platform: str | None) -> tuple[Group, ...]:
    """The screens for this kind of device, in order; where the kind is not known, the one that asks for it."""
    if platform is None:
        return (_WHICH,)
    found: dict[str, list[Question]] = {name: [] for name in _shipped()["group"]}
    for row in _shipped()["question"]:
        if platform in row["platforms"]:
            found[row.get("group_on", {}).get(platform, row["group"])].append(_question(row))
    return tuple(
        Group(name, _shipped()["group"][name]["title"], tuple(questions))
        for name, questions in found.items()
        if questions
    )


def _question(row: Mapping[str, Any]) -> Question:
    return Question(
        id=row["id"], facts=tuple(row["facts"]), kind=row["kind"], text=row["question"], yes=row["yes"],
        unseen=row.get("unseen", False), fresh_days=row["fresh_days"],
        choices=tuple((choice["value"], choice["label"]) for choice in row.get("choices", ())),
        how={name: tuple(steps) for name, steps in row["how"].items()},
    )  # fmt: skip


def to_ask(platform: str | None, known: Mapping[str, tuple[int, int, int, int]], now: int) -> tuple[Group, ...]:
    """The screens that are left to ask of this device: without what its browser tells well enough by itself.

    known: the facts of the registration. now: epoch seconds. A declared answer is asked for again, so that it can be
    changed.
    """
    made = platform if platform in PLATFORMS else None
    found = []
    for group in groups(made):
        questions = tuple(q for q in group.questions if not _seen(q, known, now))
        if questions:
            found.append(Group(group.id, group.title, questions))
    return tuple(found)


def _seen(question: Question, known: Mapping[str, tuple[int, int, int, int]], now: int) -> bool:
    """Whether all that it asks is known better than by word, and still counts."""
    facts = [known.get(fact) for fact in question.facts]
    return all(row is not None and row[1] > Grade.DECLARED and (not row[3] or now < row[3]) for row in facts)


def answered(group: Group, known: Mapping[str, tuple[int, int, int, int]]) -> bool:
    """Whether everything on this screen has an answer."""
    return all(fact in known for fact in group.facts)


def next_page(registration: Registration, now: int) -> tuple[str, ...]:
    """The name of the page on which a registration goes on, and what stands in its address. now: epoch seconds."""
    if registration.state != "enrolling":
        return ("devices:device", registration.pk)
    if registration.step == "key":
        return ("devices:key",)
    known = registration.known()
    screens = to_ask(registration.platform, known, now)
    left = [group for group in screens if not answered(group, known)]
    return ("devices:checklist", (left or list(screens[-1:]))[0].id) if screens else ("devices:done",)
