"""Indicators told one after another, each of their cells behind what would be its column's head."""

from collections import Counter

from kg.document.tables.align import GridRow
from kg.document.tables.costs import Atom
from kg.document.tables.grid import parted_cells
from kg.document.tables.head import tells_indicators, with_roles
from kg.document.tables.model import Cell, Column, Page, Reading, joined
from kg.document.tables.rows import rows_of
from kg.document.tables.words import LONGEST_ROW, attribute_of, column_of, is_value, pattern
from kg.source.text import Span

_MOST_LINES = 3  # of a row
_FEWEST = 2  # rows

_Row = list[tuple[Column, Cell]]  # the name, and the other cells, each with what its label names


def read_labelled(page: Page, first: int) -> Reading | None:
    """The indicators that begin at a line, all with the same labels; None where none do."""
    columns: list[Column] = []
    grid: list[GridRow] = []
    at = first
    while row := _row(page, at):
        behind, cells = row
        columns = columns or [column for column, _ in cells]
        if [column for column, _ in cells] != columns:
            break
        grid.append(GridRow({i: [Atom(cell, 1, at)] for i, (_, cell) in enumerate(cells)}))
        at = behind
    known = with_roles(columns)
    if len(grid) < _FEWEST or not tells_indicators(known):
        return None
    return Reading(known, *rows_of(known, grid, ruled=True), first, at, Counter(), headed=False)


def _row(page: Page, first: int) -> tuple[int, _Row] | None:
    """The longest row that begins at a line, with the line behind it."""
    lines = page.lines[first : first + _MOST_LINES]
    text = lines[0].text if lines else ""
    if len(text) > LONGEST_ROW or not pattern("labelled", "may_be").search(text):
        return None
    found = None
    for i, last in enumerate(lines, first):
        row = _cells(page.text, Span(lines[0].span.start, last.span.end))
        found = (i + 1, row) if row else found
    return found


def _cells(text: str, span: Span) -> _Row:
    """What a stretch tells of an indicator: its name, and then nothing but labels with what they
    are of, and attributes; nothing where it is no row."""
    parted = parted_cells(text, span, pattern("labelled", "between").pattern)
    pieces = [joined(parted_cells(text, piece.span, "\n")) for piece in parted if piece.text]
    row: _Row = []
    label: Column | None = None
    for piece in pieces:
        column = column_of(piece.text)
        if not row:
            row = [(Column("name"), piece)]
        elif label is not None and column is not None:
            label = column_of(label.label + piece.text)
        elif label is not None:
            if label.holds_values and not is_value(piece.text):
                return []
            row.append((label, piece))
            label = None
        elif attribute_of(piece.text):
            row.append((Column("attribute"), piece))
        elif column is None or column.kind == "name":
            return []
        else:
            label = column
    return row if label is None and len(row) > 1 else []
