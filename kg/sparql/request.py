"""What is asked of a pool, what it answers, and how both go over a socket."""

from __future__ import annotations

import json
import re
import socket
import struct
from dataclasses import dataclass, fields
from functools import cached_property
from operator import attrgetter
from typing import Any

_LENGTHS = struct.Struct("<dII")  # until when, bytes of the request, bytes of the body
_HEAD = struct.Struct("<I")
_MOST = 16 * 1024  # bytes read at a time
_CHANGING = re.compile(r"(?:now|rand|uuid|bnode)\s*[(#]")  # a comment may stand between


@dataclass(frozen=True)
class Request:
    """What is asked: a query, an update, or a graph to read or write.

    query: the text of a query or update; for a graph, its IRI, "" being the default graph.
    operation: query, update, get, put, post or delete (the last four as in the Graph Store Protocol
        §5), or about: what the pool is.
    default_graphs, named_graphs: the dataset (SPARQL 1.1 Protocol §2.1.4, §2.2.3).
    results_format, graph_format: the extensions of the formats wanted for bindings and for graphs.
    base: what relative IRIs are resolved against.
    release: the number of a former release that is asked instead of the pool's own; 0 for that.
    """

    query: str
    operation: str = "query"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    results_format: str = "json"
    graph_format: str = "ttl"
    base: str | None = None
    release: int = 0

    @cached_property
    def changing(self) -> bool:
        """Whether the query may have another answer each time (NOW, RAND, UUID), by its words."""
        return _CHANGING.search(self.query.lower()) is not None

    @property
    def names_dataset(self) -> bool:
        """Whether the request, not the query, says which graphs are meant."""
        return bool(self.default_graphs or self.named_graphs)


@dataclass(frozen=True)
class Outcome:
    """How a request ended.

    name: ok, created, absent, malformed, refused, too-large, timeout, memory, busy, failed, or
        engine (that answers elsewhere).
    kind: of an answer: results or graph.
    problem: of any other: what is wrong, in a line.
    """

    name: str
    kind: str = "results"
    problem: str = ""


# as astuple, without copies
_request_fields = attrgetter(*(field.name for field in fields(Request)))
_outcome_fields = attrgetter(*(field.name for field in fields(Outcome)))


def send_request(connection: socket.socket, until: float, request: Request, body: bytes) -> None:
    """Send a request.

    Args:
        connection: to a process of the pool.
        until: until when it may take (monotonic seconds, the same clock in all processes).
        request: what is asked.
        body: the graph to write, as N-Triples.
    """
    asked = json.dumps(_request_fields(request)).encode()
    connection.sendall(_LENGTHS.pack(until, len(asked), len(body)) + asked + body)


def receive_request(connection: socket.socket) -> tuple[float, Request, bytes]:
    """What send_request sent.

    Raises:
        EOFError: the other side is gone.
    """
    received = _received(connection, bytearray(connection.recv(_MOST)), _LENGTHS.size)
    until, asked, body = _LENGTHS.unpack_from(received)
    received = _received(connection, received, _LENGTHS.size + asked + body)
    text: list[Any] = json.loads(received[_LENGTHS.size : _LENGTHS.size + asked])
    text[2:4] = map(tuple, text[2:4])
    return until, Request(*text), bytes(received[_LENGTHS.size + asked :])


def _received(connection: socket.socket, received: bytearray, length: int) -> bytearray:
    """What has been received, with as much more as makes it this long."""
    while len(received) < length:
        part = connection.recv(max(_MOST, length - len(received)))
        if not part:
            raise EOFError
        received += part
    return received


def send_outcome(connection: socket.socket, outcome: Outcome, answer: int) -> None:
    """Send an outcome with the answer, an open file (memfd_create(2)) whose length says it is
    whole."""
    head = json.dumps(_outcome_fields(outcome)).encode()
    socket.send_fds(connection, [_HEAD.pack(len(head)) + head], [answer])


def receive_outcome(connection: socket.socket) -> tuple[Outcome, int]:
    """What send_outcome sent.

    Raises:
        EOFError: the other side is gone.
    """
    begins, files, _, _ = socket.recv_fds(connection, _MOST, 1)
    if not files:
        raise EOFError
    received = _received(connection, bytearray(begins), _HEAD.size)
    (length,) = _HEAD.unpack_from(received)
    received = _received(connection, received, _HEAD.size + length)
    return Outcome(*json.loads(received[_HEAD.size :])), files[0]
