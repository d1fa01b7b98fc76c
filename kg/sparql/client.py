"""Asking a pool, and keeping answers about a release, which does not change."""

import os
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from cachetools import LRUCache

from kg.lexicon.messages import Message
from kg.settings import Limits
from kg.sparql.request import PACKETS, Outcome, Request, receive_outcome, send_request

_SLACK = 0.5  # seconds beyond the limit that a process is given to end by itself
_KEPT = 1024**2  # bytes of an answer up to which it is held in memory and may be kept
_MIB = 1024**2
_CONNECTIONS = 4  # to workers that are kept for the next requests


@dataclass(frozen=True)
class Answer:
    """The outcome of a request, whole.

    outcome: ok, or what else Outcome.name may be.
    kind: results or graph.
    body: the answer; None for one of over a MiB.
    file: an open file that holds a longer one, at its beginning; None for any other.
    length: bytes of the answer.
    problem: what is wrong, in a line; "" for nothing.
    kept: whether it was kept from before.
    """

    outcome: str
    kind: str = ""
    body: bytes | None = b""
    file: IO[bytes] | None = None
    length: int = 0
    problem: str = ""
    kept: bool = False


class QueryClient:
    """Asks the pool that listens on a socket.

    Args:
        path: its socket.
        keeps: whether answers are kept for queries that come again, and connections: not where the
            data may change, and one process has them.
    """

    def __init__(self, path: Path, limits: Limits, keeps: bool = True) -> None:
        self._path, self.limits = str(path), limits
        seconds = limits.seconds + _SLACK
        self._timeout = struct.pack("@ll", int(seconds), int(seconds % 1 * 1_000_000))  # timeval
        room = limits.cache * _MIB if keeps else 0
        self._answers: LRUCache[Request, Answer] = LRUCache(room, lambda answer: answer.length + 1)
        self._lock = threading.Lock()
        self._kept: list[socket.socket] = []
        self._most_kept = _CONNECTIONS if keeps else 0

    def ask(self, request: Request, body: bytes = b"") -> Answer:
        """Have a request, with a graph as N-Triples, worked on, and wait for the whole answer."""
        with self._lock:
            known = self._answers.get(request)
        if known is not None:
            return known
        begun = time.monotonic()
        try:
            outcome, content, file = self._asked(request, body, begun + self.limits.seconds)
        except (EOFError, OSError) as error:
            return self._ended(time.monotonic() - begun, taken_up=isinstance(error, EOFError))
        if file is not None:
            length = os.fstat(file.fileno()).st_size
            if length > _KEPT:
                return Answer(outcome.name, outcome.kind, None, file, length)
            with file:
                content = file.read()
        answer = Answer(outcome.name, outcome.kind, content, None, len(content), outcome.problem)
        if outcome.name == "ok" and request.operation == "query" and not request.changing:
            with self._lock, suppress(ValueError):  # it is larger than all that is kept
                self._answers[request] = replace(answer, kept=True)
        return answer

    def _asked(
        self, request: Request, body: bytes, until: float
    ) -> tuple[Outcome, bytes, IO[bytes] | None]:
        """What a worker answers, over a connection that is kept for the next request."""
        while True:
            connection = self._connected()
            try:
                send_request(connection, until, request, body)
                found = receive_outcome(connection)
            except BaseException as error:
                connection.close()
                if not isinstance(error, ConnectionError) or time.monotonic() > until:
                    raise
                continue  # its worker had ended before it took the request up
            if len(self._kept) < self._most_kept:
                self._kept.append(connection)
            else:
                connection.close()
            return found

    def _connected(self) -> socket.socket:
        """A connection that was kept, or a new one: it waits where no worker is free."""
        with suppress(IndexError):
            return self._kept.pop()
        connection = socket.socket(socket.AF_UNIX, PACKETS)
        # The system keeps the time: a timeout of Python's would ask it before each call.
        for waiting in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):  # to connect is to send
            connection.setsockopt(socket.SOL_SOCKET, waiting, self._timeout)
        try:
            connection.connect(self._path)
        except OSError:
            connection.close()
            raise
        return connection

    def _ended(self, took: float, taken_up: bool) -> Answer:
        """Why there is no outcome.

        Args:
            took: seconds since the request was sent.
            taken_up: whether a worker has ended at it. One that is killed at the limit may take a
                moment to be gone.
        """
        limits = self.limits
        if took > limits.seconds - 0.1:
            return Answer("timeout", problem=Message("query_timeout", f"{limits.seconds:g}"))
        if not taken_up:
            return Answer("busy", problem=Message("queries_busy"))
        return Answer("memory", problem=Message("query_memory", limits.memory, limits.total_memory))
