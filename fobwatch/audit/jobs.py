"""What runs on its own: signing the log every hour; and what checks it, for the command line."""

import datetime as dt
from typing import Any

from django.db import transaction

from fobwatch.audit.backends import signer
from fobwatch.audit.models import Checkpoint, Entry, Report, bundle_of, sign, verified
from fobwatch.kernel.verdict import refuse


def checkpoint(now: dt.datetime) -> Checkpoint | None:
    """Check the log and sign it; None where nothing was added since the last time. Run it every hour.

    Refuses, and signs nothing, where the log does not hold together.
    """
    key = signer()
    report = verified(key.verifier)
    with transaction.atomic():
        signed = sign(report, key=key, now=now)
    if not report.intact:
        raise refuse(
            f"We did not sign the log: {report.sentence[0].lower()}{report.sentence[1:]}",
            "Keep the database as it is, and tell your security lead and whoever runs Fobwatch today.",
        )
    return signed


def vkey() -> str:
    """The public key of the log as text. Publish it somewhere else than beside the log."""
    return signer().verifier.vkey


def verify_log() -> Report:
    """Check the whole log, write nothing."""
    return verified(signer().verifier)


def export_bundle(seq: int, document: bytes | None = None) -> dict[str, Any]:
    """The bundle of one entry, for `verify.py`. Refuses where it is not signed yet; raises Entry.DoesNotExist."""
    return bundle_of(Entry.objects.get(seq=seq), signer().verifier, document)
