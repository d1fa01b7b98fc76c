"""Centrality and communities of a plan's network."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import networkx as nx

from kg.network.layout import undirected

_NAMING = (
    "Zone",
    "Institution",
    "Goal",
    "Section",
    "Indicator",
    "Measure",
)  # a community is named by the first of these


@dataclass(frozen=True)
class Centrality:
    """The community and the centrality of a node.

    community: the number of its community, the largest first, from 0.
    measures: how many measures have a link with the node.
    betweenness: the share of shortest paths between other nodes that pass through it (Freeman's
        betweenness centrality), from 0 to 1.
    """

    community: int
    measures: int
    betweenness: float


def centralities(network: nx.MultiDiGraph) -> dict[str, Centrality]:
    """Community and centrality of every node but the plan itself, which is linked with all.

    Communities are those of the Leiden algorithm by modularity (Traag, Waltman, van Eck 2019).
    """
    names = sorted(n for n, kind in network.nodes(data="type") if kind != "Plan")
    graph = undirected(network, names)
    membership = graph.community_leiden(objective_function="modularity", n_iterations=-1).membership
    sizes = Counter(membership)
    rank = {
        community: i
        for i, community in enumerate(sorted(sizes, key=lambda g: (-sizes[g], membership.index(g))))
    }
    pairs = max((len(names) - 1) * (len(names) - 2) / 2, 1)
    betweenness = graph.betweenness(directed=False)
    return {
        name: Centrality(
            rank[membership[i]], _measures_of(network, name), round(betweenness[i] / pairs, 4)
        )
        for i, name in enumerate(names)
    }


def _measures_of(network: nx.MultiDiGraph, node: str) -> int:
    near = set(network.predecessors(node)) | set(network.successors(node))
    return sum(network.nodes[n]["type"] == "Measure" for n in near)


def community_names(network: nx.MultiDiGraph, found: dict[str, Centrality]) -> dict[int, str]:
    """The node that each community is named by: of its zones and institutions, else its goals and
    sections, the one with most links."""
    best: dict[int, tuple[int, int, str]] = {}
    for node in sorted(found):
        rank = (_NAMING.index(network.nodes[node]["type"]) // 2, -network.degree(node), node)
        community = found[node].community
        best[community] = min(best.get(community, rank), rank)
    return {community: node for community, (_, _, node) in sorted(best.items())}
