"""Where things stand in pictures of a plan's network: worked out ahead, so that no browser has
to."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping

import igraph
import networkx as nx

from kg.rdf.iris import reading_order

Place = tuple[float, float]

_SEED = 20210308  # any fixed number: the same release always looks the same
_SPREAD = 170  # canvas units between neighbours in the picture around one thing
_RING = 420  # canvas units between the rings of the whole plan
_WIDER = 1.55  # rings are ellipses: screens are wider than high, and so are names
_COLUMN, _ROW = (
    560,
    58,
)  # canvas units between the columns of the outline, and between the rows of the fullest
_ROOM = (160, 58)  # canvas units that a thing and its name take, across and down

# From the plan outwards: which things a thing gathers around itself in the picture of the whole
# plan.
_OUTWARDS = (
    ("Plan", "Goal"),
    ("Goal", "Section"),
    ("Plan", "Section"),
    ("Section", "Section"),
    ("Section", "Measure"),
    ("Measure", "Indicator"),
    ("Measure", "Zone"),
    ("Measure", "Institution"),
    ("Goal", "Indicator"),
    ("Zone", "Zone"),
    ("Zone", "Institution"),
    ("Institution", "Zone"),
)


def undirected(network: nx.MultiDiGraph, names: list[str]) -> igraph.Graph:
    """The nodes of these names and one edge where any link joins two; chance begins the same way at
    every call."""
    place = {name: i for i, name in enumerate(names)}
    pairs = (
        (place[a], place[b]) for a, b in network.edges() if a != b and a in place and b in place
    )
    igraph.set_random_number_generator(random.Random(_SEED))
    return igraph.Graph(len(names), sorted({(min(pair), max(pair)) for pair in pairs}))


def layout(network: nx.MultiDiGraph) -> dict[str, Place]:
    """A place for every node around a thing, the same at every call (Fruchterman and Reingold's
    forces)."""
    names = sorted(network)
    coordinates = undirected(network, names).layout_fruchterman_reingold(niter=600)
    side = _SPREAD * max(3.0, len(names) ** 0.5)
    coordinates.fit_into((0, 0, side, side * 0.6))
    return {
        name: (round(x, 1), round(y, 1)) for name, (x, y) in zip(names, coordinates, strict=True)
    }


def column_layout(network: nx.MultiDiGraph, columns: Mapping[str, int]) -> dict[str, Place]:
    """A place for every node of an outline in columns, in an order with few crossings (Sugiyama's
    method).

    Args:
        network: what is drawn.
        columns: the column of each node, the first one 0.
    """
    names = sorted(network, key=reading_order)
    place = {name: i for i, name in enumerate(names)}
    edges = sorted(
        {
            tuple(sorted((place[a], place[b]), key=lambda n: columns[names[n]]))
            for a, b in network.edges()
            if columns[a] != columns[b]
        }
    )
    drawn = igraph.Graph(len(names), edges, directed=True)
    coordinates = drawn.layout_sugiyama(layers=[columns[name] for name in names], maxiter=300)
    across = {
        name: coordinates[place[name]][0] for name in names
    }  # layers come as rows: what is across becomes down
    by_column: dict[int, list[str]] = {}
    for name in sorted(names, key=lambda n: (across[n], place[n])):
        by_column.setdefault(columns[name], []).append(name)
    height = _ROW * max(map(len, by_column.values()))
    return {
        name: (float(column * _COLUMN), round((i + 0.5) * height / len(members), 1))
        for column, members in by_column.items()
        for i, name in enumerate(members)
    }


def places_around(centre: Place, taken: Iterable[Place], many: int) -> list[Place]:
    """Free places on ellipses around a thing, the nearest first, where names do not run over one
    another.

    Args:
        centre: where the thing stands.
        taken: where other things stand.
        many: how many places are wanted.
    """
    across, down = _ROOM
    held = list(taken)
    found: list[Place] = []
    ring = 0
    while len(found) < many:
        ring += 1
        slots = 6 * ring
        for i in range(slots):
            angle = 2 * math.pi * (i + 0.5 * (ring % 2)) / slots
            x, y = (
                centre[0] + 1.25 * ring * across * math.cos(angle),
                centre[1] + 1.25 * ring * down * math.sin(angle),
            )
            if len(found) < many and all(
                abs(x - a) >= across * 0.8 or abs(y - b) >= down * 0.8 for a, b in held
            ):
                found.append((round(x, 1), round(y, 1)))
                held.append(found[-1])
    return found


def radial_layout(network: nx.MultiDiGraph, plan: str) -> dict[str, Place]:
    """A place for every node of a whole plan: the plan in the middle, goals around it, then
    chapters, sections, measures.

    What measures name stands outside them, each thing beside the first that leads to it (Reingold
    and Tilford's tree); what no measure leads to stands on the outermost ring.
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
        positions[name] = (
            round(outermost * math.cos(angle) * _WIDER, 1),
            round(outermost * math.sin(angle), 1),
        )
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
