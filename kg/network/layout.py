"""Where entities are in a picture: in columns, each in an order with few crossings, worked out on
the server so that no browser has to.

The order is worked out here in plain Python, by no chance at all: the same network always looks the
same. networkx's layered layout does not order its layers, and igraph, which does, is GPL.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from kg.rdf.iris import reading_order

if TYPE_CHECKING:
    import networkx as nx

Place = tuple[float, float]

WIDTH = 1120  # pixels from the left edge of the first column to the right edge of the last
_WIDEST = 250  # pixels of a box at most
_LEAST_GAP = 96  # pixels between two columns at least, for their lines
_ROW_GAP = 12  # pixels between two boxes of a column at least
_SWEEPS = 12  # over the columns, to and fro; more change nothing


def box_width(columns: int) -> int:
    """How wide the boxes of a picture of so many columns are, in pixels."""
    return min(_WIDEST, (WIDTH - (columns - 1) * _LEAST_GAP) // max(columns, 1))


def column_layout(
    network: nx.MultiDiGraph, columns: Mapping[str, float], heights: Mapping[str, float]
) -> dict[str, Place]:
    """The middle of each node's box, in columns, in an order with few crossings: each column is
    sorted by the middle of its neighbours, to and fro (the barycentre method of Sugiyama 1981).

    Args:
        columns: the column of each node, the first one 0; columns without nodes take no room.
        heights: of each node's box, in pixels.
    """
    used = {column: i for i, column in enumerate(sorted(set(columns.values())))}
    order: dict[int, list[str]] = {i: [] for i in range(len(used))}
    place = {name: used[columns[name]] for name in network}
    for name in sorted(network, key=reading_order):
        order[place[name]].append(name)
    best = _with_few_crossings(network, order, place)
    width = box_width(len(used))
    step = (WIDTH - width) / max(len(used) - 1, 1)
    tallest = max((_stacked(names, heights) for names in best.values()), default=0.0)
    found = {}
    for column, names in best.items():
        slack = (tallest - _stacked(names, heights)) / (len(names) + 1)
        down = 0.0
        for name in names:
            down += slack
            x = WIDTH / 2 if len(used) == 1 else width / 2 + column * step
            found[name] = (round(x, 1), round(down + heights[name] / 2, 1))
            down += heights[name] + _ROW_GAP
    return found


def gaps_of(boxes: Iterable[tuple[float, float, float]]) -> dict[float, list[float]]:
    """How far down each column a line passes between its boxes, by the middle of the column.

    boxes: of each its middle across and down, and its height.
    """
    columns: dict[float, list[Place]] = {}
    for across, down, height in sorted(boxes):
        columns.setdefault(across, []).append((down - height / 2, down + height / 2))
    gaps = {}
    for across, spans in columns.items():
        ends = [spans[0][0] - _ROW_GAP, *(bottom for _, bottom in spans)]
        tops = [*(top for top, _ in spans), spans[-1][1] + _ROW_GAP]
        gaps[across] = [(end + top) / 2 for end, top in zip(ends, tops, strict=True)]
    return gaps


def way_between(
    start: Place, end: Place, gaps: Mapping[float, Sequence[float]], width: float
) -> tuple[Place, ...]:
    """Where a line enters and leaves each column that it passes, by the gap nearest to it.

    width: of a box.
    """
    (left, high), (right, low) = sorted((start, end))
    way: list[Place] = []
    for across in sorted(gaps):
        if left < across < right:
            straight = high + (low - high) * (across - left) / (right - left)
            down = min(gaps[across], key=lambda gap: abs(gap - straight))
            way += [(across - width / 2, down), (across + width / 2, down)]
    return tuple(way if start < end else reversed(way))


def _stacked(names: Iterable[str], heights: Mapping[str, float]) -> float:
    """How high boxes on top of one another are."""
    return sum(heights[name] + _ROW_GAP for name in names)


def _with_few_crossings(
    network: nx.MultiDiGraph, order: dict[int, list[str]], columns: Mapping[str, int]
) -> dict[int, list[str]]:
    """The columns in the best order that sweeps over them come by."""
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
    return best


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
    """A column's nodes by the mean height of their neighbours; without any they keep theirs."""
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
