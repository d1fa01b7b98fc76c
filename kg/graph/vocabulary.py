"""The vocabulary as a graph: ontology/*.ttl, and the units and quantities that the lexicon
lists."""

from decimal import Decimal
from functools import cache

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, XSD

from kg.lexicon import lexicon, worded
from kg.quantities.grammar import units
from kg.rdf.namespaces import PLAN, QUDT, QUDT_UNIT, local_name
from kg.rdf.ontology import ONTOLOGY, ontology


def unit_iri(unit: str) -> URIRef:
    """The unit of that id in lexicon/units.toml."""
    return PLAN[f"unit-{unit}"]


def concept_iri(concept: str) -> URIRef:
    """The indicator concept of that id in lexicon/concepts.toml."""
    return PLAN[f"quantity-{concept}"]


def finding_iri(kind: str) -> URIRef:
    """The type of findings of that kind in lexicon/findings.toml: plan:finding-UnreadPage."""
    return PLAN[f"finding-{''.join(word.capitalize() for word in kind.split('-'))}"]


def in_both(zh: str, en: str) -> tuple[Literal, Literal]:
    """Words in Chinese and in English, each with its language."""
    return Literal(zh, lang="zh"), Literal(en, lang="en")


@cache
def vocabulary() -> Graph:
    """Classes, properties, schemes, units and indicator concepts, labelled in both languages."""
    graph = Graph() + ontology()
    _add_units(graph)
    _add_indicator_concepts(graph)
    for finding, wording in lexicon("findings").items():
        name = wording["name"]
        _add_concept(graph, finding_iri(finding), PLAN.FindingTypes, name["zh"], name["en"])
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
        for term in list(graph.subjects(RDF.type, kind)):
            graph.add((term, RDFS.isDefinedBy, ONTOLOGY))
    return graph


def _add_units(graph: Graph) -> None:
    _add_scheme(graph, PLAN.Units, *worded("label", "units"))
    for unit in units().values():
        node = unit_iri(unit.id)
        _add_concept(graph, node, PLAN.Units, unit.labels[0], unit.english)
        graph.add((node, RDF.type, QUDT.Unit))
        graph.add((node, QUDT.symbol, Literal(unit.labels[0])))
        for label in unit.labels[1:]:
            graph.add((node, SKOS.altLabel, Literal(label, lang="zh")))
        if unit.qudt:
            graph.add((node, SKOS.closeMatch, QUDT_UNIT[unit.qudt]))
        if unit.base:
            graph.add((node, PLAN.baseUnit, unit_iri(unit.base)))
            graph.add((node, PLAN.unitFactor, Literal(Decimal(unit.factor), datatype=XSD.decimal)))


def _notation(concept: str) -> str:
    """What a concept is called among those of its scheme, without the scheme's name before it."""
    name = local_name(concept)
    return name.partition("-")[2] or name


def _add_indicator_concepts(graph: Graph) -> None:
    _add_scheme(graph, PLAN.IndicatorConcepts, *worded("label", "indicator_concepts"))
    for concept in lexicon("concepts")["concept"]:
        node = concept_iri(concept["id"])
        _add_concept(graph, node, PLAN.IndicatorConcepts, concept["zh"], concept["en"])
        graph.add((node, RDF.type, PLAN.IndicatorConcept))
        graph.add((node, PLAN.higherIsBetter, Literal(concept["higher"])))
        for relation, code in concept.get("sdg", {}).items():
            graph.add((node, SKOS[relation], URIRef(f"http://metadata.un.org/sdg/{code}")))
        for alias in concept.get("aliases", ()):
            graph.add((node, SKOS.altLabel, Literal(alias, lang="zh")))


def _add_scheme(graph: Graph, scheme: URIRef, zh: str, en: str) -> None:
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    for label in in_both(zh, en):
        graph.add((scheme, DCTERMS.title, label))
        graph.add((scheme, SKOS.prefLabel, label))


def _add_concept(graph: Graph, node: URIRef, scheme: URIRef, zh: str, en: str) -> None:
    graph.add((node, RDF.type, SKOS.Concept))
    graph.add((node, SKOS.inScheme, scheme))
    graph.add((node, SKOS.topConceptOf, scheme))
    for label in in_both(zh, en):
        graph.add((node, SKOS.prefLabel, label))
