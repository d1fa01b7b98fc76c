"""Where entities are in a picture: in columns, each in an order with few crossings, worked out on
the server by no chance at all: the same network always looks the same. networkx's layered layout
does not order its layers, and igraph, which does, is GPL."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from kg.lexicon import grouped
from kg.network.relations import neighbours
from kg.rdf.iris import reading_order

if TYPE_CHECKING:
    import networkx as nx

Place = tuple[float, float]

WIDTH = 1120  # pixels from the left edge of the first column to the right edge of the last
_WIDEST = 250  # pixels of a box at most
_LEAST_GAP = 96  # pixels between two columns at least, for their lines
_ROW_GAP = 12  # pixels between two boxes of a column at least
# over the columns, by those before and after each, then by both; more change nothing
_SWEEPS = ((operator.lt, 1), (operator.gt, -1)) * 6 + ((operator.ne, 1),) * 3


def box_width(columns: int) -> int:
    """How wide the boxes of a picture of so many columns are, in pixels."""
    return min(_WIDEST, (WIDTH - (columns - 1) * _LEAST_GAP) // max(columns, 1))


def column_layout(
    network: nx.MultiDiGraph, columns: Mapping[str, float], heights: Mapping[str, float]
) -> dict[str, Place]:
    """The middle of each node's box, in columns (from 0; those without nodes take no room), in an
    order with few crossings: each is sorted by the middle of its neighbours (the barycentre method
    of Sugiyama 1981). heights: of the boxes, in pixels."""
    used = {column: i for i, column in enumerate(sorted(set(columns.values())))}
    order: dict[int, list[str]] = {i: [] for i in range(len(used))}
    place = {name: used[columns[name]] for name in network}
    for name in sorted(network, key=reading_order):
        order[place[name]].append(name)
    _with_few_crossings(network, order, place)
    width = box_width(len(used))
    step = (WIDTH - width) / max(len(used) - 1, 1)
    tallest = max((_stacked(names, heights) for names in order.values()), default=0.0)
    found = {}
    for column, names in order.items():
        slack = (tallest - _stacked(names, heights)) / (len(names) + 1)
        down = 0.0
        for name in names:
            down += slack
            x = WIDTH / 2 if len(used) == 1 else width / 2 + column * step
            found[name] = (round(x, 1), round(down + heights[name] / 2, 1))
            down += heights[name] + _ROW_GAP
    return found


def gaps_of(boxes: Sequence[tuple[float, float, float]]) -> dict[float, list[Place]]:
    """From where to where down each column a line passes between, above and below its boxes (each
    by its middle across and down, and its height), by the middle of the column."""
    columns = grouped(
        (across, (down - height / 2, down + height / 2)) for across, down, height in sorted(boxes)
    )
    first = min((spans[0][0] for spans in columns.values()), default=0.0)
    last = max((spans[-1][1] for spans in columns.values()), default=0.0)
    aside = _ROW_GAP / 2  # of each box
    gaps = {}
    for across, spans in columns.items():
        ends = [min(first, spans[0][0] - _ROW_GAP), *(bottom for _, bottom in spans)]
        tops = [*(top for top, _ in spans), max(last, spans[-1][1] + _ROW_GAP)]
        gaps[across] = [(end + aside, top - aside) for end, top in zip(ends, tops, strict=True)]
    return gaps


def way_between(
    start: Place, end: Place, gaps: Mapping[float, Sequence[Place]], width: float
) -> tuple[Place, ...]:
    """Where a line enters and leaves each column of boxes so wide that it passes: in the nearest
    gap, as near to its straight way as that lets it, so that lines of one gap stay apart where
    there is room."""
    (left, high), (right, low) = sorted((start, end))
    way: list[Place] = []
    for across in sorted(gaps):
        if left < across < right:
            edges = across - width / 2, across + width / 2
            straight = [high + (low - high) * (x - left) / (right - left) for x in edges]
            ways = ([max(top, min(end, y)) for y in straight] for top, end in gaps[across])
            nearest = min(ways, key=lambda one: abs(sum(one) - sum(straight)))
            way += zip(edges, nearest, strict=True)
    return tuple(way if start < end else reversed(way))


def _stacked(names: Iterable[str], heights: Mapping[str, float]) -> float:
    """How high boxes on top of one another are."""
    return sum(heights[name] + _ROW_GAP for name in names)


def _with_few_crossings(
    network: nx.MultiDiGraph, order: dict[int, list[str]], columns: Mapping[str, int]
) -> None:
    """Bring the columns into an order: each by the mean height of its nodes' neighbours in the
    columns of a sweep; a node without any keeps its own."""
    near = {name: neighbours(network, name) for name in network}
    for are_beside, step in _SWEEPS:
        for column in sorted(order)[::step]:
            height = {
                name: (i + 0.5) / len(members)
                for members in order.values()
                for i, name in enumerate(members)
            }
            middles = {}
            for name in order[column]:
                beside = (one for one in near[name] if are_beside(columns[one], column))
                found = sorted(height[one] for one in beside) or [height[name]]
                middles[name] = sum(found) / len(found)
            order[column].sort(key=middles.__getitem__)
