"""SPARQL 1.1 Service Description of an endpoint, at whatever host it was asked for."""

import pyoxigraph as ox
from flask import render_template, request
from werkzeug.wrappers import Response

from kg.rdf.quads import serialize
from kg.sparql.formats import GRAPH_FORMATS, GRAPHS
from kg.web.context import publisher_iri, settings
from kg.web.negotiation import format_for


def describe(graphs: list[tuple[str, int]], writable: bool = False) -> Response:
    """The description in the format asked for; 406 where none fits.

    Args:
        graphs: the named graphs and how many triples each holds.
        writable: whether the endpoint takes updates.
    """
    extension, of = format_for(request, GRAPHS), settings()
    turtle = render_template(
        "service.ttl",
        title=of.site.title.tagged,
        names=of.publisher.name.tagged,
        publisher=ox.NamedNode(publisher_iri()),
        licence=ox.NamedNode(of.licence.iri),
        graphs=[(ox.NamedNode(name), triples) for name, triples in graphs],
        writable=writable,
        formats=" , ".join(f"<{form.rdf.iri}>" for form in GRAPH_FORMATS),
        literal=ox.Literal,
    )
    quads = list(ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=request.base_url))
    form = next(form for form in GRAPH_FORMATS if form.extension == extension)
    response = Response(serialize(quads, form))
    response.headers["Content-Type"] = form.content_type
    return response
