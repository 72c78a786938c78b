"""Where a request comes from, for counting guesses; never stored or logged as it is."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the client: the last one that a trusted proxy saw, else the peer itself.

    X-Forwarded-For is believed only from a proxy named in FOBWATCH_TRUSTED_PROXIES: anybody can send the header.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if peer in settings.TRUSTED_PROXIES:
        seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if seen:
            return seen[-1]
    return peer
