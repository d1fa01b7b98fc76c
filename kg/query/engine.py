"""Queries passed on to another SPARQL 1.1 engine over HTTP, in the same bounded processes as those on an embedded store."""

from __future__ import annotations

import urllib3

from kg.query.evaluate import Sink, TooLargeError
from kg.query.refusal import refusal
from kg.query.request import Request

_RESULTS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
_GRAPHS = {"ttl": "text/turtle", "nt": "application/n-triples", "rdf": "application/rdf+xml", "jsonld": "application/ld+json"}
_RESULT_TYPES = frozenset((*_RESULTS.values(), "application/json", "application/xml", "text/xml"))
_CHUNK = 64 * 1024


def forward(pool: urllib3.PoolManager, address: str, graphs: list[str], request: Request, sink: Sink) -> None:
    """Ask an engine and send its answer on.

    Args:
        pool: connections that are kept.
        address: the engine's query address.
        graphs: the released graphs, which a query is on that names no dataset itself.
        request: the query.
        sink: takes the answer.

    Raises:
        TooLargeError, OSError: something failed after the answer had begun to go out.
    """
    if reason := refusal(request.query):
        sink.say("refused", reason.encode())
        return
    default = request.default_graphs if request.names_dataset else graphs
    named = request.named_graphs if request.names_dataset else graphs
    form = [("query", request.query), *(("default-graph-uri", g) for g in default), *(("named-graph-uri", g) for g in named)]
    accept = f"{_RESULTS[request.results_format]}, {_GRAPHS[request.graph_format]}"
    try:
        answer = pool.request(
            "POST", address, fields=form, encode_multipart=False, headers={"Accept": accept}, preload_content=False, retries=False
        )
        if answer.status != 200:
            told = " ".join(answer.read(_CHUNK, decode_content=True).decode("utf-8", "replace").split())[:300]
            sink.say("malformed" if answer.status == 400 else "engine", told.encode() or f"the engine answered {answer.status}".encode())
            return
        media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        sink.kind = "results" if media_type in _RESULT_TYPES else "graph"
        for part in answer.stream(_CHUNK, decode_content=True):
            sink.write(part)
        sink.finish()
    except TooLargeError:
        if sink.started:
            raise
        sink.say("too-large", b"the result is larger than allowed; add LIMIT")
    except urllib3.exceptions.HTTPError as error:
        if sink.started:
            raise OSError(str(error)) from error
        sink.say("engine", f"the engine at {address} does not answer ({type(error).__name__})".encode())
