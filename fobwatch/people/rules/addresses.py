"""Where somebody may be sent after signing in: to a page of ours, never elsewhere (open redirect, CWE-601)."""

from django.utils.http import url_has_allowed_host_and_scheme


def local_address(wanted: str) -> str:
    """The address a person wanted, where it is a path on this site; else empty."""
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else ""
