"""The fields of a rule but for the rows of its conditions, and what they say as the data of a clause."""

from collections.abc import Mapping
from typing import Any

from django import forms

from fobwatch.policy.forms.offered import Offered, Several
from fobwatch.policy.rules.check import BINDS, KINDS
from fobwatch.policy.rules.checklist import GUIDANCE, ITEMS
from fobwatch.policy.rules.clause import clause_data
from fobwatch.policy.rules.difference import BIND_WORDS, KIND_WORDS
from fobwatch.policy.rules.form import Clause, Param, Policy, Problem, atoms
from fobwatch.policy.rules.phrasing import grades_for
from fobwatch.policy.rules.reading import GRADE_ASKED
from fobwatch.policy.rules.values import cells_of
from fobwatch.policy.rules.vocabulary import (
    ACTIONS,
    BY_NAME,
    CELLS,
    CLASSES,
    PLATFORM_WORDS,
    PLATFORMS,
    ROLES,
    STAFF_GROUPS,
)  # fmt: skip
from fobwatch.policy.rules.words import choice_words

GROUP_VALUES = [
    ("", "nobody"), ("clinical", "clinical staff"), ("non_clinical", "non-clinical staff"),
    ("clinical,non_clinical", "clinical and non-clinical staff"),
]  # fmt: skip
FLAGS = [
    ("view_only", "View only"), ("no_download", "No download"), ("watermark", "A watermark on the page"),
    ("break_glass", "Emergency access may set this rule aside"),
]  # fmt: skip
NUMBERS = {
    "idle_minutes": "Sign out after no use for (minutes)",
    "absolute_hours": "Sign out in any case after (hours)",
}
FIXES = ("any", *PLATFORMS)
# What a problem of a clause calls its parts, and the field that it stands beside.
PLACES = {
    "title": "title", "section": "section", "text": "text", "addition": "addition", "do": "do", "dont": "dont",
    "fails": "fails", "grade": "grade", "grace_days": "grace", "minutes": "minutes", "on": "work-mail",
    "audience": "teams", "need": "need-how", "when": "when-how",
}  # fmt: skip
CALLED = {
    "teams": "Teams or specialties", "audience": "Whom it is for", "fails": "What a no says", "on": "Kinds of work",
    "text": "The words of the rule", "need": "What it asks", "when": "When it applies", "dont": "Don’t", "do": "Do",
    "grade": "How we must know", "grace_days": "Time of grace", "section": "Heading",
}  # fmt: skip


def _area(label: str, help_text: str = "", *, rows: int = 3, required: bool = False, most: int = 2000) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": str(rows)})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=most, widget=widget)


def _several(label: str, choices: list[tuple[str, str]], help_text: str = "") -> forms.Field:
    return Several(label=label, choices=choices, help_text=help_text)


def _line(label: str, help_text: str = "", *, width: str = "", required: bool = False, most: int = 200) -> forms.Field:
    widget = forms.TextInput(attrs={"width": width} if width else {})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=most, widget=widget)


def fields(policy: Policy, clause: Clause, teams: list[str]) -> dict[str, forms.Field]:
    """Every field of a rule, by its name on the page."""
    details = {f"param-{one.name}": _detail(one) for one in policy.params if clause.uses(one.name)}
    return {**details, **_words(teams), **_enforced(policy, clause), **_met()}


def _detail(param: Param) -> forms.Field:
    label = f"{param.label} ({param.unit})" if param.unit else param.label
    if param.kind == "groups":
        return Offered(label=label, choices=GROUP_VALUES)
    if param.kind == "bool":
        return forms.ChoiceField(label=label, choices=[("yes", "yes"), ("no", "no")])
    return _line(label, width="" if param.kind == "text" else "5", required=True)


