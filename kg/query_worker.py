"""The process behind kg.query: opens a store read-only and answers one query at a time over its standard streams."""

from __future__ import annotations

import ctypes
import io
import json
import resource
import sys
from pathlib import Path

import pyoxigraph as ox

from kg.query import Request, read_frame, syntax_problem, write_frame
from kg.store import open_to_serve

_CLONE_NEWNET = 0x40000000  # unshare(2): a network namespace of its own, without any address

RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


class _TooLargeError(Exception):
    pass


class _Bounded(io.BytesIO):
    """A buffer that takes no more than its limit."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, content: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(content) > self._limit:
            raise _TooLargeError
        return super().write(content)


def evaluate(store: ox.Store, request: Request, limit: int) -> tuple[str, str, bytes]:
    """Evaluate a query: outcome, kind of result (results or graph), and body."""
    chosen = bool(request.default_graphs or request.named_graphs)
    try:
        result = store.query(
            request.query,
            use_default_graph_as_union=not chosen,
            default_graph=[ox.NamedNode(g) for g in request.default_graphs] if chosen else None,
            named_graphs=[ox.NamedNode(g) for g in request.named_graphs] if chosen else None,
        )
        body = _Bounded(limit)
        if isinstance(result, ox.QueryTriples):
            result.serialize(body, format=GRAPHS[request.graph_format])
            return "ok", "graph", body.getvalue()
        result.serialize(body, format=RESULTS[request.results_format])
        return "ok", "results", body.getvalue()
    except SyntaxError as error:
        return "malformed", "", syntax_problem(str(error.msg or error)).encode()
    except _TooLargeError:
        return "too-large", "", f"the result is larger than {limit} bytes; add LIMIT".encode()
    except ValueError as error:
        return "malformed", "", str(error).encode()
    except (OSError, RuntimeError, MemoryError) as error:
        return "failed", "", str(error).encode()


def main() -> None:
    """Answer queries until the other side is gone. Arguments: store folder, bytes of memory, bytes of result."""
    folder, memory, limit = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    ctypes.CDLL(None).unshare(_CLONE_NEWNET)  # fails without the right to it; refusal() has sorted out SERVICE before
    store = open_to_serve(folder)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            request = Request(**json.loads(read_frame(sys.stdin.buffer)))
        except EOFError:
            return
        outcome, kind, body = evaluate(store, request, limit)
        write_frame(sys.stdout.buffer, json.dumps({"outcome": outcome, "kind": kind}).encode())
        write_frame(sys.stdout.buffer, body)


if __name__ == "__main__":
    main()
