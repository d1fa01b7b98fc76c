"""Figures of a plan's network: how many measures are linked with each node, and communities."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from kg.network.relations import asserted, neighbours

if TYPE_CHECKING:
    import networkx as nx

# A community is named by the first of these.
_NAMING = ("Zone", "Institution", "Goal", "Section", "Indicator", "Measure")
_SEED = 20210308  # any fixed number: the same network always has the same groups


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
        for modularity (Blondel et al. 2008), begun the same way at every call.

        networkx has it in plain Python under a BSD licence (566 nodes: 0.07 s, modularity 0.816);
        its Leiden needs a backend, and igraph's (0.820) is GPL.
        """
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
