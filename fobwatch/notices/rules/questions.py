"""A question to the IG team: what it may hold, the states that it goes through, and how long it has waited (B07)."""

import datetime as dt

from fobwatch.kernel.patients import names_no_patient
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.verdict import Verdict

STATE_WORDS = {
    "waiting": "Waits for somebody to take it",
    "taken": "Somebody is looking into it",
    "answered": "Answered",
    "withdrawn": "Taken back",
}
OPEN = ("waiting", "taken")
# Each step: the states in which it may be taken, and the state after it. An answer can be put right.
STEPS: dict[str, tuple[tuple[str, ...], str]] = {
    "take": (OPEN, "taken"),
    "give_back": (("taken",), "waiting"),
    "answer": ((*OPEN, "answered"), "answered"),
    "withdraw": (OPEN, "withdrawn"),
}
SHORTEST, LONGEST = 10, 1_000
LONGEST_ANSWER = 4_000
# So many open questions of one person are no questions any more.
MOST_OPEN = 10

_NOT_NOW = {
    "answered": Verdict.no("This question has its answer already.", "Ask a new one if something is still not clear."),
    "withdrawn": Verdict.no("This question was taken back.", "Nothing needs to be done."),
    "waiting": Verdict.no("Nobody has taken this question yet.", "Take it first."),
}


def may(step: str, state: str) -> Verdict:
    """Whether a question in this state may take a step."""
    return Verdict.yes() if state in STEPS[step][0] else _NOT_NOW[state]


def text_verdict(text: str) -> Verdict:
    """Whether a question can be kept: long enough to be answered, and without what could name a patient."""
    if len(text.strip()) < SHORTEST:
        return Verdict.no(f"Ask in at least {SHORTEST} characters, for example “May I text a colleague about a shift?”")
    return answer_verdict(text)


def answer_verdict(text: str) -> Verdict:
    """Whether what others will read can be kept: without what could name a patient."""
    return names_no_patient(text, "Write it without naming a patient.")


def may_ask(open_already: int) -> Verdict:
    """Whether somebody with so many open questions may ask one more."""
    if open_already < MOST_OPEN:
        return Verdict.yes()
    return Verdict.no(
        f"You have {open_already} open questions already.",
        "Wait for an answer, or take one back. In a hurry? Call the help line below.",
    )


def waited(asked: dt.datetime, now: dt.datetime) -> str:
    """How long a question has waited, in words: "less than an hour", "5 hours", "3 days"."""
    hours = int((now - asked).total_seconds() // 3600)
    if hours < 1:
        return "less than an hour"
    count, unit = (hours, "hour") if hours < 24 else (hours // 24, "day")
    return f"{count} {unit}{'' if count == 1 else 's'}"


def due(asked: dt.datetime, days: int) -> dt.datetime:
    """The moment by which the organisation means to answer: so many days after it was asked."""
    return asked + dt.timedelta(days=days)


def of_the_team(held: frozenset[Permission]) -> Verdict:
    """Whether somebody with these permissions answers questions here."""
    if Permission.ANSWER_QUESTIONS in held:
        return Verdict.yes()
    return Verdict.no(
        "Your role here does not include answering questions.",
        "If your work needs it, ask the person who looks after staff accounts in your organisation.",
    )
