"""Reasoning does not break the data: with what RDFS and OWL 2 RL conclude, the cube holds and every
thing keeps its class.
"""

from __future__ import annotations

import owlrl
import pyoxigraph as ox
import pytest
from cubes import broken, normalised
from rdflib import RDF, RDFS, SKOS, Graph, URIRef
from rdflib.namespace import OWL, QB

from kg.graph.vocabulary import vocabulary
from kg.rdf.namespaces import PLAN, SCHEMA
from kg.rdf.ontology import ontology
from kg.rdf.quads import graph_quads

VALUES = """@prefix plan: <https://w3id.org/planlink/ns#> . @prefix : <https://data.example/id/p/> .
@prefix qb: <http://purl.org/linked-data/cube#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix sdmx-dimension: <http://purl.org/linked-data/sdmx/2009/dimension#> .
<https://data.example/id/p> a plan:Plan . :area a dcterms:Location . :2025 a dcterms:PeriodOfTime .
:section a plan:Section ; dcterms:isPartOf <https://data.example/id/p> .
:indicator a plan:Indicator ; plan:hasTarget :number , :words .
:values a qb:DataSet ; qb:structure plan:ValueStructure .
:number a plan:Value , plan:Target , qb:Observation ; qb:dataSet :values ; plan:ofIndicator :indicator ;
  plan:value 5.0 ; plan:valueText "5%"@zh ; plan:unit plan:unit-percent ; plan:comparator plan:Equal ;
  plan:basis plan:PointInTime ; plan:period :2025 ; plan:statedIn :section ; dcterms:isPartOf :section ;
  sdmx-dimension:refArea :area ; plan:valueKind plan:kind-Target .
:words a plan:Value , plan:Target ; plan:ofIndicator :indicator ; plan:valueText "完成市下达任务"@zh ;
  plan:comparator plan:Task ; plan:valueStatus plan:NoNumber ; plan:basis plan:PointInTime ;
  plan:period :2025 ; dcterms:isPartOf :section ."""
KEPT = (RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)


def given() -> Graph:
    """One value with a number and one without, beside the cube, the hierarchy of terms and the
    codes that they use.
    """
    graph = Graph().parse(data=VALUES, format="turtle")
    words = Graph()
    for said in (
        *KEPT,
        QB.component,
        QB.dimension,
        QB.measure,
        QB.attribute,
        QB.codeList,
        SKOS.inScheme,
        QB.componentRequired,
    ):
        for triple in ontology().triples((None, said, None)):
            if said != SKOS.inScheme or triple[2] in (PLAN.Bases, PLAN.ValueKinds):
                words.add(triple)
    concepts = set(words.subjects(RDF.type, SKOS.Concept))
    for concept in concepts - {*words.subjects(SKOS.inScheme, None)}:
        words.remove((concept, None, None))
    return graph + words


@pytest.mark.parametrize("rules", [owlrl.RDFS_Semantics, owlrl.OWLRL_Semantics])
def test_the_cube_holds_with_all_that_follows(rules: type) -> None:
    graph = given()
    owlrl.DeductiveClosure(rules, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    words = URIRef("https://data.example/id/p/words")
    number = URIRef("https://data.example/id/p/number")
    assert (number, RDF.type, QB.Observation) in graph
    assert (words, RDF.type, QB.Observation) not in graph
    for thing, own in ((number, PLAN.Target), (URIRef("https://data.example/id/p"), PLAN.Plan)):
        concluded = {c for c in graph.objects(thing, RDF.type) if str(c).startswith(str(PLAN))}
        assert concluded <= {own, PLAN.Value}, concluded
    store = ox.Store()
    store.extend(
        ox.Quad(q.subject, q.predicate, q.object)
        for q in graph_quads(without_literal_subjects(graph), URIRef("urn:x"))
    )
    assert broken(normalised(store)) == []


def without_literal_subjects(graph: Graph) -> Graph:
    """RDF's own triples: owlrl also says things of literals."""
    found = Graph()
    for s, p, o in graph:
        if isinstance(s, URIRef) and isinstance(p, URIRef):
            found.add((s, p, o))
    return found


def test_schemes_have_top_concepts_with_notations() -> None:
    graph = vocabulary()
    schemes = {*graph.subjects(RDF.type, SKOS.ConceptScheme)}
    assert len(schemes) > 10
    for scheme in schemes:
        tops = {*graph.objects(scheme, SKOS.hasTopConcept)}
        assert tops == {*graph.subjects(SKOS.topConceptOf, scheme)} != set()
        members = list(graph.subjects(SKOS.inScheme, scheme))
        notations = [str(graph.value(member, SKOS.notation)) for member in members]
        assert len({*notations}) == len(members) and "None" not in notations


def test_own_properties_have_domains_and_ranges() -> None:
    graph = ontology()
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in graph.subjects(RDF.type, kind):
            if str(term).startswith(str(PLAN)):
                assert any(
                    (term, said, None) in graph for said in (RDFS.domain, SCHEMA.domainIncludes)
                ), term
                ranges = {
                    o
                    for said in (RDFS.range, SCHEMA.rangeIncludes)
                    for o in graph.objects(term, said)
                }
                assert ranges, term
