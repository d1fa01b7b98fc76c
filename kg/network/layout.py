"""Where entities stand in pictures of a plan's network: worked out ahead, so that no browser has
to.

The three layouts are written out here in plain Python, since none of the libraries fits: igraph is
GPL; networkx's layouts and scipy's need numpy, whose wheels bring GCC's libgfortran, and are slower
(566 nodes: networkx's ForceAtlas2 1.6 s, these forces 0.2 s) or stop (ForceAtlas2 and Kamada-Kawai
hold a matrix of all pairs: 5,000 nodes take gigabytes). They use no chance at all: the same network
always looks the same.
"""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import networkx as nx

from kg.rdf.iris import reading_order

Place = tuple[float, float]
Node = TypeVar("Node", bound=Hashable)

_SPREAD = 170  # canvas units between neighbours in the picture around one entity
_RING = 420  # canvas units between the rings of the whole plan
_WIDER = 1.55  # rings are ellipses: screens are wider than high, and so are names
# canvas units between the columns of the outline, and between the rows of the fullest
_COLUMN, _ROW = 560, 58
_ROOM = (160, 58)  # canvas units that an entity and its name take, across and down
_ROUNDS = 60  # of forces; more change little
_REACH = 2.0  # how far entities push each other away at least, in ideal lengths of an edge
_FEW = 400  # below 200 nodes the reach is this by their number: a few all push each other
_SWEEPS = 12  # over the columns of an outline, to and fro; more change nothing

# From the plan outwards: which entities an entity gathers around itself in the picture of the whole
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


def undirected(network: nx.MultiDiGraph, names: list[str]) -> nx.Graph:
    """The nodes of these names, numbered in their order, and one edge where any link joins two."""
    place = {name: i for i, name in enumerate(names)}
    pairs = (
        (place[a], place[b]) for a, b in network.edges() if a != b and a in place and b in place
    )
    graph = nx.Graph()
    graph.add_nodes_from(range(len(names)))
    graph.add_edges_from(sorted({(min(pair), max(pair)) for pair in pairs}))
    return graph


def layout(network: nx.MultiDiGraph) -> dict[str, Place]:
    """A place for every node around an entity, the same at every call.

    Nodes begin on rings around the one with most links and are moved by Fruchterman and Reingold's
    forces, in their grid variant (1991), which takes a time proportional to the nodes.
    """
    names = sorted(network)
    if not names:
        return {}
    graph = undirected(network, names)
    hub = max(graph, key=lambda n: (graph.degree(n), -n))
    rings = _rings(dict(nx.bfs_predecessors(graph, hub)), hub, list(graph))
    widest = max(math.hypot(x, y) for x, y in rings.values()) or 1.0
    room = len(names) ** 0.5 / widest  # as much as nodes an edge's length apart take
    places = _forced(
        [(x * room, y * room) for x, y in (rings[n] for n in graph)], list(graph.edges())
    )
    side = _SPREAD * max(3.0, len(names) ** 0.5)
    across, down = (
        _fitted([place[axis] for place in places], size)
        for axis, size in ((0, side), (1, side * 0.6))
    )
    return dict(zip(names, zip(across, down, strict=True), strict=True))


def _fitted(values: Sequence[float], size: float) -> list[float]:
    """The values stretched so that they reach from 0 to a size."""
    low, high = min(values), max(values)
    scale = size / (high - low) if high > low else 0.0
    return [round((value - low) * scale, 1) for value in values]


def _forced(start: Sequence[Place], edges: Sequence[tuple[int, int]]) -> list[Place]:
    """Places that nodes are moved to by forces: edges draw by d², nodes push by 1/d within a
    reach."""
    reach = max(_REACH, _FEW / len(start))
    xs, ys = [x for x, _ in start], [y for _, y in start]
    for turn in range(_ROUNDS):
        warmth = max(1.0, len(xs) ** 0.5 / 10) * (1 - turn / _ROUNDS)  # the longest move, cooling
        dx, dy = _pushed(xs, ys, reach)
        for a, b in edges:
            x, y = xs[a] - xs[b], ys[a] - ys[b]
            far = math.hypot(x, y)
            dx[a] -= x * far
            dy[a] -= y * far
            dx[b] += x * far
            dy[b] += y * far
        for i, (x, y) in enumerate(zip(dx, dy, strict=True)):
            far = math.hypot(x, y)
            step = min(far, warmth) / far if far else 0.0
            xs[i] += x * step
            ys[i] += y * step
    return list(zip(xs, ys, strict=True))


