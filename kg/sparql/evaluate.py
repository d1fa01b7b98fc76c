"""Evaluation on an embedded store, in a process of its own: queries, updates, and graphs read and
written."""

from __future__ import annotations

import io
import json
import socket
import time
from collections.abc import Sequence
from functools import cache
from typing import Any

import pyoxigraph as ox

from kg.rdf.quads import FORMATS
from kg.sparql.refusal import has_dataset_clause, keywords, refusal, syntax_problem
from kg.sparql.request import Request, frame

RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {form.extension: form.rdf for form in FORMATS.values()}
_Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
_STAGING = ox.NamedNode(
    "urn:x-planlink:staging"
)  # where a graph is put before it replaces another in one transaction
_WHOLE, _HOLD = (
    256 * 1024,
    0.2,
)  # bytes, and seconds, up to which an answer is held back, so that a short one goes out whole
_CHUNK = 64 * 1024


class TooLargeError(Exception):
    """An answer is larger than allowed."""


class Sink(io.BytesIO):
    """Takes an answer and sends it on: a short one in one frame with its head, a longer one in
    frames as it grows.

    A head of {"complete": true} comes with the whole body in the next frame. Otherwise frames
    follow until an empty one, which only an answer that is whole gets.

    Args:
        connection: leads to who asked.
        limit: bytes that the answer may have.
        quick: seconds of CPU time up to which the head calls its query quick.
    """

    def __init__(self, connection: socket.socket, limit: int, quick: float) -> None:
        super().__init__()
        self._connection, self._limit = connection, limit
        self._quick_until = time.process_time() + quick
        self._held = bytearray()
        self._total = 0
        self._begun = time.monotonic()
        self.kind = "results"
        self.started = False

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """Take a part of the answer.

        Raises:
            TooLargeError: the answer grows beyond the limit.
        """
        self._total += len(content)
        if self._total > self._limit:
            raise TooLargeError
        self._held += content
        if (
            len(self._held) >= (_CHUNK if self.started else _WHOLE)
            or time.monotonic() - self._begun > _HOLD
        ):
            self._send_held()
        return len(content)

    def finish(self) -> None:
        """The answer is whole."""
        if self.started:
            self._send_held()
            self._connection.sendall(frame(b""))
        else:
            self.say("ok", bytes(self._held))

    def say(self, outcome: str, body: bytes = b"") -> None:
        """Send an outcome with its whole body."""
        quick = time.process_time() < self._quick_until
        self._connection.sendall(_head(outcome, self.kind, True, quick) + frame(body))

    def _send_held(self) -> None:
        if not self.started:
            self.started = True
            self._connection.sendall(_head("ok", self.kind, False, False))
        if self._held:
            self._connection.sendall(frame(bytes(self._held)))
            self._held.clear()


@cache
def _head(outcome: str, kind: str, complete: bool, quick: bool) -> bytes:
    return frame(
        json.dumps(
            {"outcome": outcome, "kind": kind, "complete": complete, "quick": quick}
        ).encode()
    )


def answer(store: ox.Store, union: bool, request: Request, body: bytes, sink: Sink) -> None:
    """Do what is asked and send the answer; errors too, as long as nothing of the answer has gone
    out.

    Args:
        store: the store.
        union: whether a query that names no dataset is on all graphs together.
        request: what is asked.
        body: the graph to write, as N-Triples.
        sink: takes the answer.

    Raises:
        TooLargeError, ValueError, OSError, RuntimeError: something failed after the answer had
            begun to go out.
    """
    if request.operation in ("query", "update") and (
        reason := refusal(request.query, request.operation == "update")
    ):
        sink.say("refused", reason.encode())
        return
    try:
        if request.operation == "query":
            _query(store, union, request, sink)
        elif request.operation == "update":
            store.update(_with_dataset(request), base_iri=request.base)
        elif request.operation == "get":
            if not _there(store, graph := _graph(request)):
                sink.say("absent")
                return
            sink.kind = "graph"
            triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, graph))
            ox.serialize(triples, sink, format=GRAPHS[request.graph_format])
        else:
            sink.say(_write_graph(store, request, body))
            return
        sink.finish()
    except (TooLargeError, SyntaxError, ValueError, OSError, RuntimeError, MemoryError) as error:
        if sink.started:
            raise
        sink.say(*_told(error, sink))


def _told(error: Exception, sink: Sink) -> tuple[str, bytes]:
    if isinstance(error, TooLargeError):
        return "too-large", f"the result is larger than {sink._limit} bytes; add LIMIT".encode()
    if isinstance(error, SyntaxError):
        return "malformed", syntax_problem(str(error.msg or error)).encode()
    return ("malformed" if isinstance(error, ValueError) else "failed"), str(error).encode()


