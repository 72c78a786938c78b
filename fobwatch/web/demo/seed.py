"""Making the demo: once, in the order in which it would have happened, by the same actions as everything else."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence

from fobwatch.devices import jobs as devices_jobs
from fobwatch.devices.actions.demo import make_demo_device
from fobwatch.devices.actions.evidence import record_evidence
from fobwatch.devices.models import Registration
from fobwatch.devices.rules.evidence import Item, as_demo, from_check_in
from fobwatch.gateway.actions import connect_system, register_route
from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import epoch, now
from fobwatch.people import jobs as people_jobs
from fobwatch.people.actions.founding import add_staff, found_organisation
from fobwatch.people.actions.invitations import invite
from fobwatch.people.actions.shared_computers import mark
from fobwatch.people.actions.sign_in import start
from fobwatch.people.models import Membership, Organisation
from fobwatch.people.rules.reminders import last_daytime
from fobwatch.policy import actions as policy
from fobwatch.policy import jobs as policy_jobs
from fobwatch.policy.models import Version
from fobwatch.web.demo.asking import leave_questions
from fobwatch.web.demo.devices import Made, evidence, fleet
from fobwatch.web.demo.people import HOSPITAL_PERSONAS, SURGERY_STAFF, hospital_staff
from fobwatch.web.demo.training import train
from fobwatch.web.demo.waiting import leave_waiting

BY = Actor.system("demo")
DEVICES = 420
PUBLISHED_DAYS_AGO = 56
INVITED_DAYS_AGO = 4
# The persona's own device: Amara's needs two things, Grace's a newer system, Sam's is half set up, the others nothing.
PERSONA_DEVICES = {
    "Amara Osei": ("iPhone 16", "ios", "26.0", ("contacts_reviewed", "remote_wipe_on"), "active"),
    "Tom Birch": ("Galaxy S24", "android", "15", (), "active"),
    "Grace Lindqvist": ("iPhone 12", "ios", "17.4", (), "active"),
    "Dr Ruth Kessler": ("iPhone 17", "ios", "26.1", (), "active"),
    "Helen Coppard": ("Pixel 9", "android", "16", (), "active"),
    "Sam Tully": ("Galaxy A54", "android", "14", ("not_shared",), "enrolling"),
}


def make(say: Callable[[str], object]) -> bool:
    """Make the demo's data unless it is there. Returns whether it was made."""
    if Organisation.objects.exists():
        return False
    say("Making the demo: two fictional organisations, their staff and devices (once, about a minute) …")
    moment = now()
    hospital, surgery = _organisations(moment)
    _policy(hospital, moment), _policy(surgery, moment)
    staff = list(Membership.within(hospital).order_by("staff_number"))
    _acknowledgements(staff, moment)
    _acknowledgements(Membership.within(surgery).order_by("staff_number"), moment)
    for members in (staff, list(Membership.within(surgery).order_by("staff_number"))):
        train(members, PERSONA_DEVICES, moment, since=PUBLISHED_DAYS_AGO, by=BY)
    personas = {one.name for one in HOSPITAL_PERSONAS}
    others = [one for one in staff if one.person.name not in personas]
    theirs = _persona_devices([*staff, *Membership.within(surgery)], moment)
    for made in fleet(len(others), DEVICES - len(PERSONA_DEVICES)):
        _device(others[made.owner], made, moment - dt.timedelta(days=made.days_ago))
    _seen_again(theirs, moment)
    _systems(hospital, moment)
    _ward_computers(staff, moment)
    leave_waiting(staff, by=BY, now=moment)
    leave_questions((hospital, surgery), staff, by=BY, now=moment)
    _reminders(others, moment)
    return True


def _organisations(moment: dt.datetime) -> tuple[Organisation, Organisation]:
    then = moment - dt.timedelta(days=PUBLISHED_DAYS_AGO + 2)
    hospital = found_organisation(
        name="Fennimore Hospitals (demo)", kind="trust", slug="fennimore-hospitals",
        contacts={
            "help_name": "IT service desk", "help_phone": "01632 960 100", "help_hours": "7am to 7pm, every day",
            "help_email": "servicedesk@fennimore-hospitals.example", "night_name": "Night service desk",
            "night_phone": "01632 960 199", "ig_email": "ig@fennimore-hospitals.example",
        },
        by=BY, now=then,
    )  # fmt: skip
    surgery = found_organisation(
        name="Copper Lane Surgery (demo)", kind="practice", slug="copper-lane-surgery",
        contacts={
            "help_name": "Practice manager", "help_phone": "01632 960 210", "help_hours": "8am to 6:30pm, weekdays",
            "help_email": "help@copper-lane-surgery.example", "ig_email": "ig@copper-lane-surgery.example",
            "single_approver": True,
        },
        by=BY, now=then,
    )  # fmt: skip
    add_staff(organisation=hospital, people=hospital_staff(moment.date()), by=BY, now=then)
    ruth = next(one for one in HOSPITAL_PERSONAS if one.name == "Dr Ruth Kessler")
    here = ruth._replace(role="staff", team="Surgery", job="Visiting consultant", number="C006")
    add_staff(organisation=surgery, people=[*SURGERY_STAFF, here], by=BY, now=then)
    return hospital, surgery


