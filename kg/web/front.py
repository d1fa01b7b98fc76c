"""Plain queries answered before the framework begins: it costs more than such a query does.

A plain query is a GET of /sparql with a query, perhaps a format, and nothing else. What has no whole answer with an entity tag,
and every other request, goes on to the framework; so does the first answer in each format, whose headers the later ones have.
An answer is remembered by everything that it may depend on: the release, the host (relative IRIs), the query string and Accept.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask
from werkzeug.exceptions import SecurityError
from werkzeug.sansio.utils import get_current_url, get_host

from kg.query import Answer
from kg.query.remembered import Remembered
from kg.web import metrics
from kg.web.connection import AT_ONCE
from kg.web.operations import record, request_id
from kg.web.protocol import ASKED, MEDIA_TYPES, Asked, entity_tag, plain_query
from kg.web.wsgi import MORE, InThreads, Message, Receive, Scope, Send

_CAPACITY = 16 * 1024**2  # bytes of answers that one web process remembers
_LARGEST = 256 * 1024  # bytes of one answer: beyond it, sending outweighs the framework
_PATH = b"/sparql"
_OWN = frozenset((b"x-request-id", b"date", b"etag", b"content-length"))  # headers that each answer has its own of


@dataclass(frozen=True)
class _Whole:
    """A whole answer: the lines of its head but the request's id, and body."""

    head: bytes
    body: bytes


class Front:
    """An ASGI application in front of the framework's.

    Args:
        app: answers everything else.
    """

    def __init__(self, app: Flask) -> None:
        self._framework = InThreads(app, app.config["MAX_CONTENT_LENGTH"])
        self._releases, self._within_rate = app.extensions["releases"], app.extensions["within_rate"]
        self._answers: Remembered[_Whole] = Remembered(_CAPACITY, lambda whole: len(whole.body))
        self._heads: dict[str, bytes] = {}  # lines by media type, as the framework gave them

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI 3.0, HTTP)."""
        begun = time.perf_counter()
        headers = dict(scope["headers"])
        if scope["raw_path"] != _PATH or scope["method"] != "GET" or len(headers) != len(scope["headers"]) or b"if-none-match" in headers:
            await self._framework(scope, receive, send)
            return
        if (release := self._releases.opened()) is None:
            await self._framework(scope, receive, send)
            return
        host, accept, query, client = headers.get(b"host", b""), headers.get(b"accept", b""), scope["query_string"], _address(scope)
        key = b"\n".join((release.tag.encode(), scope["scheme"].encode(), host, query, accept))
        if (whole := self._answers.get(key)) is not None and self._within_rate(client):
            await self._send(whole, True, begun, headers, client, scope)
            return
        base = _base(scope["scheme"], host.decode("latin-1"))
        plain = plain_query(query.decode("latin-1"), accept.decode("latin-1"), base) if base and whole is None else None
        if plain is None or not self._within_rate(client):
            await self._framework(scope, receive, send)
            return
        wanted, forms = plain
        answer = await release.queries.ask_awaiting(wanted)
        whole = self._whole(answer, forms.get(answer.kind), entity_tag(wanted, release.tag))
        if whole is None:
            scope[MORE] = {ASKED: Asked(wanted, answer, release.tag, time.perf_counter() - begun)}
            await self._framework(scope, receive, self._learning(send))
            return
        self._answers.put(key, whole)
        await self._send(whole, answer.known, begun, headers, client, scope)

    def _whole(self, answer: Answer, form: str | None, tag: str | None) -> _Whole | None:
        """What is sent for an answer, None where that is the framework's affair."""
        if answer.outcome != "ok" or answer.body is None or len(answer.body) > _LARGEST or form is None or tag is None:
            return None
        if (head := self._heads.get(MEDIA_TYPES[form])) is None:
            return None
        return _Whole(b'%betag: "%b"\r\ncontent-length: %d\r\n' % (head, tag.encode(), len(answer.body)), answer.body)

    async def _send(self, whole: _Whole, known: bool, begun: float, headers: dict[bytes, bytes], client: str, scope: Scope) -> None:
        number = request_id(headers.get(b"x-request-id", b"").decode("latin-1"))
        took = time.perf_counter() - begun
        record("/sparql", number, "GET", "/sparql", 200, took, len(whole.body), client)
        metrics.query("query", "ok", took, known)
        await scope["extensions"][AT_ONCE](b"%bx-request-id: %b\r\n" % (whole.head, number.encode()), whole.body)

    def _learning(self, send: Send) -> Send:
        """Sends what the framework answers, and learns what headers it gives."""

        async def learning(message: Message) -> None:
            if message.get("status") == 200:
                named = dict(message["headers"])
                if b"etag" in named:
                    kept = (b"%b: %b\r\n" % line for line in message["headers"] if line[0] not in _OWN)
                    self._heads[named[b"content-type"].decode("latin-1")] = b"".join(kept)
            await send(message)

        return learning


def _address(scope: Scope) -> str:
    """The client's address."""
    return str((scope["client"] or ("",))[0])


@lru_cache(1024)
def _base(scheme: str, host: str) -> str | None:
    """The address of the endpoint as the framework has it, None for hosts that are none."""
    try:
        return get_current_url(scheme, get_host(scheme, host), "", "/sparql") if host else None
    except SecurityError:
        return None
