"""What is asked of a pool, what it answers, and how both go over a socket."""

from __future__ import annotations

import os
import re
import socket
from functools import cached_property
from io import BytesIO, FileIO
from typing import IO, TYPE_CHECKING

import msgspec

from kg.lexicon.messages import Message

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

PACKETS = socket.SOCK_SEQPACKET  # the kind of socket: a message arrives whole or not at all
_MESSAGE = 64 * 1024  # bytes that are sent in a packet; what is longer goes as a file
_LINE = 16 * 1024  # bytes that the line before them may have
_CHANGING = re.compile(r"(?:now|rand|uuid|bnode)\s*[(#]")  # a comment may be between


class Request(msgspec.Struct, frozen=True, dict=True):
    """What is asked: a query, an update, or a graph to read or write.

    query: the text of a query or update; for a graph, its IRI, "" being the default graph.
    operation: query, update, get, put, post or delete (the last four as in the Graph Store Protocol
        §5), or about: whether the pool answers, and what is wrong with it.
    default_graphs, named_graphs: the dataset (SPARQL 1.1 Protocol §2.1.4, §2.2.3).
    results_format, graph_format: the extensions of the formats wanted for bindings and for graphs;
        None where none is acceptable, and an answer is written in a usual one, which is not sent.
    base: what relative IRIs are resolved against.
    release: the number of a former release that is asked instead of the pool's own; 0 for that.
    only_if, unless: entity tags of the graph, or *: it is written only if it has one of the former,
        and none of the latter (RFC 9110 §13.1.1 and §13.1.2).
    """

    query: str
    operation: str = "query"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    results_format: str | None = "json"
    graph_format: str | None = "ttl"
    base: str | None = None
    release: int = 0
    only_if: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    @cached_property
    def changing(self) -> bool:
        """Whether the query may have another answer each time (NOW, RAND, UUID), by its words."""
        return _CHANGING.search(self.query.lower()) is not None

    @property
    def names_dataset(self) -> bool:
        """Whether the request, not the query, says which graphs are meant."""
        return bool(self.default_graphs or self.named_graphs)


_REQUEST = msgspec.msgpack.Decoder(tuple[float, Request, bytes])


class Answer(msgspec.Struct, frozen=True):
    """How a request ended, and with what.

    outcome: ok, created, absent, another (graph than the condition is for), malformed, refused,
        too-large, unwritable (in the format asked for), timeout, memory, busy, failed, or engine
        (that answers elsewhere).
    kind: results or graph.
    body: what was asked for, whole; "" where a file holds it.
    file: an open file that holds a longer one, at its beginning; None for any other.
    length: its bytes.
    problem: where there is none, and of about: what is wrong, in a line; "" for nothing.
    kept: the bytes that it takes with its query where it was kept from before; else 0.
    """

    outcome: str
    kind: str = "results"
    body: bytes = b""
    file: IO[bytes] | None = None
    length: int = 0
    problem: str = ""
    kept: int = 0


class Written(BytesIO):
    """An answer being written: in memory, or in a memfd once longer than one message."""

    file: FileIO | None = None

    def write(self, part: Buffer) -> int:
        """Write more of it, or as much as is allowed; OSError beyond that (RLIMIT_FSIZE)."""
        if self.file is None:
            if self.tell() + memoryview(part).nbytes <= _MESSAGE:
                return super().write(part)
            self.file = _in_file(self.getbuffer())
        return self.file.write(part)


def _in_file(content: Buffer) -> FileIO:
    """A new memfd with content in it."""
    file = FileIO(os.memfd_create("content"), "w+")
    file.write(content)
    return file


def send_request(connection: socket.socket, until: float, request: Request, body: bytes) -> None:
    """Send a request.

    Args:
        until: until when it may take (monotonic seconds, the same clock in all processes).
        body: the graph to write, as N-Triples.
    """
    asked = msgspec.msgpack.encode((until, request, body))
    _send(connection, b"", asked, _in_file(asked) if len(asked) > _MESSAGE else None)


def receive_request(connection: socket.socket) -> tuple[float, Request, bytes]:
    """What send_request sent; EOFError where the other side is gone."""
    _, content, file = _receive(connection)
    return _REQUEST.decode(content if file is None else file.read())


def send_answer(connection: socket.socket, answer: Answer, content: Written) -> None:
    """Send an answer with its content, which is whole where that is its outcome."""
    parts = answer.problem.parts if isinstance(answer.problem, Message) else ()
    head = (answer.outcome, answer.kind, answer.problem, parts)
    whole = content if answer.outcome == "ok" else Written()
    _send(connection, msgspec.json.encode(head, enc_hook=str), whole.getbuffer(), whole.file)


def receive_answer(connection: socket.socket) -> Answer:
    """What send_answer sent; EOFError where the other side is gone."""
    head, body, file = _receive(connection)
    outcome, kind, problem, parts = msgspec.json.decode(head)
    length = len(body) if file is None else os.fstat(file.fileno()).st_size
    return Answer(outcome, kind, body, file, length, Message(*parts) if parts else problem)


def _send(connection: socket.socket, head: bytes, content: Buffer, file: FileIO | None) -> None:
    """Send one packet, which arrives whole or not at all: a line, and the content or its file."""
    if file is None:
        connection.sendall(b"".join((head, b"\n", content)))
        return
    with file:
        file.seek(0)
        socket.send_fds(connection, [head, b"\n"], [file.fileno()])


def _receive(connection: socket.socket) -> tuple[bytes, bytes, IO[bytes] | None]:
    """The line and the content of a packet, or the open file that holds that, at its beginning."""
    packet, files, _, _ = socket.recv_fds(connection, _MESSAGE + _LINE, 1)
    if not packet:
        raise EOFError
    line, _, content = packet.partition(b"\n")
    return line, content, os.fdopen(files[0], "rb") if files else None
