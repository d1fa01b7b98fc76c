"""A client's connection, with bounds on what a request's head may take, and with IRIs as people
paste them.

Each scope offers AT_ONCE under "extensions": a function that answers 200 with a head and a body
that stand ready, and lends the connection to a query process (kg.web.lending) if it may.
"""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from functools import partial
from typing import Any, cast
from urllib.parse import quote

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from kg.sparql.lent import LONGEST_ENDING
from kg.web.lending import AskBack, Lendable

AT_ONCE = "planlink.at_once"

Lend = Callable[
    [Lendable, bytes], AskBack | None
]  # of a connection and what follows the target in its requests

_CONNECTIONS = min(
    1000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2
)  # that one process keeps open: as many files are left for its work
_LINE, _HEAD = 8190, 65_536  # bytes of a request's target and of its head
_VERSION = b" HTTP/1.1"
_SECONDS = 30.0  # within which a head must have come
_REASONS = {
    400: "Bad Request",
    414: "URI Too Long",
    431: "Request Header Fields Too Large",
    408: "Request Timeout",
    503: "Service Unavailable",
}
_ASCII = "".join(map(chr, range(0x21, 0x7F))) + " \r"


class _RefusedError(Exception):
    """A request's head is refused: status and line say why."""

    def __init__(self, status: int, line: str) -> None:
        super().__init__(line)
        self.status, self.line = status, line


class Connection(HttpToolsProtocol):
    """A connection that HTTP/1.1 requests come on, one after the other (RFC 9112)."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._in_line = self._in_head = True
        self._came = 0  # bytes of the head that is coming
        self._until: asyncio.TimerHandle | None = None
        self._refused: _RefusedError | None = None
        self._ending = self._former_ending = (
            b""  # what followed the target in this request and the one before, where that is known
        )
        self._lendable, self._stops = True, False
        self._ask_back: AskBack | None = None  # while the connection is lent

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected."""
        super().connection_made(cast(asyncio.Transport, transport))
        if len(self.connections) > _CONNECTIONS:
            self._refuse(_RefusedError(503, "too many connections; try again later"))
        else:
            self._until = self.loop.call_later(_SECONDS, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        self._in_time()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes have come."""
        self._former_ending, self._ending = self._ending, b"" if self._came else _ending(data)
        if self._in_line:
            if not data.isascii():
                data = _quoted(data)
            self._in_line = b"\n" not in data
        self._came += len(data)
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            if self._came > _HEAD:
                self._refuse(_RefusedError(431, f"the request's head is longer than {_HEAD} bytes"))
            elif self._until is None and self._came:
                self._until = self.loop.call_later(_SECONDS, self._too_slow)

    def eof_received(self) -> bool:  # type: ignore[override]
        """The client sends no more: what it has asked for is still answered."""
        answers = (
            self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body
        )
        if answers:
            self.cycle.keep_alive = False
        return answers

    def on_url(self, url: bytes) -> None:
        """A part of the target has been read."""
        super().on_url(url)
        if len(self.url) > _LINE:
            self._refused = _RefusedError(
                414, f"the address is longer than {_LINE} bytes; send a long query by POST"
            )
            raise self._refused

    def on_headers_complete(self) -> None:
        """The head has been read."""
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts != 1 and (hosts or self.parser.get_http_version() == "1.1"):  # RFC 9112 §3.2
            self._refused = _RefusedError(400, "give one Host")
            raise self._refused
        self._in_head = False
        self._in_time()
        super().on_headers_complete()
        cast(dict[str, Any], self.scope)["extensions"] = {
            AT_ONCE: partial(self._answer_at_once, self.cycle)
        }

    def on_message_complete(self) -> None:
        """The request has been read; another may follow."""
        super().on_message_complete()
        self._in_line = self._in_head = True
        self._came = 0

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read as a request."""
        self._refuse(self._refused or _RefusedError(400, "this is no HTTP/1.1 request"))

    def shutdown(self) -> None:
        """The server stops: what has been asked for is still answered."""
        self._stops = True
        if self._ask_back is not None:
            self._ask_back()
        else:
            super().shutdown()

    def fileno(self) -> int:
        """The connection's file descriptor."""
        return int(self.transport.get_extra_info("socket").fileno())

    def had_back(self, in_vain: bool) -> None:
        """The connection is no longer lent; where that was in vain, it is not lent again."""
        self._ask_back, self._lendable = None, not in_vain
        self._former_ending = self._ending = b""
        if self._stops:
            self.transport.close()
        elif not self.transport.is_closing():
            self.flow.resume_reading()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    async def _answer_at_once(
        self, cycle: RequestResponseCycle, head: bytes, body: bytes, lend: Lend | None
    ) -> None:
        """Answer 200: what the cycle's send does in two steps, looking at each header.

        Args:
            cycle: of the request.
            head: lines of the head, with those that bound the body.
            body: the body.
            lend: lends the connection, if its next requests may be answered as this one was.
        """
        if cycle.flow.write_paused and not cycle.disconnected:
            await cycle.flow.drain()
        if cycle.disconnected:
            return
        lines = [
            b"HTTP/1.1 200 OK\r\n",
            *(b"%b: %b\r\n" % line for line in cycle.default_headers),
            head,
        ]
        if not cycle.keep_alive:
            lines.append(b"connection: close\r\n")
        self.transport.write(b"".join((*lines, b"\r\n", body)))
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        if lend is not None and self._may_be_lent(cycle):
            self._unset_keepalive_if_required()
            self.flow.pause_reading()
            self._ask_back = lend(self, self._ending)
            if self._ask_back is None:
                self.had_back(in_vain=False)

    def _may_be_lent(self, cycle: RequestResponseCycle) -> bool:
        """Whether nothing is under way, and the last two requests differed in their targets
        alone."""
        idle = (
            cycle is self.cycle
            and not self._came
            and not self.transport.is_closing()
            and not self.transport.get_write_buffer_size()
        )
        return (
            idle
            and not self._stops
            and self._lendable
            and bool(self._ending)
            and self._ending == self._former_ending
        )

    def _refuse(self, why: _RefusedError) -> None:
        body = f"{why.line}\n".encode()
        head = f"HTTP/1.1 {why.status} {_REASONS[why.status]}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        retry = "Retry-After: 5\r\n" if why.status == 503 else ""
        self.transport.write(f"{head}{retry}Connection: close\r\n\r\n".encode() + body)
        self.transport.close()

    def _too_slow(self) -> None:
        if self._came:
            self._refuse(_RefusedError(408, "the request did not come in time"))
        else:
            self.transport.close()

    def _in_time(self) -> None:
        if self._until is not None:
            self._until.cancel()
            self._until = None


def _ending(data: bytes) -> bytes:
    """What follows the target in a request that is whole, has no body and may be followed by others
    like it; nothing of any other."""
    line, _, fields = data.partition(b"\r\n")
    ending = _VERSION + b"\r\n" + fields
    whole = line.endswith(_VERSION) and fields.find(b"\r\n\r\n") == len(fields) - 4
    return ending if whole and len(ending) <= LONGEST_ENDING else b""


def _quoted(data: bytes) -> bytes:
    """What comes with the request line in it percent-encoded, as if its client had sent its IRI
    so."""
    line, end, rest = data.partition(b"\n")
    return quote(line, safe=_ASCII).encode() + end + rest
