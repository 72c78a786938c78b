"""The people of the tests: a hospital and a surgery, one person in each role, and a stranger."""

import datetime as dt

from django.conf import settings
from django.test import Client

from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import now
from fobwatch.kernel.secrets import keyed_hash, new_token
from fobwatch.people.actions import sign_in as sign_ins
from fobwatch.people.models import Membership, Organisation, Person, SharedComputer, SignIn

NOW = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC)
LONG_AGO = NOW - dt.timedelta(days=1_000)  # of those who know the place
TESTER = Actor.system("test")


def organisation(name: str, kind: str = "trust", **more: object) -> Organisation:
    """A fictional organisation with its help lines (Ofcom's drama numbers)."""
    fields: dict[str, object] = {
        "slug": name.lower().replace(" ", "-"), "help_phone": "01632 960 100", "night_name": "Night service desk",
        "night_phone": "01632 960 199", "help_email": "help@example.org", "ig_email": "ig@example.org",
        "created_at": NOW,
    }  # fmt: skip
    return Organisation.objects.create(name=name, kind=kind, **{**fields, **more})


def member(
    organisation: Organisation, name: str, role: str = "staff", *, clinical: bool = False, **more: object
) -> Membership:
    """A member with a person of their own, whose address is made of the name."""
    person = Person.objects.create(
        name=name, email=f"{name.lower().replace(' ', '.')}@{organisation.slug}.example", created_at=NOW
    )
    return Membership.objects.create(
        organisation=organisation, person=person, role=role, clinical=clinical, joined_at=LONG_AGO, **more
    )


def shared_computer(organisation: Organisation, label: str = "Ward 6, desk by the window") -> SharedComputer:
    """A computer that IT marked as shared, its clear token on it: `sign_in(member, computer=…)` is a session there."""
    computer = SharedComputer(organisation=organisation, label=label, marked_at=NOW)
    computer.token = new_token()
    computer.cookie_hash = keyed_hash("shared", computer.token)
    computer.save()
    return computer


def sign_in(member: Membership, **more: object) -> SignIn:
    """An open session of a member, its clear token on it."""
    fields: dict[str, object] = {"person": member.person, "membership": member, "how": "passkey"}
    return sign_ins.start(**{**fields, **more}, by=TESTER, now=now())


def browser(member: Membership | None, **more: object) -> Client:
    """A test client, signed in as a member; None for nobody. `client.sign_in` is its session."""
    client = Client()
    if member is not None:
        client.sign_in = sign_in(member, **more)
        client.cookies[settings.SESSION_COOKIE] = client.sign_in.token
    return client
