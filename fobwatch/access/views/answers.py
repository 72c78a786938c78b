"""What the pages say of a decision; `access/_answers.jinja` prints it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from fobwatch.access import actions
from fobwatch.access.models import (
    Emergency,
    Outcome,
    decide_for,
    register_outcome,
    registration_here,
    worth_keeping,
)
from fobwatch.access.rules import emergency, words
from fobwatch.access.rules.limits import limits
from fobwatch.design.frame import address
from fobwatch.devices.models import Registration, to_ask
from fobwatch.kernel.permission import Permission
from fobwatch.people.models import MemberRequest
from fobwatch.policy.models import Version
from fobwatch.policy.rules.form import atoms
from fobwatch.policy.rules.reasons import Reason
from fobwatch.policy.rules.vocabulary import CLASSES


@dataclass(frozen=True, slots=True)
class HomeAnswers:
    """Everything that `_answers.jinja` prints. An empty address: no such page, or not for this person.

    ready: nothing stands in the way. situation: "active", "none", "shared", "unmarked", a state of the register, or
    "no_policy". numbers: the number of each clause in the policy. mine: whether the reader is the one it is about.
    tell: by clause, the page on which the person puts it right or tells that it is done, and what its link says.
    """

    outcome: Outcome
    situation: str
    heading: str
    lead: str
    device: str
    lines: tuple[words.Line, ...]
    fixes: tuple[Reason, ...]
    others: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    stale: bool
    numbers: dict[str, int]
    policy: str
    start: str = ""
    emergency_kinds: tuple[str, ...] = ()
    emergencies: tuple[tuple[Emergency, str], ...] = ()
    emergency_minutes: int = 0
    mine: bool = True
    tell: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Whether there is nothing to do before work."""
        return self.situation == "active" and not self.fixes


def home_answers(request: MemberRequest, now: dt.datetime) -> HomeAnswers:
    """Decide for the person, session and device of this request, note what is new, and put it into words."""
    outcome = here_and_now(request, now)
    settle(request, outcome, now)
    return in_words(outcome, situation(request, outcome), glass=Permission.BREAK_GLASS in request.permissions)


def register_answers(registration: Registration, now: dt.datetime) -> HomeAnswers:
    """The answers for a device of the register, as if its person had just signed in on it with a passkey."""
    version = Version.in_force(registration.organisation)
    outcome = register_outcome(registration, version, now)
    return in_words(outcome, registration.state if version else "no_policy", mine=False)


def here_and_now(request: MemberRequest, now: dt.datetime) -> Outcome:
    """Decide for the person, session and device of this request."""
    version = Version.in_force(request.organisation)
    registration = registration_here(request.sign_in, request.member)
    return decide_for(request.sign_in, request.member, registration, version, now)


def settle(request: MemberRequest, outcome: Outcome, now: dt.datetime, *, cell: str = "", system: str = "") -> None:
    """Give the session the limits of the policy, and keep the decision where it says something new."""
    sign_in, version = request.sign_in, outcome.version
    if version and outcome.compiled and limits(outcome.compiled) != (sign_in.idle_minutes, sign_in.absolute_minutes):
        actions.stamp_limits(sign_in=sign_in, version=version, by=request.actor, now=now)
    said = {"registration": outcome.registration, "version": version, "decision": outcome.decision}
    if worth_keeping(member=request.member, cell=cell, system=system, **said):  # type: ignore[arg-type]
        actions.keep_decision(
            member=request.member, cell=cell, system=system, by=request.actor, now=now, **said  # type: ignore[arg-type]
        )  # fmt: skip


def in_words(outcome: Outcome, situation: str, *, glass: bool = False, mine: bool = True) -> HomeAnswers:
    """A decision in the words of the page."""
    # Where nothing can open, no list of fixes may send people after them.
    explanation = words.NOTHING if situation == "unmarked" else outcome.explanation
    compiled = outcome.compiled if explanation is not words.NOTHING else None
    platform = outcome.registration.platform if outcome.registration else ""
    title, lead = words.heading(situation, platform, explanation)
    fixes = words.fixes(explanation)
    clauses = compiled.policy.clauses if compiled else ()
    return HomeAnswers(
        outcome=outcome,
        situation=situation,
        heading=title,
        lead=lead,
        device=words.device_word(platform),
        lines=words.lines(explanation) if compiled else words.nothing(situation),
        fixes=fixes,
        others=tuple(one for one in explanation.reasons if one not in fixes),
        warnings=explanation.warnings,
        stale=words.stale(explanation),
        numbers={clause.id: number for number, clause in enumerate(clauses, 1)},
        policy=address("policy:read"),
        start=address("devices:start") if mine and situation in ("none", "enrolling", "retired") else "",
        emergency_kinds=emergency_kinds(outcome) if glass else (),
        emergencies=tuple((one, CLASSES[one.kind]) for one in outcome.emergencies),
        emergency_minutes=emergency.minutes(compiled) if compiled else 0,
        mine=mine,
        tell=_tell(outcome, [*fixes, *explanation.warnings]) if mine else {},
    )


def _tell(outcome: Outcome, reasons: Iterable[Reason]) -> dict[str, tuple[str, str]]:
    """By clause, where the person puts it right here: the policy to read, or the questions; what is seen needs none."""
    it, clauses = outcome.registration, outcome.compiled.policy.clauses if outcome.compiled else ()
    ways = {
        "policy_read": (address("policy:read"), "Read the policy and confirm it"),
        "understands": (address("learning:mine"), "Do the training"),
    }
    if it is not None and it.state == "active":
        for group in to_ask(it.platform, it.known(), outcome.now):
            href = f"{reverse('devices:checklist', args=[group.id])}?then=answers"
            ways |= dict.fromkeys(group.facts, (href, "Tell us when you have done it"))
    needs = {clause.id: [atom.fact for atom in atoms(clause.need)] for clause in clauses}
    found = {one.clause: [ways[fact] for fact in needs[one.clause] if fact in ways] for one in reasons}
    return {clause: links[0] for clause, links in found.items() if links}


def emergency_kinds(outcome: Outcome) -> tuple[str, ...]:
    """The kinds of work that emergency access would open here."""
    compiled = outcome.compiled
    if compiled is None:
        return ()
    started, open_now = outcome.sheet.started, {one.kind for one in outcome.emergencies}
    return tuple(
        kind
        for kind in CLASSES
        if kind not in open_now and emergency.may_start(compiled, outcome.row, outcome.now, started, kind)
    )


def situation(request: MemberRequest, outcome: Outcome) -> str:
    """Where this browser stands: a state of the register, "none", "shared", "unmarked" or "no_policy"."""
    if outcome.version is None:
        return "no_policy"
    if outcome.registration:
        return outcome.registration.state
    if outcome.sheet.ownership == "shared":
        return "shared"
    return "unmarked" if request.sign_in.shared else "none"
