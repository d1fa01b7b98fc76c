"""How two entities of a plan are connected: short paths that differ, and that lead through what is
particular rather than through what is joined with everything."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.network.relations import THROUGH_SECTION, asserted

if TYPE_CHECKING:
    import networkx as nx

_AGAIN = 2.0  # how much dearer each path makes what it led through, for the next one
_TRIES = 4  # paths looked for, for each that is wanted: some come twice


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
    network: nx.MultiDiGraph, start: str, end: str, most: int = 6, longer: int = 2
) -> list[list[Step]]:
    """How two entities are connected, each path as its steps, at most so many, and so many steps
    longer than the shortest. The plan itself connects everything and so says nothing, and is left
    out.

    The first path is the one that leads through the fewest and least joined entities: each costs
    the more, the more links it has, so that a chapter or a goal that half the plan hangs on is
    taken only where nothing else leads on. Each path makes what it led through dearer, so that the
    next one tells something else; one that shares most of its way with another is left out."""
    import networkx as nx  # loads for a seventh of a second  # noqa: PLC0415

    plans = [n for n, kind in network.nodes(data="type") if kind == "Plan"]
    network = asserted(network)
    joined = nx.Graph(network.edges())
    joined.remove_nodes_from(plans)
    if start == end or start not in joined or end not in joined:
        return []
    if not nx.has_path(joined, start, end):
        return []
    bound = nx.shortest_path_length(joined, start, end) + longer
    costs = {node: 1.0 + math.log2(max(degree, 1)) for node, degree in joined.degree()}
    costs[start] = costs[end] = 0.0
    found: list[list[str]] = []
    for _ in range(most * _TRIES):
        path = nx.dijkstra_path(joined, start, end, lambda a, b, _: 1.0 + costs[a] + costs[b])
        for node in path[1:-1]:
            costs[node] *= _AGAIN
        if len(path) - 1 <= bound and all(_differ(path, other) for other in found):
            found.append(path)
        if len(found) == most or len(path) == 2:
            break
    return [[_step(network, a, b) for a, b in pairwise(path)] for path in found]


def _differ(path: list[str], other: list[str]) -> bool:
    """Whether a path leads through no more than half of its entities as another one does."""
    between = path[1:-1]
    return 2 * len({*between} & {*other}) <= len(between) and path != other


def _step(network: nx.MultiDiGraph, a: str, b: str) -> Step:
    """The step between two neighbours: by a stated link, where there is one."""
    ways = [(data, True) for data in (network.get_edge_data(a, b) or {}).values()]
    ways += [(data, False) for data in (network.get_edge_data(b, a) or {}).values()]
    data, forward = min(
        ways,
        key=lambda way: (
            way[0]["link"] == "",
            way[0]["method"] in THROUGH_SECTION,
            way[0]["link"],
        ),
    )
    return Step(a, b, data["property"], data["method"], data["link"], forward)