def _words(teams: list[str]) -> dict[str, forms.Field]:
    title = _line("Title", required=True, most=120)
    title.error_messages["required"] = "Enter a title"
    return {
        "title": title, "section": _line("Heading", required=True, most=120),
        "text": _area("The words of the rule", "Words in curly brackets are details: leave them as they are.", rows=5,
                      required=True, most=4000),
        "addition": _area("What you add here", "It stands after the words of the rule, which stay as they are."),
        "do": _line("Do, in one line", most=300), "dont": _line("Don’t, in one line", most=300),
        "binds": _several("Whom it binds", [(one, BIND_WORDS[one].capitalize() if one == "staff" else BIND_WORDS[one])
                                            for one in BINDS]),
        "groups": _several("For these staff groups only", [(one, choice_words(one)) for one in STAFF_GROUPS],
                           "Choose none for everybody. A rule that is checked is checked for them only."),
        "roles": _several("For these roles only", [(one, choice_words(one)) for one in ROLES]),
        "teams": _several("For these teams or specialties only", [(one, one) for one in teams],
                          "Only for a rule that is taught: who is in which team is not known when Fobwatch decides."),
    }  # fmt: skip


def _enforced(policy: Policy, clause: Clause) -> dict[str, forms.Field]:
    facts = [BY_NAME[atom.fact] for atom in atoms(clause.need)]
    grades = [(one.name.lower(), GRADE_ASKED[one]) for one in grades_for(facts)]
    whole = [(f"${one.name}", f"As your details say: {one.label}") for one in policy.params if one.kind == "int"]
    kinds = [(one, KIND_WORDS[one]) for one in KINDS]
    made = {
        "kind": forms.ChoiceField(
            label="What this rule does", choices=kinds, widget=forms.RadioSelect,
            help_text="Not every rule can be enforced. One that is only taught keeps nothing of what follows.",
        ),
        **{f"work-{one}": _several(label, list(ACTIONS.items())) for one, label in CLASSES.items()},
        "grade": Offered(label="How we must know it", choices=grades,
                                   help_text="Only what exists for the facts that this rule asks."),
        "grace": Offered(label="Time of grace", choices=[("", "A number of days"), *whole]),
        "grace_days": _line("Number of days", "0 for no grace.", width="3", most=3),
        "flags": _several("It also says", FLAGS), "fails": _area("What a no says to the person"),
        "minutes": _line("Minutes to put it right", width="3", most=4),
    }  # fmt: skip
    for name, label in NUMBERS.items():
        made[f"set-{name}"] = Offered(label=label, choices=[("", "A number"), *whole])
        made[f"set-{name}-number"] = _line(f"{label}: number", width="3", most=4)
    for key in FIXES:
        label = f"The fix on: {PLATFORM_WORDS[key]}" if key in PLATFORM_WORDS else "The fix on any device"
        made[f"fix-{key}"] = _area(label, "One step on each line.", most=4000)
    return made


def _met() -> dict[str, forms.Field]:
    return {
        "items": _several("Items that it meets", [(key, f"{key}: {words}") for key, words in ITEMS.items()]),
        "guidance": _several("Guidance that it meets", [(key, f"{key}: {words}") for key, words in GUIDANCE.items()]),
    }


def start(policy: Policy, clause: Clause) -> dict[str, Any]:
    """A clause as its fields show it."""
    data = clause_data(clause)
    shown: dict[str, Any] = {key: data.get(key, "") for key in ("title", "section", "text", "addition", "do", "dont")}
    shown |= {"binds": list(clause.binds), "items": list(clause.items)}
    shown["guidance"] = [one for one in clause.guidance if one in GUIDANCE]
    shown |= {key: list(clause.audience.get(key, ())) for key in ("groups", "roles", "teams")}
    for name in CLASSES:
        shown[f"work-{name}"] = work_of(clause, name)
    flags = [name for name, _ in FLAGS if clause.set.get(name) is True]
    shown |= {
        "kind": clause.kind, "grade": clause.grade.name.lower(), "fails": clause.fails,
        "minutes": str(clause.minutes or ""), "flags": [*flags, *(["break_glass"] if clause.break_glass else [])],
        **_number("grace", "grace_days", clause.grace_days),
        **{f"fix-{key}": "\n".join(one) for key, one in clause.fix.items()},
    }  # fmt: skip
    for name in NUMBERS:
        shown |= _number(f"set-{name}", f"set-{name}-number", clause.set.get(name, ""))
    for param in policy.params:
        value = param.value
        shown[f"param-{param.name}"] = (
            ",".join(value) if isinstance(value, tuple) else ("yes" if value else "no") if isinstance(value, bool)
            else str(value)
        )  # fmt: skip
    return shown


