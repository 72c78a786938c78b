from fobwatch.audit.models.bundle import VERIFIER, bundle_of
from fobwatch.audit.models.log import Checkpoint, Detail, Entry, Head, append, frontier_of, locked_head, log_size
from fobwatch.audit.models.names import names_of
from fobwatch.audit.models.verification import Report, sign, verified

__all__ = [
    "VERIFIER",
    "Checkpoint",
    "Detail",
    "Entry",
    "Head",
    "Report",
    "append",
    "bundle_of",
    "frontier_of",
    "locked_head",
    "log_size",
    "names_of",
    "sign",
    "verified",
]
