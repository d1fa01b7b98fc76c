"""What a release stores of a plan's network, for its pictures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Centrality:
    """The community and the centrality of a node.

    community: the number of its community, the largest first, from 0.
    measures: how many measures have a link with the node, those of the same subject alone aside.
    betweenness: the share of shortest paths between other nodes that pass through it (Freeman's
        betweenness centrality), from 0 to 1; estimated in networks of more than 1,000 nodes.
    """

    community: int
    measures: int
    betweenness: float


@dataclass(frozen=True)
class Metrics:
    """Centralities and community names, computed once for a release."""

    centralities: dict[str, Centrality]
    communities: dict[int, str]

    def as_json(self) -> str:
        """As stored with the release."""
        figures = {
            n: [c.community, c.measures, c.betweenness] for n, c in self.centralities.items()
        }
        stored = {"centralities": figures, "communities": self.communities}
        return json.dumps(stored, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Metrics:
        """As read from the release; keys of earlier releases are passed over."""
        stored: dict[str, Any] = json.loads(text)
        figures = stored["centralities"] if "centralities" in stored else stored["standings"]
        communities = stored["communities"] if "communities" in stored else stored["groups"]
        return cls(
            {n: Centrality(*values) for n, values in figures.items()},
            {int(number): node for number, node in communities.items()},
        )
