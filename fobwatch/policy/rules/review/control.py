"""Owner and review date of a document (P26), wherever its tables or its text say them."""

import datetime as dt
import re
from dataclasses import dataclass

from fobwatch.policy.rules.review.sentences import Sentence, bare

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})|(?P<d>\d{{1,2}})[/.-](?P<m>\d{{1,2}})[/.-](?P<y>\d{{4}}|\d{{2}})\b"
    rf"|(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?P<month>{_MONTH})\.?,?\s+(?P<year>\d{{4}})|"
    rf"\b(?P<my_m>\d{{1,2}})/(?P<my_y>\d{{4}})",
    re.IGNORECASE,
)
_DUE = re.compile(
    r"\b(?:(?:next |date (?:of|for) (?:next )?|planned |scheduled |policy |full |formal "
    r"|document )?review(?: due)?(?: date| by| on| month)?|(?:next )?(?:date for )?revision(?: "
    r"due| date)|review due|due for review|renewal date|expiry date|expires(?: on)?|valid "
    r"until|(?:to|will|must|shall|should) be reviewed(?: again)?(?: by [\w ]{3,40}?)?(?: "
    r"in| by| on| before| no later than)?|revisit(?:ed)?(?: in| by)?|review(?:ed)? (?:again "
    r")?(?:in|by|on|before|no later than)|re-?issue date|looks? at (?:it|this|them) again(?: "
    r"in| by| on)?)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:last|previous(?:ly)?|date) review(?:ed)?\b|\breviewed (?:on|by .{3,40} on)\b|"
    r"\bwas reviewed\b",
    re.IGNORECASE,
)
_NUMBER = r"(?:two|three|four|five|six|twelve|eighteen|\d{1,2}|twenty[- ]four|thirty[- ]six)"
_CYCLE = re.compile(
    rf"\b(?:review\w*|revis\w+|revisit\w*|looks? at (?:it|this|these|them) again|looked "
    rf"at again|refresh\w*)\b[^.]{{0,90}}?\b(?:annual(?:ly)?|yearly|each year|every year|"
    rf"every {_NUMBER}(?: or .{{1,8}})? (?:years?|months?)|once (?:a|every|each) (?:year|"
    rf"{_NUMBER})|biennial(?:ly)?|bi-?annual(?:ly)?|{_NUMBER}[- ]yearly|quarterly|every "
    rf"other year|(?:each|every) (?:spring|summer|autumn|winter|{_MONTH})|at least every|"
    rf"12 monthly|(?:at )?intervals)"
    r"|\b(?:annual(?:ly)?|yearly|every (?:year|two years|three years|12 months|24 months)|"
    r"each year|once a year|biennial|two[- ]yearly|three[- ]yearly)\b[^.]{0,60}\breview\w*|"
    r"\breview\s*[:–-]\s*(?:annual|yearly|every|biennial|two|three)|\breview (?:period|"
    r"cycle|frequency|interval)\s*[:|-]?\s*(?:\w+ ){0,2}(?:year|month|annual)",
    re.IGNORECASE,
)
_OTHER_DATE = re.compile(r"\b(?:approved|ratified|issued?|effective)\b", re.IGNORECASE)
_OF_POLICY = re.compile(
    r"\b(?:policy|document|procedure|guidance|it|them|this|these|rules|standard|code|notice|page)\b", re.IGNORECASE
)
_OTHER_REVIEW = re.compile(
    r"\breview\w* (?:of )?(?:the |all |any |each |their |your )?(?:register|devices?|"
    r"access|logs?|exceptions?|apps?|compliance|list|incidents?|permissions?|approvals?|"
    r"membership|group|arrangements? with|accounts?|risk assess\w*)\b|risk assessment\b.{0,60}\breview|"
    r"\b(?:register|devices?|access|exceptions?|compliance|list|audit|accounts?|permissions?|"
    r"membership|apps) (?:is|are|will be|must be|shall be) (?:\w+ )?review",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"\b(?:(?:policy|document|procedure|executive|accountable|responsible|lead|information "
    r"asset|content|business)\s*(?:owner|lead|sponsor|custodian|director|author|holder|"
    r"officer|manager|person)|owner(?:ship)?|author(?:s|\(s\))?|sponsor|custodian|(?:lead|"
    r"responsible|accountable) (?:executive|director|officer|person|manager)|person responsible|"
    r"maintained by|owned by|written by|prepared by|policy contact|title of (?:author|"
    r"responsible .{3,20})|(?:name|job title) of author|responsible (?:committee|department|"
    r"owner)|originator|contact for this policy)\b(?:[ ]?(?:name|job title|and job title|"
    r"\(title\)|\(job title\)|title))*\s*[:|/–—-]*\s*(?:(?:is|of this (?:policy|document)(?: "
    r"is)?)\s+)?(?P<name>.{0,60})",
    re.IGNORECASE,
)
_OWNS = re.compile(
    r"(?P<name>[A-Z][\w&' ]{2,70}?)\s+(?:owns? (?:this|these|the)|is the (?:owner|author|"
    r"policy owner|policy lead|document owner|sponsor|lead) (?:of|for)|is the (?:policy|"
    r"document) (?:owner|lead)|(?:is|are) responsible for (?:keeping|reviewing|maintaining|"
    r"updating|the review|review of|this (?:policy|document)|(?:the )?(?:ownership|development|"
    r"maintenance|upkeep))|(?:has|have|holds) (?:overall )?(?:responsibility|ownership) "
    r"(?:for|of) (?:this policy|reviewing|keeping|the policy|maintaining)|will (?:review|"
    r"revisit|refresh) (?:it|this|the policy)|(?:reviews?|looks? at) (?:it|them|this|"
    r"these|the policy)|keeps? this (?:policy|document)|looks? after (?:this|these))"
    r"|\b(?:reviewed|owned|maintained|kept up to date|revised|refreshed|looked after)\b(?: "
    r"(?:each year|annually|every \w+ (?:years|months|year)|every year|yearly|regularly|"
    r"at least annually))?,? (?:and updated )?by (?:the )?(?P<by>[A-Za-z][\w&' ]{3,60})",
)
_LABEL = re.compile(
    r"\b(?:version|date|review|status|ratified|approved|approval|target|audience|reference|"
    r"ref|next|issue|issued|effective|expiry|department|contact|telephone|email|classification|"
    r"document)\b",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"^\W*(?:\[.*?\]|<.*?>|tbc|tba|insert|to be confirmed|n/?a|x+|_+|\{\{.*)?\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Control:
    """Who owns a document and when it is reviewed, with the sentences that say so."""

    owner: str = ""
    owner_at: Sentence | None = None
    due: dt.date | None = None
    cycle: bool = False
    due_at: Sentence | None = None


def control_of(sentences: list[Sentence]) -> Control:
    """The owner, the date of the next review or its cycle. A date without a day is the last of its month."""
    due, due_at = _first_date(sentences)
    cycle_at = next((one for one in sentences if _is_cycle(one)), None)
    owner, owner_at = _first_owner(sentences)
    return Control(owner, owner_at, due, cycle_at is not None, due_at or cycle_at)


def _is_cycle(one: Sentence) -> bool:
    text = bare(one.text)
    if not _CYCLE.search(text) or _OTHER_REVIEW.search(text):
        return False
    return bool(_OF_POLICY.search(text) or re.search(r"review", one.section, re.IGNORECASE))


def _first_date(sentences: list[Sentence]) -> tuple[dt.date | None, Sentence | None]:
    for one in sentences:
        text = f"{one.lead}: {one.text}" if one.kind == "cell" and one.lead else one.text
        for match in _DUE.finditer(text):
            near = text[match.end() : match.end() + 45]
            found = _DATE.search(near)
            past = _PAST.search(text[max(0, match.start() - 10) : match.end()])
            if found is None or past or _OTHER_DATE.search(near[: found.start()]):
                continue
            if date := as_date(found):
                return date, one
    return None, None


def as_date(match: re.Match[str]) -> dt.date | None:
    """The date of a match, day before month; None where there is no such day."""
    part = match.groupdict()
    try:
        if part["iso"]:
            return dt.date.fromisoformat(part["iso"])
        if part["d"]:
            year = int(part["y"])
            return dt.date(year + 2000 if year < 100 else year, int(part["m"]), int(part["d"]))
        if part["my_y"]:
            return _month_end(int(part["my_y"]), int(part["my_m"]))
        month = next(at for at, name in enumerate(_MONTHS, 1) if name == part["month"].lower()[:3])
        year = int(part["year"])
        return dt.date(year, month, int(part["day"])) if part["day"] else _month_end(year, month)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> dt.date:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)


def _owner_in(one: Sentence) -> str:
    text = f"{one.lead}: {one.text}" if one.kind == "cell" and one.lead else one.text
    for match in _OWNER.finditer(text):
        name = _LABEL.split(match.group("name"))[0].strip(" :|.,;–—-")
        if not _EMPTY.match(name) and re.match(r"(?:the |our )?[A-Z][A-Za-z]{1,}", name):
            return name
    if owns := _OWNS.search(text):
        name = (owns.group("name") or owns.group("by") or "").strip()
        if not re.match(r"(?:you|staff|users?|employees|individuals|date|regularly)\b", name, re.IGNORECASE):
            return name
    return ""


def _first_owner(sentences: list[Sentence]) -> tuple[str, Sentence | None]:
    for one in sentences:
        if one.zone in ("related", "definitions") or not (owner := _owner_in(one)):
            continue
        if re.search(
            r"\bdevice owner|owner of the device|asset owner|\b(?:devices?|phones?|equipment|"
            r"laptops?)\b.{0,30}\bowned by",
            one.text,
            re.IGNORECASE,
        ):
            continue
        return owner, one
    return "", None
