"""The SPARQL 1.1 Graph Store HTTP Protocol, to read released graphs and to edit a workspace."""

import uuid
from collections.abc import Mapping

import pyoxigraph as ox
from flask import abort, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ETags
from werkzeug.wrappers import Response

from kg.rdf.quads import parsed
from kg.sparql import QueryClient, Request
from kg.sparql.formats import GRAPH_FORMATS, GRAPHS
from kg.web.api.protocol import failure, respond
from kg.web.context import admission
from kg.web.messages import Message
from kg.web.negotiation import format_for

_READABLE = {form.media_type: form.rdf for form in GRAPH_FORMATS}


def graph_named() -> str:
    """The IRI of the graph parameter, "" for the default graph (Graph Store Protocol §4.2)."""
    given = request.args.getlist("graph")
    if ("default" in request.args) + len(given) != 1:
        abort(400, Message("one_graph"))
    if not given:
        return ""
    try:
        return ox.NamedNode(given[0]).value
    except ValueError:
        abort(400, Message("no_absolute_iri", given[0]))


def read(client: QueryClient, graph: str, tag: str | None = None) -> ResponseReturnValue:
    """GET and HEAD (§5.2), with an entity tag where the dataset's state has one."""
    wanted = Request(graph, "get", graph_format=format_for(request, GRAPHS))
    return respond(request, client, wanted, admission(), tag)


def write(client: QueryClient, graph: str) -> ResponseReturnValue:
    """PUT, POST and DELETE (§5.3 to §5.5), under the conditions that the request makes."""
    operation = request.method.lower()
    triples = b"" if operation == "delete" else _sent(graph)
    only_if = _tags("If-Match", request.if_match)
    unless = _tags("If-None-Match", request.if_none_match)
    return _write_graph(client, Request(graph, operation, only_if=only_if, unless=unless), triples)


def create(client: QueryClient, root: str) -> ResponseReturnValue:
    """POST to the graph store itself: a new graph; Location is its IRI (§5.5)."""
    graph = f"{root.rstrip('/')}/{uuid.uuid4()}"
    return _write_graph(client, Request(graph, "put"), _sent(graph), {"Location": graph})


def _tags(header: str, tags: ETags) -> tuple[str, ...]:
    """The entity tags of a header, or *; none where it was not sent."""
    if header not in request.headers:
        return ()
    return ("*",) if tags.star_tag else (*tags.as_set(),) or ("",)


def _write_graph(
    client: QueryClient, wanted: Request, body: bytes, headers: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    """Have a graph written: 201 where there was none before, else 204."""
    with admission().admitted("query", request.remote_addr):
        answer = client.ask(wanted, body)
    if answer.outcome not in ("ok", "created"):
        return failure(answer, wanted)
    return Response(status=201 if answer.outcome == "created" else 204, headers=headers)


def _sent(base: str) -> bytes:
    """The graph that was sent, in one body or as the parts of a form, as N-Triples."""
    parts = [(request.mimetype, request.get_data())]
    if request.mimetype == "multipart/form-data":
        parts = [(file.mimetype, file.read()) for file in request.files.values()]
        if not parts:  # to take it for an empty graph would delete the one that is there
            abort(400, Message("no_graph_in_form"))
    triples: list[ox.Triple] = []
    for media_type, content in parts:
        form = _READABLE.get(media_type)
        if form is None:
            abort(415, Message("send_types", ", ".join(_READABLE)))
        try:
            quads = parsed(content, form, base or request.base_url)
        except (SyntaxError, ValueError) as error:
            abort(400, Message("unreadable_graph", error))
        if any(not isinstance(quad.graph_name, ox.DefaultGraph) for quad in quads):
            abort(400, Message("one_graph_only"))
        triples += [quad.triple for quad in quads]
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
