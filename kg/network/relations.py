"""A released graph as a network: nodes with type and label, edges with property and method; and
figures of it: how many measures are linked with each node, and communities."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.rdf.namespaces import PLAN, PREFIXES, local_name
from kg.rdf.select import select

if TYPE_CHECKING:
    import networkx as nx

PART_OF = PREFIXES["dcterms"] + "isPartOf"
SUPPORTS = str(PLAN.supportsGoal)
CONTRIBUTES = str(PLAN.contributesTo)
CONCERNS = str(PLAN.concerns)
THROUGH_SECTION = (str(PLAN.SameSection), str(PLAN.ReviewedSection))
"""The methods by which a measure has its section's link."""

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
# A community is named by the first of these.
_NAMING = ("Zone", "Institution", "Goal", "Section", "Indicator", "Measure")
_SEED = 20210308  # any fixed number: the same network always has the same groups


def relation_graph(store: ox.Store, graph: str) -> nx.MultiDiGraph:
    """The network of one plan's named graph. Nodes carry label, type and zone (a zone's type, empty
    for others); edges property, method and link (the IRI of the statement about them, empty for
    part-whole)."""
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


class Metrics:
    """Figures of every node but the plan itself, which is linked with all. Links that only say that
    two share a subject do not count."""

    def __init__(self, network: nx.MultiDiGraph) -> None:
        self._network = asserted(network)
        self._names = sorted(n for n, kind in network.nodes(data="type") if kind != "Plan")

    @cached_property
    def measures(self) -> dict[str, int]:
        """How many measures have a link with each node."""
        kinds = dict(self._network.nodes(data="type"))
        return {
            name: sum(kinds[near] == "Measure" for near in neighbours(self._network, name))
            for name in self._names
        }

    @cached_property
    def communities(self) -> dict[str, int]:
        """The number of each node's community, the largest first, from 0: by the Louvain algorithm
        for modularity (Blondel et al. 2008), begun the same way at every call. networkx has it in
        plain Python under a BSD licence (566 nodes: 0.07 s, modularity 0.816); its Leiden needs a
        backend, and igraph's (0.820) is GPL."""
        import networkx as nx  # loads for a seventh of a second  # noqa: PLC0415

        joined = self._network.subgraph(self._names).edges()
        graph = nx.Graph()
        graph.add_nodes_from(self._names)
        graph.add_edges_from(sorted({(min(e), max(e)) for e in joined if e[0] != e[1]}))
        found = nx.community.louvain_communities(graph, seed=_SEED)
        found.sort(key=lambda community: (-len(community), min(community)))
        return {name: number for number, of in enumerate(found) for name in sorted(of)}

    @cached_property
    def naming(self) -> dict[int, str]:
        """Each community's best linked node: a zone or institution, else a goal or section."""
        best: dict[int, tuple[int, int, str]] = {}
        for node, community in self.communities.items():
            kind = _NAMING.index(self._network.nodes[node]["type"]) // 2
            rank = (kind, -self._network.degree(node), node)
            best[community] = min(best.get(community, rank), rank)
        return {community: node for community, (_, _, node) in sorted(best.items())}
