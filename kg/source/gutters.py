"""Columns of a page: the stretches of its width that text is printed over, between gutters."""

from collections.abc import Sequence
from itertools import accumulate

Stretch = tuple[float, float]  # from the left


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
