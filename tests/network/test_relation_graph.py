"""The relation graph of a plan, read from its named graph."""

from __future__ import annotations

import pyoxigraph as ox

from kg.network.relations import PART_OF, relation_graph
from kg.rdf.namespaces import PLAN, PREFIXES

GRAPH, OTHER_GRAPH = "urn:graph", "urn:other"
LOCATED, NAMED = str(PLAN.locatedIn), str(PLAN["method-named"])


def stored(turtle: str, other: str = "") -> ox.Store:
    prefixes = "".join(f"@prefix {name}: <{iri}> . " for name, iri in PREFIXES.items())
    store = ox.Store()
    for graph, text in ((GRAPH, turtle), (OTHER_GRAPH, other)):
        store.load(
            (prefixes + text).encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph)
        )
    return store


def test_read_from_the_store() -> None:
    store = stored(
        """
        <urn:m> a plan:Measure ; skos:prefLabel "举措"@zh ; dcterms:isPartOf <urn:s> .
        <urn:s> a plan:Section ; skos:prefLabel "章"@zh ; dcterms:isPartOf <urn:nowhere> .
        <urn:z> a plan:Zone ; skos:prefLabel "区"@zh ; plan:zoneType plan:zone-hospital ;
            dcterms:isPartOf <urn:s> .
        <urn:v> a plan:Value ; skos:prefLabel "值"@zh ; dcterms:isPartOf <urn:s> .
        <urn:l> a plan:Link ; rdf:subject <urn:m> ; rdf:predicate plan:locatedIn ;
            rdf:object <urn:z> ; plan:method plan:method-named .
        <urn:l2> a plan:Link ; rdf:subject <urn:m> ; rdf:predicate plan:hasTarget ;
            rdf:object <urn:v> ; plan:method plan:method-named .
        """,
        """<urn:other> a plan:Zone ; skos:prefLabel "别处"@zh .""",
    )
    read = relation_graph(store, GRAPH)
    assert dict(read.nodes(data=True)) == {
        "urn:m": {"type": "Measure", "label": "举措", "zone": ""},
        "urn:s": {"type": "Section", "label": "章", "zone": ""},
        "urn:z": {"type": "Zone", "label": "区", "zone": "hospital"},
    }
    assert list(read.edges(data=True)) == [
        ("urn:m", "urn:z", {"property": LOCATED, "method": NAMED, "link": "urn:l"}),
        ("urn:m", "urn:s", {"property": PART_OF, "method": "", "link": ""}),
    ]
    assert set(relation_graph(store, OTHER_GRAPH)) == {"urn:other"}
    assert not relation_graph(store, "urn:none")
