"""The WSGI application: the gate is answered before Django's request stack, everything else by Django."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fobwatch.config.settings.production")
pages = get_wsgi_application()

from fobwatch.gateway.api import GATE, check  # noqa: E402


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Answer one request."""
    path = environ.get("PATH_INFO", "")
    if path == GATE or path.startswith(f"{GATE}/"):
        return check(environ, start_response)
    return pages(environ, start_response)
