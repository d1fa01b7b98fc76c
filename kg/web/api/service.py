"""SPARQL 1.1 Service Description of an endpoint, at whatever host it was asked for."""

import pyoxigraph as ox
from flask import request
from werkzeug.wrappers import Response

from kg.rdf.namespaces import PREFIXES
from kg.rdf.quads import FORMATS, QuadWriter, serialize
from kg.sparql.formats import GRAPHS
from kg.web.api.protocol import for_anyone
from kg.web.context import publisher_iri, settings
from kg.web.negotiation import format_for

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULT_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD",
)  # fmt: skip
_INPUT_FORMATS = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")


def describe(graphs: list[tuple[str, int]], writable: bool = False) -> Response:
    """The description in the format asked for; 406 where none fits.

    Args:
        graphs: the named graphs and how many triples each holds.
        writable: whether the endpoint takes updates.
    """
    extension = format_for(request, GRAPHS)
    form = next(f for f in FORMATS.values() if f.extension == extension)
    response = Response(serialize(_description(request.base_url, graphs, writable), form))
    response.headers["Content-Type"] = form.content_type
    return for_anyone(response)


def _say_who(writer: QuadWriter, service: str) -> None:
    """What the service is called, who publishes it, and what may be done with the data."""
    dcterms, of = PREFIXES["dcterms"], settings()
    for text, tag in of.site.title.tagged:
        writer.say(service, f"{dcterms}title", ox.Literal(text, language=tag))
    publisher = publisher_iri()
    writer.say(service, f"{dcterms}publisher", publisher)
    for text, tag in of.publisher.name.tagged:
        writer.say(publisher, f"{PREFIXES['foaf']}name", ox.Literal(text, language=tag))
    writer.say(service, f"{dcterms}license", of.licence.iri)


def _description(endpoint: str, graphs: list[tuple[str, int]], writable: bool) -> list[ox.Quad]:
    writer = QuadWriter()
    say = writer.say
    rdf_type = PREFIXES["rdf"] + "type"
    service = f"{endpoint}#service"
    dataset = ox.BlankNode("dataset")
    default = ox.BlankNode("default")
    say(service, rdf_type, f"{_SD}Service")
    say(service, f"{_SD}endpoint", endpoint)
    _say_who(writer, service)
    say(
        service,
        f"{_SD}supportedLanguage",
        f"{_SD}SPARQL11Query",
        *([f"{_SD}SPARQL11Update"] if writable else []),
    )
    say(service, f"{_SD}resultFormat", *(_FORMATS + name for name in _RESULT_FORMATS))
    if writable:
        say(service, f"{_SD}inputFormat", *(_FORMATS + name for name in _INPUT_FORMATS))
    else:
        say(service, f"{_SD}feature", f"{_SD}UnionDefaultGraph")
    say(service, f"{_SD}defaultDataset", dataset)
    say(dataset, rdf_type, f"{_SD}Dataset")
    say(dataset, f"{_SD}defaultGraph", default)
    say(default, rdf_type, f"{_SD}Graph")
    if graphs:
        say(default, f"{_VOID}triples", sum(count for _, count in graphs))
    for i, (name, count) in enumerate(graphs):
        named, graph = ox.BlankNode(f"named{i}"), ox.BlankNode(f"graph{i}")
        say(dataset, f"{_SD}namedGraph", named)
        say(named, rdf_type, f"{_SD}NamedGraph")
        say(named, f"{_SD}name", name)
        say(named, f"{_SD}graph", graph)
        say(graph, rdf_type, f"{_SD}Graph")
        say(graph, f"{_VOID}triples", count)
    return writer.quads
