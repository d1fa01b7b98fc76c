"""The ontology as it is written down: ontology/*.ttl."""

from functools import cache

from rdflib import Graph, URIRef

from kg.rdf.namespaces import shipped
from kg.rdf.quads import turtle_graph

ONTOLOGY = URIRef("https://w3id.org/planlink/ns")
VERSION = "1.0"  # its version IRI is the ontology's, a slash, and this


@cache
def ontology() -> Graph:
    """Classes, properties and concept schemes, labelled in both languages; not to be changed."""
    return turtle_graph(shipped("ontology"))
