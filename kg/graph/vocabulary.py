"""The vocabulary as a graph: ontology/*.ttl, and the units and quantities that the lexicon
lists."""

from functools import cache, lru_cache

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from kg.lexicon import lexicon, worded
from kg.quantities.grammar import units
from kg.rdf.namespaces import PLAN, local_name
from kg.rdf.ontology import ONTOLOGY, ontology
from kg.rdf.quads import SIMPLE, as_triples, graph_quads
from kg.rdf.turtle import statements


def unit_iri(unit: str) -> URIRef:
    """The unit of that id in lexicon/units.toml."""
    return PLAN[f"unit-{unit}"]


def concept_iri(concept: str) -> URIRef:
    """The indicator concept of that id in lexicon/concepts.toml."""
    return PLAN[f"quantity-{concept}"]


def finding_iri(kind: str) -> URIRef:
    """The type of findings of that kind in lexicon/findings.toml: plan:finding-UnreadPage."""
    return PLAN[f"finding-{''.join(word.capitalize() for word in kind.split('-'))}"]


@cache
def vocabulary() -> Graph:
    """Classes, properties, schemes, units and indicator concepts, labelled in both languages."""
    graph = Graph(SIMPLE)
    graph += ontology()
    listed = statements(
        "kg.graph",
        "vocabulary",
        units=units().values(),
        concepts=lexicon("concepts"),
        findings=lexicon("findings"),
        unit_iri=unit_iri,
        concept_iri=concept_iri,
        finding_iri=finding_iri,
        said=worded,
    )
    graph += as_triples(listed)
    for concept, scheme in list(graph.subject_objects(SKOS.topConceptOf)):
        graph.add((scheme, SKOS.hasTopConcept, concept))
        if (concept, SKOS.notation, None) not in graph:
            graph.add((concept, SKOS.notation, Literal(_notation(str(concept)))))
    for kind in (
        OWL.Class,
        OWL.ObjectProperty,
        OWL.DatatypeProperty,
        SKOS.Concept,
        SKOS.ConceptScheme,
    ):
        for one in list(graph.subjects(RDF.type, kind)):
            graph.add((one, RDFS.isDefinedBy, ONTOLOGY))
    return graph


@lru_cache(4)
def vocabulary_quads(graph: str) -> tuple[ox.Quad, ...]:
    """The vocabulary as quads of a named graph, by its IRI: the same from plan to plan."""
    return tuple(graph_quads(vocabulary(), URIRef(graph)))


def _notation(concept: str) -> str:
    """What a concept is called among those of its scheme, without the scheme's name before it."""
    name = local_name(concept)
    return name.partition("-")[2] or name
