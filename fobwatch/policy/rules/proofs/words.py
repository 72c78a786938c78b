"""A person and a device in a sentence, and kinds of work in words."""

from collections.abc import Iterable

from fobwatch.policy.rules.compile import Compiled
from fobwatch.policy.rules.form import param_words, sentence
from fobwatch.policy.rules.row import Row, unpack
from fobwatch.policy.rules.vocabulary import (
    ACTIONS,
    BY_NAME,
    CELLS,
    CLASSES,
    GRADE_WORDS,
    About,
    Fact,
    Grade,
    Kind,
    version_number,
    version_text,
)
from fobwatch.policy.rules.words import choice_words, fact_words

# What goes without saying. Versions are examples of recent ones, and say nothing about support.
VERSIONS = {
    "ios": "26.1", "ipados": "26.1", "android": "16", "windows": "11", "macos": "26.1", "chromeos": "144",
    "linux": "6.12",
}  # fmt: skip
USUAL_MINUTES, USUAL_LEFT = 2, 90 * 86_400

_STATES = {
    "enrolling": "that is still being registered", "suspended": "that IT has suspended",
    "lost": "that was reported lost", "retired": "that was taken off the register",
}  # fmt: skip
_OWNERS = {"personal": "their own", "issued": "a work", "shared": "a shared"}
_EMPLOYED = {"away": "who is away", "leaving": "who is leaving", "left": "who has left"}
_ROLES = {
    "manager": "line manager", "ig_lead": "IG lead", "dpo": "data protection officer",
    "caldicott_guardian": "Caldicott Guardian", "it_support": "member of IT support",
    "people_admin": "staff administrator", "auditor": "auditor", "practice_lead": "practice lead",
}  # fmt: skip
# A protection that is not there, as it is said after "with" or "where"; other facts are said by their plain name.
_WRONG = {
    "screen_lock": "no screen lock", "encrypted": "storage not encrypted", "unaltered": "its guards taken away",
    "antivirus": "no antivirus that is on and current", "non_admin": "work done in an administrator's account",
    "not_shared": "others using it too", "notifications_hidden": "messages shown on the lock screen",
    "contacts_reviewed": "the apps that see its contacts not looked at",
    "remote_wipe_on": "find and erase switched off", "browser_key": "a browser whose key did not answer",
    "policy_read": "the current policy not confirmed", "passkey_verified": "no passkey used at sign-in",
}  # fmt: skip


def told(row: Row, now: int) -> str:
    """Who this is, without a full stop: "A clinical member of staff on their own iPhone, with no screen lock"."""
    said = [f"{_who(row)} on {_device(row)}"]
    details = [part for name in BY_NAME if (part := _detail(row, name, now))]
    return f"{said[0]}, with {listed(details)}" if details else said[0]


def facts_told(row: Row, now: int) -> tuple[tuple[str, str], ...]:
    """Every fact that is known or was once, by its plain name, with its value and how it is known."""
    lines = []
    for name, fact in BY_NAME.items():
        held = unpack(row, name)
        if held.grade and now < held.expires:
            lines.append((fact.plain, f"{fact_words(fact, held.value, now)} ({_how(held.grade)})"))
        else:
            lines.append((fact.plain, "out of date" if held.grade else "not known"))
    return tuple(lines)


def _how(grade: int) -> str:
    return "told by the person" if grade == Grade.DECLARED else GRADE_WORDS[Grade(grade)].lower()


def _choice(row: Row, name: str) -> str:
    """The choice that is held; empty where it is not known."""
    held = unpack(row, name)
    return BY_NAME[name].choices[held.value] if held.grade else ""


def _who(row: Row) -> str:
    group, role = _choice(row, "staff_group"), _choice(row, "role")
    noun = _ROLES.get(role, "member of staff")
    adjective = f"{choice_words(group)} " if group else ""
    text = f"{adjective}{noun}"
    text = f"{'An' if text[0] in 'aeiouAEIOU' else 'A'} {text}"
    if not group:
        text += " of an unknown staff group"
    employment = _choice(row, "employment")
    after = _EMPLOYED.get(employment, "") if employment else "whose employment is not recorded"
    return f"{text} {after}," if after else text


