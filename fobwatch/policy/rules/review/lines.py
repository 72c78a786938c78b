"""Lines as a reader found them, put back together: page furniture and contents out, wrapped lines rejoined.

Pure. Nothing is invented: every block is the text of the document with its white space made plain.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

TEXT, HEADING, ITEM, CELL, GAP = "text", "heading", "item", "cell", "gap"

BULLET = re.compile(
    r"^\s*(?:[•●○▪■□◦‣·∙➢➤✓✔✗❖\uf0b7\uf0a7\uf0d8\u2023*]|[-–—](?=\s)|o(?=\s{2,}|\t)|\(?(?:[a-hj-z]|"
    r"[ivx]{1,4}|i)[.)]|\(\d{1,2}\)|\d{1,2}\))\s*"
)
NUMBER = re.compile(
    r"^\s*(?:section\s+|appendix\s+)?(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[A-Z]\.\d{1,2}\.?)\s+(?=\S)", re.IGNORECASE
)
_LEADER = re.compile(r"(?:\.\s?){4,}\s*\d{0,3}\s*$|(?:_|…|\u2024){3,}\s*\d+\s*$|\t\s*\d{1,3}\s*$")
_ENDS_IN_PAGE = re.compile(r"\s\d{1,3}\s*$")
_CONTENTS = re.compile(r"^\W*(?:table of )?contents?(?: page)?\W*$", re.IGNORECASE)
_PAGE_MARK = re.compile(
    r"^\s*(?:page\s+)?\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?\s*$|^\s*page\s+\d+\b.{0,20}$", re.IGNORECASE
)
_STOPS = re.compile(r"[.!?:;]['\"’”)\]]*$")
_LABELLED = re.compile(r"^[A-Z][\w/()&' -]{2,32}:\s")
# A line that ends like this goes on, whatever comes next.
_OPEN_END = re.compile(
    r"(?:,|\b(?:and|or|the|an?|to|of|for|in|on|with|by|from|your|their|our|is|are|be|must|shall|not|that|any))$"
)
_SPACE = re.compile(r"\s+")
_TITLE_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "the",
        "of",
        "for",
        "to",
        "in",
        "on",
        "or",
        "with",
        "by",
        "from",
        "at",
        "as",
        "is",
        "your",
        "you",
        "it",
        "not",
        "no",
        "do",
    ]
)


# Where many lines are longer than this, nobody wrapped them: each is a paragraph.
UNWRAPPED = 125
# How many blocks a title page may take.
FIRST_PAGE = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document. page: from 1, or 0 where the form has no pages. kind: what the form says it is.

    label: of a table cell, what stands in the first column and the head of its own.
    """

    text: str
    page: int = 0
    kind: str = TEXT
    label: str = ""


@dataclass(slots=True)
class Block:
    """A paragraph, an item of a list, a heading or a cell, in one piece."""

    text: str
    page: int = 0
    kind: str = TEXT
    label: str = ""
    number: str = ""
    parts: list[str] = field(default_factory=list)


def plain(text: str) -> str:
    """The text with white space made plain, and without soft hyphens and characters of no width."""
    return _SPACE.sub(" ", re.sub("[\u00ad\u200b-\u200f\u2060\ufeff]", "", text)).strip()


def blocks(lines: list[Line]) -> list[Block]:
    """What the lines say, in order, without what repeats on each page and without contents."""
    kept = _without_contents(_without_furniture(lines))
    width = _width(kept)
    found: list[Block] = []
    last: Line | None = None
    for line in kept:
        text = plain(line.text)
        if line.kind == GAP or not text:
            last = None
            continue
        if last is not None and found and _goes_on(found[-1], last, line, width):
            found[-1].text = f"{found[-1].text} {text}"
        else:
            found.append(_begun(line, text))
        last = line
    _name_headings(found, width)
    return found


def _begun(line: Line, text: str) -> Block:
    kind, number = line.kind, ""
    if kind == TEXT and BULLET.match(line.text):
        kind = ITEM
    if kind in (TEXT, HEADING) and (match := NUMBER.match(text)):
        number = match.group().strip().rstrip(".")
    return Block(text=text, page=line.page, kind=kind, label=line.label, number=number)


def _width(lines: list[Line]) -> int:
    lengths = sorted(len(plain(line.text)) for line in lines if line.kind == TEXT and line.text.strip())
    return lengths[int(len(lengths) * 0.9)] if lengths else 0


