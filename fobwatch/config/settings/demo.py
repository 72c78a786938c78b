"""The demo: two fictional organisations at localhost, sign-in as a persona, e-mails shown on a page.

Nothing here is for real data. `fobwatch.web.apps` refuses to start with FOBWATCH_DEMO under any other settings.
"""

import base64
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

os.environ.setdefault("FOBWATCH_ORIGIN", "http://localhost:8000")

from fobwatch.config.settings.base import *  # noqa: F403
from fobwatch.config.settings.base import ORIGIN, VAR, databases

_HOME = VAR / "demo"


def _kept(name: str) -> str:
    """A secret made at the first start and kept beside the demo's database."""
    path = Path(_HOME / name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        path.chmod(0o600)
    return path.read_text()


DEBUG = False
# Static files come straight from where they are built, so that the demo starts at once.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SECRET_KEY = _kept("secret")
FOBWATCH_LOG_KEY = _kept("log-key")
FOBWATCH_DEMO = True
DATABASES = {"default": databases(os.environ.get("DATABASE_URL") or f"sqlite:///{_HOME / 'demo.sqlite3'}")}
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [ORIGIN]
# Browsers take Secure cookies from http://localhost only in part (Safari does not): the demo does without.
SESSION_COOKIE = "fobwatch"
DEVICE_COOKIE = "fobwatch-device"
SHARED_COOKIE = "fobwatch-shared"
CSRF_COOKIE_NAME = "fobwatch-form"
COOKIES_SECURE = False
CSRF_COOKIE_SECURE = False
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
assert urlsplit(ORIGIN).hostname == "localhost", "The demo runs at localhost only."  # noqa: S101
