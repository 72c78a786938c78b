"""What we hand out for Traefik and Envoy says that it was not run, and never leaves a way to forge who somebody is."""

from fobwatch.gateway.rules.proxies import IDENTITY, Front
from fobwatch.gateway.rules.unproved import envoy, traefik

FRONT = Front(
    host="notes.example.org", name="Ward notes", fobwatch="https://byod.example.org", origin="https://byod.example.org",
    upstream="10.0.0.5:8080", open_when_down=False, help_line="", cookies=("a", "b"),
)  # fmt: skip


def test_both_say_that_they_were_not_run() -> None:
    for text in (traefik(FRONT), envoy(FRONT)):
        assert text.startswith("# Not run in our tests")
        assert "\t" not in text
        assert "notes.example.org" in text
        assert "10.0.0.5:8080" in text


def test_traefik_asks_with_nothing_of_the_client_but_its_cookies() -> None:
    text = traefik(FRONT)
    assert 'address: "https://byod.example.org/gate/check/traefik"' in text
    assert 'authRequestHeaders: ["Cookie"]' in text
    assert "trustForwardHeader: false" in text
    assert all(f'"X-Fobwatch-{word}"' in text for word in IDENTITY)
    assert r'regex: "^/\\.fobwatch/(start|arrive)$"' in text
    assert 'replacement: "/gate/${1}"' in text


def test_envoy_takes_away_what_a_client_forged_before_it_asks() -> None:
    text = envoy(FRONT)
    removed = [text.index(f"- remove: x-fobwatch-{word.lower()}") for word in IDENTITY]
    assert max(removed) < text.index("envoy.filters.http.ext_authz")
    assert "failure_mode_allow: false" in text
    assert "failure_mode_allow: true" in envoy(FRONT._replace(open_when_down=True))
    assert "path_with_escaped_slashes_action: REJECT_REQUEST" in text
