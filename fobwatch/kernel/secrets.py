"""Random tokens, and the keyed hash under which they are stored."""

import functools
import hashlib
import hmac
import secrets

from django.conf import settings


def new_token() -> str:
    """A random token of 256 bits, safe in a URL or a cookie."""
    return secrets.token_urlsafe(32)


def keyed_hash(purpose: str, text: str) -> str:
    """HMAC-SHA256 of a text for one purpose, in hexadecimal: what is stored instead of the token itself."""
    message = f"{purpose}\0{text}".encode()
    keyed = _keyed(settings.SECRET_KEY).copy()
    keyed.update(message)
    return keyed.hexdigest()


@functools.lru_cache(maxsize=2)
def _keyed(key: str) -> hmac.HMAC:
    """The HMAC that has taken in its key already: half the work of each request to the gate."""
    return hmac.new(key.encode(), digestmod=hashlib.sha256)
