"""What kind of document it seems to be, whether it bans personal devices, and how far its rules reach."""

import re
from dataclasses import dataclass

from fobwatch.policy.rules.review.lines import HEADING, Block
from fobwatch.policy.rules.review.phrases import Finder, compared
from fobwatch.policy.rules.review.sentences import Sentence, bare

BYOD, BAN = "BYOD policy", "policy that bans personal devices"
OTHER = "not a policy about devices"
_OWN_TITLE = (
    r"bring[- ](?:ing )?(?:your|their) own|bringing your own|\bbyo[dtc]?\b|(?:personal(?:ly)?|"
    r"private(?:ly)?|own|employee|staff)[- ]?(?:owned )?(?:mobile |electronic |computing "
    r"|it )?"
    r"(?:devices?|phones?|smartphones?|equipment|computers?|technology|laptops?|mobiles?|tablets?|kit)"
)
_TITLES: tuple[tuple[str, str], ...] = (
    ("photography policy", r"photograph|video|recording|clinical imag|filming|images? of"),
    ("messaging policy", r"messag|whatsapp|texting|social media|sms\b"),
    ("remote working policy", r"remote|home[- ]?work|agile|teleworking|working from home|working away|hybrid|mobile "
r"working|off[- ]site|flexible working"),
    ("mobile phone policy", r"mobile|smart ?phone|portable|phones?\b|tablets?\b|handheld"),
    ("acceptable use policy", r"acceptable use|internet|e-?mail|use of (?:it|ict|computers|information technology)|"
r"computer use|it use|systems use|\baup\b|user agreement"),
    ("information security policy", r"information security|cyber|data protection|it security|access control|password|"
r"information governance|confidential|data security|encryption|network security|records "
r"management"),
)  # fmt: skip
_DOCUMENT = re.compile(
    r"\b(?:policy|policies|procedure|guidance|guidelines?|standard|code of (?:conduct|"
    r"practice)|protocol|agreement|rules|scheme|handbook|sop|using|use of|statement)\b",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"^(?:version|author|owner|date|review|ratified|approved|status|reference|target|"
    r"distribution|related|associated|supersedes|document (?!.*policy))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """name: in plain words; own: people's own devices are its subject; everything: its rules reach all devices.

    ban: the sentence that bans personal devices, where one does. allows: a sentence lets them be used.
    speaks: it speaks of personal devices at all;
    """

    name: str
    title: str
    own: bool
    everything: bool
    speaks: bool
    mostly: bool = False
    allows: bool = False
    ban: Sentence | None = None


def kind_of(blocks: list[Block], sentences: list[Sentence], finder: Finder) -> Kind:
    """The kind of a document, from its title, and from its text where the title does not say."""
    title = title_of(blocks)
    names = [(one, finder.names(compared(bare(one.text)))) for one in sentences]
    body = [(one, found) for one, found in names if one.zone not in ("control", "related", "equality")]
    personal = sum("personal" in found or "personal" in finder.names(compared(one.path)) for one, found in body)
    issued = sum("issued" in found and "personal" not in found for _, found in body)
    share = personal / max(len(body), 1)
    own_title = bool(re.search(_OWN_TITLE, title, re.IGNORECASE))
    neighbour = next((name for name, pattern in _TITLES if re.search(pattern, title, re.IGNORECASE)), "")
    own = own_title or (not neighbour and personal >= 3 and share > 0.2)
    everything = own or any("scope_all" in found and _is_scope(one) for one, found in body)
    allowing = _allowing(body)
    ban = _ban(body, len(allowing))
    mostly, allows = personal > issued, bool(allowing)
    if ban is not None and (own or not neighbour):
        return Kind(BAN, title, own, everything, True, True, allows, ban)
    name = BYOD if own else neighbour or OTHER
    return Kind(name, title, own, everything, personal > 0, mostly, allows, ban)


def title_of(blocks: list[Block]) -> str:
    """The title: the first line that names a kind of document, or the first line there is."""
    first = [block.text for block in blocks[:40] if block.text.strip()]
    numbered = next((at for at, block in enumerate(blocks[:40]) if block.number and block.kind == HEADING), 40)
    for text in first[: min(15, numbered)]:
        if (
            re.search(_OWN_TITLE, text, re.IGNORECASE)
            and len(text) < 100
            and not re.search(r"[.;]$", text)
            and not _CONTROL.match(text)
        ):
            return text
    for text in first[:12]:
        if _DOCUMENT.search(text) and len(text) < 140 and not _CONTROL.match(text) and not re.search(r"[.;]$", text):
            return text
    return first[0][:140] if first else ""


def _is_scope(one: Sentence) -> bool:
    return bool(
        re.search(r"\bscope\b|applies to|who (?:this|the)|application", one.section, re.IGNORECASE)
        or re.search(
            r"\b(?:policy|rules?|document|guidance|standards?|procedure|code|section)\b.{0,60}\b(?:appl|"
            r"cover|extend|includ|relat|concern)|\b(?:applies|covers|extends)\b",
            one.text + " " + one.lead,
            re.IGNORECASE,
        )
    )


def _bans(one: Sentence, names: frozenset[str]) -> bool:
    if (
        "bans" not in names
        or "breach" in names
        or "consequence" in names
        or "altered" in names
        or "unsupported" in names
    ):
        return False
    if re.search(r"\b(?:unless|until|except|any more|again|no longer be)\b", one.text, re.IGNORECASE):
        return False
    return "ban_limited" not in names or "ban_total" in names


def _allowing(body: list[tuple[Sentence, frozenset[str]]]) -> list[Sentence]:
    return [
        one
        for one, names in body
        if "allows" in names
        and not {"bans", "patient_actor", "opposite"} & names
        and not re.search(r"\b(?:no|not|never|cannot)\b", one.text, re.IGNORECASE)
    ]


def _ban(body: list[tuple[Sentence, frozenset[str]]], allowing: int) -> Sentence | None:
    """The sentence that bans personal devices from work altogether, unless another one allows them."""
    banning = [one for one, names in body if _bans(one, names)]
    return banning[0] if banning and allowing <= (len(banning) - 1) // 2 else None
