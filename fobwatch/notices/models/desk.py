"""How patients and others outside reach an organisation, and who may show its notice."""

from typing import Self

from django.db import models

from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.notices.rules.patient import Contact, Notice, notice
from fobwatch.people.models import Organisation
from fobwatch.policy.models import Version

ANSWER_DAYS = 5


class Desk(Tenanted):
    """What the public notice says beside the policy: contacts, never of a person by name, and the sites that show it.

    sites: the https origins that may show the fragment in a frame, one a line. answer_days: within how many days the
    IG team means to answer staff.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    ask_email = models.EmailField(blank=True)
    ask_phone = models.CharField(max_length=40, blank=True)
    ask_post = models.TextField(blank=True)
    dpo_email = models.EmailField(blank=True)
    dpo_phone = models.CharField(max_length=40, blank=True)
    complain = models.TextField(blank=True)
    privacy_notice = models.URLField(blank=True)
    more = models.TextField(blank=True)
    sites = models.TextField(blank=True)
    answer_days = models.PositiveSmallIntegerField(default=ANSWER_DAYS)
    changed_at = models.DateTimeField()

    class Privacy:
        whose = "organisation"
        kept = Kept(because="as long as the organisation uses Fobwatch")
        none = (
            "id organisation ask_email ask_phone ask_post dpo_email dpo_phone complain privacy_notice more sites"
            " answer_days changed_at"
        )

    def __str__(self) -> str:
        return f"desk {self.pk}"

    @classmethod
    def of(cls, organisation: Organisation) -> "Self":
        """The desk of an organisation; an empty one, not kept yet, where nobody has filled it in."""
        return cls.within(organisation).first() or cls(organisation=organisation)

    @property
    def contact(self) -> Contact:
        """How patients ask and complain; the IG team's own address where no other was given."""
        return Contact(
            ask_email=self.ask_email or self.organisation.ig_email, ask_phone=self.ask_phone, ask_post=self.ask_post,
            dpo_email=self.dpo_email, dpo_phone=self.dpo_phone, complain=self.complain,
            privacy_notice=self.privacy_notice, more=self.more,
        )  # fmt: skip

    @property
    def frames(self) -> tuple[str, ...]:
        """The origins that may show the fragment in a frame."""
        return tuple(self.sites.split())


def notice_of(organisation: Organisation) -> Notice:
    """The notice for patients, from the version in force at this moment."""
    version = Version.in_force(organisation)
    contact = Desk.of(organisation).contact
    if version is None:
        return notice(organisation=organisation.name, policy=None, contact=contact)
    return notice(
        organisation=organisation.name, policy=version.policy, contact=contact, version=version.number,
        since=version.published_at.date() if version.published_at else None, review_on=version.review_on,
    )  # fmt: skip
