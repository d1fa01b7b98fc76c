"""A released graph as a network: nodes with type and label, edges with property and method; neighbours and layout."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import igraph
import networkx as nx
import pyoxigraph as ox
from pyvis.network import Network

from kg.iris import reading_order
from kg.select import select

_SEED = 20210308  # any fixed number: the same release always looks the same
_SPREAD = 170  # canvas units between neighbours in the picture around one thing
_RING = 420  # canvas units between the rings of the whole plan
_WIDER = 1.55  # rings are ellipses: screens are wider than high, and so are names

# The types shown, each with a colour of Okabe and Ito's palette, which the colour-blind tell apart, and a shape besides.
STYLES: Mapping[str, tuple[str, str, int]] = {
    "Plan": ("#000000", "star", 22),
    "Goal": ("#D55E00", "diamond", 22),
    "Section": ("#999999", "square", 14),
    "Measure": ("#56B4E9", "dot", 7),
    "Indicator": ("#E69F00", "triangle", 13),
    "Zone": ("#009E73", "hexagon", 11),
    "Institution": ("#CC79A7", "triangleDown", 12),
}

_NODES = """
SELECT ?node ?type ?label WHERE { ?node a ?type ; skos:prefLabel ?label
  VALUES ?type { plan:Plan plan:Goal plan:Section plan:Measure plan:Indicator plan:Zone plan:Institution } }"""
_EDGES = """
SELECT ?subject ?property ?object ?method ?link WHERE {
  ?link a plan:Link ; rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?object ; plan:method ?method }"""
_PARTS = """
SELECT ?part ?whole WHERE { ?part dcterms:isPartOf ?whole . ?part a ?type .
  VALUES ?type { plan:Measure plan:Section } }"""


@dataclass(frozen=True)
class Drawing:
    """Nodes and edges as vis-network takes them."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]


def relation_graph(store: ox.Store, graph: str) -> nx.MultiDiGraph:
    """The network of one plan's named graph.

    Nodes carry label and type; edges property, method and link (the IRI of the statement about them, empty for
    the part-whole relation of the document).
    """
    network = nx.MultiDiGraph()
    for row in sorted(select(store, _NODES, graph), key=lambda r: r["node"]):
        network.add_node(row["node"], type=row["type"].rsplit("#", 1)[-1], label=row["label"])
    for row in sorted(select(store, _EDGES, graph), key=lambda r: r["link"]):
        if row["subject"] in network and row["object"] in network:
            network.add_edge(row["subject"], row["object"], property=row["property"], method=row["method"], link=row["link"])
    for row in sorted(select(store, _PARTS, graph), key=lambda r: r["part"]):
        if row["part"] in network and row["whole"] in network:
            network.add_edge(row["part"], row["whole"], property="http://purl.org/dc/terms/isPartOf", method="", link="")
    return network


