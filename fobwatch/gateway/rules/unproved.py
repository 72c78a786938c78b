"""The configuration of Traefik and of Envoy in front of another system. Our tests don't run these; nginx's they do.

Sources: doc.traefik.io, "ForwardAuth" (v3.3); envoyproxy.io, "External Authorization" and "Header mutation" (v3 API).
Checked 22 November 2026 by reading, not by running.
"""

from string import Template

from fobwatch.gateway.rules.proxies import IDENTITY, Front, plain

WARNING = "# Not run in our tests: try it on a test system before you trust it."

TRAEFIK = Template("""\
$warning
# $name behind Fobwatch: a file of Traefik's dynamic configuration. Choose your own entry point and certificate.
# While Fobwatch does not answer, Traefik closes the system; it has no way to leave it open.
# Traefik can't take a single cookie away: the system sees the gate's cookie for its own host.
http:
  routers:
    $id:
      rule: "Host(`$host`)"
      entryPoints: [websecure]
      tls: {}
      middlewares: [$id-gate]
      service: $id
    $id-way-in:
      rule: "Host(`$host`) && (Path(`/.fobwatch/start`) || Path(`/.fobwatch/arrive`))"
      priority: 1000
      entryPoints: [websecure]
      tls: {}
      middlewares: [$id-way-in, $id-host]
      service: $id-fobwatch
  middlewares:
    $id-gate:
      forwardAuth:
        address: "$fobwatch/gate/check/traefik"
        trustForwardHeader: false
        authRequestHeaders: ["Cookie"]
        authResponseHeaders: [$headers]
    $id-way-in:
      replacePathRegex:
        regex: "^/\\\\.fobwatch/(start|arrive)$$"
        replacement: "/gate/$${1}"
    $id-host:
      headers:
        customRequestHeaders:
          Host: "$origin_host"
          X-Forwarded-Host: "$host"
  services:
    $id:
      loadBalancer:
        servers:
          - url: "http://$upstream"
    $id-fobwatch:
      loadBalancer:
        servers:
          - url: "$fobwatch"
""")

ENVOY = Template("""\
$warning
# $name behind Fobwatch: the parts for Envoy's HTTP connection manager of the host $host.
# The cluster "fobwatch" is $fobwatch; the cluster "$id" is $upstream. You write both.
# Envoy passes the gate's cookie on to the system.
normalize_path: true
merge_slashes: true
path_with_escaped_slashes_action: REJECT_REQUEST
http_filters:
  - name: envoy.filters.http.header_mutation
    typed_config:
      "@type": type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
      mutations:
        request_mutations:
$remove\
          - append:
              header: {key: x-original-uri, value: "%REQ(:PATH)%"}
              append_action: OVERWRITE_IF_EXISTS_OR_ADD
  - name: envoy.filters.http.ext_authz
    typed_config:
      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
      transport_api_version: V3
      failure_mode_allow: $open      # the recorded choice
      failure_mode_allow_header_add: $open
      allowed_headers:
        patterns:
          - {exact: cookie}
          - {exact: x-original-uri}
      http_service:
        server_uri: {uri: "$fobwatch", cluster: fobwatch, timeout: 3s}
        path_prefix: /gate/check/envoy
        authorization_response:
          allowed_upstream_headers:
            patterns: [{prefix: x-fobwatch-}]
          allowed_client_headers:
            patterns: [{exact: location}]
  - name: envoy.filters.http.router
    typed_config:
      "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
route_config:
  virtual_hosts:
    - name: $id
      domains: ["$host"]
      routes:
        - match: {safe_regex: {regex: "/\\\\.fobwatch/(start|arrive)"}}
          route:
            cluster: fobwatch
            host_rewrite_literal: "$origin_host"
            regex_rewrite: {pattern: {regex: "^/\\\\.fobwatch"}, substitution: "/gate"}
          request_headers_to_add:
            - header: {key: x-forwarded-host, value: "$host"}
              append_action: OVERWRITE_IF_EXISTS_OR_ADD
          typed_per_filter_config:
            envoy.filters.http.ext_authz:
              "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute
              disabled: true
        - match: {prefix: "/"}
          route: {cluster: $id}
""")


def traefik(front: Front) -> str:
    """The dynamic configuration (YAML) of Traefik for one system."""
    headers = ", ".join(f'"X-Fobwatch-{word}"' for word in IDENTITY)
    return TRAEFIK.substitute(_words(front), headers=headers)


def envoy(front: Front) -> str:
    """The parts (YAML) of an Envoy configuration for one system."""
    remove = "".join(f"          - remove: x-fobwatch-{word.lower()}\n" for word in IDENTITY)
    return ENVOY.substitute(_words(front), remove=remove, open="true" if front.open_when_down else "false")


def _words(front: Front) -> dict[str, str]:
    return {
        "warning": WARNING, "name": plain(front.name), "id": front.id.replace("_", "-"), "host": front.host,
        "fobwatch": front.fobwatch, "origin_host": front.origin_host, "upstream": front.upstream,
    }  # fmt: skip
