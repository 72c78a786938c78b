"""What a member finds on the home page beside the answers: what needs them today, and a few figures."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from fobwatch.access.models import Emergency
from fobwatch.audit.models import Checkpoint
from fobwatch.devices.models import Registration, support_table
from fobwatch.devices.rules.support import next_end
from fobwatch.kernel.permission import Permission
from fobwatch.learning.models import Answer, Understanding
from fobwatch.learning.rules.figures import by_clause
from fobwatch.learning.rules.marking import due
from fobwatch.notices.models import oldest_wait
from fobwatch.notices.rules.questions import waited
from fobwatch.people.models import Invitation, MemberRequest, Membership, Organisation
from fobwatch.policy.models import Acknowledgement, Step, Version


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, with its page."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the register, in words, and the page behind it."""

    number: int
    text: str
    href: str


def tasks(request: MemberRequest, now: dt.datetime) -> list[Task]:
    """What needs this member today, the most pressing first."""
    found: list[Task] = []
    held, organisation = request.permissions, request.organisation
    if Permission.REVIEW_BREAK_GLASS in held:
        waiting = Emergency.to_review(organisation).filter(reviewed_at__isnull=True)
        if not Emergency.alone(request.member, now):
            waiting = waiting.exclude(membership=request.member)
        found += _some(waiting.count(), "Review {} emergency access", "Review {} times emergency access was used",
                       "access:emergencies")  # fmt: skip
    if Permission.APPROVE_PRIVILEGED in held:
        found += _some(
            _to_approve(request, now), "Approve {} sign-in link", "Approve {} sign-in links", "people:approvals"
        )
    if Permission.ANSWER_QUESTIONS in held:
        found += _questions(organisation, now)
    if Permission.WRITE_POLICY in held:
        found += _policy_work(organisation) + _badly_written(organisation, now)
    if Permission.APPROVE_POLICY in held:
        found += _policy_to_approve(request, now)
    if Permission.MANAGE_SUPPORT_TABLE in held:
        found += _support_work(organisation, now)
    return [*found, *_own_work(request, now)]


def _some(count: int, one: str, many: str, name: str) -> list[Task]:
    return [Task((one if count == 1 else many).format(count), reverse(name))] if count else []


def _to_approve(request: MemberRequest, now: dt.datetime) -> int:
    waiting = Invitation.within(request.organisation).filter(
        needs_approval=True, approved_at__isnull=True, exception_reason="", withdrawn_at__isnull=True,
        used_at__isnull=True, expires_at__gt=now,
    )  # fmt: skip
    return waiting.exclude(invited_by=request.member).exclude(membership=request.member).count()


def _questions(organisation: Organisation, now: dt.datetime) -> list[Task]:
    """The clock of unanswered questions: how many wait, and how long the oldest has (B07)."""
    count, oldest = oldest_wait(organisation)
    if oldest is None:
        return []
    how_many = "Answer a question from staff. It" if count == 1 else f"Answer {count} questions from staff. The oldest"
    return [Task(f"{how_many} has waited {waited(oldest, now)}", reverse("notices:inbox"))]


def _policy_work(organisation: Organisation) -> list[Task]:
    draft = Version.draft_of(organisation)
    if draft and draft.state == "draft":
        return [Task("Finish the draft of the policy, and send it for approval", reverse("policy:draft"))]
    if draft and draft.state == "approved" and draft.starts_at is None:
        return [Task("Publish the policy, which is approved", reverse("access:publish"))]
    if draft:
        return []
    if Version.in_force(organisation) is None:
        return [Task("Start your policy from the national template", reverse("policy:overview"))]
    return []


def _policy_to_approve(request: MemberRequest, now: dt.datetime) -> list[Task]:
    """A version in review, for those who did not write it; and for who wrote it where nobody else may approve."""
    draft = Version.draft_of(request.organisation)
    if draft is None or draft.state != "review":
        return []
    if Step.wrote(draft, request.member) and not Step.alone_here(request.member, now.date()):
        return []
    return [Task(f"Approve version {draft.number} of the policy", reverse("policy:approval"))]


def _support_work(organisation: Organisation, now: dt.datetime) -> list[Task]:
    """A line of the table stops counting by itself; whoever keeps it hears of it in time."""
    first = next_end(support_table(organisation), now.date())
    if first is None:
        return []
    return [Task(f"Check the list of supported versions by {first:%-d %B %Y}", reverse("devices:support"))]


def _badly_written(organisation: Organisation, now: dt.datetime) -> list[Task]:
    """Rules whose questions many people get wrong."""
    hard = sum(one.badly_written for one in by_clause(Answer.tallies(organisation, now)).values())
    return _some(hard, "Look at {} rule that many get wrong", "Look at {} rules that many get wrong",
                 "learning:questions")  # fmt: skip


def _own_work(request: MemberRequest, now: dt.datetime) -> list[Task]:
    found = []
    version = Version.in_force(request.organisation)
    if version and not Acknowledgement.within(request.organisation).filter(
        version=version, membership=request.member
    ).exists():  # fmt: skip
        found.append(Task("Read the policy and confirm it (about 5 minutes)", reverse("policy:read")))
    if version and due(Understanding.until(request.member), now):
        found.append(Task("Do the training (less than 6 minutes)", reverse("learning:mine")))
    begun = Registration.mine(request.member).filter(state="enrolling")
    issued = Registration.issued_to(request.member)
    if issued.exists():
        found.append(Task("Set up the device that was issued to you", reverse("devices:start")))
    if begun.exclude(pk__in=issued).exists():
        found.append(Task("Finish setting up your device", reverse("devices:start")))
    return found


def figures(organisation: Organisation) -> list[Figure]:
    """The register and the policy in numbers, as they are this moment."""
    states = dict(
        Registration.within(organisation).order_by().values_list("state").annotate(n=Count("pk"))
    )  # fmt: skip
    register = reverse("access:register")
    shown = [
        Figure(states.get("active", 0), "devices in use", f"{register}?state=active"),
        Figure(states.get("enrolling", 0), "being set up", f"{register}?state=enrolling"),
        Figure(states.get("lost", 0), "lost", f"{register}?state=lost"),
    ]
    version = Version.in_force(organisation)
    if version:
        here = Membership.within(organisation).exclude(employment="left").count()
        read = (
            Acknowledgement.within(organisation).filter(version=version).exclude(membership__employment="left").count()
        )
        shown.append(Figure(read, f"of {here} staff have confirmed the policy", reverse("policy:read")))
    return shown


def log_line() -> str:
    """One line about the log: when it was last checked and signed. It is checked each time it is signed."""
    last = Checkpoint._default_manager.order_by("-size").first()
    if last is None:
        return "The log has not been signed yet. The worker signs it within the hour."
    return f"Log intact when it was last checked and signed, {last.size:,} entries."