def _number(detail: str, number: str, value: Any) -> dict[str, str]:
    named = isinstance(value, str) and value.startswith("$")
    return {detail: value if named else "", number: "" if named else str(value)}


def _told(given: Mapping[str, Any], detail: str, number: str) -> Any:
    """A whole number or "$param"; what is neither stays as it is, and the policy says why."""
    if named := given.get(detail):
        return named
    text = (given.get(number) or "").strip()
    return int(text) if text.isascii() and text.isdigit() else text


def kept(clause: Clause, name: str) -> list[Any] | None:
    """A condition as it is stored: one that no rows can show."""
    found: list[Any] | None = clause_data(clause).get(name)
    return found


def written(clause: Clause, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, as the data of a clause; conditions come from the rows."""
    before = clause_data(clause)
    data: dict[str, Any] = {key: before[key] for key in ("own", "template") if key in before}
    texts = ("kind", "title", "section", "text", "addition", "do", "dont")
    data |= {key: given[key].replace("\r\n", "\n").strip() for key in texts if given.get(key)}
    for key, order, offered in (
        ("items", clause.items, ITEMS), ("guidance", clause.guidance, GUIDANCE), ("binds", clause.binds, BINDS),
    ):  # fmt: skip
        chosen = given.get(key) or []
        # What the page does not offer, it does not take away.
        stay = [one for one in order if one in chosen or one not in offered]
        if found := [*stay, *(one for one in chosen if one not in stay)]:
            data[key] = found
    audience = {key: list(given[key]) for key in ("groups", "roles", "teams") if given.get(key)}
    if audience:
        data["audience"] = audience
    return {**data, **_enforcement(clause, given)} if given.get("kind") != "teach" else data


def _enforcement(clause: Clause, given: Mapping[str, Any]) -> dict[str, Any]:
    flags = given.get("flags") or []
    sets: dict[str, Any] = {name: True for name, _ in FLAGS if name in flags and name != "break_glass"}
    for name in NUMBERS:
        if (value := _told(given, f"set-{name}", f"set-{name}-number")) != "":
            sets[name] = value
    fix = {key: [one.strip() for one in (given.get(f"fix-{key}") or "").splitlines() if one.strip()] for key in FIXES}
    data = {
        "on": list(_patterns(clause, given)), "grade": given.get("grade") or "declared",
        "grace_days": _told(given, "grace", "grace_days") or 0, "break_glass": "break_glass" in flags, "set": sets,
        "fails": (given.get("fails") or "").strip(), "minutes": _told(given, "", "minutes") or 0,
        "fix": {key: lines for key, lines in fix.items() if lines},
    }  # fmt: skip
    return {key: value for key, value in data.items() if value not in ("", 0, False, {}, [])}


def _patterns(clause: Clause, given: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of work as few words as they need; those of the clause where nothing changed."""
    chosen = {name: [one for one in ACTIONS if one in (given.get(f"work-{name}") or [])] for name in CLASSES}
    before = {name: work_of(clause, name) for name in CLASSES}
    if chosen == before:
        return clause.on
    if all(len(one) == len(ACTIONS) for one in chosen.values()):
        return ("*:*",)
    return tuple(
        pattern
        for name, actions in chosen.items()
        for pattern in ([f"{name}:*"] if len(actions) == len(ACTIONS) else [f"{name}:{one}" for one in actions])
    )


def work_of(clause: Clause, name: str) -> list[str]:
    """What a clause covers of one kind of work."""
    covered = 0
    for pattern in clause.on:
        covered |= cells_of(pattern)
    return [one for one in ACTIONS if covered >> CELLS.index(f"{name}:{one}") & 1]


def where(problem: Problem, clause_id: str, known: set[str]) -> tuple[str | None, str]:
    """The field that a problem stands beside, and its sentence in the words of the page."""
    if problem.where != clause_id:
        field = f"param-{problem.where}"
        return (field if field in known else None), problem.sentence
    sentence = problem.sentence
    place = next((PLACES[key] for key in PLACES if f"“{key}”" in sentence), None)
    for key, words in CALLED.items():
        sentence = sentence.replace(f"“{key}”", f"“{words}”")
    return (place if place in known else None), sentence
