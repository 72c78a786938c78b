"""Does the log hold: every entry hashed again, against the head, the signed checkpoints and the details kept beside."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fobwatch.audit.models.log import Checkpoint, Detail, Entry, Head, log_size
from fobwatch.audit.rules import merkle
from fobwatch.audit.rules.leaf import Leaf, commitment, timestamp
from fobwatch.audit.rules.note import Signer, Verifier, checkpoint_text, read_checkpoint

AT_ONCE = 10_000
SHOWN = 10
COLUMNS = ("seq", "at", "actor", "action", "object", "organisation_id", "doc_sha256", "commit", "leaf_hash", "node")


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. `faults` are sentences; none of them means that the log is intact."""

    size: int
    root: str
    checkpoints: int
    details: int
    faults: tuple[str, ...]

    @property
    def intact(self) -> bool:
        """Nothing was found changed, missing or added out of turn."""
        return not self.faults

    @property
    def sentence(self) -> str:
        """The outcome in one line."""
        if self.faults:
            return self.faults[0]
        return f"The log is intact: {self.size:,} entries, {self.checkpoints:,} signed checkpoints."


@dataclass(slots=True)
class _Walk:
    """The tree as it is hashed again, entry by entry."""

    checkpoints: dict[int, Checkpoint]
    verifier: Verifier
    frontier: list[bytes] = field(default_factory=list)
    size: int = 0
    faults: list[str] = field(default_factory=list)

    def step(self, row: tuple[Any, ...]) -> None:
        """Add one entry, made again from its columns."""
        seq, at, *columns, stored, node = row
        leaf = Leaf(seq, timestamp(at), *columns)
        found = merkle.leaf_hash(leaf.data())
        merkle.append(self.frontier, self.size, found)
        if found.hex() != stored:
            self.faults.append(f"Entry {leaf.seq:,} was changed after it was written.")
        elif self.frontier[-1].hex() != node and not self.faults:
            self.faults.append(f"One of the entries up to {leaf.seq:,} was changed, and its hash with it.")
        self.size += 1
        if self.size in self.checkpoints:
            self.compare(self.checkpoints[self.size])

    def compare(self, checkpoint: Checkpoint) -> None:
        """Hold the tree against a checkpoint of this size, and the checkpoint against its signature."""
        found = merkle.root(self.frontier)
        when = f"{checkpoint.signed_at:%d %B %Y at %H:%M} UTC"
        try:
            signed = read_checkpoint(self.verifier.open(checkpoint.note))
        except ValueError:
            self.faults.append(f"The checkpoint of {when} does not carry our signature.")
            return
        if signed != (self.verifier.name, self.size, bytes.fromhex(checkpoint.root)):
            self.faults.append(f"The checkpoint of {when} is not the one that was signed.")
        elif signed[2] != found:
            self.faults.append(
                f"Something among the first {self.size:,} entries was changed after the checkpoint of {when}."
            )


def verified(verifier: Verifier) -> Report:
    """Check the whole log. It reads only: about ten seconds for a million entries, and nobody waits for it.

    It shows that nothing was altered or removed since it was signed, not that what was recorded was true.
    """
    size = log_size()
    checkpoints = {checkpoint.size: checkpoint for checkpoint in Checkpoint.objects.all()}
    walk = _Walk(checkpoints, verifier)
    rows = Entry.objects.filter(seq__lt=size).order_by("seq").values_list(*COLUMNS).iterator(chunk_size=AT_ONCE)
    for row in rows:
        if row[0] != walk.size:
            walk.faults.append(f"Entry {walk.size:,} is missing.")
            break
        walk.step(row)
    newest = max(checkpoints, default=0)
    if newest > size:
        walk.faults.append(
            f"The log has {size:,} entries, but a checkpoint was signed when it had {newest:,}: some are gone."
        )
    details = 0
    for details, fault in enumerate(_details(), 1):  # noqa: B007 - the count is needed after the loop
        if fault:
            walk.faults.append(fault)
    return Report(size, merkle.root(walk.frontier).hex(), len(checkpoints), details, tuple(walk.faults[:SHOWN]))


def _details() -> Iterator[str]:
    """For each detail still kept, a fault or an empty text."""
    kept = Detail.objects.order_by("pk").values_list("pk", "salt", "payload", "entry__commit")
    for seq, salt, payload, commit in kept.iterator(chunk_size=AT_ONCE):
        same = commitment(bytes(salt), payload) == commit
        yield "" if same else f"The details kept beside entry {seq:,} are not those that were recorded."


def sign(report: Report, *, key: Signer, now: dt.datetime) -> Checkpoint | None:
    """Sign the tree that was just found intact, and note the check; None where it changed nothing since the last.

    A tree with a fault is never signed. Called inside a transaction by the job and by the action that checks.
    """
    Head.objects.filter(pk=Head.ONLY).update(checked_at=now, fault=report.faults[0] if report.faults else "")
    if report.faults or not report.size or Checkpoint.objects.filter(size=report.size).exists():
        return None
    text = checkpoint_text(key.name, report.size, bytes.fromhex(report.root))
    checkpoint = Checkpoint(size=report.size, root=report.root, note=key.sign(text), signed_at=now)
    checkpoint.save(force_insert=True)
    return checkpoint
