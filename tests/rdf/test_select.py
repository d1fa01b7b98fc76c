"""A query over a plan's graph sees what several plans share, whatever the base of the IRIs."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.rdf.iris import plan_graph, plan_iri, shared_graph
from kg.rdf.namespaces import PREFIXES
from kg.rdf.select import select


@pytest.mark.parametrize("base", ["https://data.example", "https://data.example/id/plans"])
def test_what_plans_share(base: str) -> None:
    store, plan = ox.Store(), plan_iri(base, "p")
    label = ox.NamedNode(PREFIXES["rdfs"] + "label")
    for graph, node in (
        (plan_graph(plan), "urn:own"),
        (shared_graph(base), "urn:shared"),
        (plan_graph(plan_iri(base, "q")), "urn:another"),
    ):
        store.add(ox.Quad(ox.NamedNode(node), label, ox.Literal(node), ox.NamedNode(graph)))
    found = select(store, "SELECT ?x { ?y rdfs:label ?x } ORDER BY ?x", plan_graph(plan))
    assert found == [{"x": "urn:own"}, {"x": "urn:shared"}]
