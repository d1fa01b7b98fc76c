"""A released graph as a network: nodes with type and label, edges with property and method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.rdf.namespaces import PLAN, PREFIXES, local_name
from kg.rdf.select import select

if TYPE_CHECKING:
    import networkx as nx

PART_OF = PREFIXES["dcterms"] + "isPartOf"
SUPPORTS = str(PLAN.supportsGoal)
MEASURED_BY = str(PLAN.measuredBy)
CONTRIBUTES = str(PLAN.contributesTo)
CONCERNS = str(PLAN.concerns)

_NODES = """
SELECT ?node ?type ?label ?zone WHERE {
  VALUES ?type {
    plan:Plan plan:Goal plan:Section plan:Measure plan:Indicator plan:Zone plan:Institution
  }
  ?node a ?type ; skos:prefLabel ?label OPTIONAL { ?node plan:zoneType ?zone } }"""
_EDGES = """
SELECT ?subject ?property ?object ?method ?link WHERE {
  ?link a plan:Link ; rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?object ;
        plan:method ?method }"""
_PARTS = """
SELECT ?part ?whole WHERE { ?part dcterms:isPartOf ?whole . ?part a ?type .
  VALUES ?type { plan:Measure plan:Section } }"""


def relation_graph(store: ox.Store, graph: str) -> nx.MultiDiGraph:
    """The network of one plan's named graph.

    Nodes carry label, type and zone (the type of a zone, empty for other entities); edges property,
    method and link (the IRI of the statement about them, empty for the part-whole relation of the
    document).
    """
    import networkx as nx  # loads for a seventh of a second  # noqa: PLC0415

    network = nx.MultiDiGraph()
    for row in sorted(select(store, _NODES, graph), key=lambda r: r["node"]):
        zone = (row["zone"] or "").removeprefix(f"{PLAN}zone-")
        network.add_node(row["node"], type=local_name(row["type"]), label=row["label"], zone=zone)
    for row in sorted(select(store, _EDGES, graph), key=lambda r: r["link"]):
        if row["subject"] in network and row["object"] in network:
            data = {name: row[name] for name in ("property", "method", "link")}
            network.add_edge(row["subject"], row["object"], **data)
    for row in sorted(select(store, _PARTS, graph), key=lambda r: r["part"]):
        if row["part"] in network and row["whole"] in network:
            network.add_edge(row["part"], row["whole"], property=PART_OF, method="", link="")
    return network


def neighbours(network: nx.MultiDiGraph, node: str) -> set[str]:
    """The nodes that links lead to from a node, and from which they lead to it."""
    return {*network.successors(node), *network.predecessors(node)}


def asserted(network: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """A network without the links that only say that two share a subject."""
    kept = network.copy()
    links = network.edges(keys=True, data="property")
    kept.remove_edges_from([link[:3] for link in links if link[3] == CONCERNS])
    return kept
