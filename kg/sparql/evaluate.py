"""Evaluation on an embedded store, in a process of its own: queries, updates, and graphs read and
written."""

import mmap
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pyoxigraph as ox

from kg.lexicon.messages import Message
from kg.sparql.dataset import has_dataset_clause, with_using
from kg.sparql.diagnosis import failed, unfit
from kg.sparql.formats import GRAPHS, graph_tag
from kg.sparql.guard import ENGINE_ERRORS
from kg.sparql.request import Answer, Request, Written

_XML = ("xml", "rdf")
# Char (XML 1.0 §2.2) has none of these; a carriage return is read as another character (§2.11).
_CONTROLS = re.compile(rb"[\x00-\x08\x0b-\x1f]|\xef\xbf[\xbe\xbf]")
# The writer of RDF/XML makes an element without a name of a property whose IRI ends in no name.
_NO_NAME = re.compile(rb"<[\w.-]*:[\s/>]")


def evaluate(store: ox.Store, union: bool, request: Request, body: bytes, to: Written) -> Answer:
    """Do what is asked of a store; union: queries are on all graphs by default."""
    try:
        return unfit(request) or _evaluate(store, union, request, body, to)
    except (*ENGINE_ERRORS, MemoryError) as error:
        return failed(error)


def _evaluate(store: ox.Store, union: bool, request: Request, body: bytes, to: Written) -> Answer:
    if request.operation == "query":
        return _query(store, union, request, to)
    if request.operation == "update":
        store.update(with_using(request), base_iri=request.base)
        return Answer("ok")
    if request.operation == "get":
        graph = _graph(request)
        if not _exists(store, graph):
            return Answer("absent")
        every = union and isinstance(graph, ox.DefaultGraph)  # as a query's default graph is
        quads = store.quads_for_pattern(None, None, None, None if every else graph)
        return written((quad.triple for quad in quads), request, to)
    if _is_another(store, request):
        return Answer("another", problem=Message("http_412"))
    return Answer(_write_graph(store, request, body))


def _query(store: ox.Store, union: bool, request: Request, to: Written) -> Answer:
    named = request.names_dataset
    result = store.query(
        request.query,
        base_iri=request.base,
        use_default_graph_as_union=union and not named and not has_dataset_clause(request.query),
        default_graph=_nodes(request.default_graphs) if named else None,
        named_graphs=_nodes(request.named_graphs) if named else None,
    )
    return written(result, request, to)


def written(
    result: ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple], request: Request, to: Written
) -> Answer:
    """Write a result in the format asked for; unwritable where that cannot hold it."""
    if isinstance(result, ox.QuerySolutions | ox.QueryBoolean):
        kind, form = "results", request.results_format or "json"
        result.serialize(to, format=ox.QueryResultsFormat.from_extension(form))
    else:
        kind, form = "graph", request.graph_format or "ttl"
        rdf = ox.RdfFormat.from_extension(form)
        if isinstance(result, ox.QueryTriples):  # a fifth faster by itself
            result.serialize(to, format=rdf)
        else:
            ox.serialize(result, to, format=rdf)
    problem = _xml_problem(to) if form in _XML else ""
    return Answer("unwritable", problem=problem) if problem else Answer("ok", kind)


def _xml_problem(written: Written) -> str:
    """Why a whole answer in XML is none, in a line that says what to ask for instead; "" where it
    is."""
    content: memoryview | mmap.mmap = written.getbuffer()
    if written.file is not None:
        content = mmap.mmap(written.file.fileno(), 0, access=mmap.ACCESS_READ)
    if found := _CONTROLS.search(content):
        code = ord(bytes(found[0]).decode("utf-8"))
        return Message("no_xml_character", f"U+{code:04X}")
    return Message("no_xml_name") if _NO_NAME.search(content) else ""


def _nodes(iris: Sequence[str]) -> list[Any]:
    """Nodes of IRIs that came as parameters; ValueError where one is no IRI."""
    return [ox.NamedNode(iri) for iri in iris]


def _graph(request: Request) -> ox.NamedNode | ox.DefaultGraph:
    return ox.NamedNode(request.query) if request.query else ox.DefaultGraph()


def _exists(store: ox.Store, graph: ox.NamedNode | ox.DefaultGraph) -> bool:
    """Whether a graph is in the store: the default graph always is."""
    return isinstance(graph, ox.DefaultGraph) or store.contains_named_graph(graph)


def _is_another(store: ox.Store, request: Request) -> bool:
    """Whether the graph is not the one that is to be written, by its tags in the formats named."""
    tags: set[str] = set()
    if _exists(store, graph := _graph(request)):
        named = {tag.partition("-")[0] for tag in (*request.only_if, *request.unless)}
        tags = {"*", *(_tag(store, graph, form) for form in named.intersection(GRAPHS.values()))}
    lacks = bool(request.only_if) and tags.isdisjoint(request.only_if)
    return lacks or not tags.isdisjoint(request.unless)


def _tag(store: ox.Store, graph: ox.NamedNode | ox.DefaultGraph, extension: str) -> str:
    """A graph's entity tag in a format."""
    triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, graph))
    form = ox.RdfFormat.from_extension(extension)
    return graph_tag(extension, ox.serialize(triples, format=form) or b"")


def _write_graph(store: ox.Store, request: Request, body: bytes) -> str:
    """PUT, POST and DELETE (Graph Store Protocol §5.3 to §5.5) -> created, ok or absent."""
    graph = _graph(request)
    exists = _exists(store, graph)
    name = "DEFAULT" if isinstance(graph, ox.DefaultGraph) else f"GRAPH {graph}"
    if request.operation == "delete":
        if exists:
            store.update(f"DROP {name}")
        return "ok" if exists else "absent"
    triples = body.decode()  # N-Triples are triples of SPARQL
    if not isinstance(graph, ox.DefaultGraph):
        triples = f"GRAPH {graph} {{ {triples} }}"
    emptied = f"DROP SILENT {name} ; " if request.operation == "put" else ""
    created = "" if isinstance(graph, ox.DefaultGraph) else f"CREATE SILENT {name} ; "
    store.update(f"{emptied}{created}INSERT DATA {{ {triples} }}")
    return "ok" if exists else "created"
