"""Where the site is mounted: below a path prefix, and behind proxies.

A WSGI application learns the prefix from SCRIPT_NAME (PEP 3333), and url_for puts it before every
address. The prefix is that of site.url where it is set; else a trusted proxy may name one in
X-Forwarded-Prefix. The proxy may take the prefix off the paths that it passes on, or leave it.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.urls import iri_to_uri

from kg.settings import Settings

# the path of an RFC 3986 address: a second slash at its beginning would name another host
_PREFIX = re.compile(r"(/[\w.~!$&'()*+,;=:@%-]+)+", re.ASCII)

ASKED_HOST = "planlink.host"  # in the environment: as the client named it
_LOOPBACK = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?", re.ASCII)
# a host as a name, an IPv4 or an IPv6 address, with its port (RFC 9110 §7.2)
_HOST = re.compile(r"([\w.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?", re.ASCII)


def mounted(app: WSGIApplication, settings: Settings) -> WSGIApplication:
    """A WSGI application, written as if at the root of its host, below the prefix of site.url,
    and behind the trusted proxies, which are believed what they say in X-Forwarded-For and,
    where site.url is not set, -Proto, -Host and -Prefix.

    A path that begins with the prefix loses it, once. So a prefix that is also how a page's own
    path begins (/plan) asks for a proxy that passes it on. Where no proxy is trusted, a host
    that is neither the site's nor this machine's own name for itself is taken for the site's:
    nobody's host is put into an answer."""

    own, proxies = iri_to_uri(settings.prefix), settings.server.trusted_proxies
    site, base = (urlsplit(iri_to_uri(a)) for a in (settings.site.url, settings.site.base))

    def below_prefix(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host = environ[ASKED_HOST] = environ.get("HTTP_HOST", "")
        if environ.get("SERVER_PROTOCOL") == "HTTP/1.1" and not _HOST.fullmatch(host):
            environ.pop("HTTP_HOST", None)
        elif site.netloc or not (proxies or host == base.netloc or _LOOPBACK.fullmatch(host)):
            # whatever host a client names: absolute addresses are the site's own
            own_address = site if site.netloc else base
            environ["HTTP_HOST"] = own_address.netloc
            environ["wsgi.url_scheme"] = own_address.scheme
        prefix = own or environ.get("SCRIPT_NAME", "").rstrip("/")
        if not prefix:
            return app(environ, start_response)
        prefix = prefix if _PREFIX.fullmatch(prefix) else ""
        # left percent-encoded: url_for puts it before addresses unchanged
        environ["SCRIPT_NAME"] = prefix
        # the path comes decoded, as bytes read by Latin-1 (PEP 3333)
        path, decoded = environ.get("PATH_INFO", ""), unquote_to_bytes(prefix).decode("latin-1")
        if prefix and f"{path}/".startswith(f"{decoded}/"):
            environ["PATH_INFO"] = path.removeprefix(decoded) or "/"
        return app(environ, start_response)

    if not proxies:
        return below_prefix
    named = 0 if settings.site.url else proxies
    return ProxyFix(below_prefix, x_for=proxies, x_proto=proxies, x_host=proxies, x_prefix=named)
