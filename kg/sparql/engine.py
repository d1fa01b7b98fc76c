"""Queries passed on to another SPARQL 1.1 engine over HTTP, in the same bounded processes as those
on an embedded store.

Engines differ in how they read Accept and in how they write tables, so each is asked for one form
of answer, SPARQL JSON or N-Triples, and what was wanted is written from that.
"""

from __future__ import annotations

from typing import IO, cast

import pyoxigraph as ox
import urllib3

from kg.sparql.evaluate import GRAPHS, RESULTS, Sink, TooLargeError
from kg.sparql.refusal import has_dataset_clause, keywords, refusal
from kg.sparql.request import Request

_JSON, _N_TRIPLES = "application/sparql-results+json", "application/n-triples"
_GIVES_GRAPH = {"SELECT": False, "ASK": False, "CONSTRUCT": True, "DESCRIBE": True}


def forward(
    pool: urllib3.PoolManager, address: str, graphs: list[str], request: Request, sink: Sink
) -> None:
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
    try:
        word, fields = _form_of(request), _fields(request, graphs)
    except ValueError as error:
        sink.say("malformed", str(error).encode())
        return
    form = _GIVES_GRAPH[word]
    sink.kind = "graph" if form else "results"
    try:
        answer = pool.request(
            "POST",
            address,
            fields=fields,
            encode_multipart=False,
            headers={**pool.headers, "Accept": _N_TRIPLES if form else _JSON},
            preload_content=False,
            retries=False,
        )
        if answer.status != 200:
            answer.close()
            # what an engine says of an error may come from somewhere that only this server reaches:
            # it is never passed on
            if answer.status == 400:
                sink.say(
                    "malformed", b"the engine that holds the data refused the query as malformed"
                )
            else:
                sink.say(
                    "engine", f"the engine that holds the data answered {answer.status}".encode()
                )
            return
        body = cast(IO[bytes], answer)
        if form:
            triples = (quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
            ox.serialize(triples, sink, format=GRAPHS[request.graph_format])
        else:
            results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
            if word == "ASK" and isinstance(
                results, ox.QuerySolutions
            ):  # Virtuoso 7 answers ASK with a table of one cell
                told = (
                    b"true" if any(row[0].value in ("1", "true") for row in results) else b"false"
                )
                results = ox.parse_query_results(
                    b'{"head":{},"boolean":%s}' % told, format=ox.QueryResultsFormat.JSON
                )
            results.serialize(sink, format=RESULTS[request.results_format])
        sink.finish()
    except TooLargeError:
        if sink.started:
            raise
        sink.say("too-large", b"the result is larger than allowed; add LIMIT")
    except (urllib3.exceptions.HTTPError, SyntaxError) as error:
        if sink.started:
            raise OSError(str(error)) from error
        sink.say(
            "engine",
            f"the engine that holds the data does not answer as the protocol has it ({type(error).__name__})".encode(),
        )


def _form_of(request: Request) -> str:
    """The query's form: SELECT, ASK, CONSTRUCT or DESCRIBE.

    Raises:
        ValueError: something else comes first, such as an engine's own pragma, which may reach out
            too (Virtuoso's DEFINE).
    """
    word = next(
        (word for word, _, _ in keywords(request.query) if word not in ("BASE", "PREFIX")), ""
    )
    if word not in _GIVES_GRAPH:
        raise ValueError("this is no SELECT, ASK, CONSTRUCT or DESCRIBE")
    return word


def _fields(request: Request, graphs: list[str]) -> list[tuple[str, str]]:
    """The form to send (SPARQL 1.1 Protocol §2.1.2).

    Raises:
        ValueError: a graph is named by what is no IRI.
    """
    chosen = request.names_dataset or has_dataset_clause(request.query)
    default, named = (request.default_graphs, request.named_graphs) if chosen else (graphs, graphs)
    named_by = [("default-graph-uri", g) for g in default] + [("named-graph-uri", g) for g in named]
    return [("query", request.query), *((name, ox.NamedNode(g).value) for name, g in named_by)]