def those(group: tuple[str, ...], role: tuple[str, ...], ownership: tuple[str, ...], platform: tuple[str, ...]) -> str:
    """People and devices of some kinds; of what is empty, any: "clinical staff on their own iPhone"."""
    who = f"{choice_words(group[0])} staff" if len(group) == 1 else "all staff"
    if role:
        who += f" with the role {listed([_ROLES.get(one, one) for one in role], 'or')}"
    owners = listed([_OWNERS[one] for one in ownership], "or") if ownership else "any"
    return f"{who} on {owners} {listed([choice_words(one) for one in platform], 'or') if platform else 'device'}"


def _device(row: Row) -> str:
    ownership, state, platform = (_choice(row, name) for name in ("ownership", "device_state", "platform"))
    held = unpack(row, "platform")
    noun = choice_words(platform) if platform and held.expires > held.observed else "device of an unknown make"
    if state == "none":
        return "a shared ward computer" if ownership == "shared" else "a device that is not registered"
    owner = _OWNERS.get(ownership, "somebody's")
    words = f"{owner} {noun}"
    after = _STATES.get(state, "") if state else "whose state is not known"
    return f"{words} {after}".rstrip()


# What the sentence says of the person and the device by itself.
_SAID = {"staff_group", "role", "employment", "ownership", "device_state", "platform"}


def _detail(row: Row, name: str, now: int) -> str:
    """What is not as it should be about one fact; empty where nothing is, or where the sentence says it already."""
    fact, held = BY_NAME[name], unpack(row, name)
    outside = _choice(row, "device_state") == "none" and fact.about is About.DEVICE
    if name in _SAID or outside or (name == "verified" and not held.grade):
        return ""
    if not held.grade or held.expires <= now:
        return f"{_plain(name)} {'out of date' if held.grade else 'not known'}"
    only = f" (only {_how(held.grade)})" if held.grade < max(fact.grades) else ""
    if held.value in usual(name, row, now):
        return f"{_plain(name)}{only}" if only else ""
    if fact.kind is Kind.BOOL:
        return f"{_WRONG.get(name, f'{_plain(name)}: no')}{only}"
    return f"{_counted(fact, held.value, now)}{only}"


def _counted(fact: Fact, value: int, now: int) -> str:
    """A version, a number or a time that does not go without saying."""
    if fact.kind is Kind.VERSION:
        return f"version {version_text(value)}"
    passed = {Kind.SINCE: now - value, Kind.UNTIL: value - now}.get(fact.kind, value)
    count = passed // fact.unit
    # The plain name begins with the unit: "days until security fixes end".
    return f"{abs(count):,} {fact.plain.replace(' until ', ' after ', 1) if count < 0 else fact.plain}"


def usual(name: str, row: Row, now: int) -> tuple[int, ...]:
    """The value of a version, number or time that goes without saying; empty where there is none."""
    kind, make = BY_NAME[name].kind, _choice(row, "platform")
    if kind is Kind.VERSION:
        return (version_number(VERSIONS[make]),) if make else ()
    usually = {Kind.BOOL: 1, Kind.INT: USUAL_MINUTES, Kind.SINCE: now, Kind.UNTIL: now + USUAL_LEFT}
    return (usually[kind],) if kind in usually else ()


def work_told(cells: Iterable[str], way: str = "and") -> str:
    """Kinds of work after "may": "view and print documents; and view patient records"."""
    wanted = set(cells)
    parts = []
    for kind, label in CLASSES.items():
        verbs = [verb for action, verb in ACTIONS.items() if f"{kind}:{action}" in wanted]
        if verbs:
            parts.append(f"{'do anything with' if len(verbs) == len(ACTIONS) else listed(verbs, way)} {_lower(label)}")
    if wanted >= set(CELLS):
        return "do all work" if way == "and" else "do any work"
    return f"; {way} ".join(["; ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def doing(who: str, what: str) -> str:
    """A person and what they do, as one sentence without its full stop."""
    return f"{who}, {what}" if ", with " in who else f"{who} {what}"


def named(compiled: Compiled, clauses: Iterable[str]) -> str:
    """Clauses by their titles: "“Encrypt your computer” and “Lost or stolen”"."""
    policy = compiled.policy
    words = param_words(policy)
    return listed([f"“{sentence(policy.clause(one).title, words)}”" for one in clauses])


def listed(parts: list[str], way: str = "and") -> str:
    """One, two and three."""
    return f" {way} ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]


def _plain(name: str) -> str:
    return f"“{BY_NAME[name].plain}”"