def _policy(organisation: Organisation, moment: dt.datetime) -> Version:
    """Adopted by its author, approved by somebody else (in the surgery by the same, with a reason), and published."""
    then = moment - dt.timedelta(days=PUBLISHED_DAYS_AGO)
    author, guardian = (
        Membership.within(organisation).filter(role__in=roles).first()
        for roles in (["ig_lead", "practice_lead"], ["caldicott_guardian"])
    )
    if author is None:
        raise LookupError("The demo has nobody who writes the policy.")
    by = Actor(f"membership:{author.pk}", organisation.pk)
    draft = policy.adopt(organisation=organisation, by=by, now=then)
    policy.name_owner(organisation=organisation, owner=author, by=by, now=then)
    policy.submit(draft=draft, shown=draft.hash, by=by, now=then)
    approver = Actor(f"membership:{guardian.pk}", organisation.pk) if guardian else by
    reason = "" if guardian else "There are six of us, and nobody else may approve it."
    policy.approve(draft=draft, shown=draft.hash, reason=reason, by=approver, now=then)
    note = "First version, from the national template."
    return policy.publish(draft=draft, shown=draft.hash, change_note=note, by=by, now=then)


def _acknowledgements(members: Iterable[Membership], moment: dt.datetime) -> None:
    """Four of five have confirmed the policy, over the first weeks."""
    for place, member in enumerate(members):
        version = Version.in_force(member.organisation)
        if version is None or (place % 5 == 4 and member.person.name not in PERSONA_DEVICES):
            continue
        then = moment - dt.timedelta(days=PUBLISHED_DAYS_AGO) + dt.timedelta(minutes=3 * place)
        policy.acknowledge(membership=member, version=version, shown=version.hash, by=BY, now=then)


def _device(member: Membership, made: Made, then: dt.datetime) -> Registration:
    return make_demo_device(
        membership=member, label=made.label, ownership=made.ownership, state=made.state, state_reason=made.reason,
        items=[*made.items, from_check_in(epoch(then))], last_seen=epoch(then), by=BY, now=then,
    )  # fmt: skip


def _persona_devices(members: Iterable[Membership], moment: dt.datetime) -> dict[Registration, Sequence[Item]]:
    """The personas' own devices, registered in the first days: what is wrong with them has been so for long."""
    found: dict[Registration, Sequence[Item]] = {}
    for member in members:
        if known := PERSONA_DEVICES.get(member.person.name):
            label, platform, version, missing, state = known
            first = member.person.name.removeprefix("Dr ").split()[0]
            items = evidence(platform, version, no=missing)
            made = Made(0, f"{first}'s {label}", "personal", state, "", 0, items)
            found[_device(member, made, moment - dt.timedelta(days=PUBLISHED_DAYS_AGO - 1))] = items
    return found


def _seen_again(devices: Mapping[Registration, Sequence[Item]], moment: dt.datetime) -> None:
    """The personas' devices were looked at just now, and nothing had changed."""
    for registration, items in devices.items():
        now_seen = as_demo([*items, from_check_in(epoch(moment))])
        record_evidence(registration=registration, items=now_seen, by=BY, now=moment)
        Registration.seen(registration.pk, epoch(moment))


def _systems(hospital: Organisation, moment: dt.datetime) -> None:
    notes = connect_system(
        organisation=hospital, name="Ward notes (demo)", host="notes.fennimore-hospitals.example", scheme="https",
        when_down="closed", when_down_because="Paper notes stand on every ward while it is closed.", by=BY, now=moment,
    )  # fmt: skip
    rota = connect_system(
        organisation=hospital, name="Rota (demo)", host="rota.fennimore-hospitals.example", scheme="https",
        when_down="open", when_down_because="A closed rota leaves shifts unfilled; it holds no patient data.",
        by=BY, now=moment,
    )  # fmt: skip
    for system, prefix, methods, cell in (
        (notes, "/", "read", "record:view"), (notes, "/", "write", "record:create"),
        (notes, "/letters", "any", "documents:view"), (rota, "/", "any", "mail:view"),
    ):  # fmt: skip
        register_route(system=system, prefix=prefix, methods=methods, cell=cell, by=BY, now=moment)


def _ward_computers(staff: Iterable[Membership], moment: dt.datetime) -> None:
    """Two computers of the wards, marked by IT support as if they had sat there."""
    marker = next(one for one in staff if one.person.name == "Nia Pritchard")
    for place in ("Ward 6, desk by the window", "Emergency department, bay 3"):
        sat = start(person=marker.person, membership=marker, how="demo", by=BY, now=moment)
        mark(label=place, marker=marker, sign_in=sat, here=None, by=BY, now=moment)


def _reminders(staff: Iterable[Membership], moment: dt.datetime) -> None:
    """Two links of some days ago that nobody has used, and what the worker wrote in the last working day."""
    by_day = last_daytime(moment)
    for member in [one for one in staff if one.employment_on(by_day.date()) == "active"][:2]:
        then = by_day - dt.timedelta(days=INVITED_DAYS_AGO)
        invite(membership=member, purpose="join", inviter=None, by=BY, now=then)
    for remind in (people_jobs.remind, policy_jobs.remind, devices_jobs.remind):
        remind(by_day)
