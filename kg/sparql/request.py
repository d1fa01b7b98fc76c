"""What is asked of a pool, what it answers, and how both go over a socket."""

from __future__ import annotations

import json
import os
import re
import socket
import struct
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from io import BytesIO
from operator import attrgetter
from typing import IO, TYPE_CHECKING, Any

from kg.lexicon.messages import Message

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

_ASKED = struct.Struct("<dII")  # until when, bytes of the request, bytes of the body
_LENGTHS = struct.Struct("<II")  # bytes of the outcome, bytes of the answer
_MOST = 16 * 1024  # bytes read at a time
_MESSAGE = 64 * 1024  # bytes of an answer that goes with its outcome; a longer one is a file
_CHANGING = re.compile(r"(?:now|rand|uuid|bnode)\s*[(#]")  # a comment may be between


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
    only_if, unless: entity tags of the graph, or *: it is written only if it has one of the former,
        and none of the latter (RFC 9110 §13.1.1 and §13.1.2).
    """

    query: str
    operation: str = "query"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    results_format: str = "json"
    graph_format: str = "ttl"
    base: str | None = None
    release: int = 0
    only_if: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    @cached_property
    def changing(self) -> bool:
        """Whether the query may have another answer each time (NOW, RAND, UUID), by its words."""
        return _CHANGING.search(self.query.lower()) is not None

    @property
    def fields(self) -> tuple[Any, ...]:
        """All of it, in the order above: as astuple, without copies."""
        return _fields(self)

    @property
    def names_dataset(self) -> bool:
        """Whether the request, not the query, says which graphs are meant."""
        return bool(self.default_graphs or self.named_graphs)


@dataclass(frozen=True)
class Outcome:
    """How a request ended.

    name: ok, created, absent, another (graph than the condition is for), malformed, refused,
        too-large, unwritable (in the format asked for),
        timeout, memory, busy, failed, or engine (that answers elsewhere).
    kind: of an answer: results or graph.
    problem: of any other: what is wrong, in a line.
    """

    name: str
    kind: str = "results"
    problem: str = ""


_fields = attrgetter(*(field.name for field in fields(Request)))


@lru_cache(64)  # most outcomes are alike
def _written(outcome: Outcome) -> bytes:
    parts = outcome.problem.parts if isinstance(outcome.problem, Message) else ()
    return json.dumps((outcome.name, outcome.kind, outcome.problem, parts)).encode()


@lru_cache(64)
def _read(outcome: bytes) -> Outcome:
    name, kind, problem, parts = json.loads(outcome)
    return Outcome(name, kind, Message(*parts) if parts else problem)


def send_request(connection: socket.socket, until: float, request: Request, body: bytes) -> None:
    """Send a request.

    Args:
        until: until when it may take (monotonic seconds, the same clock in all processes).
        body: the graph to write, as N-Triples.
    """
    asked = json.dumps(request.fields).encode()
    connection.sendall(_ASKED.pack(until, len(asked), len(body)) + asked + body)


def receive_request(connection: socket.socket) -> tuple[float, Request, bytes]:
    """What send_request sent; EOFError where the other side is gone."""
    received = _received(connection, connection.recv(_MOST), _ASKED.size)
    until, asked, body = _ASKED.unpack_from(received)
    received = _received(connection, received, _ASKED.size + asked + body)
    text: list[Any] = json.loads(received[_ASKED.size : _ASKED.size + asked])
    text[2:4], text[8:] = map(tuple, text[2:4]), map(tuple, text[8:])
    return until, Request(*text), received[_ASKED.size + asked :]


def _received(connection: socket.socket, begins: bytes, length: int) -> bytes:
    """What begins a message, with as much more as makes it this long."""
    if len(begins) >= length:
        return begins
    if not begins:
        raise EOFError
    received = bytearray(begins)
    while len(received) < length:
        part = connection.recv(max(_MOST, length - len(received)))
        if not part:
            raise EOFError
        received += part
    return bytes(received)


class Written(BytesIO):
    """An answer being written: in memory, or in a memfd once longer than one message."""

    file: IO[bytes] | None = None

    def write(self, part: Buffer) -> int:
        """Write more of it; OSError where it is longer than allowed (RLIMIT_FSIZE)."""
        if self.file is None:
            if self.tell() + memoryview(part).nbytes <= _MESSAGE:
                return super().write(part)
            self.file = os.fdopen(os.memfd_create("answer", os.MFD_CLOEXEC), "wb")
            self.file.write(self.getvalue())
        return self.file.write(part)

    def flush(self) -> None:
        """Have all that was written in the file, if there is one; raises what write does."""
        super().flush()
        if self.file is not None:
            self.file.flush()

    def close(self) -> None:
        """Let go of it."""
        super().close()
        if self.file is not None:
            self.file.close()


def send_outcome(connection: socket.socket, outcome: Outcome, answer: Written) -> None:
    """Send an outcome with its answer, which is whole."""
    head = _written(outcome)
    if answer.file is None:
        content = answer.getvalue()
        connection.sendall(_LENGTHS.pack(len(head), len(content)) + head + content)
    else:
        message = _LENGTHS.pack(len(head), 0) + head
        socket.send_fds(connection, [message], [answer.file.fileno()])


def receive_outcome(connection: socket.socket) -> tuple[Outcome, bytes, IO[bytes] | None]:
    """What send_outcome sent: the outcome and the answer, or the open file that holds it.

    Raises:
        EOFError: the other side is gone.
    """
    begins, files, _, _ = socket.recv_fds(connection, _MESSAGE + _MOST, 1)
    file = os.fdopen(files[0], "rb") if files else None
    received = _received(connection, begins, _LENGTHS.size)
    head, answer = _LENGTHS.unpack_from(received)
    received = _received(connection, received, _LENGTHS.size + head + answer)
    outcome = _read(received[_LENGTHS.size : _LENGTHS.size + head])
    return outcome, received[_LENGTHS.size + head :], file
