"""A fresh key for the log."""

import base64
import secrets
import sys


def print_new_key() -> None:
    """Print a new Ed25519 seed, base64, for FOBWATCH_LOG_KEY. It is stored nowhere."""
    sys.stdout.write(base64.b64encode(secrets.token_bytes(32)).decode() + "\n")