def at_once(store: ox.Store, union: bool, request: Request) -> tuple[str, bytes] | None:
    """Evaluate a query that is expected to be quick and to have a short answer.

    Args:
        store, union, request: as for answer.

    Returns:
        The kind of the answer, and the answer; None where the query is refused or fails.
    """
    if refusal(request.query):
        return None
    try:
        result = _evaluated(store, union, request)
        body = _written(result, request)
    except (SyntaxError, ValueError, OSError, RuntimeError, MemoryError):
        return None
    assert body is not None  # since no output was given
    return _kind(result), body


def _query(store: ox.Store, union: bool, request: Request, sink: Sink) -> None:
    result = _evaluated(store, union, request)
    sink.kind = _kind(result)
    _written(result, request, sink)


def _kind(result: _Result) -> str:
    return "graph" if isinstance(result, ox.QueryTriples) else "results"


def _written(result: _Result, request: Request, sink: Sink | None = None) -> bytes | None:
    """Write a result to a sink, or give it whole where there is none."""
    if isinstance(result, ox.QueryTriples):
        return result.serialize(sink, format=GRAPHS[request.graph_format])
    return result.serialize(sink, format=RESULTS[request.results_format])


def _evaluated(store: ox.Store, union: bool, request: Request) -> _Result:
    named = request.names_dataset
    return store.query(
        request.query,
        base_iri=request.base,
        use_default_graph_as_union=union and not named and not has_dataset_clause(request.query),
        default_graph=_nodes(request.default_graphs) if named else None,
        named_graphs=_nodes(request.named_graphs) if named else None,
    )


def _nodes(iris: Sequence[str]) -> list[Any]:
    """Nodes of IRIs that came as parameters; ValueError where one is no IRI."""
    return [ox.NamedNode(iri) for iri in iris]


def _with_dataset(request: Request) -> str:
    """An update with the request's dataset as its USING clauses (SPARQL 1.1 Protocol §2.2.3).

    Raises:
        ValueError: the update names a dataset of its own.
    """
    if not request.names_dataset:
        return request.query
    words = list(keywords(request.query))
    if any(word in ("USING", "WITH") for word, _, _ in words):
        raise ValueError(
            "using-graph-uri cannot be given with an update that has USING or WITH itself (SPARQL 1.1 Protocol §2.2.3)"
        )
    clauses = "".join(f"USING {graph} " for graph in _nodes(request.default_graphs))
    clauses += "".join(f"USING NAMED {graph} " for graph in _nodes(request.named_graphs))
    text, end = "", len(request.query)
    for i, (word, at, depth) in reversed(list(enumerate(words))):
        if word == "WHERE" and depth == 0 and not (i and words[i - 1][0] == "DELETE"):
            text, end = clauses + request.query[at:end] + text, at
    return request.query[:end] + text


def _graph(request: Request) -> ox.NamedNode | ox.DefaultGraph:
    return ox.NamedNode(request.query) if request.query else ox.DefaultGraph()


def _there(store: ox.Store, graph: ox.NamedNode | ox.DefaultGraph) -> bool:
    """Whether a graph is in the store: the default graph always is."""
    return isinstance(graph, ox.DefaultGraph) or store.contains_named_graph(graph)


def _write_graph(store: ox.Store, request: Request, body: bytes) -> str:
    """PUT, POST and DELETE (Graph Store Protocol §5.3 to §5.5), each in one transaction.

    Returns:
        created, ok, or absent for a graph to delete that is not there.
    """
    graph = _graph(request)
    there = _there(store, graph)
    name = "DEFAULT" if isinstance(graph, ox.DefaultGraph) else f"GRAPH {graph}"
    if request.operation == "delete":
        if there:
            store.update(f"DROP {name}")
        return "ok" if there else "absent"
    parsed = ox.parse(body, format=ox.RdfFormat.N_TRIPLES, rename_blank_nodes=True)
    quads = [ox.Quad(t.subject, t.predicate, t.object, _STAGING) for t in parsed]
    store.update(f"CREATE SILENT GRAPH {_STAGING} ; CLEAR GRAPH {_STAGING}")
    store.extend(quads)
    target = "DEFAULT" if isinstance(graph, ox.DefaultGraph) else str(graph)
    moved = (
        f"MOVE {_STAGING} TO {target}"
        if request.operation == "put"
        else f"ADD {_STAGING} TO {target} ; DROP GRAPH {_STAGING}"
    )
    created = "" if there else f"CREATE SILENT {name} ; "
    store.update(f"{created}{moved}")
    return "ok" if there else "created"
