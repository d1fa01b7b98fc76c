"""Asking a pool, and keeping answers about a release, which does not change."""

import socket
import struct
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from cachetools import LRUCache
from msgspec.structs import replace

from kg.lexicon.messages import Message
from kg.settings import Limits
from kg.sparql.request import PACKETS, Answer, Request, receive_answer, send_request

_SLACK = 0.5  # seconds beyond the limit that a process is given to end by itself
_KEPT = 1024**2  # bytes of an answer up to which it is held in memory and may be kept
_ENTRY = 1024  # bytes that an answer that is kept takes beside its content and its query
_MIB = 1024**2
_CONNECTIONS = 4  # to workers that are kept for the next requests


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
        self._answers: LRUCache[Request, Answer] = LRUCache(room, lambda answer: answer.kept)
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
            answer = self._asked(request, body, begun + self.limits.seconds)
        except (EOFError, OSError) as error:
            return self._ended(time.monotonic() - begun, taken_up=isinstance(error, EOFError))
        if answer.file is not None and answer.length <= _KEPT:
            with answer.file:
                answer = replace(answer, body=answer.file.read(), file=None)
        keeps = answer.outcome == "ok" and answer.file is None and not request.changing
        if keeps and request.operation == "query":
            size = answer.length + sys.getsizeof(request.query) + _ENTRY
            with self._lock, suppress(ValueError):  # it is larger than all that is kept
                self._answers[request] = replace(answer, kept=size)
        return answer

    def _asked(self, request: Request, body: bytes, until: float) -> Answer:
        """What a worker answers, over a connection that is kept for the next request."""
        while True:
            connection = self._connected()
            try:
                send_request(connection, until, request, body)
                answer = receive_answer(connection)
            except BaseException as error:
                connection.close()
                if not isinstance(error, ConnectionError) or time.monotonic() > until:
                    raise
                continue  # its worker had ended before it took the request up
            if len(self._kept) < self._most_kept:
                self._kept.append(connection)
            else:
                connection.close()
            return answer

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
