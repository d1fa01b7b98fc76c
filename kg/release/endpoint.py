"""What editors of queries ask an endpoint for: the usual prefixes, and queries that may be run
(SHACL Advanced Features §5, https://github.com/sib-swiss/sparql-examples)."""

from typing import Any

import pyoxigraph as ox

from kg.files import packaged
from kg.rdf.namespaces import PREFIXES, with_prefixes
from kg.rdf.quads import QuadWriter
from kg.settings import Site

_SH = "http://www.w3.org/ns/shacl#"
_TYPE = f"{PREFIXES['rdf']}type"


def examples() -> list[dict[str, Any]]:
    """The example queries of examples.toml, each with the prefixes that it uses."""
    found = packaged("kg.release", "examples")["example"]
    return [example | {"query": with_prefixes(example["query"])} for example in found]


def endpoint_quads(site: Site, graph: ox.NamedNode) -> list[ox.Quad]:
    """The prefixes that the endpoint declares, and its examples.

    Args:
        site: the base of all IRIs, and where the server is reached.
        graph: the graph that they go to.
    """
    writer, service = QuadWriter(graph), f"{site.base}/id/catalogue/sparql"
    say = writer.say
    for prefix, namespace in PREFIXES.items():
        node = f"{service}/prefix/{prefix}"
        say(service, f"{_SH}declare", node)
        say(node, f"{_SH}prefix", ox.Literal(prefix))
        uri = ox.Literal(namespace, datatype=ox.NamedNode(f"{PREFIXES['xsd']}anyURI"))
        say(node, f"{_SH}namespace", uri)
    for number, example in enumerate(examples(), 1):
        node = f"{service}/example/{number}"
        form = "construct" if "CONSTRUCT" in example["query"] else "select"
        kind = f"{_SH}SPARQL{form.capitalize()}Executable"
        say(node, _TYPE, f"{_SH}SPARQLExecutable", kind)
        for language in ("zh", "en"):
            text = ox.Literal(example[language], language=language)
            say(node, f"{PREFIXES['rdfs']}comment", text)
        say(node, f"{_SH}{form}", ox.Literal(example["query"]))
        say(node, f"{_SH}prefixes", service)
        say(node, f"{PREFIXES['schema']}target", f"{site.address}/sparql")
    return writer.quads
