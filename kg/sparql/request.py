"""What is asked of a query process, what it may use, and the frames that carry both ways over a
socket."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from kg.errors import PlanlinkError

TICKET = struct.Struct("<dQ")  # until when a request may take (monotonic seconds), and its number
_LENGTH = struct.Struct(">I")
_MIB = 1024**2
_CHANGING = re.compile(
    r"(?:now|rand|uuid|bnode)\s*[(#]"
)  # a comment may stand before the parenthesis
_AT_ONCE = 16 * 1024  # bytes that are read at a time, where no more are known to come


@dataclass(frozen=True)
class Limits:
    """What queries may use.

    seconds: by the clock, from when a query arrives until its answer has gone out.
    memory: bytes that one query may take beyond the store.
    result: bytes of one answer.
    quick: seconds of CPU time after which a query counts as long.
    still: seconds without a long query's end after which those that run are taken for endless.
    heavy: how many long queries then run at a time; the others are paused.
    serving: how many processes take new queries at a time; the other free ones stand by.
    ready: processes kept free for new queries.
    held: how many long queries may be held, running or paused; those that come when there are as
        many give way.
    waiting: how many queries may wait for a process.
    """

    seconds: float = 20.0
    memory: int = 1024 * _MIB
    result: int = 256 * _MIB
    quick: float = 0.005
    still: float = 0.15
    heavy: int = max(2, os.cpu_count() or 2)
    serving: int = os.cpu_count() or 1
    ready: int = max(2, os.cpu_count() or 2) + 2
    held: int = 60
    waiting: int = 128

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Limits:
        """The limits that PLANLINK_QUERY_SECONDS, _MEMORY and _RESULT (MiB), _HEAVY, _HELD and
        _WAITING set; defaults for the rest.

        Raises:
            PlanlinkError: one is no number above zero.
        """
        chosen: dict[str, float] = {}
        for name, unit in (
            ("seconds", 1.0),
            ("memory", _MIB),
            ("result", _MIB),
            ("heavy", 1),
            ("held", 1),
            ("waiting", 1),
        ):
            variable = f"PLANLINK_QUERY_{name.upper()}"
            text = environment.get(variable, "")
            if not text:
                continue
            try:
                number = float(text)
            except ValueError:
                number = 0.0
            if number <= 0 or (name in ("heavy", "held", "waiting") and number != int(number)):
                raise PlanlinkError(
                    f"{text!r} is no number above zero",
                    variable,
                    "give one, or unset the variable for the default",
                )
            chosen[name] = number if name == "seconds" else int(number * unit)
        return cls(**chosen)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Request:
    """What is asked: a query, an update, or a graph to read or write.

    query: the text of a query or update; for a graph, its IRI, "" being the default graph.
    operation: query, update, get, put, post or delete (the last four as in the Graph Store Protocol
        §5).
    default_graphs, named_graphs: the dataset (SPARQL 1.1 Protocol §2.1.4, §2.2.3).
    results_format, graph_format: the extensions of the formats wanted for bindings and for graphs.
    base: what relative IRIs are resolved against.
    """

    query: str
    operation: str = "query"
    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()
    results_format: str = "json"
    graph_format: str = "ttl"
    base: str | None = None

    @cached_property
    def key(self) -> bytes:
        """The request as JSON: what the query processes read, and what answers are remembered
        by."""
        asked = (
            self.query,
            self.operation,
            self.default_graphs,
            self.named_graphs,
            self.results_format,
            self.graph_format,
            self.base,
        )
        return json.dumps(asked).encode()

    @classmethod
    def of_key(cls, key: bytes) -> Request:
        """The request that has this key."""
        return cls(*json.loads(key))

    @cached_property
    def changing(self) -> bool:
        """Whether the query may have another answer each time (NOW, RAND, UUID): conservative, by
        its words."""
        return _CHANGING.search(self.query.lower()) is not None

    @property
    def names_dataset(self) -> bool:
        """Whether the request, not the query, says which graphs are meant."""
        return bool(self.default_graphs or self.named_graphs)


def frame(content: bytes) -> bytes:
    """Content with its length before it."""
    return _LENGTH.pack(len(content)) + content


def read_frame(stream: IO[bytes] | Continued) -> bytes:
    """Read one length-prefixed frame.

    Raises:
        EOFError: the other side is gone.
    """
    (length,) = _LENGTH.unpack(_read(stream, _LENGTH.size))
    return _read(stream, length)


def _read(stream: IO[bytes] | Continued, length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return content


class Continued:
    """A stream of which the beginning has been read already.

    Args:
        begins: what has been read.
        rest: the stream.
    """

    def __init__(self, begins: bytes, rest: IO[bytes]) -> None:
        self._begins, self._rest = begins, rest

    def read(self, size: int) -> bytes:
        """The next bytes, as many as are asked for, fewer where the stream ends."""
        taken, self._begins = self._begins[:size], self._begins[size:]
        return taken if len(taken) == size else taken + self._rest.read(size - len(taken))

    def close(self) -> None:
        """Close the stream."""
        self._rest.close()


async def receive_frame(connection: socket.socket, begins: bytes = b"") -> tuple[bytes, bytes]:
    """Read one length-prefixed frame from a socket that does not block.

    Args:
        connection: the socket.
        begins: what has been read from it already.

    Returns:
        The frame, and what has been read after it.

    Raises:
        EOFError: the other side is gone.
    """
    received, ends = bytearray(begins), _LENGTH.size
    while True:
        if len(received) >= _LENGTH.size:
            ends = _LENGTH.size + _LENGTH.unpack_from(received)[0]
            if len(received) >= ends:
                return bytes(received[_LENGTH.size : ends]), bytes(received[ends:])
        await _readable(connection)
        part = connection.recv(max(ends - len(received), _AT_ONCE))
        if not part:
            raise EOFError
        received += part


async def _readable(connection: socket.socket) -> None:
    """Wait until something has come on a socket, or its other side is gone."""
    loop = asyncio.get_running_loop()
    came = asyncio.Event()
    loop.add_reader(connection, came.set)
    try:
        await came.wait()
    finally:
        loop.remove_reader(connection)
