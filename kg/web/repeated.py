"""Queries that come again, answered before the framework begins: for these it costs more than all else.

Only a GET of /sparql whose whole answer is at hand and has an entity tag is remembered, by everything that it may depend on:
the release, the host (relative IRIs), the query string and Accept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kg.query.remembered import Remembered
from kg.web import metrics
from kg.web.released import Releases

_CAPACITY = 16 * 1024**2  # bytes of answers that one web process remembers
_LARGEST = 128 * 1024  # bytes of one answer: beyond it, sending outweighs the framework
_PATH = "/sparql"
_OWN = frozenset(("x-request-id", "date"))  # headers that each answer has its own of

Environment = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environment, Start], Iterable[bytes]]


@dataclass(frozen=True)
class _Whole:
    """A whole answer as it was given: headers but those that each has its own of, and body."""

    headers: tuple[tuple[str, str], ...]
    body: bytes


class Repeated:
    """A WSGI application in front of another that answers what came before.

    Args:
        application: answers everything else.
        releases: the releases that are served.
        within_rate: whether an address may send another request now.
        request_id: the id of a request, by what the client gave as X-Request-ID.
    """

    def __init__(
        self, application: Application, releases: Releases, within_rate: Callable[[str], bool], request_id: Callable[[str], str]
    ) -> None:
        self._application, self._releases, self._within_rate, self._request_id = application, releases, within_rate, request_id
        self._answers: Remembered[_Whole] = Remembered(_CAPACITY, lambda whole: len(whole.body))

    def __call__(self, environ: Environment, start_response: Start) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        if environ["PATH_INFO"] != _PATH or environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_NONE_MATCH" in environ:
            return self._application(environ, start_response)
        begun = time.perf_counter()
        asked = (self._releases.get().tag, environ.get("HTTP_HOST", ""), environ.get("QUERY_STRING", ""), environ.get("HTTP_ACCEPT", ""))
        key = "\n".join(asked).encode("utf-8", "surrogateescape")
        whole = self._answers.get(key)
        if whole is None:
            return self._remembering(key, environ, start_response)
        if not self._within_rate(environ.get("REMOTE_ADDR", "")):
            return self._application(environ, start_response)
        start_response("200 OK", [*whole.headers, ("X-Request-ID", self._request_id(environ.get("HTTP_X_REQUEST_ID", "")))])
        took = time.perf_counter() - begun
        metrics.request(_PATH, 200, took)
        metrics.query("query", "ok", took, known=True)
        return [whole.body]

    def _remembering(self, key: bytes, environ: Environment, start: Start) -> Iterable[bytes]:
        """Have the application answer, and remember that where it can be."""
        given: list[tuple[str, list[tuple[str, str]]]] = []

        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            given.append((status, headers))
            return start(status, headers, *more)

        answer = self._application(environ, started)
        status, headers = given[-1] if given else ("", [])
        named = {name.lower(): value for name, value in headers}
        if not status.startswith("200") or "etag" not in named or int(named.get("content-length", _LARGEST + 1)) > _LARGEST:
            return answer
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        self._answers.put(key, _Whole(tuple((n, v) for n, v in headers if n.lower() not in _OWN), body))
        return [body]
