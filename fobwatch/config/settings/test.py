"""Settings of the tests: strict templates, warnings as errors, a fresh database on SQLite or PostgreSQL."""

import os

os.environ.setdefault("FOBWATCH_CHECKS", "1")
os.environ["FOBWATCH_ORIGIN"] = "http://localhost:8000"

from fobwatch.config.settings.base import *  # noqa: F403
from fobwatch.config.settings.base import LOGGING, VAR, databases

SECRET_KEY = "tests-only-and-nowhere-else"  # noqa: S105
FOBWATCH_LOG_KEY = "dGVzdHMtb25seS1hbmQtbm93aGVyZS1lbHNlLTEyMzQ="
FOBWATCH_LOG_ORIGIN = "tests.example/log"
FOBWATCH_STRICT_TEMPLATES = True
ALLOWED_HOSTS = ["localhost", "testserver"]
DATABASES = {"default": databases(os.environ.get("DATABASE_URL") or "sqlite:///:memory:")}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, not memory: threads, processes and the gate's own connection see the same rows.
    (VAR / "test").mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": VAR / "test" / "test.sqlite3"}
SESSION_COOKIE = "fobwatch"
DEVICE_COOKIE = "fobwatch-device"
SHARED_COOKIE = "fobwatch-shared"
CSRF_COOKIE_NAME = "fobwatch-form"
COOKIES_SECURE = False
CSRF_COOKIE_SECURE = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Static files as they lie in the source: nothing is collected in a test.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# pytest keeps what is logged; a stream of ours would write to what it has closed by then.
LOGGING["handlers"]["console"] = {"class": "logging.NullHandler"}
