"""Which system versions still get security fixes, from dated lines with a source (B11, W03)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fobwatch.kernel.verdict import Verdict
from fobwatch.policy.rules.vocabulary import PLATFORM_WORDS, PLATFORMS, version_number, version_text

# Most makers publish no end. A line without one is trusted for this long after somebody looked; our choice.
TRUSTED_WITHOUT_END = dt.timedelta(days=90)
# So long ahead, whoever keeps the table hears that a line stops counting; our choice.
TOLD_AHEAD = dt.timedelta(days=30)
LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class Release:
    """One line of the table: a version and all below it ("18" covers 18.7.2), until when, who says so, when checked.

    fixes_until: None when fixes still come and no end is published. verified: whether somebody read the source.
    """

    platform: str
    version: str
    fixes_until: dt.date | None
    source: str
    checked_on: dt.date
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Support:
    """Until when a version gets fixes. known: whether a line covers it; until is None only where it is not known.

    published: whether the maker gave the date; where not, it is 90 days after the last check.
    """

    known: bool
    until: dt.date | None = None
    published: bool = False
    source: str = ""
    checked: dt.date | None = None
    verified: bool = True

    @property
    def sentence(self) -> str:
        """In plain words, for a page."""
        if self.until is None:
            return "We do not know how long this version gets security fixes."
        day = f"{self.until.day} {self.until:%B %Y}"
        doubt = "" if self.verified else " Nobody here has checked this yet."
        if self.published:
            return f"This version gets security fixes until {day}.{doubt}"
        return f"This version gets security fixes. No end is published, so we look again by {day}.{doubt}"


def parse_row(row: Mapping[str, object]) -> Release:
    """A line from the shipped data file. Raises ValueError with a sentence when it is not a valid one."""
    fixes_until, checked_on = row.get("fixes_until"), row.get("checked_on")
    if not isinstance(checked_on, dt.date) or not (fixes_until is None or isinstance(fixes_until, dt.date)):
        raise ValueError("A line of the support table needs dates: checked_on, and fixes_until where there is one.")
    release = Release(
        platform=str(row.get("platform", "")),
        version=str(row.get("version", "")),
        fixes_until=fixes_until,
        source=str(row.get("source", "")),
        checked_on=checked_on,
        verified=row.get("verified") is not False,
    )
    verdict = valid(release, today=checked_on)
    if not verdict:
        raise ValueError(f"{verdict.reason} ({release.platform} {release.version})")
    return release


def valid(release: Release, today: dt.date) -> Verdict:
    """Whether IT may save this line."""
    if release.platform not in PLATFORMS:
        names = ", ".join(PLATFORM_WORDS[platform] for platform in PLATFORMS)
        return Verdict.no("This is not a kind of device that we know.", f"Choose one of: {names}.")
    try:
        version_number(release.version)
    except ValueError as problem:
        return Verdict.no(str(problem), "Write the version that the line covers. 18 covers 18.1 and 18.7.2 too.")
    if not 0 < len(release.source.strip()) <= LONGEST_SOURCE:
        where = f"Give the maker's page, or the letter that says so, in at most {LONGEST_SOURCE} characters."
        return Verdict.no("Say where you read this.", where)
    return _valid_dates(release, today)


def _valid_dates(release: Release, today: dt.date) -> Verdict:
    """Whether the two dates of a line can be true."""
    if release.checked_on > today:
        return Verdict.no("The date you checked is in the future.", "Give the day on which you looked it up.")
    if release.fixes_until and abs(release.fixes_until - release.checked_on) > dt.timedelta(days=3_660):
        return Verdict.no("That end is more than ten years away from the check.", "Look at the year again.")
    return Verdict.yes()


def next_end(releases: Iterable[Release], today: dt.date) -> dt.date | None:
    """The first day on which a line of the table stops counting, where it is within `TOLD_AHEAD` of today.

    A line without a published end that has passed stays: looking again renews it. A published end that has passed is
    what it is. Of two lines for one version the first counts. releases: as in `fixes_until`.
    """
    lines: dict[tuple[str, str], Release] = {}
    for release in releases:
        lines.setdefault((release.platform, release.version), release)
    ends = [
        line.fixes_until or line.checked_on + TRUSTED_WITHOUT_END
        for line in lines.values()
        if line.fixes_until is None or line.fixes_until >= today
    ]
    return min((end for end in ends if end <= today + TOLD_AHEAD), default=None)


def fixes_until(platform: str, number: int, releases: Iterable[Release]) -> Support:
    """Until when this version gets fixes: by the line that names it most closely, the first of equals.

    number: a version number of the vocabulary. releases: the organisation's own lines first, then the shipped ones.
    """
    best: Release | None = None
    for release in releases:
        covers = release.platform == platform and _covers(release.version, number)
        if covers and (best is None or _depth(release.version) > _depth(best.version)):
            best = release
    if best is None:
        return Support(known=False)
    until = best.fixes_until or best.checked_on + TRUSTED_WITHOUT_END
    return Support(True, until, best.fixes_until is not None, best.source, best.checked_on, best.verified)


def _depth(version: str) -> int:
    """How closely a line names a version: the count of its numbers."""
    return len(version.strip().split("."))


def _covers(version: str, number: int) -> bool:
    """Whether a version number begins with the numbers of the line."""
    wanted = version.strip().split(".")
    have = [*version_text(number).split("."), "0", "0"]
    return [int(part) for part in wanted] == [int(part) for part in have[: len(wanted)]]
