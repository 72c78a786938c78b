"""One entry of the log as a bundle that anybody can check offline with `data/verify.py`, without trusting us."""

import base64
from pathlib import Path
from typing import Any

from fobwatch.audit.models.log import Checkpoint, Detail, Entry
from fobwatch.audit.rules import merkle
from fobwatch.audit.rules.note import Verifier
from fobwatch.kernel.verdict import refuse

KIND = "fobwatch-log-entry@v1"
PROOF = "c2sp.org/tlog-proof@v1"
VERIFIER = Path(__file__).resolve().parents[1] / "data" / "verify.py"


def bundle_of(entry: Entry, verifier: Verifier, document: bytes | None = None) -> dict[str, Any]:
    """The entry with all that proves it: leaf, details while they are kept, inclusion proof, checkpoint and key.

    document: the bytes of the document the entry is about, to travel with it; its hash stands in the leaf.
    The proof has the form of C2SP tlog-proof.
    Refuses where the entry is not under a signed checkpoint yet.
    """
    checkpoint = Checkpoint.objects.filter(size__gt=entry.seq).order_by("-size").first()
    if checkpoint is None:
        raise refuse("This entry is not signed yet. We sign the log every hour.", "Check the log now, then try again.")
    detail = Detail.objects.filter(entry=entry).first()
    return {
        "kind": KIND,
        "leaf": entry.leaf().data().decode(),
        "salt": bytes(detail.salt).hex() if detail else "",
        "payload": detail.payload if detail else "",
        "proof": _proof(entry, checkpoint),
        "vkey": verifier.vkey,
        "document": base64.b64encode(document).decode() if document is not None else "",
    }


def _proof(entry: Entry, checkpoint: Checkpoint) -> str:

    def find(seq: int, column: str) -> bytes:
        return bytes.fromhex(Entry.objects.values_list(column, flat=True).get(seq=seq))

    node = merkle.node_from(lambda seq: find(seq, "node"), lambda seq: find(seq, "leaf_hash"))
    path = merkle.inclusion(entry.seq, checkpoint.size, node)
    lines = [PROOF, f"index {entry.seq}", *(base64.b64encode(step).decode() for step in path)]
    return "\n".join(lines) + "\n\n" + checkpoint.note
