"""A WSGI application as an ASGI one: each request is worked on in a thread, so that none holds up
the others.

A thread is taken for as long as the application works. Bodies of requests are read before that, and
what is long to send is sent
between its parts, without one: clients that are slow hold no thread.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from werkzeug.wsgi import FileWrapper

from kg.sparql import BrokenAnswerError

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environment = dict[str, Any]
Application = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]

# where in a scope stands what else the application's environment is to have
MORE = "planlink.environment"

_THREADS = 256  # of one web process: more than the queries that may be held or wait
_SENDING = 60.0  # seconds that a client may take to send a request's body
_PART = 256 * 1024  # bytes of a file that are read at a time
_NAMED = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}


class _GoneError(Exception):
    """The client is gone."""


@dataclass
class _Answer:
    """What the application answers: its head, and its parts as they are asked for.

    Where the length is known and came with the first part, that part is the whole.
    """

    parts: Iterator[bytes]
    close: Callable[[], None]
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    first: bytes = b""
    whole: bool = False


class InThreads:
    """An ASGI application (HTTP only) that has a WSGI one answer.

    Args:
        application: the WSGI application.
        longest: bytes of a request's body that it takes; of a longer one it is told the length
            alone.
        read_away: bytes of a longer one that are read for its sender to hear the answer.
    """

    def __init__(
        self, application: Application, longest: int, read_away: int = 64 * 1024**2
    ) -> None:
        self._application, self._longest, self._read_away = application, longest, read_away
        self._threads = ThreadPoolExecutor(_THREADS, "wsgi")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI 3.0, HTTP)."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_SENDING):
                body, length = await self._body(receive)
        except TimeoutError:
            await _say(send, 408, "the request's body did not come in time")
            return
        except _GoneError:
            return
        answer = await loop.run_in_executor(
            self._threads, self._begin, environment(scope, body, length)
        )
        try:
            await send(
                {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
            )
            await send(
                {"type": "http.response.body", "body": answer.first, "more_body": not answer.whole}
            )
            if not answer.whole:
                await send_parts(self._parts(answer), receive, send)
        finally:
            if not answer.whole:
                await loop.run_in_executor(self._threads, answer.close)

    async def _body(self, receive: Receive) -> tuple[bytes, int]:
        """A request's body, and its length; the body of one that is too long is empty."""
        body, length, more = bytearray(), 0, True
        while more and length <= self._read_away:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _GoneError
            part: bytes = message.get("body", b"")
            more = message.get("more_body", False)
            length += len(part)
            if length <= self._longest:
                body += part
        return (bytes(body) if length <= self._longest else b""), length

    def _begin(self, environ: Environment) -> _Answer:
        """Have the application answer, up to its first part."""
        told: list[tuple[str, list[tuple[str, str]]]] = []
        parts = self._application(
            environ, lambda status, headers, *_: told.append((status, headers))
        )
        answer = _Answer(iter(parts), getattr(parts, "close", lambda: None))
        try:
            answer.first = next(answer.parts, b"")
        except BaseException:
            answer.close()
            raise
        status, headers = told[-1]
        answer.status = int(status[:3])
        answer.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]
        without = environ["REQUEST_METHOD"] == "HEAD" or answer.status in (204, 304)
        length = next(
            (int(value) for name, value in answer.headers if name == b"content-length"), None
        )
        if without or len(answer.first) == length:
            answer.whole = True
            answer.close()
        return answer

    async def _parts(self, answer: _Answer) -> AsyncGenerator[bytes, None]:
        """The parts after the first."""
        loop = asyncio.get_running_loop()
        while (
            part := await loop.run_in_executor(self._threads, next, answer.parts, None)
        ) is not None:
            yield part


async def send_parts(parts: AsyncGenerator[bytes, None], receive: Receive, send: Send) -> None:
    """Send the parts of a body, until the last or until the client is gone.

    Where they break off, the body stays without an end, so that no client takes it for whole.
    """
    gone = asyncio.get_running_loop().create_task(_disconnected(receive))
    try:
        async with aclosing(parts):
            async for part in parts:
                if gone.done():
                    return
                await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    except BrokenAnswerError:
        return
    finally:
        gone.cancel()


def environment(scope: Scope, body: bytes, length: int) -> Environment:
    """The environment (PEP 3333) of a request that an ASGI scope describes.

    Args:
        scope: of the request.
        body: the request's body.
        length: its length.
    """
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ: Environment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.file_wrapper": lambda file, _: FileWrapper(file, _PART),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name:  # another header could be taken for it
            continue
        key = _NAMED.get(name) or "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
        text = value.decode("latin-1")
        environ[key] = (
            f"{environ[key]}{'; ' if name == b'cookie' else ','}{text}" if key in environ else text
        )
    if length:
        environ["CONTENT_LENGTH"] = str(length)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ.update(scope.get(MORE, {}))
    return environ


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Send, status: int, line: str) -> None:
    body = f"{line}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
