"""The configuration of nginx in front of another system, ready to paste. The tests run it as it is."""

import hashlib
from string import Template
from typing import NamedTuple
from urllib.parse import urlsplit


class Front(NamedTuple):
    """A system behind a proxy. fobwatch: address of Fobwatch as the proxy reaches it; origin: as staff reach it.

    upstream: address of the system itself, host:port. cookies: the names of the gate's own cookies, which the system
    never sees. help_line: whom staff call while the system is closed.
    """

    host: str
    name: str
    fobwatch: str
    origin: str
    upstream: str
    open_when_down: bool
    help_line: str
    cookies: tuple[str, ...]

    @property
    def id(self) -> str:
        """A short name for its variables: nginx refuses long ones with its own defaults, and hosts can be long."""
        return hashlib.sha256(self.host.encode()).hexdigest()[:8]

    @property
    def origin_host(self) -> str:
        """The host of Fobwatch as staff reach it, with its port."""
        return urlsplit(self.origin).netloc


IDENTITY = ("Member", "Email", "Role", "Cell", "Keep-To")
BANNER = "Devices are not being checked just now. This visit is recorded."

COOKIES = Template("""\
map $$$source $$$target {            # without $name
    default $$$source;
    "~^(?<fobwatch_before>(.*;)?\\s*)$name=[^;]*(;\\s*)?(?<fobwatch_after>.*)$$" "$$fobwatch_before$$fobwatch_after";
}
""")

NGINX = Template("""\
# $name behind Fobwatch. Put this inside `http { … }`; add your certificate to the server block.
# If the system takes large files, set client_max_body_size in `location /`.
${strip}\
server {
    listen $listen;
    server_name $host;
    absolute_redirect off;

    location / {
        auth_request /.fobwatch-check;
        auth_request_set $$fobwatch_to $$upstream_http_location;
$take\
        error_page 401 403 = @fobwatch_to;
        error_page 500 = @fobwatch_down;

        # Always set, so that what a client sends under these names never arrives.
$give\
$forward\
    }
    location = /.fobwatch-check {
        # Little is sent and nothing is limited: a request must not be able to break the question, and so open the
        # system where it is left open while Fobwatch is down.
        internal;
        client_max_body_size 0;
        proxy_pass $fobwatch/gate/check;
        proxy_pass_request_body off;
        proxy_pass_request_headers off;
        proxy_set_header Host              $origin_host;
        proxy_set_header Cookie            $$http_cookie;
        proxy_set_header X-Forwarded-Host  $$host;
        proxy_set_header X-Original-URI    $$request_uri;
        proxy_set_header X-Original-Method $$request_method;
        proxy_connect_timeout 2s;
        proxy_read_timeout 3s;
$tls\
    }
    location ~ ^/\\.fobwatch/(?<fobwatch_step>start|arrive)$$ {
        rewrite ^ /gate/$$fobwatch_step break;
        proxy_pass $fobwatch;
        proxy_set_header Host              $origin_host;
        proxy_set_header X-Forwarded-Host  $$host;
        proxy_set_header X-Forwarded-For   $$remote_addr;
        proxy_set_header X-Forwarded-Proto $$scheme;
$tls\
    }
    location /.fobwatch {
        return 404;
    }
    location @fobwatch_to {
        return 303 $$fobwatch_to;
    }
    location @fobwatch_down {
$down\
    }
}
""")

# The last headers are those by which some systems take another path or method than the one that was checked.
FORWARD = Template("""\
        proxy_set_header Cookie $$$cookies;
        proxy_set_header Host   $$host;
        proxy_set_header X-Original-URL "";
        proxy_set_header X-Rewrite-URL  "";
        proxy_set_header X-HTTP-Method-Override "";
        proxy_pass http://$upstream;
""")

TLS = """\
        proxy_ssl_server_name on;
        proxy_ssl_verify on;
        proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;
"""

CLOSED = Template("""\
        # Recorded choice: closed while Fobwatch does not answer.
        default_type "text/plain; charset=utf-8";
        return 503 "$name is closed because we cannot check your device just now. It is not your fault. $help_line";
""")

OPEN = Template("""\
        # Recorded choice: open while Fobwatch does not answer, with a banner and a log of its own.
        access_log $log;
        add_header X-Fobwatch-Open "true" always;
        proxy_set_header X-Fobwatch-Open "true";
        proxy_set_header Accept-Encoding "";
        sub_filter_once on;
        sub_filter "</head>" "</head><p role='alert'>$banner</p>";
""")


def nginx(front: Front, *, listen: str = "443 ssl", log: str = "/var/log/nginx/fobwatch-open.log") -> str:
    """The nginx configuration of one system, behaving as its recorded choice says when Fobwatch is down.

    log: where nginx writes who came while Fobwatch was down.
    """
    name, cookies = plain(front.name), f"fobwatch_cookies_{front.id}"
    forward = FORWARD.substitute(cookies=cookies, upstream=front.upstream)
    if front.open_when_down:
        nobody = "".join(f'        proxy_set_header X-Fobwatch-{word} "";\n' for word in IDENTITY)
        down = OPEN.substitute(log=log, banner=BANNER) + nobody + forward
    else:
        down = CLOSED.substitute(name=name, help_line=plain(front.help_line))
    variables = {word: f"fobwatch_{word.lower().replace('-', '_')}" for word in IDENTITY}
    return NGINX.substitute(
        name=name, host=front.host, listen=listen, fobwatch=front.fobwatch, origin_host=front.origin_host,
        strip=_strip(front, cookies), forward=forward, down=down,
        tls=TLS if front.fobwatch.startswith("https://") else "",
        take="".join(f"        auth_request_set ${name} $upstream_http_x_{name};\n" for name in variables.values()),
        give="".join(f"        proxy_set_header X-Fobwatch-{word} ${name};\n" for word, name in variables.items())
        + '        proxy_set_header X-Fobwatch-Open "";\n',
    )  # fmt: skip


def _strip(front: Front, target: str) -> str:
    """One map for each of the gate's cookies, each taking the text that the one before left."""
    text, source = "", "http_cookie"
    for place, cookie in enumerate(front.cookies, 1):
        made = target if place == len(front.cookies) else f"{target}_{place}"
        text += COOKIES.substitute(source=source, target=made, name=cookie)
        source = made
    return text


def plain(text: str) -> str:
    """A text that can stand inside a quoted string, or a comment, of any configuration: no quotes, no dollar."""
    return "".join(letter if letter.isalnum() or letter in " .,:+()@/-\u2019" else " " for letter in text).strip()
