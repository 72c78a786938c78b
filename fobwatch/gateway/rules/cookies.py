"""The gate's cookies on a protected host. Over TLS a browser binds them to that host alone (RFC 6265bis, `__Host-`)."""


def gate_cookie(*, secure: bool) -> str:
    """The name of the cookie that holds the session."""
    return "__Host-fobwatch-gate" if secure else "fobwatch-gate"


def nonce_cookie(*, secure: bool) -> str:
    """The name of the cookie that remembers which browser began."""
    return f"{gate_cookie(secure=secure)}-nonce"
