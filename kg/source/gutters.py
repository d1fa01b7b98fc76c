"""Columns of a page, between gutters, and the rows of cells that are printed in their middle."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

Stretch = tuple[float, float]  # from the left
_MOST_WAYS = 200  # to part rows that are looked at


def covered(pieces: Sequence[Stretch], allowed: int = 0, gutter: float = 0.0) -> list[Stretch]:
    """The stretches over which more pieces stand than are allowed; what is nearer to the one before
    than a gutter is wide belongs to it."""
    if not pieces:
        return []
    left = min(start for start, _ in pieces)
    change = [0] * (int(max(end for _, end in pieces) - left) + 3)
    for start, end in pieces:
        change[int(start - left + 0.5)] += 1
        change[int(end - left + 0.5)] -= 1
    found: list[Stretch] = []
    begun: float | None = None
    for place, depth in enumerate(accumulate(change)):
        if depth > allowed and begun is None:
            begun = left + place
        elif depth <= allowed and begun is not None:
            if found and begun - found[-1][1] < gutter:
                begun = found.pop()[0]
            found.append((begun, left + place))
            begun = None
    return found


def over(piece: Stretch, columns: Sequence[Stretch], least: float = 0.0) -> list[int]:
    """The columns that a piece is over by more than the least."""
    start, end = piece
    shared = (min(end, right) - max(start, left) for left, right in columns)
    return [i for i, share in enumerate(shared) if share > least]


def widened(
    columns: Sequence[Stretch], pieces: Sequence[Stretch], least: float = 0.0
) -> list[Stretch]:
    """The columns with all that is in one of them and reaches out of it."""
    wide = list(columns)
    for start, end in pieces:
        if len(one := over((start, end), columns, least)) == 1:
            left, right = wide[one[0]]
            wide[one[0]] = min(left, start), max(right, end)
    return wide


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
