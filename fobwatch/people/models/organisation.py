"""Who works where: organisations, persons, and the memberships that join them."""

import datetime as dt
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q

from fobwatch.kernel.models import Base, Tenanted
from fobwatch.kernel.permission import Permission
from fobwatch.kernel.privacy import Kept
from fobwatch.people.rules.demo import PERSONAS
from fobwatch.people.rules.roles import ROLE_CHOICES, ROLES, Role, permissions
from fobwatch.people.rules.staff_changes import Known


class Organisation(Base):
    """A trust, practice, care provider or ICB. Its help lines stand on every refusal."""

    KINDS = [("trust", "NHS trust"), ("practice", "GP practice"), ("care", "Care provider"), ("icb", "ICB")]

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=KINDS)
    ods_code = models.CharField(max_length=12, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    slug = models.SlugField(max_length=60, unique=True)
    help_name = models.CharField(max_length=80, default="IT service desk")
    help_phone = models.CharField(max_length=40, blank=True)
    help_email = models.EmailField(blank=True)
    help_hours = models.CharField(max_length=80, blank=True)
    night_name = models.CharField(max_length=80, blank=True)
    night_phone = models.CharField(max_length=40, blank=True)
    ig_email = models.EmailField(blank=True)
    single_approver = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Privacy:
        whose = "organisation"
        kept = Kept(because="as long as the organisation uses Fobwatch")
        none = (
            "id name kind ods_code parent slug help_name help_phone help_email help_hours night_name night_phone"
            " ig_email single_approver created_at"
        )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def log_names(cls, ids: Iterable[str]) -> dict[str, str]:
        """The names of these organisations, for the log page."""
        return dict(cls._default_manager.filter(pk__in=ids).values_list("pk", "name"))

    @property
    def help_line(self) -> str:
        """Whom to call, in a sentence; empty where nothing is on record."""
        lines = (
            [f"{self.help_name}: {self.help_phone or self.help_email}"] if self.help_phone or self.help_email else []
        )
        if self.night_phone:
            lines.append(f"Out of hours: {self.night_phone}")
        return ". ".join(lines)

    @classmethod
    def everybody(cls) -> "models.QuerySet[Organisation]":
        """Every organisation by name, for the help lines on the sign-in page."""
        return cls._default_manager.order_by("name")


class Person(Base):
    """One human being. May work for several organisations with one phone; none sees the others."""

    name = models.CharField(max_length=120)
    email = models.EmailField(unique=True)
    created_at = models.DateTimeField()

    class Privacy:
        whose = "member of staff"
        kept = Kept(because="as long as a membership exists", unless=("memberships", "devices"))
        none = "id created_at"
        staff = "name email"

    def __str__(self) -> str:
        return f"person {self.pk}"

    @classmethod
    def log_names(cls, ids: Iterable[str]) -> dict[str, str]:
        """The names of these persons, for the log page."""
        return dict(cls._default_manager.filter(pk__in=ids).values_list("pk", "name"))

    @classmethod
    def by_email(cls, email: str) -> "Person | None":
        """The person with this address, however it is capitalised; None where there is none."""
        return cls._default_manager.filter(email=email.strip().lower()).first()


class Membership(Tenanted):
    """A person in an organisation: role, staff group, team, manager, and where their employment stands."""

    EMPLOYMENTS = [("active", "Working"), ("away", "Away"), ("leaving", "Leaving"), ("left", "Left")]

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24, choices=ROLE_CHOICES, default="staff")
    clinical = models.BooleanField(default=False)
    job_title = models.CharField(max_length=120, blank=True)
    team = models.CharField(max_length=120, blank=True)
    staff_number = models.CharField(max_length=24, blank=True)
    manager = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")
    employment = models.CharField(max_length=8, choices=EMPLOYMENTS, default="active")
    away_from = models.DateField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True)
    leaves_on = models.DateField(null=True, blank=True)
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person"], name="one_membership_each"),
            models.UniqueConstraint(
                fields=["organisation", "staff_number"], condition=~Q(staff_number=""), name="one_staff_number_each"
            ),
            models.CheckConstraint(
                condition=~Q(employment__in=["leaving", "left"]) | Q(leaves_on__isnull=False), name="leaver_has_a_date"
            ),
        ]

    class Privacy:
        whose = "member of staff"
        kept = Kept(
            because="with the staff record, six years after leaving, unverified", days=2192, after="leaves_on",
            unless=("registrations",),
        )  # fmt: skip
        none = "id organisation person joined_at"
        staff = "role clinical job_title team staff_number manager employment away_from away_until leaves_on"

    def __str__(self) -> str:
        return f"membership {self.pk}"

    @classmethod
    def log_names(cls, ids: Iterable[str]) -> dict[str, str]:
        """The names of these members, for the log page."""
        return dict(cls._default_manager.filter(pk__in=ids).values_list("pk", "person__name"))

    @property
    def role_card(self) -> Role:
        """The role with its name, sentence and permissions."""
        return ROLES[self.role]

    @property
    def permissions(self) -> frozenset[Permission]:
        """What this member may do here."""
        return permissions(self.role, clinical=self.clinical)

    @property
    def staff_group(self) -> str:
        """The staff group in the words of the policy's vocabulary."""
        return "clinical" if self.clinical else "non_clinical"

    def employment_on(self, day: dt.date) -> str:
        """Where the employment stands on a day: dates decide, so nobody must be there at midnight to press a button."""
        if self.employment == "left" or (self.leaves_on and day > self.leaves_on):
            return "left"
        if self.leaves_on:
            return "leaving"
        if self.away_from and self.away_from <= day and (self.away_until is None or day <= self.away_until):
            return "away"
        return "active" if self.employment == "away" and self.away_until and day > self.away_until else self.employment

    @classmethod
    def of(cls, person: Person) -> "models.QuerySet[Membership]":
        """The memberships of a person, with their organisations: for the switch between them."""
        return cls._default_manager.filter(person=person).select_related("organisation")

    @classmethod
    def search(
        cls, organisation: Organisation, *, day: dt.date, words: str = "", team: str = "", employment: str = ""
    ) -> "models.QuerySet[Membership]":
        """The members of an organisation by name: every word in name, address, number or job; narrowed where told."""
        rows = cls.within(organisation).select_related("person", "manager__person")
        for word in words.split()[:5]:
            rows = rows.filter(
                Q(person__name__icontains=word)
                | Q(person__email__icontains=word)
                | Q(staff_number__iexact=word)
                | Q(job_title__icontains=word)
            )
        if team:
            rows = rows.filter(team=team)
        if employment:
            rows = rows.filter(_employed(employment, day))
        return rows.order_by("person__name", "pk")

    @classmethod
    def employed(cls, day: dt.date) -> Q:
        """Those who have not left on a day, as a question to the database."""
        return ~_employed("left", day)

    @classmethod
    def at_work(cls, day: dt.date) -> Q:
        """Those who work on a day, neither away nor gone, as a question to the database."""
        return _employed("at work", day)

    @classmethod
    def holders(cls, organisation: Organisation, permission: Permission, *, day: dt.date) -> "models.QuerySet[Self]":
        """The members who work here on a day and whose role has a permission."""
        roles = [key for key, role in ROLES.items() if permission in role.permissions]
        return cls.within(organisation).filter(cls.employed(day), role__in=roles)

    @classmethod
    def teams(cls, organisation: Organisation) -> list[str]:
        """The names of the teams of an organisation."""
        rows = cls.within(organisation).exclude(team="").order_by("team")
        return list(rows.values_list("team", flat=True).distinct())

    @classmethod
    def managers(cls, organisation: Organisation) -> "models.QuerySet[Membership]":
        """Those who may be a line manager: by their role, or because they are one already."""
        roles = [key for key, role in ROLES.items() if Permission.SEE_TEAM in role.permissions]
        rows = cls.within(organisation).select_related("person").filter(Q(role__in=roles) | Q(reports__isnull=False))
        return rows.distinct().order_by("person__name", "pk")

    @classmethod
    def team_of(cls, manager: "Membership") -> "models.QuerySet[Membership]":
        """Those whose line manager this is, and who are on their team."""
        mine = Q(manager=manager) | (Q(team=manager.team) & ~Q(team=""))
        rows = cls._default_manager.filter(organisation=manager.organisation_id).filter(mine).exclude(pk=manager.pk)
        return rows.select_related("person").order_by("person__name", "pk")

    @classmethod
    def listed(cls, organisation: Organisation, email: str) -> bool:
        """Whether somebody with this address is in the staff list, however it is capitalised."""
        return cls.within(organisation).filter(person__email=email.strip().lower()).exists()

    @classmethod
    def number_held(cls, organisation: Organisation, number: str, *, but: "Membership | None") -> bool:
        """Whether anybody `but` this member has the employee number; an empty one is nobody's."""
        held = cls.within(organisation).filter(staff_number=number)
        return bool(number) and held.exclude(pk=but.pk if but else "").exists()

    @classmethod
    def register(cls, organisation: Organisation) -> list[Known]:
        """Every member as a staff file is compared with them."""
        elsewhere = cls._default_manager.filter(person=models.OuterRef("person")).exclude(pk=models.OuterRef("pk"))
        rows = cls.within(organisation).select_related("person", "manager__person")
        return [
            Known(
                key=one.pk, name=one.person.name, email=one.person.email, number=one.staff_number, job=one.job_title,
                team=one.team, clinical=one.clinical, manager=one.manager.person.email if one.manager else "",
                leaves_on=str(one.leaves_on or ""), shared=one.works_elsewhere,
            )
            for one in rows.annotate(works_elsewhere=models.Exists(elsewhere)).order_by("person__name", "pk")
        ]  # fmt: skip

    @classmethod
    def personas(cls) -> "models.QuerySet[Membership]":
        """The made-up people of the demo; one who works for two organisations stands there once for each."""
        emails = [one.email for one in PERSONAS]
        rows = cls._default_manager.filter(person__email__in=emails).select_related("person", "organisation")
        return rows.order_by("-organisation__kind", "organisation__name", "person__name")

    @classmethod
    def working(cls, person: Person, day: dt.date) -> "list[Membership]":
        """The memberships in which a person works on a day, by the name of the organisation."""
        return [one for one in cls.of(person).order_by("organisation__name") if one.employment_on(day) != "left"]

    @property
    def privileged(self) -> bool:
        """Whether the role can open doors for others."""
        return self.role_card.privileged

    @classmethod
    def privileged_elsewhere(cls, membership: "Membership") -> bool:
        """Whether the person holds a privileged role in another organisation too."""
        others = cls._default_manager.filter(person_id=membership.person_id).exclude(pk=membership.pk)
        return any(other.privileged and other.employment != "left" for other in others)


def _employed(employment: str, day: dt.date) -> Q:
    """The members who are in this state on a day: `Membership.employment_on` as a question to the database."""
    gone = Q(employment="left") | Q(leaves_on__lt=day)
    back = Q(away_until__isnull=False, away_until__lt=day)
    off = (Q(away_from__lte=day) | Q(employment="away")) & ~back
    return {
        "left": gone,
        "leaving": ~Q(employment="left") & (Q(leaves_on__gte=day)),
        "away": Q(leaves_on__isnull=True) & ~Q(employment="left") & off,
        "active": Q(leaves_on__isnull=True) & ~Q(employment="left") & ~off,
        "at work": ~gone & ~off,
    }.get(employment, Q())