def _pushed(
    xs: Sequence[float], ys: Sequence[float], reach: float
) -> tuple[list[float], list[float]]:
    """How far nodes push each other, across and down: only those in the same or the next cell of a
    grid are looked at."""
    dx, dy = [0.0] * len(xs), [0.0] * len(xs)
    cells: dict[tuple[int, int], list[int]] = {}
    for i, (x, y) in enumerate(zip(xs, ys, strict=True)):
        cells.setdefault((int(x // reach), int(y // reach)), []).append(i)
    for (column, row), members in cells.items():
        near = [
            other
            for right, down in ((1, -1), (1, 0), (1, 1), (0, 1))
            for other in cells.get((column + right, row + down), ())
        ]
        for at, i in enumerate(members):
            for j in (*members[at + 1 :], *near):
                x, y = xs[i] - xs[j], ys[i] - ys[j]
                square = x * x + y * y
                if square > reach * reach:
                    continue
                if square < 1e-6:  # on one spot: the later one goes its own way
                    x, y, square = 1e-3 * math.cos(j), 1e-3 * math.sin(j), 1e-6
                dx[i] += x / square
                dy[i] += y / square
                dx[j] -= x / square
                dy[j] -= y / square
    return dx, dy


def column_layout(network: nx.MultiDiGraph, columns: Mapping[str, int]) -> dict[str, Place]:
    """A place for every node of an outline in columns, in an order with few crossings: each column
    is sorted by the middle of its neighbours, to and fro (the barycentre method of Sugiyama 1981).

    Args:
        network: what is drawn.
        columns: the column of each node, the first one 0.
    """
    order: dict[int, list[str]] = {}
    for name in sorted(network, key=reading_order):
        order.setdefault(columns[name], []).append(name)
    order = dict(sorted(order.items()))
    edges = {
        (a, b) if columns[a] < columns[b] else (b, a)
        for a, b in network.edges()
        if columns[a] != columns[b]
    }
    before: dict[str, set[str]] = {name: set() for name in network}
    after: dict[str, set[str]] = {name: set() for name in network}
    for a, b in edges:
        before[b].add(a)
        after[a].add(b)
    best, fewest = order, _crossings(order, edges, columns)
    for _ in range(_SWEEPS):
        for near, ways in ((before, list(order)), (after, list(reversed(order)))):
            order = dict(order)
            for column in ways:
                order[column] = _by_middles(order, column, near)
            if (found := _crossings(order, edges, columns)) < fewest:
                best, fewest = order, found
    height = _ROW * max(map(len, best.values()))
    return {
        name: (float(column * _COLUMN), round((i + 0.5) * height / len(members), 1))
        for column, members in best.items()
        for i, name in enumerate(members)
    }


def _heights(order: Mapping[int, list[str]]) -> dict[str, float]:
    """How far down its column each node stands, from 0 to 1."""
    return {
        name: (i + 0.5) / len(members)
        for members in order.values()
        for i, name in enumerate(members)
    }


def _by_middles(
    order: Mapping[int, list[str]], column: int, near: Mapping[str, set[str]]
) -> list[str]:
    """A column's nodes by the middle of those they are near to; one that is near to none keeps its
    height."""
    height = _heights(order)

    def middle(name: str) -> float:
        found = sorted(height[other] for other in near[name])
        return sum(found) / len(found) if found else height[name]

    return sorted(order[column], key=middle)


def _crossings(
    order: Mapping[int, list[str]], edges: Iterable[tuple[str, str]], columns: Mapping[str, int]
) -> int:
    """How often edges between the same two columns cross."""
    height = _heights(order)
    between: dict[tuple[int, int], list[Place]] = {}
    for a, b in edges:
        between.setdefault((columns[a], columns[b]), []).append((height[a], height[b]))
    found = 0
    for ends in between.values():
        met: list[float] = []
        for _, end in sorted(ends):
            found += len(met) - bisect_right(met, end)
            insort(met, end)
    return found


def places_around(centre: Place, taken: Iterable[Place], many: int) -> list[Place]:
    """Free places on ellipses around an entity, the nearest first, where names do not run over one
    another.

    Args:
        centre: where the entity stands.
        taken: where other entities stand.
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

    What measures name stands outside them, each entity beside the first that leads to it; what no
    measure leads to stands on the outermost ring.
    """
    rings = _rings(_tree(network, plan), plan, sorted(network))
    return {
        name: (round(x * _RING * _WIDER, 1), round(y * _RING, 1)) for name, (x, y) in rings.items()
    }


def _rings(parent: Mapping[Node, Node], root: Node, nodes: Iterable[Node]) -> dict[Node, Place]:
    """A tree on rings a unit apart around its root: leaves at even angles, every other node in the
    middle of its own; nodes that are not in the tree on a ring outside it.

    Args:
        parent: the node that each node but the root hangs on, those further in first.
        root: the node in the middle.
        nodes: all nodes.
    """
    children: dict[Node, list[Node]] = {root: []}
    depth = {root: 0}
    for node, above in parent.items():
        children[node] = []
        children[above].append(node)
        depth[node] = depth[above] + 1
    leaves = [node for node in _in_depth(children, root) if not children[node]]
    turn = {leaf: 2 * math.pi * i / len(leaves) for i, leaf in enumerate(leaves)}
    for node in reversed(depth):  # those further out first
        if own := children[node]:
            turn[node] = (turn[own[0]] + turn[own[-1]]) / 2
    apart = [node for node in nodes if node not in depth]
    turn |= {node: 2 * math.pi * i / len(apart) for i, node in enumerate(apart)}
    outermost = max(depth.values()) + 0.5
    return {
        node: (
            depth.get(node, outermost) * math.cos(turn[node]),
            depth.get(node, outermost) * math.sin(turn[node]),
        )
        for node in nodes
    }


def _in_depth(children: Mapping[Node, list[Node]], root: Node) -> Iterator[Node]:
    """A tree's nodes, each followed by those that hang on it."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(children[node])


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
