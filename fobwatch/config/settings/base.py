"""Settings that hold everywhere. `production`, `demo` and `test` add what differs, and nothing else does."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONCE, NONE, SELF

PACKAGE = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("FOBWATCH_VAR", Path.cwd() / "var"))

APPS = ["design", "audit", "people", "policy", "devices", "learning", "notices", "access", "gateway", "web"]
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django_linear_migrations" if os.environ.get("FOBWATCH_CHECKS") else "",
    *(f"fobwatch.{app}" for app in APPS),
]
INSTALLED_APPS = [app for app in INSTALLED_APPS if app]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "fobwatch.config.middleware.one_name",
    "fobwatch.config.middleware.kept_nowhere",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "fobwatch.config.middleware.who_is_at_the_door",
    "fobwatch.config.middleware.say_why",
]
ROOT_URLCONF = "fobwatch.config.urls"
WSGI_APPLICATION = "fobwatch.config.wsgi.application"
SIGN_IN_URL_NAME = "people:sign_in"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [PACKAGE / app / "templates" for app in APPS],
        "OPTIONS": {
            "environment": "fobwatch.design.environment.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"


def databases(address: str) -> dict[str, Any]:
    """The database of an address, with what each engine needs: SQLite in WAL mode, one writer at a time, waiting."""
    found: dict[str, Any] = dict(dj_database_url.parse(address, conn_max_age=600, conn_health_checks=True))
    if "sqlite" in str(found["ENGINE"]):
        found["CONN_MAX_AGE"] = None
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # Mapped, what others have just written is read without copying the pages anew: the gate reads all the time.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456;",
        }
    return found


DATABASES = {"default": databases(os.environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'fobwatch.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT: Path | None = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "fobwatch.design.storage.Storage"},
}

# Cookies and headers: strict everywhere. The demo alone speaks plain http, at localhost.
SESSION_COOKIE = "__Host-fobwatch"
DEVICE_COOKIE = "__Host-fobwatch-device"
SHARED_COOKIE = "__Host-fobwatch-shared"
COOKIES_SECURE = True
CSRF_COOKIE_NAME = "__Host-fobwatch-form"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "fobwatch.web.views.form_too_old"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# The one address under which people reach Fobwatch. Passkeys belong to its host name.
ORIGIN = os.environ.get("FOBWATCH_ORIGIN", "http://localhost:8000").rstrip("/")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("FOBWATCH_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("FOBWATCH_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("FOBWATCH_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("FOBWATCH_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("FOBWATCH_SMTP_TLS", "") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("FOBWATCH_MAIL_FROM", "fobwatch@localhost")
TRUSTED_PROXIES = frozenset(filter(None, os.environ.get("FOBWATCH_TRUSTED_PROXIES", "").split(",")))

FOBWATCH_DEMO = False
FOBWATCH_SOURCE = os.environ.get("FOBWATCH_SOURCE", "")
FOBWATCH_NHS_LOGO = os.environ.get("FOBWATCH_NHS_LOGO", "") == "1"
FOBWATCH_STRICT_TEMPLATES = False
FOBWATCH_LOG_KEY = os.environ.get("FOBWATCH_LOG_KEY", "")
FOBWATCH_LOG_ORIGIN = os.environ.get("FOBWATCH_LOG_ORIGIN", "fobwatch.local/log")

# Logs are structured and hold no personal data: no request line, no query, no exception text of a person's making.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "fobwatch.web.logs.Json"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
