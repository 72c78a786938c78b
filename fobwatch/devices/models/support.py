"""The support table: which system versions still get security fixes, the organisation's own lines first."""

import functools
import tomllib
from dataclasses import dataclass
from importlib import resources

from django.db import models

from fobwatch.devices.rules.support import Release, parse_row
from fobwatch.kernel.models import Tenanted
from fobwatch.kernel.privacy import Kept
from fobwatch.people.models import Organisation


class SupportedRelease(Tenanted):
    """IT's own line of the support table; it stands before the shipped line for the same version."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    platform = models.CharField(max_length=16)
    version = models.CharField(max_length=24)
    fixes_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)
    checked_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "platform", "version"], name="one_line_a_release")
        ]

    class Privacy:
        whose = "organisation"
        kept = Kept(because="as long as it is used")
        none = "id organisation platform version fixes_until source checked_on"

    def __str__(self) -> str:
        return f"{self.platform} {self.version}"

    def release(self) -> Release:
        """This line as the rules take it."""
        return Release(self.platform, self.version, self.fixes_until, self.source, self.checked_on)


@dataclass(frozen=True, slots=True)
class Shipped:
    """A line that comes with Fobwatch. verified: whether somebody read the maker's own page."""

    release: Release
    verified: bool
    note: str


@functools.cache
def shipped() -> tuple[Shipped, ...]:
    """The lines that come with Fobwatch. Raises ValueError with a sentence where the file holds a wrong one."""
    text = (resources.files("fobwatch.devices") / "data" / "support.toml").read_text("utf-8")
    return tuple(
        Shipped(parse_row(row), row.get("verified") is True, str(row.get("note", "")))
        for row in tomllib.loads(text)["release"]
    )


def support_table(organisation: Organisation) -> list[Release]:
    """The organisation's own lines, then the shipped ones: in the order in which they count."""
    own = SupportedRelease.within(organisation).order_by("platform", "version")
    return [*(line.release() for line in own), *(line.release for line in shipped())]
