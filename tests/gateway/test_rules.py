"""Paths, hosts and cookies are read in one way only, and what could be read in two is closed."""

from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fobwatch.gateway.rules.asked import HOST, LONGEST_WAY_BACK, cookie, host_name, plain_path, read, way_back
from fobwatch.gateway.rules.cookies import gate_cookie, nonce_cookie
from fobwatch.gateway.rules.words import METHOD_WORDS, RISKS, WHEN_DOWN_WORDS, cell_words, host_and_port
from fobwatch.policy.rules.vocabulary import CELLS

SEGMENT = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="/\\%;"), min_size=1).filter(
    lambda text: not text.endswith((".", " "))
)


@pytest.mark.parametrize(("uri", "path"), [
    ("/", ""), ("/notes", "/notes"), ("/notes/", "/notes"), ("/notes/7?to=/../x//y", "/notes/7"),
    ("/notes#part", "/notes"), ("/caf%C3%A9", "/café"), ("/a%20b", "/a b"), ("/%6eotes", "/notes"),
    ("/.well-known", "/.well-known"),
    ("/a.b/c", "/a.b/c"), ("/a?%2f%25", "/a"),
])  # fmt: skip
def test_a_plain_path_is_read_as_every_server_reads_it(uri: str, path: str) -> None:
    assert plain_path(uri) == path


@pytest.mark.parametrize("uri", [
    "", "notes", "http://other.example/notes", "*", "/a//b", "//a", "/a//", "/./a", "/a/.", "/a/..", "/../a", "/a/../b",
    "/%2e%2e/a", "/%2E./a", "/.%2e/a", "/a%2fb", "/a%2Fb", "/a%5cb", "/a\\b", "/a%5Cb", "/a%252fb", "/a%25", "/a%2",
    "/a%", "/a%zz", "/a;b=1", "/a%3bb", "/a;jsessionid=1/b", "/a%00", "/a%0d%0ab", "/a\nb", "/a b", "/a\tb", "/é",
    "/%ff", "/%c3", "/%c0%af", "/a.", "/a./b", "/a%20/b", "/a..", "/...", "/" + "a" * 2_000, "?x", "#x", "/a%7f",
])  # fmt: skip
def test_a_path_that_could_be_read_in_two_ways_is_closed(uri: str) -> None:
    assert plain_path(uri) is None


@given(segments=st.lists(SEGMENT, min_size=1, max_size=6), query=st.text(max_size=20))
def test_escaping_never_changes_what_a_path_is(segments: list[str], query: str) -> None:
    path = "".join(f"/{segment}" for segment in segments)
    uri = "".join(f"/{quote(segment, safe='')}" for segment in segments)
    wanted = path if len(uri) <= 2_000 else None
    assert plain_path(f"{uri}?{query}") == wanted
    assert plain_path(f"{uri}/") in (wanted, None)


@given(text=st.text(max_size=60) | st.text("/.%2eEfF5cC;\\ a\x00?#", max_size=30).map(lambda text: f"/{text}"))
def test_whatever_is_asked_a_path_is_plain_or_closed(text: str) -> None:
    path = plain_path(text)
    if path is not None:
        assert path == "" or path.startswith("/")
        assert not path.endswith("/")
        assert not {"", ".", ".."} & set(path.split("/")[1:])
        assert unquote(path) == path
        assert not set(path) & set("\\;%\x00\n")


@pytest.mark.parametrize(("header", "name"), [
    ("notes.example", "notes.example"), ("NOTES.example:8443", "notes.example"), ("a, b", "a"), ("", ""), ("-a", ""),
    ("a_b", ""), ("[::1]:80", ""), ("a:b", ""), ("a b", ""), ("a\n", "a"), ("é.example", ""), (":80", ""), ("a:", ""),
])  # fmt: skip
def test_a_host_is_a_name_or_nothing(header: str, name: str) -> None:
    assert host_name(header) == name


@given(st.text(max_size=300))
def test_no_header_makes_a_name_that_is_none(header: str) -> None:
    assert host_name(header) == "" or HOST.fullmatch(host_name(header))


