"""setup: the first organisation, and the first person in it, by a one-time link."""

from urllib.parse import urljoin

import typer
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.text import slugify

from fobwatch.kernel.actor import Actor
from fobwatch.kernel.clock import now
from fobwatch.kernel.verdict import Refused
from fobwatch.people.actions.founding import add_staff, found_organisation
from fobwatch.people.actions.invitations import invite
from fobwatch.people.models import Membership, Organisation
from fobwatch.people.rules.recruits import Recruit
from fobwatch.web.commands.printing import Json, give_up, say

BY = Actor.system("setup")


def setup(
    organisation: str = typer.Option(..., prompt="Name of the organisation"),
    kind: str = typer.Option("trust", help="trust, practice, care or icb.", prompt="Kind (trust, practice, care, icb)"),
    name: str = typer.Option(..., prompt="Your name"),
    email: str = typer.Option(..., prompt="Your work e-mail address"),
    phone: str = typer.Option("", help="The help line that stands on every refusal.", prompt="Help line, phone number"),
    as_json: bool = Json,
) -> None:
    """Create an organisation and its first IG lead, and print the one-time link with which they sign in.

    In a practice the first person is the practice lead, who may do everything. The link is shown once, here only.
    """
    if kind not in dict(Organisation.KINDS):
        give_up("The kind is one of: trust, practice, care, icb.", as_json=as_json, code=2)
    try:
        validate_email(email)
    except ValidationError:
        give_up("That is not an e-mail address.", as_json=as_json, code=2)
    call_command("migrate", verbosity=0)
    moment = now()
    try:
        with transaction.atomic():
            founded = found_organisation(
                name=organisation, kind=kind, slug=slugify(organisation)[:60], contacts={"help_phone": phone},
                by=BY, now=moment,
            )  # fmt: skip
            role = "practice_lead" if kind == "practice" else "ig_lead"
            first = Recruit(name, email.lower(), role, False, "", "", "")
            add_staff(organisation=founded, people=[first], by=BY, now=moment)
            member = Membership.within(founded).get(person__email=email.lower())
            invitation = invite(membership=member, purpose="join", inviter=None, by=BY, now=moment)
    except Refused as refused:
        give_up(f"{refused.verdict.reason} {refused.verdict.next_step}", as_json=as_json)
    link = urljoin(settings.ORIGIN, reverse("people:join", args=[invitation.token]))
    say(
        f"{founded.name} is there. Open this link on the device that you sign in with; it works once:\n\n  {link}\n",
        as_json=as_json, organisation=founded.pk, link=link, expires=invitation.expires_at.isoformat(),
    )  # fmt: skip
