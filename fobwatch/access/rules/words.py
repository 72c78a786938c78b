"""The words of the page "What can I do on this device?": one heading, one line for each kind of work (S1, S3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from fobwatch.policy.rules.explain import Answer, Explanation, Status
from fobwatch.policy.rules.reasons import Cause, Reason
from fobwatch.policy.rules.vocabulary import ACTIONS, CELLS, CLASSES

_DEVICES = {
    "ios": "phone", "android": "phone", "ipados": "iPad", "windows": "computer", "macos": "computer",
    "chromeos": "computer", "linux": "computer",
}  # fmt: skip
_COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
_NOT_HERE = "The policy here does not open this on this device."
_KEEPS = {
    "no_download": "Nothing can be saved on this device.",
    "watermark": "Your name stands across what you look at.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of work. status: yes, view_only, not_yet or no. note: the rest of the line; minutes of its fixes."""

    kind: str
    label: str
    status: str
    note: str
    keeps: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def device_word(platform: str) -> str:
    """What people call it: "phone", "iPad", "computer"; "device" where we do not know."""
    return _DEVICES.get(platform, "device")


def count_words(count: int, one: str, many: str) -> str:
    """ "One thing", "Two things", "12 things"."""
    number = _COUNTS[count] if count < len(_COUNTS) else str(count)
    return f"{number} {one if count == 1 else many}"


def lines(explanation: Explanation) -> tuple[Line, ...]:
    """A line for each kind of work; where the line above needs the same fixes, it says so."""
    by_id = {reason.clause: reason for reason in explanation.reasons}
    above: tuple[str, ...] = ()
    found = []
    for answer in explanation.answers:
        curable = tuple(one for one in answer.reasons if one in by_id and by_id[one].curable)
        note = _note(answer, by_id, curable)
        if answer.status is Status.NOT_YET and curable == above:
            note = f"the same {len(curable)} fixes" if len(curable) > 1 else "the same fix"
        above = curable
        reasons = curable or answer.reasons
        found.append(Line(answer.kind, answer.label, answer.status.name.lower(), note, _keeps(answer), reasons))
    return tuple(found)


NOTHING = Explanation((), (), ())


def nothing(situation: str) -> tuple[Line, ...]:
    """The lines where no policy is in force, or on a computer that only its user calls a shared one."""
    note = "Not on this computer." if situation == "unmarked" else "There is no policy yet."
    return tuple(Line(kind, label, "no", note) for kind, label in CLASSES.items())


def _note(answer: Answer, by_id: Mapping[str, Reason], curable: tuple[str, ...]) -> str:
    if answer.status in (Status.YES, Status.VIEW_ONLY):
        return f"You can {listed([ACTIONS[action] for action in answer.actions])}."
    if answer.status is Status.NOT_YET:
        minutes = sum(by_id[one].minutes for one in curable)
        fixes = f"{len(curable)} fix{'' if len(curable) == 1 else 'es'}"
        return f"{fixes}, about {minutes} minute{'' if minutes == 1 else 's'}" if minutes else fixes
    if answer.missing_grant:
        return answer.missing_grant
    return next((" ".join(by_id[one].sentences) for one in answer.reasons if one not in curable), "") or _NOT_HERE


def _keeps(answer: Answer) -> tuple[str, ...]:
    duties = {name for found in answer.obligations.values() for name, value in found.items() if value is True}
    return tuple(words for name, words in _KEEPS.items() if name in duties)