@pytest.mark.parametrize(("wanted", "given"), [
    ("/", "/"), ("/notes?page=2&x=%2F#a", "/notes?page=2&x=%2F#a"), ("", "/"), ("notes", "/"), ("//evil.example", "/"),
    ("///evil.example", "/"), ("/\\evil.example", "/"), ("\\\\evil.example", "/"), ("/\t/evil.example", "/"),
    ("/\n/evil.example", "/"), (" //evil.example", "/"), ("https://evil.example", "/"), ("javascript:alert(1)", "/"),
    ("/.fobwatch/arrive?ticket=x", "/"), ("/é", "/"), ("/a b", "/"), ("/" + "%" * 600, "/"),
])  # fmt: skip
def test_nobody_is_sent_to_another_host(wanted: str, given: str) -> None:
    assert way_back(wanted) == given


@given(st.text(max_size=50) | st.text("/\\%:.@?#\t a", max_size=12).map(lambda text: f"/{text}"))
def test_a_way_back_is_local_and_short(uri: str) -> None:
    found = way_back(uri)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert found.isprintable()
    assert len(quote(found, safe="")) <= LONGEST_WAY_BACK


@pytest.mark.parametrize(("header", "value"), [
    ("gate=a", "a"), ("x=1; gate=a; y=2", "a"), ("x=1;gate=a", "a"), ("gate=a=b", "a=b"), ("gate=", ""), ("", ""),
    ("gate=a; gate=b", ""), ("gate=a; gate=a", ""), ("Gate=a", ""), ("xgate=a", ""), ("gate", ""), ('gate="a"', '"a"'),
])  # fmt: skip
def test_a_cookie_is_read_once_or_not_at_all(header: str, value: str) -> None:
    assert cookie({"HTTP_COOKIE": header}, "gate") == value


ALL = {
    "HTTP_HOST": "host.example", "HTTP_X_FORWARDED_HOST": "forwarded.example", "HTTP_X_ORIGINAL_URI": "/original",
    "HTTP_X_FORWARDED_URI": "/forwarded", "HTTP_X_ORIGINAL_METHOD": "post", "HTTP_X_FORWARDED_METHOD": "PUT",
    "REQUEST_METHOD": "GET",
}  # fmt: skip


def test_each_proxy_is_believed_in_its_own_headers_only() -> None:
    nginx, traefik = read(ALL), read(ALL, "traefik")
    assert (nginx.host, nginx.path, nginx.method, nginx.reads) == ("forwarded.example", "/original", "POST", False)
    assert (traefik.host, traefik.path, traefik.method) == ("forwarded.example", "/forwarded", "PUT")
    envoy = read(ALL, "envoy", "/original")
    assert (envoy.host, envoy.path, envoy.method, envoy.reads) == ("host.example", "/original", "GET", True)


@pytest.mark.parametrize("own", ["/", "/other", "/original/x", "/original%2Fx", "//original"])
def test_envoy_is_closed_where_its_two_paths_differ(own: str) -> None:
    assert read(ALL, "envoy", own).path is None


def test_without_headers_nothing_is_known() -> None:
    assert read({}) == ("", None, "", "")
    assert read({}, "traefik") == ("", None, "", "")
    assert read({}, "envoy", "/") == ("", None, "", "")


def test_cookies_are_bound_to_their_host_over_tls() -> None:
    assert gate_cookie(secure=True).startswith("__Host-")
    assert nonce_cookie(secure=False) == "fobwatch-gate-nonce"


@pytest.mark.parametrize(("text", "found"), [
    ("notes.example", ("notes.example", None)), (" Notes.Example:8443 ", ("notes.example", 8443)), ("a:0", None),
    ("a:65536", None), ("a:", None), ("a:b", None), ("a:123456", None), ("a:²", None), ("https://a", None),
])  # fmt: skip
def test_a_host_is_typed_with_or_without_a_port(text: str, found: object) -> None:
    assert host_and_port(text) == found


def test_every_cell_and_choice_has_its_words() -> None:
    assert cell_words("record:view") == "Patient records: view"
    assert len({cell_words(cell) for cell in CELLS}) == len(CELLS)
    assert set(RISKS) == set(WHEN_DOWN_WORDS) == {"open", "closed"}
    assert set(METHOD_WORDS) == {"any", "read", "write"}
