"""Betweenness centrality in numpy: Brandes' algorithm, from many nodes at once.

networkx counts the same ways node by node in plain Python, which takes ten times as long.
"""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
from numpy.typing import NDArray

_AT_ONCE = 32  # nodes that ways are counted from together: a column for each in the working arrays

_Numbers = NDArray[np.float64]


class _Neighbours:
    """Sums over the neighbours of each node of a graph numbered from 0."""

    def __init__(self, graph: nx.Graph) -> None:
        near = [sorted(graph[node]) for node in range(len(graph))]
        self._linked = np.array([node for node, of in enumerate(near) if of], dtype=np.int64)
        lengths = [len(near[node]) for node in self._linked]
        self._starts = np.cumsum([0, *lengths[:-1]])
        self._near = np.array([other for of in near for other in of], dtype=np.int64)

    def sums(self, values: _Numbers) -> _Numbers:
        """For each node the sum of its neighbours' rows."""
        found = np.zeros_like(values)
        if self._near.size:
            found[self._linked] = np.add.reduceat(values[self._near], self._starts)
        return found


def betweenness(graph: nx.Graph, pivots: int | None, seed: int) -> list[float]:
    """The share of shortest paths between other nodes that pass through each node, from 0 to 1, as
    networkx.betweenness_centrality gives it.

    Args:
        graph: without direction; its nodes are numbered from 0 in their order.
        pivots: from how many nodes, drawn at random, ways are counted; None for all.
        seed: begins the drawing.
    """
    size = len(graph)
    if size <= 2:
        return [0.0] * size
    sources = list(range(size))
    if pivots is not None:
        sources = random.Random(seed).sample(sources, pivots)
    near, total = _Neighbours(graph), np.zeros(size)
    for at in range(0, len(sources), _AT_ONCE):
        total += _passing(near, size, sources[at : at + _AT_ONCE])
    begun = np.full(size, float(len(sources)))
    begun[sources] -= 1  # no way that begins at a node passes through it
    return [float(share) for share in total / (begun * (size - 2))]


def _passing(near: _Neighbours, size: int, sources: list[int]) -> _Numbers:
    """How many shortest ways from these nodes pass through each node, shares counted."""
    columns = np.arange(len(sources))
    ways = np.zeros((size, len(sources)))
    ways[sources, columns] = 1
    reached = ways > 0
    levels = [reached.copy()]
    front = ways.copy()
    while levels[-1].any():
        step = near.sums(front)
        step[reached] = 0
        levels.append(step > 0)
        reached |= levels[-1]
        ways += step
        front = step
    parts, divided = np.zeros_like(ways), np.maximum(ways, 1)
    for before, level in zip(levels[-3::-1], levels[-2:0:-1], strict=True):
        parts += near.sums(np.where(level, (1 + parts) / divided, 0)) * ways * before
    parts[sources, columns] = 0
    found: _Numbers = parts.sum(axis=1)
    return found
