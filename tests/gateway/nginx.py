"""A real nginx in front of a small backend, with Fobwatch behind it: each on a free port of loopback."""

import http.server
import json
import shutil
import socket
import socketserver
import subprocess
import threading
import time
import wsgiref.simple_server
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from django.db import connections

HOW = "The tests of the gate need nginx, and found none. On Debian: apt-get install nginx-light"
FRAME = """\
daemon off;
master_process off;
pid {place}/nginx.pid;
error_log {place}/error.log warn;
events {{ worker_connections 64; }}
http {{
    access_log off;
    server_names_hash_bucket_size 128;
    client_body_temp_path {place}/body;
    proxy_temp_path {place}/proxy;
    fastcgi_temp_path {place}/fastcgi;
    uwsgi_temp_path {place}/uwsgi;
    scgi_temp_path {place}/scgi;
{config}
}}
"""


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def program() -> str:
    """Where nginx is. Raises RuntimeError with how to get it."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if not found:
        raise RuntimeError(HOW)
    return found


class Echo(http.server.BaseHTTPRequestHandler):
    """A system that says what reached it, and answers 500 at /broken."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        seen = {
            "path": self.path, "method": self.command, "headers": {k.lower(): v for k, v in self.headers.items()},
            "body": self.rfile.read(length).decode(),
        }  # fmt: skip
        page = f"<html><head><title>x</title></head><body class=y>{json.dumps(seen)}</body></html>".encode()
        self.send_response(500 if self.path == "/broken" else 200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Threaded(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def closing(application: Any) -> Any:
    """A thread of the test server gives its connection back: the test database could not be dropped otherwise."""

    def answered(environ: Any, start_response: Any) -> Any:
        try:
            return [b"".join(application(environ, start_response))]
        finally:
            connections.close_all()

    return answered


@contextmanager
def serving(server: Any) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def echo_server() -> Any:
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    made.daemon_threads = True
    return made


def fobwatch_server(application: Any) -> Any:
    return wsgiref.simple_server.make_server("127.0.0.1", 0, closing(application), Threaded, Quiet)


@contextmanager
def running(place: Path, config: str, port: int) -> Iterator[None]:
    """nginx as this user, until the block ends. Raises AssertionError with what nginx said where it does not start."""
    written = place / "nginx.conf"
    written.write_text(FRAME.format(place=place, config=config))
    process = subprocess.Popen(
        [program(), "-p", str(place), "-e", str(place / "error.log"), "-c", str(written)], stderr=subprocess.PIPE
    )
    try:
        wait_for(lambda: process.poll() is not None or answers(port))
        assert process.poll() is None, process.stderr.read().decode() if process.stderr else ""
        yield
    finally:
        process.terminate()
        process.wait(10)
        if process.stderr:
            process.stderr.close()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_for(ready: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "It did not get ready in time."
        time.sleep(0.02)


class Answer:
    """One answer of the protected host."""

    def __init__(self, status: int, headers: list[tuple[str, str]], body: str) -> None:
        self.status, self.body, self.all = status, body, headers
        self.headers = {key.lower(): value for key, value in headers}

    @property
    def seen(self) -> dict[str, Any]:
        """What the system behind saw."""
        start = self.body.index("<body class=y>") + len("<body class=y>")
        return dict(json.loads(self.body[start : self.body.index("</body>")]))

    @property
    def cookies(self) -> dict[str, str]:
        pairs = [value.split(";")[0].partition("=") for key, value in self.all if key.lower() == "set-cookie"]
        return {name: value.strip('"') for name, _, value in pairs}


def fetch(
    port: int, path: str, *, host: str = "", method: str = "GET", body: bytes | None = None, **headers: str
) -> Answer:
    """Ask the protected host, as a browser does; underscores in names of headers are hyphens."""
    client = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        client.request(method, path, body, {"Host": host, **named} if host else named)
        got = client.getresponse()
        return Answer(got.status, got.getheaders(), got.read().decode())
    finally:
        client.close()
