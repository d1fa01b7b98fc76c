"""Tables whose head the document lost: numbered rows right below a title that promises indicators,
each with as many values and an attribute at its end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from kg.document.tables.costs import Atom
from kg.document.tables.grid import GridRow
from kg.document.tables.model import Cell, Column, Line
from kg.document.tables.words import attribute_of, is_unit, is_value, number_of
from kg.source.text import Span

_FEWEST = 3  # rows that show what their columns are
_MOST_VALUES = 2  # that are told by their order: the old one, and the one aimed at
_MOST_PIECES = 40  # of a row


@dataclass(frozen=True)
class HeadlessTable:
    """The columns that rows show, the rows, and the line behind them."""

    columns: tuple[Column, ...]
    rows: tuple[GridRow, ...]
    end: int


def headless_table(lines: Sequence[Line], i: int) -> HeadlessTable | None:
    """The table whose first row a line is; None where the rows do not tell their columns."""
    rows: list[list[Cell]] = []
    while i + len(rows) < len(lines):
        cells = _cells(lines[i + len(rows)])
        if cells is None or number_of(cells[0].text) != len(rows) + 1:
            break
        rows.append(cells)
    if len(rows) < _FEWEST:
        return None
    values = min(sum(1 for _ in takewhile(_holds_value, cells[-2:0:-1])) for cells in rows)
    inner = [len(cells) - 2 - values for cells in rows]
    if not 0 < values <= _MOST_VALUES or min(inner) < 1:
        return None
    units = all(n > 1 and is_unit(c[-2 - values].text) for n, c in zip(inner, rows, strict=True))
    kinds = ["baseline", "target"][-values:]
    columns = ("number", "name", *(["unit"] if units else []), *kinds, "attribute")
    grid = tuple(_row(cells, len(columns), i + place) for place, cells in enumerate(rows))
    return HeadlessTable(tuple(map(Column, columns)), grid, i + len(rows))


def _cells(line: Line) -> list[Cell] | None:
    """The pieces of a line that may be such a row: a number, words, values, an attribute."""
    pieces = list(re.finditer(r"\S+", line.text))
    if not 4 <= len(pieces) <= _MOST_PIECES or attribute_of(pieces[-1].group()) is None:
        return None
    start = line.span.start
    return [Cell(Span(start + m.start(), start + m.end()), m.group()) for m in pieces]


def _holds_value(cell: Cell) -> bool:
    return is_value(cell.text)


def _row(cells: Sequence[Cell], columns: int, line: int) -> GridRow:
    """A row: all pieces that are over belong to the name, the second column."""
    over = len(cells) - columns
    places = [0, *([1] * (over + 1)), *range(2, columns)]
    row = GridRow()
    for column, cell in zip(places, cells, strict=True):
        row.cells.setdefault(column, []).append(Atom(cell, 0, line))
    return row
