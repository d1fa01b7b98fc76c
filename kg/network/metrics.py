"""How things stand in a plan's network: in which group, named by how many measures, on how many
ways between others."""

from __future__ import annotations

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
)  # a group is named by what stands first here

_SEED = 20210308  # any fixed number: the same release always has the same groups
_EXACT, _PIVOTS = 1000, 200  # nodes up to which all shortest ways are counted, else from so many


@dataclass(frozen=True)
class Standing:
    """A thing's place among the others.

    group: the number of its group, the largest group first, from 0.
    measures: how many measures have a link with it.
    between: the share of shortest ways between other things that lead through it (Freeman's
        betweenness), from 0 to 1; estimated in networks of more than 1,000 nodes.
    """

    group: int
    measures: int
    between: float


def standings(network: nx.MultiDiGraph) -> dict[str, Standing]:
    """The standing of every node of a plan's network; the plan itself, which holds all together, is
    left out of account.

    Groups are those of the Louvain algorithm by modularity (Blondel et al. 2008), begun the same
    way at every call. networkx has it in plain Python under a BSD licence (566 nodes: 0.07 s,
    modularity 0.816); its Leiden needs a backend, and igraph's (0.820) is GPL.
    """
    names = sorted(n for n, kind in network.nodes(data="type") if kind != "Plan")
    graph = undirected(network, names)
    groups = nx.community.louvain_communities(graph, seed=_SEED)
    groups.sort(key=lambda group: (-len(group), min(group)))
    rank = {node: i for i, group in enumerate(groups) for node in group}
    pivots = _PIVOTS if len(names) > _EXACT else None
    between = nx.betweenness_centrality(graph, k=pivots, seed=_SEED)
    return {
        name: Standing(rank[i], _measures_of(network, name), round(between[i], 4))
        for i, name in enumerate(names)
    }


def _measures_of(network: nx.MultiDiGraph, node: str) -> int:
    near = set(network.predecessors(node)) | set(network.successors(node))
    return sum(network.nodes[n]["type"] == "Measure" for n in near)


def group_names(network: nx.MultiDiGraph, found: dict[str, Standing]) -> dict[int, str]:
    """The node that each group is named by: of its zones and institutions, else its goals and
    sections, the one with most links."""
    best: dict[int, tuple[int, int, str]] = {}
    for node in sorted(found):
        rank = (_NAMING.index(network.nodes[node]["type"]) // 2, -network.degree(node), node)
        group = found[node].group
        best[group] = min(best.get(group, rank), rank)
    return {group: node for group, (_, _, node) in sorted(best.items())}
