"""Centrality and communities of a plan's network, computed at publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.network.betweenness import betweenness
from kg.network.metrics import Centrality, Metrics
from kg.network.relations import asserted

if TYPE_CHECKING:
    import networkx as nx

# A community is named by the first of these.
_NAMING = ("Zone", "Institution", "Goal", "Section", "Indicator", "Measure")

_SEED = 20210308  # any fixed number: the same release always has the same groups
_EXACT, _PIVOTS = 1000, 200  # nodes up to which all shortest ways are counted, else from so many


def network_metrics(network: nx.MultiDiGraph) -> Metrics:
    """What a release stores of a plan's network."""
    found = centralities(network)
    return Metrics(found, community_names(network, found))


def centralities(network: nx.MultiDiGraph) -> dict[str, Centrality]:
    """Community and centrality of every node but the plan itself, which is linked with all.

    Communities are those of the Louvain algorithm by modularity (Blondel et al. 2008), begun the
    same way at every call. networkx has it in plain Python under a BSD licence (566 nodes: 0.07 s,
    modularity 0.816); its Leiden needs a backend, and igraph's (0.820) is GPL.
    """
    import networkx as nx  # loads for a seventh of a second  # noqa: PLC0415

    network = asserted(network)
    names = sorted(n for n, kind in network.nodes(data="type") if kind != "Plan")
    graph = undirected(network, names)
    communities = nx.community.louvain_communities(graph, seed=_SEED)
    communities.sort(key=lambda community: (-len(community), min(community)))
    rank = {node: i for i, community in enumerate(communities) for node in community}
    pivots = _PIVOTS if len(names) > _EXACT else None
    shares = betweenness(graph, pivots, _SEED)
    return {
        name: Centrality(rank[i], _measures_of(network, name), round(shares[i], 4))
        for i, name in enumerate(names)
    }


def undirected(network: nx.MultiDiGraph, names: list[str]) -> nx.Graph:
    """The nodes of these names, numbered in their order, and one edge where any link joins two."""
    place = {name: i for i, name in enumerate(names)}
    pairs = (
        (place[a], place[b]) for a, b in network.edges() if a != b and a in place and b in place
    )
    import networkx as nx  # loads for a seventh of a second  # noqa: PLC0415

    graph = nx.Graph()
    graph.add_nodes_from(range(len(names)))
    graph.add_edges_from(sorted({(min(pair), max(pair)) for pair in pairs}))
    return graph


def _measures_of(network: nx.MultiDiGraph, node: str) -> int:
    near = set(network.predecessors(node)) | set(network.successors(node))
    return sum(network.nodes[n]["type"] == "Measure" for n in near)


def community_names(network: nx.MultiDiGraph, found: dict[str, Centrality]) -> dict[int, str]:
    """Each community's best linked node: a zone or institution, else a goal or section."""
    best: dict[int, tuple[int, int, str]] = {}
    for node in sorted(found):
        rank = (_NAMING.index(network.nodes[node]["type"]) // 2, -network.degree(node), node)
        community = found[node].community
        best[community] = min(best.get(community, rank), rank)
    return {community: node for community, (_, _, node) in sorted(best.items())}