def listed(words: list[str]) -> str:
    """ "view", "view and share", "view, share and print"."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def fixes(explanation: Explanation) -> tuple[Reason, ...]:
    """What the person can put right, so that something opens."""
    needed = {one for answer in explanation.answers if answer.status is Status.NOT_YET for one in answer.reasons}
    return tuple(one for one in explanation.reasons if one.clause in needed and one.curable)


def stale(explanation: Explanation) -> bool:
    """Whether something that we knew is out of date, so that checking again may be all that is needed."""
    return any(one.cause is Cause.STALE for one in (*explanation.reasons, *explanation.warnings))


SITUATIONS = {
    "shared": ("This is a shared computer", "It is never registered as your own. Sign out when you have finished."),
    "unmarked": (
        "This computer is not on IT’s list of shared computers",
        "You ticked that it is a shared computer, so nothing opens on it. Call IT: they put it on the list. Or use a"
        " computer that is on it. If this one is your own, sign out, and sign in again without the tick.",
    ),
    "none": (
        "This browser is not registered for work yet",
        "Register it in about two minutes, or open this page in the browser that you registered.",
    ),
    "enrolling": ("Finish setting up this {device}", "Carry on where you stopped. It takes about two minutes."),
    "suspended": (
        "Access from this {device} is paused",
        "Your IT team paused it. Nothing personal on it changes. Call them and they tell you why and what to do.",
    ),
    "lost": (
        "This {device} was reported lost",
        "Access to work from it has ended. If you have it back, call your IT team: they can restore it.",
    ),
    "retired": ("This {device} was removed from work", "To use it for work again, register it anew."),
}


def heading(situation: str, platform: str, explanation: Explanation) -> tuple[str, str]:
    """The heading and the sentence under it. situation: "active", a key of SITUATIONS, or "no_policy"."""
    device = device_word(platform)
    if situation == "no_policy":
        return (
            "Nothing is open yet",
            "Your organisation has not put a policy in force. Until then all work stays closed.",
        )
    if situation in SITUATIONS:
        title, lead = SITUATIONS[situation]
        return title.format(device=device), lead
    todo = fixes(explanation)
    if todo:
        minutes = sum(one.minutes for one in todo)
        lead = f"It takes about {minutes} minute{'' if minutes == 1 else 's'}. Then check again." if minutes else ""
        return f"{count_words(len(todo), 'thing', 'things')} to fix on your {device}", lead
    if not any(answer.actions for answer in explanation.answers):
        return f"Your {device} cannot be used for work here", "Each line says why."
    if explanation.warnings:
        return (
            f"Your {device} is ready for work, for now",
            f"{count_words(len(explanation.warnings), 'thing needs', 'things need')} your attention soon.",
        )
    return f"Your {device} is ready for work", ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one cell is closed. sentence: where the policy does not open it at all."""

    heading: str
    open: bool
    curable: bool
    reasons: tuple[Reason, ...]
    sentence: str
    minutes: int


def refusal(cell: str, platform: str, explanation: Explanation, *, may: bool) -> Refusal:
    """The words for one cell; for an unknown one, that nobody has said what kind of work it holds."""
    device = device_word(platform)
    if cell not in CELLS:
        return Refusal(
            f"You cannot open this page on this {device}", False, False, (),
            "Nobody here has said yet what kind of work this address holds, so it stays closed for everybody.", 0,
        )  # fmt: skip
    kind, action = cell.split(":")
    label, doing = CLASSES[kind], "open" if action == "view" else ACTIONS[action]
    if may:
        return Refusal(f"You can {doing} {label} on this {device} now", True, False, (), "", 0)
    here = tuple(one for one in explanation.reasons if cell in one.cells)
    curable = bool(here) and all(one.curable for one in here)
    sentence = ""
    if not here:
        answer = next((one for one in explanation.answers if one.kind == kind), None)
        can = f" You can {listed([ACTIONS[one] for one in answer.actions])}." if answer and answer.actions else ""
        sentence = (answer.missing_grant if answer else "") or (
            f"The policy here does not let you {ACTIONS[action]} {label[0].lower()}{label[1:]} on this {device}.{can}"
        )
    return Refusal(
        f"You cannot {doing} {label} on this {device}{' yet' if curable else ''}", False, curable, here, sentence,
        sum(one.minutes for one in here if one.steps),
    )  # fmt: skip
