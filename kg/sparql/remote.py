"""Queries passed on to another SPARQL 1.1 engine over HTTP, in the same bounded processes as those
on an embedded store.

Engines differ in how they read Accept and in how they write tables, so each is asked for one form
of answer, SPARQL JSON or N-Triples, and what was wanted is written from that.
"""

from collections.abc import Iterator, Mapping
from typing import IO, cast

import pyoxigraph as ox
import urllib3
from msgspec import structs

from kg.lexicon.messages import Message
from kg.release.engine import address_and_headers
from kg.sparql.dataset import has_dataset_clause, with_from
from kg.sparql.diagnosis import failed, unfit
from kg.sparql.evaluate import written
from kg.sparql.guard import fault_on_nothing, keywords
from kg.sparql.request import Answer, Request, Written

_JSON, _N_TRIPLES = "application/sparql-results+json", "application/n-triples"
_EACH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_GIVES_GRAPH = {"SELECT": False, "ASK": False, "CONSTRUCT": True, "DESCRIBE": True}


def forward(
    pool: urllib3.PoolManager, engine: str, graphs: Mapping[str, int], request: Request, to: Written
) -> Answer:
    """Ask an engine and write its answer.

    Args:
        engine: the engine's query address, and the user and password if it wants them.
        graphs: the released graphs, which a query is on that names no dataset itself, and how many
            triples each has: one that is read is whole or an error.
        request: a query, or a graph to read.
    """
    whole = None
    if request.operation == "query":
        refused = unfit(request)
    else:
        wanted = [request.query] if request.query else sorted(graphs)
        refused = None if graphs.keys() >= {*wanted} else Answer("absent")
        whole = sum(graphs.get(name, 0) for name in wanted)
        request = structs.replace(request, operation="query", query=with_from(_EACH, wanted))
    if refused:
        return refused
    try:
        word, fields = _form_of(request), _fields(request, sorted(graphs))
        answer = _asked(pool, engine, fields, _N_TRIPLES if _GIVES_GRAPH[word] else _JSON)
        if answer.status == 200:
            return _write(cast(IO[bytes], answer), word, request, to, whole)
        answer.close()
        return _refused(answer.status, request.query)
    except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
        return Answer("engine", problem=Message("engine_down"))
    except (urllib3.exceptions.HTTPError, SyntaxError):
        return Answer("engine", problem=Message("engine_wrong"))
    except (ValueError, OSError) as error:
        return failed(error)


def _asked(
    pool: urllib3.PoolManager, engine: str, fields: list[tuple[str, str]], accept: str
) -> urllib3.BaseHTTPResponse:
    address, credentials = address_and_headers(engine)
    return pool.request(
        "POST",
        address,
        fields=fields,
        encode_multipart=False,
        headers={**credentials, "Accept": accept},
        preload_content=False,
        retries=False,
    )


def _refused(status: int, query: str) -> Answer:
    """What an engine's error says of a query. Its words may come from somewhere that only this
    server reaches: they are never passed on. Of what is malformed or unknown, for which engines
    have these two statuses, our own engine says more, asked of no triples."""
    if status in (400, 500) and (error := fault_on_nothing(query)):
        return failed(error)
    if status == 400:
        return Answer("refused", problem=Message("engine_refused"))
    return Answer("engine", problem=Message("engine_answered", status))


def _write(
    answer: IO[bytes], word: str, request: Request, to: Written, whole: int | None
) -> Answer:
    """Write an engine's answer in the format that was wanted; whole: how many triples it has to
    have, where that is known."""
    if _GIVES_GRAPH[word]:
        return written(_triples(answer, whole), request, to)
    results = ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)
    if word == "ASK" and isinstance(results, ox.QuerySolutions):
        # Virtuoso 7 answers ASK with a table of one cell.
        cells = [getattr(cell, "value", "") for row in results for cell in row]
        if len(cells) != 1:
            raise SyntaxError("the results are of another form")
        holds = b"true" if cells[0] in ("1", "true") else b"false"
        results = ox.parse_query_results(
            b'{"head":{},"boolean":%s}' % holds, format=ox.QueryResultsFormat.JSON
        )
    if isinstance(results, ox.QueryBoolean) is not (word == "ASK"):
        raise SyntaxError("the results are of another form")
    return written(results, request, to)


def _triples(answer: IO[bytes], whole: int | None) -> Iterator[ox.Triple]:
    """The triples of an answer; SyntaxError where they are not as many as they have to be."""
    found = 0
    for quad in ox.parse(answer, format=ox.RdfFormat.N_TRIPLES):
        found += 1
        yield quad.triple
    if whole not in (None, found):
        raise SyntaxError("the graph is not whole")


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
        raise ValueError(Message("no_query_form"))
    return word


def _fields(request: Request, graphs: list[str]) -> list[tuple[str, str]]:
    """The form to send (SPARQL 1.1 Protocol §2.1.2); ValueError for a graph of no IRI.

    The released graphs are named in the query, not beside it: of those Virtuoso sends a header back
    for each."""
    if request.names_dataset:
        default, named = request.default_graphs, request.named_graphs
        by_graph = [("default-graph-uri", name) for name in default]
        by_graph += [("named-graph-uri", name) for name in named]
        beside = [(field, ox.NamedNode(name).value) for field, name in by_graph]
        return [("query", request.query), *beside]
    if has_dataset_clause(request.query):
        return [("query", request.query)]
    return [("query", with_from(request.query, graphs))]
