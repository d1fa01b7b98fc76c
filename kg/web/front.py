"""Plain queries answered before the framework begins: it costs more than such a query does
(kg.sparql.plain).

What has no whole answer with an entity tag, and every other request, goes on to the framework; so
does the first answer in each format, whose headers the later ones have. A client that goes on
asking has its connection lent to a query process, see kg.sparql.lent.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache, partial

from flask import Flask
from werkzeug.exceptions import SecurityError
from werkzeug.sansio.utils import get_current_url, get_host

from kg.sparql.plain import PATH, PlainAnswers, PlainRequest, plain_query
from kg.web import metrics
from kg.web.api.protocol import ASKED, Asked
from kg.web.connection import AT_ONCE
from kg.web.lending import Answered, AskBack, Lendable
from kg.web.operations import log, request_id
from kg.web.released import Release
from kg.web.wsgi import MORE, InThreads, Message, Receive, Scope, Send, send_parts

_OWN = frozenset(
    (b"x-request-id", b"date", b"etag", b"content-length")
)  # headers that each answer has its own of
_NOT_LENT = frozenset(
    (b"x-request-id", b"content-length", b"transfer-encoding", b"expect", b"upgrade")
)  # in requests


class Front:
    """An ASGI application in front of the framework's.

    Args:
        app: answers everything else.
    """

    def __init__(self, app: Flask) -> None:
        self._framework = InThreads(app, app.config["MAX_CONTENT_LENGTH"])
        self._releases, self._within_rate = (
            app.extensions["releases"],
            app.extensions["within_rate"],
        )
        self._answers = PlainAnswers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI 3.0, HTTP)."""
        begun = time.perf_counter()
        headers = dict(scope["headers"])
        if (
            scope["raw_path"] != PATH
            or scope["method"] != "GET"
            or len(headers) != len(scope["headers"])
            or b"if-none-match" in headers
        ):
            await self._framework(scope, receive, send)
            return
        release = self._releases.opened()
        base = _base(scope["scheme"], headers.get(b"host", b"").decode("latin-1"))
        if release is None or base is None:
            await self._framework(scope, receive, send)
            return
        asked = PlainRequest(
            scope["query_string"], headers.get(b"accept", b"").decode("latin-1"), base
        )
        client = str((scope["client"] or ("",))[0])
        whole = self._answers.known(asked, release.tag)
        remembered, plain = True, plain_query(asked) if whole is None else None
        if (whole is None and plain is None) or not self._within_rate(client):
            await self._framework(scope, receive, send)
            return
        number = request_id(headers.get(b"x-request-id", b"").decode("latin-1"))
        if plain is not None:
            wanted, forms = plain
            answer = await release.queries.ask_awaiting(wanted)
            form = forms.get(answer.kind) if answer.outcome == "ok" else None
            whole, remembered = (
                self._answers.whole(asked, release.tag, wanted, form, answer.body, answer.quick),
                answer.known,
            )
            if (
                answer.parts_awaiting is not None
                and (head := self._answers.head(form, wanted, release.tag)) is not None
            ):
                _count(client, [Answered(time.perf_counter() - begun, None, False, number)])
                lines = [tuple(line.split(b": ", 1)) for line in head.splitlines()]
                await send(
                    {
                        "type": "http.response.start",
                        "status": 200,
                        "headers": [*lines, (b"x-request-id", number.encode())],
                    }
                )
                await send_parts(
                    answer.parts_awaiting, receive, send
                )  # it is too long for the framework's threads
                return
            if whole is None:
                scope[MORE] = {
                    ASKED: Asked(wanted, answer, release.tag, time.perf_counter() - begun)
                }
        if whole is None:
            await self._framework(scope, receive, self._learning(send))
            return
        _count(client, [Answered(time.perf_counter() - begun, len(whole.body), remembered, number)])
        lend = (
            partial(self._lend, release, asked, client)
            if whole.quick and not headers.keys() & _NOT_LENT
            else None
        )
        await scope["extensions"][AT_ONCE](
            b"%bx-request-id: %b\r\n" % (whole.head, number.encode()), whole.body, lend
        )

    def _lend(
        self,
        release: Release,
        asked: PlainRequest,
        client: str,
        connection: Lendable,
        ending: bytes,
    ) -> AskBack | None:
        """Lend a connection, to be answered on as long as its requests ask for the same formats at
        the same address."""
        heads = {
            media_type: lines.decode("latin-1") for media_type, lines in self._answers.heads.items()
        }
        terms = {
            "accept": asked.accept,
            "base": asked.base,
            "client": client,
            "heads": heads,
            "ending": ending.decode("latin-1"),
        }
        return release.lender.lend(connection, terms, partial(_count, client))

    def _learning(self, send: Send) -> Send:
        """Sends what the framework answers, and learns what headers it gives."""

        async def learning(message: Message) -> None:
            if message.get("status") == 200:
                named = dict(message["headers"])
                if b"etag" in named:
                    kept = (
                        b"%b: %b\r\n" % line for line in message["headers"] if line[0] not in _OWN
                    )
                    self._answers.heads[named[b"content-type"].decode("latin-1")] = b"".join(kept)
            await send(message)

        return learning


def _count(client: str, answers: Sequence[Answered]) -> None:
    """Count and log answers to one client.

    Args:
        client: its address.
        answers: what it was answered.
    """
    path = PATH.decode()
    metrics.plain_queries(
        path, [answer.seconds for answer in answers], sum(answer.known for answer in answers)
    )
    for answer in answers:
        log(answer.request_id, "GET", path, 200, answer.seconds, answer.length, client)


@lru_cache(1024)
def _base(scheme: str, host: str) -> str | None:
    """The address of the endpoint as the framework has it, None for hosts that are none."""
    try:
        return get_current_url(scheme, get_host(scheme, host), "", PATH.decode()) if host else None
    except SecurityError:
        return None
