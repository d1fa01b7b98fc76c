"""A released graph as a network: nodes with type and label, edges with property and method;
chapters, neighbours and paths."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import pyoxigraph as ox

from kg.rdf.iris import reading_order
from kg.rdf.namespaces import PLAN, PREFIXES, local_name
from kg.rdf.select import select

PART_OF = PREFIXES["dcterms"] + "isPartOf"
_SUPPORTS = str(PLAN.supportsGoal)
CONCERNS = str(PLAN.concerns)

_NODES = """
SELECT ?node ?type ?label ?zone WHERE { ?node a ?type ; skos:prefLabel ?label
  OPTIONAL { ?node plan:zoneType ?zone }
  VALUES ?type {
    plan:Plan plan:Goal plan:Section plan:Measure plan:Indicator plan:Zone plan:Institution
  } }"""
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
    network = nx.MultiDiGraph()
    for row in sorted(select(store, _NODES, graph), key=lambda r: r["node"]):
        zone = (row["zone"] or "").removeprefix(f"{PLAN}zone-")
        network.add_node(row["node"], type=local_name(row["type"]), label=row["label"], zone=zone)
    for row in sorted(select(store, _EDGES, graph), key=lambda r: r["link"]):
        if row["subject"] in network and row["object"] in network:
            network.add_edge(
                row["subject"],
                row["object"],
                property=row["property"],
                method=row["method"],
                link=row["link"],
            )
    for row in sorted(select(store, _PARTS, graph), key=lambda r: r["part"]):
        if row["part"] in network and row["whole"] in network:
            network.add_edge(row["part"], row["whole"], property=PART_OF, method="", link="")
    return network


def without_inherited(network: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """A network without what a picture of it can do without.

    That a measure supports its chapter's goal is seen from the chapter; what then has no link at
    all goes too.
    """
    drawn = network.copy()
    goals = {n for n, kind in drawn.nodes(data="type") if kind == "Goal"}
    inherited = [
        (a, b, key)
        for a, b, key, property_ in drawn.edges(keys=True, data="property")
        if b in goals and drawn.nodes[a]["type"] == "Measure" and property_ == _SUPPORTS
    ]
    drawn.remove_edges_from(inherited)
    drawn.remove_nodes_from([n for n in list(drawn) if drawn.degree(n) == 0])
    return drawn


def asserted(network: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """A network without the links that only say that two share a subject."""
    told = network.copy()
    told.remove_edges_from(
        [
            (a, b, key)
            for a, b, key, property_ in network.edges(keys=True, data="property")
            if property_ == CONCERNS
        ]
    )
    return told


def chapters(network: nx.MultiDiGraph) -> dict[str, str]:
    """The chapter that each section and measure stands in, and each chapter itself."""
    above = {
        a: b
        for a, b, property_ in network.edges(data="property")
        if property_ == PART_OF and network.nodes[b]["type"] == "Section"
    }
    found = {}
    for node, kind in network.nodes(data="type"):
        top = node
        while top in above:
            top = above[top]
        if kind in ("Section", "Measure") and network.nodes[top]["type"] == "Section":
            found[node] = top
    return found


def behind(network: nx.MultiDiGraph, a: str, b: str) -> list[tuple[str, str, dict[str, str]]]:
    """The links behind a line between two nodes: those between them, else those of the measures of
    the chapter at one end.

    Returns:
        Each link's ends and attributes, in reading order.
    """
    inside = chapters(network)

    def between(ends: set[str], other: str) -> list[tuple[str, str, dict[str, str]]]:
        return [
            (x, y, data)
            for x, y, data in network.edges(data=True)
            if (x in ends and y == other) or (y in ends and x == other)
        ]

    found = between({a}, b)
    for chapter, entity in ((a, b), (b, a)):
        if not found and inside.get(chapter) == chapter:
            found = between({n for n, top in inside.items() if top == chapter}, entity)
    return sorted(
        found, key=lambda link: (reading_order(link[0]), reading_order(link[1]), link[2]["link"])
    )


def neighbourhood(network: nx.MultiDiGraph, node: str, steps: int = 1) -> nx.MultiDiGraph:
    """The part of a network within so many steps of a node, in either direction."""
    near = nx.ego_graph(network.to_undirected(as_view=True), node, radius=steps)
    part = network.copy()
    part.remove_nodes_from([n for n in network if n not in near])
    return part


@dataclass(frozen=True)
class Step:
    """From one entity to the next along a link, which may point either way."""

    start: str
    end: str
    property: str
    method: str
    link: str
    forward: bool


def connections(
    network: nx.MultiDiGraph, start: str, end: str, most: int = 8, longer: int = 1
) -> list[list[Step]]:
    """How two entities are connected: the shortest paths, then those a little longer, each as its
    steps.

    Args:
        network: the network of a plan; the plan itself connects everything and so says nothing,
            and is left out.
        start: the entity to begin at.
        end: the entity to arrive at.
        most: how many paths at most.
        longer: how many steps a path may have more than the shortest.
    """
    plans = [n for n, kind in network.nodes(data="type") if kind == "Plan"]
    network = asserted(network)
    joined = nx.Graph(network.to_undirected(as_view=True))
    joined.remove_nodes_from(plans)
    if (
        start == end
        or start not in joined
        or end not in joined
        or not nx.has_path(joined, start, end)
    ):
        return []
    found: list[list[Step]] = []
    for path in nx.shortest_simple_paths(joined, start, end):
        if len(found) == most or (found and len(path) - 1 > len(found[0]) + longer):
            break
        found.append([_step(network, a, b) for a, b in pairwise(path)])
    return found


def _step(network: nx.MultiDiGraph, a: str, b: str) -> Step:
    """The step between two neighbours: by a link that was stated, where there is one, and not
    inherited or the outline's."""
    ways = [(data, True) for data in (network.get_edge_data(a, b) or {}).values()]
    ways += [(data, False) for data in (network.get_edge_data(b, a) or {}).values()]
    data, forward = min(
        ways,
        key=lambda way: (
            way[0]["link"] == "",
            way[0]["method"].endswith("SameSection"),
            way[0]["link"],
        ),
    )
    return Step(a, b, data["property"], data["method"], data["link"], forward)
