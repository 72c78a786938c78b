"""Documents marked by hand, and how well the review does on them."""

import re
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from fobwatch.policy.backends.readers import read_document
from fobwatch.policy.rules.checklist import ITEMS
from fobwatch.policy.rules.review.report import Review, review

CORPUS = Path(__file__).parent / "corpus"
MARK = re.compile(r"\s*⟦(P\d\d)(?: (\w+))?⟧")
COVERED = ("found", "weak")


@dataclass
class Marked:
    """A document without its marks, and what the marks say: item → (grade, the sentence)."""

    name: str
    text: str
    kind: str
    gold: dict[str, tuple[str, list[str]]]


@dataclass
class Score:
    """What was found, missed and wrongly found."""

    right: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    quoted: int = 0
    misquoted: list[str] = field(default_factory=list)
    grades: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(2 * self.right + len(self.missed) + len(self.false), 1)

    @property
    def quotes(self) -> float:
        return self.quoted / max(self.right, 1)


def load(path: Path) -> Marked:
    """Take the marks out of a document; wrap it hard where its first line says so."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n")
    options = dict(part.strip().split("=") for part in head.removeprefix("#!").split(";"))
    gold: dict[str, tuple[str, list[str]]] = {}
    lines = []
    for line in body.split("\n"):
        for mark in MARK.finditer(line):
            before = MARK.sub("", line[: mark.start()])
            parts = re.split(r"(?<=[.?])\s+(?=[A-Z])", before.strip())
            said = next((part for part in reversed(parts) if len(part.split()) > 3), parts[-1])
            gold.setdefault(mark.group(1), (mark.group(2) or "found", []))[1].append(said)
        plain = MARK.sub("", line)
        width = int(options["wrap"])
        lines += (
            textwrap.wrap(plain, width, break_on_hyphens=False) or [""] if width and len(plain) > width else [plain]
        )
    return Marked(path.name, "\n".join(lines), options["kind"], gold)


def reviewed(document: Marked) -> Review:
    return review(read_document(document.text.encode(), document.name).lines)


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def score(documents: list[Marked]) -> Score:
    """Every item of every document: covered or not, and the sentence quoted."""
    total = Score()
    for document in documents:
        got = reviewed(document)
        for item in ITEMS:
            gold, said = document.gold.get(item, ("notfound", [""]))
            mine = got.items[item]
            where = f"{document.name} {item}"
            if gold in COVERED and mine.grade in COVERED:
                total.right += 1
                if any(len(words(mine.quote) & words(one)) >= 0.7 * len(words(one)) for one in said):
                    total.quoted += 1
                else:
                    total.misquoted.append(f"{where}: “{mine.quote[:90]}” for “{said[0][:90]}”")
                if gold != mine.grade:
                    total.grades.append(f"{where}: {mine.grade} for {gold}")
            elif gold in COVERED:
                total.missed.append(f"{where}: {said[0][:120]}  [{mine.grade}: {mine.why}]")
            elif mine.grade in COVERED:
                total.false.append(f"{where}: {mine.quote[:120]}")
            elif (gold == "refers") != (mine.grade == "refers"):
                total.grades.append(f"{where}: {mine.grade} for {gold}")
    return total


def of(part: str) -> list[Marked]:
    """The documents of one half of the corpus."""
    return [load(path) for path in sorted((CORPUS / part).iterdir())]
