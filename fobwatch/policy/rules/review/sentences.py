"""Blocks as sentences, each with where it stands: page, section, lead-in, and the zone of the document.

Pure.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from fobwatch.policy.rules.review.lines import BULLET, CELL, HEADING, ITEM, Block

_ABBREVIATION = re.compile(
    r"\b(e\.g|i\.e|etc|Dr|Mr|Mrs|Ms|St|No|vs|approx|para|paras|Ref|Tel|Ext|ext|tel|inc|"
    r"incl|Ltd|Sec|cf|viz|Prof|App|p|pp|v|n\.b)\.(?=\s)"
)
_END = re.compile(r"(?<=[.!?…])['\"’”)\]]*\s+(?=[\"'“\u2018(\[]?[A-Z0-9•])")
_INNER_BULLET = re.compile(r"\s+(?=[•●▪■◦➢➤✓✔\uf0b7\uf0a7]\s*\S)")
_WORD = re.compile(r"[^\W\d_]{2,}")

# The zone of a section, by the words of its heading. The first that fits wins.
ZONES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (zone, re.compile(pattern, re.IGNORECASE))
    for zone, pattern in (
        ("control", r"version (?:control|history)|document (?:control|history|information|details)|change "
r"(?:history|record|log)|amendment|revision history|approval record|distribution "
r"list|circulation"),
        ("equality", r"equality|quality impact|privacy impact screening|environmental impact"),
        ("related", r"(?:related|associated|linked|supporting|other relevant|relevant|other|connected|"
r"further|key) (?:\w+ )?(?:documents?|polic(?:y|ies)|documentation|reading|procedures?|"
r"guidance|legislation|links)|references?$|bibliography|see also|^legislation|legal "
r"framework|cross.?references|regulatory framework|read (?:this )?(?:alongside|with)"),
        ("definitions", r"^\W*(?:[\d.]+\s*)?(?:definitions?|glossary|terms? used|terminology|abbreviations|"
r"acronyms|explanation of terms|what (?:the|these) words mean|words we use)"),
        ("patients", r"^\W*(?:[\d.]+\s*)?(?:(?:guidance |information |advice |notice |rules )?(?:for |"
r"by |use by )?)(?:patients?|visitors?|service users?|residents?|relatives|families|"
r"the public|clients|students|pupils)\b(?!.*\b(?:data|information|records?|photograph|"
r"image|confidential|care|safety|detail)s?)"),
        ("issued", r"(?:trust|practice|organisation|company|corporate|work|council|university|charity|"
r"hospice|home|employer|nhs)[- ](?:issued|owned|supplied|provided|managed)|corporate "
r"devices|issued (?:devices|equipment|phones)|work (?:phones|mobiles|devices|equipment)\b|"
r"(?:trust|company|practice|surgery|hospital|clinic) (?:phones|mobiles|devices|laptops|"
r"equipment)|(?:devices|phones|laptops|equipment|computers) (?:owned|issued|supplied|"
r"provided|that we|we give|belonging)|(?:the|our) \w+['’]s (?:phones?|devices?|tablets?|"
r"laptops?)\b"),
        ("risks", r"\brisks?\b(?!.*assess)|threats?\b|concerns\b|dangers|what (?:can|could) go wrong|"
r"why (?:this|it) matters|benefits"),
        ("purpose", r"\bpurpose\b|\baims?\b|objectives?|introduction|background|rationale|foreword|what "
r"this (?:policy|document|page|guide) is for|why we (?:have|need)|^context\b"),
    )
)  # fmt: skip
LEADS_ON = re.compile(
    r"(?::|\b(?:must|should|will|to|that|by|following|not|shall|may|can|are|if|when))\s*[-–]?\s*$", re.IGNORECASE
)


@dataclass(slots=True)
class Sentence:
    """One sentence of a document, exactly as it stands there.

    section: its number and heading; lead: the words that its list begins with, or the label of its row; tail: the
    items that follow where it leads into a list; before: the sentence before it in the same section.
    """

    text: str
    page: int
    section: str
    zone: str
    kind: str
    lead: str = ""
    tail: str = ""
    before: str = ""
    path: str = ""

    @property
    def where(self) -> str:
        """Where a reader finds it: "page 4, 5.2 Lost devices"."""
        page = f"page {self.page}" if self.page else ""
        return ", ".join(part for part in (page, self.section) if part) or "at the start"


def sentences(blocks: list[Block]) -> list[Sentence]:
    """Every sentence of the blocks, in order, without headings."""
    found: list[Sentence] = []
    section, path, zone, lead = "", "", "", ""
    leader: Sentence | None = None
    levels: dict[int, tuple[str, str]] = {}
    for block in blocks:
        if block.kind == HEADING:
            section = block.text.strip(" :*#")
            levels, path, zone = _under(levels, block, section)
            lead, leader = "", None
            continue
        parts = split(block.text)
        if block.kind not in (ITEM, CELL) and not (leader and block.number and _is_clause(block, leader)):
            lead, leader = "", None
        for text in parts:
            before = found[-1].text if found and found[-1].section == section and found[-1].kind == block.kind else ""
            sentence = Sentence(text, block.page, section, zone, block.kind, block.label or lead, "", before, path)
            found.append(sentence)
        if leader is not None and block.kind == ITEM:
            leader.tail = f"{leader.tail} {block.text}"[:2000]
        if block.kind != CELL and parts and LEADS_ON.search(parts[-1]) and _opens_list(block, lead):
            lead, leader = parts[-1], found[-1]
    return found


def heading_sentences(blocks: list[Block]) -> list[Sentence]:
    """The headings of the first pages as sentences: a table of control often looks like a run of headings."""
    return [Sentence(block.text, block.page, "", "control", HEADING) for block in blocks[:80] if block.kind == HEADING]


def _opens_list(block: Block, lead: str) -> bool:
    return block.kind != ITEM or block.text.rstrip().endswith(":") or not lead


def _is_clause(block: Block, leader: Sentence) -> bool:
    """Whether a numbered paragraph is an item of the list that `leader` began."""
    return bool(leader.text.rstrip().endswith(":") and block.number.count(".") >= 1)


def _under(
    levels: dict[int, tuple[str, str]], block: Block, section: str
) -> tuple[dict[int, tuple[str, str]], str, str]:
    """The headings above what follows, and the zone they make."""
    bare = re.sub(r"^\W*[\d.]+\s*", "", section)
    own = next((zone for zone, pattern in ZONES if pattern.search(bare)), "")
    depth = block.number.count(".") + 1 if block.number else (2 if not section.isupper() else 1)
    kept = {level: above for level, above in levels.items() if level < depth and block.number}
    zone = own or next(
        (
            above[1]
            for _, above in sorted(kept.items(), reverse=True)
            if above[1] in ("issued", "patients", "related", "control", "equality")
        ),
        "",
    )
    kept[depth] = (section, zone)
    path = " ".join(text for _, (text, _) in sorted(kept.items()))
    return kept, path, zone


def split(text: str) -> list[str]:
    """The sentences of one paragraph, exactly as they stand."""
    guarded = _ABBREVIATION.sub(lambda match: match.group(1).replace(".", "\0") + "\0", text)
    pieces: list[str] = []
    for run in _INNER_BULLET.split(guarded):
        cuts = [0, *(match.end() for match in _END.finditer(run)), len(run)]
        pieces += [run[start:end] for start, end in pairwise(cuts)]
    found: list[str] = []
    for piece in pieces:
        whole = piece.replace("\0", ".").strip()
        if found and not _WORD.search(found[-1]):  # a number that stood alone: "1."
            found[-1] = f"{found[-1]} {whole}"
        else:
            found.append(whole)
    return [piece for piece in found if _WORD.search(piece)]


def bare(text: str) -> str:
    """A sentence without its bullet or its number."""
    text = BULLET.sub("", text, count=1)
    return re.sub(r"^\s*(?:\d{1,2}\.)*\d{0,2}\.?\s+(?=[A-Z(\"“])", "", text).strip("* ")
