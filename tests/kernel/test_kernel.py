"""The smallest parts: verdicts, and where a request comes from."""

import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from fobwatch.kernel.address import client_address
from fobwatch.kernel.verdict import Refused, Verdict, refuse


def test_a_refusal_without_a_reason_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        Verdict.no("")


def test_a_no_raises_and_a_yes_does_not() -> None:
    Verdict.yes().or_refuse()
    with pytest.raises(Refused) as refused:
        Verdict.no("Not today.", "Come tomorrow.").or_refuse()
    assert refused.value.verdict.next_step == "Come tomorrow."
    assert not refuse("Not today.").verdict
    assert Verdict.yes()


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", " , ", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
    ],
    ids=["one", "the-last", "blank", "none", "not-a-proxy-of-ours"],
)
def test_only_a_proxy_that_we_trust_says_whence(settings: Settings, peer: str, forwarded: str, seen: str) -> None:
    settings.TRUSTED_PROXIES = frozenset({"10.0.0.1"})
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == seen
