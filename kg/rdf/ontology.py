"""The ontology as it is written down: ontology/*.ttl."""

from functools import cache

from rdflib import Graph, URIRef

from kg.rdf.namespaces import shipped

ONTOLOGY = URIRef("https://w3id.org/planlink/ns")
VERSION = "1.0"  # its version IRI is the ontology's, a slash, and this


@cache
def ontology() -> Graph:
    """Classes, properties and concept schemes, labelled in both languages; not to be changed."""
    graph = Graph()
    for path in sorted(shipped("ontology").glob("*.ttl")):
        graph.parse(path, format="turtle")
    return graph
