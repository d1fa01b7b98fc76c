"""Plain queries answered before the framework begins: it costs more than such a query does.

A plain query is a GET of /sparql with a query, perhaps a format, and nothing else. What has no whole answer with an entity tag,
and every other request, goes on to the framework; so does the first answer in each format, whose headers the later ones have.
An answer is remembered by everything that it may depend on: the release, the host (relative IRIs), the query string and Accept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from werkzeug.exceptions import SecurityError
from werkzeug.sansio.utils import get_current_url, get_host

from kg.query import Answer
from kg.query.remembered import Remembered
from kg.web import metrics
from kg.web.operations import record, request_id
from kg.web.protocol import ASKED, MEDIA_TYPES, Asked, entity_tag, plain_query
from kg.web.released import Releases

_CAPACITY = 16 * 1024**2  # bytes of answers that one web process remembers
_LARGEST = 256 * 1024  # bytes of one answer: beyond it, sending outweighs the framework
_PATH = "/sparql"
_OWN = frozenset(("x-request-id", "date", "etag", "content-length"))  # headers that each answer has its own of

Environment = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environment, Start], Iterable[bytes]]
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Whole:
    """A whole answer: headers but the request's id, and body."""

    headers: Headers
    body: bytes


class Front:
    """A WSGI application in front of another.

    Args:
        application: answers everything else.
        releases: the releases that are served.
        within_rate: whether an address may send another request now.
    """

    def __init__(self, application: Application, releases: Releases, within_rate: Callable[[str], bool]) -> None:
        self._application, self._releases, self._within_rate = application, releases, within_rate
        self._answers: Remembered[_Whole] = Remembered(_CAPACITY, lambda whole: len(whole.body))
        self._headers: dict[str, Headers] = {}  # by media type, as the framework gave them

    def __call__(self, environ: Environment, start_response: Start) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        if environ["PATH_INFO"] != _PATH or environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_NONE_MATCH" in environ:
            return self._application(environ, start_response)
        begun = time.perf_counter()
        release = self._releases.get()
        depends_on = (release.tag, environ.get("HTTP_HOST", ""), environ.get("QUERY_STRING", ""), environ.get("HTTP_ACCEPT", ""))
        key = "\n".join(depends_on).encode("utf-8", "surrogateescape")
        if (whole := self._answers.get(key)) is not None:
            if not self._within_rate(environ.get("REMOTE_ADDR", "")):
                return self._application(environ, start_response)
            return self._send(whole, True, begun, environ, start_response)
        base = _base(environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""), environ.get("SCRIPT_NAME", ""))
        plain = plain_query(environ.get("QUERY_STRING", ""), environ.get("HTTP_ACCEPT", ""), base) if base else None
        if plain is None or not self._within_rate(environ.get("REMOTE_ADDR", "")):
            return self._application(environ, start_response)
        wanted, forms = plain
        answer = release.queries.ask(wanted)
        whole = self._whole(answer, forms.get(answer.kind), entity_tag(wanted, release.tag))
        if whole is None:
            return self._learning(environ | {ASKED: Asked(wanted, answer, release.tag, time.perf_counter() - begun)}, start_response)
        self._answers.put(key, whole)
        return self._send(whole, answer.known, begun, environ, start_response)

    def _whole(self, answer: Answer, form: str | None, tag: str | None) -> _Whole | None:
        """What is sent for an answer, None where that is the framework's affair."""
        if answer.outcome != "ok" or answer.body is None or len(answer.body) > _LARGEST or form is None or tag is None:
            return None
        if (headers := self._headers.get(MEDIA_TYPES[form])) is None:
            return None
        return _Whole((*headers, ("ETag", f'"{tag}"'), ("Content-Length", str(len(answer.body)))), answer.body)

    def _send(self, whole: _Whole, known: bool, begun: float, environ: Environment, start: Start) -> Iterable[bytes]:
        number = request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        start("200 OK", [*whole.headers, ("X-Request-ID", number)])
        took = time.perf_counter() - begun
        record(_PATH, number, "GET", _PATH, 200, took, len(whole.body), environ.get("REMOTE_ADDR"))
        metrics.query("query", "ok", took, known)
        return [whole.body]

    def _learning(self, environ: Environment, start: Start) -> Iterable[bytes]:
        """Have the framework answer, and learn what headers it gives."""

        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            named = {name.lower(): value for name, value in headers}
            if status.startswith("200") and "etag" in named:
                self._headers[named["content-type"]] = tuple((n, v) for n, v in headers if n.lower() not in _OWN)
            return start(status, headers, *more)

        return self._application(environ, started)


@lru_cache(1024)
def _base(scheme: str, host: str, root: str) -> str | None:
    """The address of the endpoint as the framework has it, None for hosts that are none."""
    try:
        return get_current_url(scheme, get_host(scheme, host), root, _PATH) if host else None
    except SecurityError:
        return None
