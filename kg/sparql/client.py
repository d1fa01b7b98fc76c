"""Asking the query processes, and remembering answers about a release, which does not change."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.sparql.remembered import Remembered
from kg.sparql.request import TICKET, Continued, Limits, Request, frame, read_frame, receive_frame
from kg.sparql.slots import Slots

_KEPT_ALONG = 2 * 1024**2  # bytes of a long answer that are held to be remembered when it is whole
_STARTING = 0.02  # seconds between looks at whether the processes are there
_SLACK = 0.5  # seconds beyond the limit that a process is given to end by itself


class BrokenAnswerError(Exception):
    """The rest of an answer will not come: its query was ended at a limit."""


@dataclass(frozen=True)
class Answer:
    """The outcome of a request.

    outcome: ok, created, absent, malformed, refused, too-large, timeout, memory, busy, failed or
        engine (that answers elsewhere).
    kind: results or graph.
    body: the answer, or what is wrong; None where it comes in parts.
    parts: the answer as it comes; raises BrokenAnswerError where it breaks off.
    parts_awaiting: the same for a loop that goes on meanwhile; one of both is to be read.
    known: whether it was remembered.
    quick: whether its evaluation took little (Limits.quick).
    """

    outcome: str
    kind: str = ""
    body: bytes | None = b""
    parts: Iterator[bytes] = field(default_factory=lambda: iter(()))
    parts_awaiting: AsyncGenerator[bytes, None] | None = None
    known: bool = False
    quick: bool = False


class QueryClient:
    """Asks the processes that listen on a socket.

    Args:
        path: their socket.
        limits: what each query may use.
        kept: how many bytes of answers are kept for queries that come again; 0 where the data may
            change.
    """

    def __init__(self, path: Path, limits: Limits, kept: int = 32 * 1024**2) -> None:
        self._path, self.limits = path, limits
        self._answers: Remembered[bytes, Answer] = Remembered(
            kept, lambda key, answer: len(key) + len(answer.body or b"")
        )
        self._slots: Slots | None = None

    def ask(self, request: Request, body: bytes = b"") -> Answer:
        """Have a request worked on within the limits, and wait for the answer; for threads that run
        no loop.

        Args:
            request: what is asked.
            body: the graph to write, as N-Triples.
        """
        known = self._answers.get(request.key)
        return known if known is not None else asyncio.run(self.ask_awaiting(request, body))

    async def ask_awaiting(self, request: Request, body: bytes = b"") -> Answer:
        """Have a request worked on as ask does; the thread's loop goes on meanwhile."""
        key = request.key
        if (known := self._answers.get(key)) is not None:
            return known
        begun = time.monotonic()
        ticket = secrets.randbits(64)
        asking = frame(TICKET.pack(begun + self.limits.seconds, ticket)) + frame(key) + frame(body)
        try:
            connection = socket.socket(socket.AF_UNIX)
        except OSError as error:
            return Answer(
                "busy", body=f"too many files are open ({error.strerror}); try again".encode()
            )
        connection.setblocking(False)
        with ExitStack() as until_answered:
            until_answered.callback(connection.close)
            try:
                async with asyncio.timeout(self.limits.seconds + _SLACK):
                    await self._connect(connection)
                    await asyncio.get_running_loop().sock_sendall(connection, asking)
                    head, begins = await receive_frame(connection)
                    told = json.loads(head)
                    if told["complete"]:
                        body = (await receive_frame(connection, begins))[0]
                        answer = Answer(told["outcome"], told["kind"], body, quick=told["quick"])
                        self._remember(key, request, answer)
                        return answer
            except EOFError:
                return self._ended(ticket, time.monotonic() - begun)
            except OSError:  # nobody took it up
                return Answer("busy", body=b"every query process is busy; try again")
            until_answered.pop_all()  # who reads the parts closes it
        keep = self._keeping(key, request, told["kind"])
        parts, awaiting = (
            self._parts(connection, begins, keep),
            self._parts_awaiting(connection, begins, keep),
        )
        return Answer(told["outcome"], told["kind"], None, parts, awaiting)

    async def _connect(self, connection: socket.socket) -> None:
        """Connect to the processes; where they are still loading their store, when they have."""
        while True:
            try:
                connection.connect(str(self._path))
                return
            except FileNotFoundError:
                await asyncio.sleep(_STARTING)

    def _remember(self, key: bytes, request: Request, answer: Answer) -> None:
        if answer.outcome == "ok" and request.operation == "query" and not request.changing:
            self._answers.put(key, replace(answer, known=True))

    def _keeping(self, key: bytes, request: Request, kind: str) -> Callable[[bytes], None]:
        """Takes the parts of an answer, and remembers it when it is whole and not too long."""
        held = bytearray()

        def keep(part: bytes) -> None:
            if len(held) > _KEPT_ALONG:
                return
            if part:
                held.extend(part)
            else:
                self._remember(key, request, Answer("ok", kind, bytes(held)))

        return keep

    def _parts(
        self, connection: socket.socket, begins: bytes, keep: Callable[[bytes], None]
    ) -> Iterator[bytes]:
        """The parts of an answer, up to the empty one that says it is whole.

        Args:
            connection: what they come on.
            begins: what has been read from it already.
            keep: is given each of them.
        """
        connection.settimeout(self.limits.seconds + _SLACK)
        with closing(connection), closing(Continued(begins, connection.makefile("rb"))) as stream:
            while True:
                try:
                    part = read_frame(stream)
                except (OSError, EOFError) as error:
                    raise BrokenAnswerError from error
                keep(part)
                if not part:
                    return
                yield part

    async def _parts_awaiting(
        self, connection: socket.socket, begins: bytes, keep: Callable[[bytes], None]
    ) -> AsyncGenerator[bytes, None]:
        """The same, for a loop that goes on meanwhile."""
        with closing(connection):
            while True:
                try:
                    async with asyncio.timeout(self.limits.seconds + _SLACK):
                        part, begins = await receive_frame(connection, begins)
                except (OSError, EOFError) as error:
                    raise BrokenAnswerError from error
                keep(part)
                if not part:
                    return
                yield part

    def _ended(self, ticket: int, took: float) -> Answer:
        """Why a process ended at its work."""
        if took > self.limits.seconds - 0.1:
            return Answer(
                "timeout",
                body=f"the query did not end within {self.limits.seconds:g} s; narrow it down".encode(),
            )
        self._slots = self._slots or Slots(self._path.with_suffix(".slots"))
        if self._slots.gave_way(ticket):
            return Answer("busy", body=b"the query takes long and others wait; try again later")
        allowed = self.limits.memory // 1024**2
        return Answer(
            "memory",
            body=f"the query used more than {allowed} MiB of memory, or made the engine fail; narrow it down".encode(),
        )
