"""How things stand in a plan's network: in which group, named by how many measures, on how many
ways between others."""

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
)  # a group is named by what stands first here


@dataclass(frozen=True)
class Standing:
    """A thing's place among the others.

    group: the number of its group, the largest group first, from 0.
    measures: how many measures have a link with it.
    between: the share of shortest ways between other things that lead through it (Freeman's
        betweenness), from 0 to 1.
    """

    group: int
    measures: int
    between: float


def standings(network: nx.MultiDiGraph) -> dict[str, Standing]:
    """The standing of every node of a plan's network; the plan itself, which holds all together, is
    left out of account.

    Groups are those of the Leiden algorithm by modularity (Traag, Waltman, van Eck 2019).
    """
    names = sorted(n for n, kind in network.nodes(data="type") if kind != "Plan")
    graph = undirected(network, names)
    membership = graph.community_leiden(objective_function="modularity", n_iterations=-1).membership
    sizes = Counter(membership)
    rank = {
        group: i
        for i, group in enumerate(sorted(sizes, key=lambda g: (-sizes[g], membership.index(g))))
    }
    pairs = max((len(names) - 1) * (len(names) - 2) / 2, 1)
    between = graph.betweenness(directed=False)
    return {
        name: Standing(
            rank[membership[i]], _measures_of(network, name), round(between[i] / pairs, 4)
        )
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
