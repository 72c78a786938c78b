"""The key that signs the log. It comes from the settings, never from the database."""

import base64
import binascii

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from fobwatch.audit.rules.note import KEY_BYTES, Signer


def signer() -> Signer:
    """The signer of this installation: FOBWATCH_LOG_KEY (32 bytes, base64) under the name FOBWATCH_LOG_ORIGIN.

    Raises ImproperlyConfigured where the key is missing or malformed; the key itself is never in the message.
    """
    try:
        seed = base64.b64decode(settings.FOBWATCH_LOG_KEY, validate=True)
    except (binascii.Error, ValueError):
        seed = b""
    if len(seed) != KEY_BYTES:
        raise ImproperlyConfigured("FOBWATCH_LOG_KEY must be 32 bytes in base64: the key that signs the log.")
    return Signer(settings.FOBWATCH_LOG_ORIGIN, seed)
