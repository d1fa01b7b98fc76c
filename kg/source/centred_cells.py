"""Cells that are printed in the middle of the rows that they are of: which rows those are."""

from collections.abc import Iterator, Sequence

from kg.source.gutters import Stretch

_MOST_WAYS = 200  # to part rows that are looked at


def partings(
    rows: Sequence[Stretch], middles: Sequence[float], within: float
) -> list[tuple[int, ...]]:
    """The ways to part all rows so that each cell is in the middle of its part: the first row of
    each part.

    Args:
        rows: where each begins and ends, from top to bottom.
        middles: of the cells, from top to bottom.
        within: how far a cell may be from the middle of its rows, at most.
    """
    ways: list[tuple[int, ...]] = [(0,)]
    for middle in middles:
        ways = [(*way, end) for way in ways for end in _ends(rows, way[-1], middle, within)]
        ways = ways[:_MOST_WAYS]
    return [way[:-1] for way in ways if way[-1] == len(rows)]


def first_rows(rows: Sequence[Stretch], middles: Sequence[float], within: float) -> Sequence[int]:
    """The first row of each cell where there is but one way to part all rows so; else the row that
    it is nearest to."""
    ways = partings(rows, middles, within)
    if len(ways) == 1:
        return ways[0]
    places = range(len(rows))
    return [min(places, key=lambda i: abs(sum(rows[i]) / 2 - middle)) for middle in middles]


def _ends(rows: Sequence[Stretch], begun: int, middle: float, within: float) -> Iterator[int]:
    for i in range(begun, len(rows)):
        apart = (rows[begun][0] + rows[i][1]) / 2 - middle
        if apart >= within:
            return
        if apart > -within:
            yield i + 1
