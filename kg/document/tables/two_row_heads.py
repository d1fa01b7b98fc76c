"""A head of two rows without empty cells: which of the lower cells are below which of the upper."""

from collections.abc import Sequence
from itertools import combinations, pairwise

from kg.document.tables.costs import Atom
from kg.document.tables.model import Column
from kg.document.tables.words import column_of, column_of_year, pattern
from kg.source.text import compact

_MOST_BELOW = 6  # head cells of a second row
_FEWEST = 3  # cells of a first row

Group = list[Atom]  # the pieces of a head cell


def orders(groups: list[Group], promised: bool) -> list[list[Group]]:
    """The orders of a head's columns, the likeliest first; the last is without a second row."""
    columns = [column_over(g, promised) for g in groups]
    upper, lower = _two_rows(groups, columns)
    values = [i for i in upper if _holds_values(columns[i]) or _is_word(groups[i])]
    if parted := _one_below_each(groups, values, lower):
        return [[parted.get(i, groups[i]) for i in upper], groups]
    plans = [pattern("values", "plan").search("".join(a.text for a in groups[i])) for i in lower]
    dated_below = any(_dated(groups[i]) for i in lower) or (bool(lower) and all(plans))
    undated = [i for i in values if not _dated(groups[i])]
    above = undated if dated_below else [i for i in values if i not in undated] or undated
    if not above or len(lower) < max(2, len(above)):
        return [groups]
    found = []
    for shares in _shares(len(lower), len(above)):
        spread = _spread([groups[i] for i in above], [groups[i] for i in lower], shares, promised)
        under = dict(zip(above, spread, strict=True))
        found.append([cell for i in upper for cell in under.get(i, [groups[i]])])
        if len(above) == 1:  # or behind all cells of the first row
            found.append([groups[i] for i in upper if i not in under] + spread[0])
    return [*found, groups]


def _one_below_each(
    groups: Sequence[Group], values: Sequence[int], lower: Sequence[int]
) -> dict[int, Group]:
    """The value cells of the first row with the piece below each, of pieces that are as many: a
    word for values or, in brackets, a unit, which is no part of the word before it; empty where
    they are none."""
    pieces = [piece for i in lower for piece in groups[i]]
    units = [piece.text.startswith("(") for piece in pieces]
    alone = all(
        unit or _is_word([piece]) or _holds_values(column_of(piece.text))
        for unit, piece in zip(units, pieces, strict=True)
    )
    if not (alone and any(units) and len(lower) < len(pieces) == len(values)):
        return {}
    return {i: [*groups[i], piece] for i, piece in zip(values, pieces, strict=True)}


def _two_rows(
    groups: Sequence[Group], columns: Sequence[Column | None]
) -> tuple[list[int], list[int]]:
    """The cells of the first row and those of the second: what stands on later lines, or the values
    at the end where each cell has a line of its own."""
    every = list(range(len(groups)))
    top = [i for i in every if groups[i][0].line == groups[0][0].line]
    if len(top) >= _FEWEST and all(_may_be_below(columns[i]) for i in every[len(top) :]):
        return top, every[len(top) :]
    last = len(groups)
    while last and _may_be_below(columns[last - 1]):
        last -= 1
    if not any(_holds_values(columns[i]) for i in every[:last]):
        dated = _dated(groups[-1])
        last = max((i + 1 for i in every[last:] if _dated(groups[i]) != dated), default=last)
    return every[:last], every[last:]


def _may_be_below(column: Column | None) -> bool:
    return _holds_values(column) or (column is not None and column.kind == "other")


def _holds_values(column: Column | None) -> bool:
    return column is not None and column.holds_values


def column_over(group: Sequence[Atom], promised: bool) -> Column | None:
    """The column that the pieces of a head cell name, or that one word for values below others
    does, which says nothing by itself; of one piece a year is enough where rows are promised."""
    found = column_of("".join(a.text for a in group), promised)
    if found is not None or len(group) > 1:
        return found
    if _is_word(group):
        return Column("other", group[0].text)
    return column_of_year(group[0].text) if promised else None


def _is_word(group: Sequence[Atom]) -> bool:
    """Whether a head cell is but a word for values, with or without years below it."""
    words = compact("".join(a.text for a in group))
    return pattern("columns", "value_word").fullmatch(words) is not None


def _dated(group: Group) -> bool:
    """Whether a head cell names a year in digits."""
    return pattern("values", "year").search("".join(a.text for a in group)) is not None


def _shares(lower: int, upper: int) -> list[tuple[int, ...]]:
    """The ways to share so many cells out among so many above them, the evenest first."""
    if lower > _MOST_BELOW:
        return [(lower // upper,) * upper] if lower % upper == 0 else []
    cuts = combinations(range(1, lower), upper - 1)
    ways = [tuple(b - a for a, b in pairwise((0, *cut, lower))) for cut in cuts]
    return sorted(ways, key=lambda way: max(way) - min(way))


def _spread(
    above: Sequence[Group], lower: Sequence[Group], shares: Sequence[int], promised: bool
) -> list[list[Group]]:
    """For each cell above, the cells that it makes with those below it."""
    found, at = [], 0
    for group, share in zip(above, shares, strict=True):
        cells = ((group + cell, cell) for cell in lower[at : at + share])
        found.append([both if column_over(both, promised) else cell for both, cell in cells])
        at += share
    return found