def _goes_on(block: Block, last: Line, line: Line, width: int) -> bool:
    """Whether `line` continues the paragraph that `last` ends."""
    if line.kind != TEXT or last.kind not in (TEXT, ITEM) or BULLET.match(line.text):
        return False
    before, text = plain(last.text), plain(line.text)
    if text[0].islower():
        return not _STOPS.search(before) or (before[-1] in ";:" and len(before) > 0.6 * width)
    if _OPEN_END.search(before) and not _LABELLED.match(text):
        return True
    if NUMBER.match(text) or _LABELLED.match(text):
        return False
    full = width < UNWRAPPED and len(before) + len(text.split(" ", 1)[0]) + 1 > max(width * 0.85, 30)
    return full and (not _STOPS.search(before) or (before[-1] not in ":;" and block.kind == TEXT))


def _without_furniture(lines: list[Line]) -> list[Line]:
    """Without the headers and footers that come back on page after page, and without page numbers."""
    pages = {line.page for line in lines if line.page}
    seen: Counter[str] = Counter()
    for page, text in {(line.page, _shape(line.text)) for line in lines if line.page and line.text.strip()}:
        seen[text] += bool(page)
    often = {text for text, count in seen.items() if len(pages) > 2 and count >= max(3, 0.4 * len(pages))}
    kept: list[Line] = []
    said: set[str] = set()
    for line in lines:
        shape = _shape(line.text) if line.page else ""
        again = shape in often and shape in said  # the first stays: owner and review date often stand in a footer
        said.add(shape)
        if not again and not (line.kind == TEXT and _PAGE_MARK.match(line.text)):
            kept.append(line)
    return kept


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", plain(text).lower())


def _without_contents(lines: list[Line]) -> list[Line]:
    """Without contents: entries with dots, and the run of entries that ends in page numbers."""
    kept: list[Line] = []
    inside, misses = False, 0
    for line in lines:
        text = line.text.rstrip()
        if _CONTENTS.match(text):
            inside, misses = True, 0
            continue
        if _LEADER.search(text):
            continue
        if inside and text.strip():
            if (_ENDS_IN_PAGE.search(text) and len(text) < 110) or (_bare_entry(text) and line.kind == TEXT):
                misses = 0
                continue
            misses += 1
            inside = misses < 1
        kept.append(line)
    return kept


def _bare_entry(text: str) -> bool:
    return bool(re.match(r"^\s*\d{1,2}(?:\.\d{1,2})*\.?\s*$", text))


def _name_headings(found: list[Block], width: int) -> None:
    guessed = []
    for at, block in enumerate(found):
        if block.kind == TEXT and _looks_like_heading(block, width):
            block.kind = HEADING
            if not block.text.isupper() and (not block.number or len(block.text.split()) > 5):
                guessed.append(at)
    _unname_rows(found, guessed)


def _unname_rows(found: list[Block], guessed: list[int]) -> None:
    """Give back as text what came in a run of three or more guesses: rows of a table, or entries of a list."""
    runs: list[list[int]] = []
    for at in guessed:
        if runs and at == runs[-1][-1] + 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    for run in runs:
        if len(run) > 2 and run[0] > FIRST_PAGE:
            for at in run:
                found[at].kind = TEXT


_VERB = re.compile(
    r"\b(?:must|shall|should|will|may not|cannot|do not|don't|never|is|are|ensure|has|have|be|can|may)\b",
    re.IGNORECASE,
)


def _looks_like_heading(block: Block, width: int) -> bool:
    text = block.text[len(block.number) :].lstrip(". ").strip() if block.number else block.text
    words = text.rstrip(":").split()
    if not 0 < len(words) <= 12 or len(block.text) > max(90, width) or re.search(r"[.!;,]$|\S:\s+\S|\d{4}$|@", text):
        return False
    if text.isupper() and len(text) > 3:
        return True
    if _VERB.search(text) and not text.endswith("?"):
        return False
    if block.number:
        return len(words) <= 10
    large = [word for word in words if word[0].isupper() or word[0].isdigit() or word.lower() in _TITLE_SMALL]
    most = 4 if text.endswith(":") else 12 if len(large) == len(words) else 6
    return words[0][0].isupper() and len(words) <= most
