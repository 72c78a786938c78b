"""A real installation. What it needs comes from the environment; what is missing is said, and it does not start."""

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from fobwatch.config.settings.base import *  # noqa: F403
from fobwatch.config.settings.base import ORIGIN


def _required(name: str, what: str) -> str:
    found = os.environ.get(name, "")
    if not found:
        raise ImproperlyConfigured(f"Set {name}: {what}. docs/deploy.md shows how.")
    return found


SECRET_KEY = _required("FOBWATCH_SECRET_KEY", "a long random text, kept secret")
FOBWATCH_LOG_KEY = _required("FOBWATCH_LOG_KEY", "the key that signs the log (make one with: fobwatch audit key)")
_required("FOBWATCH_ORIGIN", "the address staff use, for example https://byod.example.nhs.uk")
if urlsplit(ORIGIN).scheme != "https":
    raise ImproperlyConfigured("FOBWATCH_ORIGIN must begin with https://: passkeys and cookies need it.")
ALLOWED_HOSTS = [urlsplit(ORIGIN).hostname or ""]
CSRF_TRUSTED_ORIGINS = [ORIGIN]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("FOBWATCH_TRUSTED_PROXIES") else None