def overview(network: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """The whole plan without what a picture of it can do without.

    That a measure supports its chapter's goal is seen from the chapter; sections inside chapters fold into them.
    """
    drawn = network.copy()
    goals = {n for n, kind in drawn.nodes(data="type") if kind == "Goal"}
    inherited = [
        (a, b, key)
        for a, b, key, property_ in drawn.edges(keys=True, data="property")
        if b in goals and drawn.nodes[a]["type"] == "Measure" and property_.endswith("supportsGoal")
    ]
    drawn.remove_edges_from(inherited)
    drawn.remove_nodes_from([n for n in list(drawn) if drawn.degree(n) == 0])
    return drawn


def neighbourhood(network: nx.MultiDiGraph, node: str, steps: int = 1) -> nx.MultiDiGraph:
    """The part of a network within so many steps of a node, in either direction."""
    near = nx.ego_graph(network.to_undirected(as_view=True), node, radius=steps)
    return network.subgraph(near.nodes).copy()


@dataclass(frozen=True)
class Step:
    """From one thing to the next along a link, which may point either way."""

    start: str
    end: str
    property: str
    method: str
    link: str
    forward: bool


def connections(network: nx.MultiDiGraph, start: str, end: str, most: int = 8, longer: int = 1) -> list[list[Step]]:
    """How two things are connected: the shortest paths, then those a little longer, each as its steps.

    Args:
        network: the network of a plan; the plan itself connects everything and so tells nothing, and is left out.
        start: the thing to begin at.
        end: the thing to arrive at.
        most: how many paths at most.
        longer: how many steps a path may have more than the shortest.
    """
    plans = [n for n, kind in network.nodes(data="type") if kind == "Plan"]
    joined = nx.Graph(network.to_undirected(as_view=True))
    joined.remove_nodes_from(plans)
    if start == end or start not in joined or end not in joined or not nx.has_path(joined, start, end):
        return []
    found: list[list[Step]] = []
    for path in nx.shortest_simple_paths(joined, start, end):
        if len(found) == most or (found and len(path) - 1 > len(found[0]) + longer):
            break
        found.append([_step(network, a, b) for a, b in pairwise(path)])
    return found


def _step(network: nx.MultiDiGraph, a: str, b: str) -> Step:
    """The step between two neighbours: by a link that was stated, where there is one, and not inherited or the outline's."""
    ways = [(data, True) for data in (network.get_edge_data(a, b) or {}).values()]
    ways += [(data, False) for data in (network.get_edge_data(b, a) or {}).values()]
    data, forward = min(ways, key=lambda way: (way[0]["link"] == "", way[0]["method"].endswith("SameSection"), way[0]["link"]))
    return Step(a, b, data["property"], data["method"], data["link"], forward)


# From the plan outwards: which things a thing gathers around itself in the picture of the whole plan.
_OUTWARDS = (("Plan", "Goal"), ("Goal", "Section"), ("Plan", "Section"), ("Section", "Section"), ("Section", "Measure"),
             ("Measure", "Indicator"), ("Measure", "Zone"), ("Measure", "Institution"), ("Goal", "Indicator"),
             ("Zone", "Zone"), ("Zone", "Institution"), ("Institution", "Zone"))  # fmt: skip


def layout(network: nx.MultiDiGraph) -> dict[str, tuple[float, float]]:
    """A place for every node around a thing, the same at every call (Fruchterman and Reingold's forces)."""
    names = sorted(network)
    place = {name: i for i, name in enumerate(names)}
    edges = sorted({(min(place[a], place[b]), max(place[a], place[b])) for a, b in network.edges() if a != b})
    igraph.set_random_number_generator(random.Random(_SEED))
    coordinates = igraph.Graph(len(names), edges).layout_fruchterman_reingold(niter=600)
    side = _SPREAD * max(3.0, len(names) ** 0.5)
    coordinates.fit_into((0, 0, side, side * 0.6))
    return {name: (round(x, 1), round(y, 1)) for name, (x, y) in zip(names, coordinates, strict=True)}


def radial_layout(network: nx.MultiDiGraph, plan: str) -> dict[str, tuple[float, float]]:
    """A place for every node of a whole plan: the plan in the middle, goals around it, then chapters, sections, measures.

    What measures name stands outside them, each thing beside the first that leads to it (Reingold and Tilford's
    tree); what no measure leads to stands on the outermost ring.
    """
    parent = _tree(network, plan)
    names = sorted(network)
    place = {name: i for i, name in enumerate(names)}
    edges = sorted((place[above], place[name]) for name, above in parent.items())
    tree = igraph.Graph(len(names), edges, directed=True)
    coordinates = tree.layout_reingold_tilford_circular(mode="out", root=[place[plan]])
    positions = {
        name: (round(x * _RING * _WIDER, 1), round(y * _RING, 1))
        for name, (x, y) in zip(names, coordinates, strict=True)
        if name in parent or name == plan
    }
    outermost = max(math.hypot(x / _WIDER, y) for x, y in positions.values()) + _RING / 2
    apart = [name for name in names if name not in positions]
    for i, name in enumerate(apart):
        angle = 2 * math.pi * i / len(apart)
        positions[name] = (round(outermost * math.cos(angle) * _WIDER, 1), round(outermost * math.sin(angle), 1))
    return positions


def _tree(network: nx.MultiDiGraph, plan: str) -> dict[str, str]:
    """The node that each node stands beside, for those that the plan leads to."""
    kinds = dict(network.nodes(data="type"))
    joined = network.to_undirected(as_view=True)
    goals = {n for n in network if kinds[n] == "Goal"}
    parent: dict[str, str] = {}
    reached = [plan]
    before = 0
    while before < len(reached):
        before = len(reached)
        for inner, outer in _OUTWARDS:
            for node in [n for n in reached if kinds[n] == inner]:
                near = set(joined[node]) | (goals if node == plan else set())
                for other in sorted((n for n in near if kinds[n] == outer), key=reading_order):
                    if other not in parent and other != plan:
                        parent[other] = node
                        reached.append(other)
    return parent


def _outlines(node: str, kind: str) -> bool:
    """Whether a thing belongs to the plan's outline, whose names are read first: goals, and chapters without sections' dots."""
    return kind in ("Plan", "Goal") or (kind == "Section" and "." not in node.rsplit("/", 1)[-1])


def drawing(network: nx.MultiDiGraph, positions: Mapping[str, tuple[float, float]], labels: Mapping[str, str]) -> Drawing:
    """A network as pyvis draws it, at fixed places.

    Args:
        network: what to draw.
        positions: where each node stands.
        labels: names of types, properties and methods by IRI or local name.
    """
    canvas = Network(directed=True)
    for node, attributes in network.nodes(data=True):
        colour, shape, size = STYLES[attributes["type"]]
        x, y = positions[node]
        name, kind = attributes["label"], labels.get(attributes["type"], attributes["type"])
        short = name if len(name) <= 16 else name[:15] + "…"
        kept = {"kind": attributes["type"], "outline": _outlines(node, attributes["type"])}
        canvas.add_node(node, label=short, title=f"{kind}:{name}", color=colour, shape=shape, size=size, x=x, y=y, **kept)
    edges = [
        {
            "from": a,
            "to": b,
            "label": labels.get(data["property"], data["property"].rsplit("/", 1)[-1]),
            "title": labels.get(data["method"], ""),
            "property": data["property"],
            "link": data["link"],
            "arrows": "to",
        }
        for a, b, data in network.edges(data=True)
    ]
    return Drawing(canvas.nodes, edges)
