"""The log: its entries, their details kept apart, the head of the tree, and the signed checkpoints."""

import datetime as dt
from typing import Any, ClassVar

from django.db import IntegrityError, models

from fobwatch.audit.rules import merkle
from fobwatch.audit.rules.leaf import Leaf, timestamp
from fobwatch.kernel.privacy import Kept

FOR_EVER = "The log is append-only: removing an entry would break every later proof. It holds references, no names."


class Entry(models.Model):
    """One thing that was done. Never changed, never deleted: triggers refuse it and the proofs would show it.

    node: the hash of the largest complete subtree that ends here. From these alone the frontier of any size is read in
    one query, and a proof is made without reading the log.
    """

    objects: ClassVar[models.Manager[Any]] = models.Manager()
    seq = models.BigIntegerField(primary_key=True, editable=False)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=100)
    object = models.CharField(max_length=200)
    organisation_id = models.CharField(max_length=32, blank=True)
    doc_sha256 = models.CharField(max_length=64, blank=True)
    commit = models.CharField(max_length=64, blank=True)
    leaf_hash = models.CharField(max_length=64)
    node = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "seq"], name="audit_org"),
            models.Index(fields=["organisation_id", "object", "seq"], name="audit_org_object"),
            models.Index(fields=["organisation_id", "actor", "seq"], name="audit_org_actor"),
            models.Index(fields=["organisation_id", "action", "seq"], name="audit_org_action"),
        ]

    class Privacy:
        whose = "whoever did it"
        kept = Kept(because=FOR_EVER)
        none = "seq action organisation_id doc_sha256 commit leaf_hash node"
        staff = "at actor object"

    @classmethod
    def within(cls, organisation: models.Model) -> "models.QuerySet[Entry]":
        """The entries of this organisation, newest first: the only way in which a page loads them."""
        return Entry.objects.filter(organisation_id=organisation.pk).order_by("-seq")

    def leaf(self) -> Leaf:
        """This entry as the log hashes it, made again from the stored columns."""
        return Leaf(
            seq=self.seq,
            ts=timestamp(self.at),
            actor=self.actor,
            action=self.action,
            object=self.object,
            org=self.organisation_id,
            doc_sha256=self.doc_sha256,
            commit=self.commit,
        )

    def kept_details(self) -> "Detail | None":
        """What is still kept beside this entry; None once it is erased."""
        return Detail.objects.filter(entry=self).first()


class Detail(models.Model):
    """What else is known of an entry, apart from the log, so that it can be erased and every proof still holds."""

    objects: ClassVar[models.Manager[Any]] = models.Manager()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="detail")
    at = models.DateTimeField(db_index=True)
    salt = models.BinaryField(max_length=32)
    payload = models.TextField()

    class Privacy:
        whose = "whoever did it, and whom it was about"
        kept = Kept(
            days=6 * 365, after="at", because="Six years, the usual time in which a claim can be made; unverified"
        )
        none = "entry"
        staff = "at payload"
        secret = "salt"  # noqa: S105


class Head(models.Model):
    """The end of the log: one row, locked by whoever appends, so that the log has one order and no fork.

    It does not hold the size: a row changed with every entry grows a chain of dead versions within one long
    transaction, which PostgreSQL walks each time. The size is one more than the last entry's place.
    """

    ONLY = 1
    objects: ClassVar[models.Manager[Any]] = models.Manager()
    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    checked_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_one_head")]

    class Privacy:
        whose = "nobody"
        kept = Kept(because="The state of the log")
        none = "id checked_at fault"

    @classmethod
    def current(cls) -> "Head | None":
        """The head as it stands; None before the first entry."""
        found: Head | None = cls.objects.filter(pk=cls.ONLY).first()
        return found


class Checkpoint(models.Model):
    """A signed statement of the log's size and root (C2SP tlog-checkpoint). Never changed, never deleted."""

    objects: ClassVar[models.Manager[Any]] = models.Manager()
    size = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Privacy:
        whose = "nobody"
        kept = Kept(because=FOR_EVER)
        none = "size root note signed_at"


def locked_head() -> Head:
    """The head of the log, locked until the end of this transaction. It is made at the first use.

    On SQLite the transaction itself is the lock (BEGIN IMMEDIATE in the settings).
    """
    head: Head | None = Head.objects.select_for_update().filter(pk=Head.ONLY).first()
    if head is None:
        Head.objects.bulk_create([Head()], ignore_conflicts=True)
        head = Head.objects.select_for_update().get(pk=Head.ONLY)
    return head


def append(
    *,
    at: dt.datetime,
    actor: str,
    action: str,
    object: str,
    organisation_id: str,
    doc_sha256: str,
    commit: str,
) -> Entry:
    """Add one entry at the end of the log, inside the caller's transaction. Only `@action` calls this."""
    locked_head()
    size = log_size()
    entry = Entry(
        seq=size,
        at=at,
        actor=actor,
        action=action,
        object=object,
        organisation_id=organisation_id,
        doc_sha256=doc_sha256,
        commit=commit,
    )
    leaf_hash = merkle.leaf_hash(entry.leaf().data())
    frontier = frontier_of(size)
    merkle.append(frontier, size, leaf_hash)
    entry.leaf_hash, entry.node = leaf_hash.hex(), frontier[-1].hex()
    entry.save(force_insert=True)
    return entry


def log_size() -> int:
    """How many entries the log has."""
    last: int | None = Entry.objects.order_by("-seq").values_list("seq", flat=True).first()
    return 0 if last is None else last + 1


def frontier_of(size: int) -> list[bytes]:
    """The frontier of the log when it had this size, read from the entries that end its subtrees.

    Raises IntegrityError where one of them is gone: nothing is added to a broken log.
    """
    ends = merkle.ends(size)
    nodes = dict(Entry.objects.filter(seq__in=ends).values_list("seq", "node"))
    if len(nodes) < len(ends):
        raise IntegrityError("Entries of the log are missing: nothing can be added to it.")
    return [bytes.fromhex(nodes[end]) for end in ends]
