"""Columns whose heads no list has, told by what the cells below them hold."""

from collections.abc import Sequence
from dataclasses import replace

from kg.document.tables.head import Head, tells_indicators, with_roles
from kg.document.tables.model import Cell, Column
from kg.document.tables.words import (
    attribute_of,
    column_of,
    column_of_year,
    is_missing,
    is_number,
    is_whole_unit,
    number_of,
)

_FEWEST = 3  # rows that tell
_SHOWN = 8  # rows that are looked at


def head_by_rows(rows: Sequence[Sequence[Cell]], promised: bool) -> Head | None:
    """The head that the first row of a grid is by what the rows below it hold; None for any other.

    Args:
        rows: rows of cells, empty ones too.
        promised: whether the title above promises indicators; else attributes must show them.
    """
    first = [cell.text for cell in rows[0]]
    body = [row for row in rows[1:] if len(row) == len(first)][:_SHOWN]
    if len(body) < _FEWEST or not may_head(first):
        return None
    below = [[row[i].text for row in body] for i in range(len(first))]
    columns = [
        column_of(label, promised) or _by_cells(label, cells)
        for label, cells in zip(first, below, strict=True)
    ]
    names = [i for i, column in enumerate(columns) if column.kind == "name"]
    for i in names[1:]:  # remarks, which differ from row to row as names do
        if column_of(first[i], promised) is None:
            columns[i] = replace(columns[i], kind="other")
    known = with_roles(columns)
    attributes = any(attribute_of(cell) for cells in below for cell in cells)
    return Head(known, 1) if tells_indicators(known) and (promised or attributes) else None


def may_head(labels: Sequence[str]) -> bool:
    """Whether words may head the columns of a table: each has some, and none is but a number."""
    return all(labels) and not any(is_number(one) and column_of(one) is None for one in labels)


def _by_cells(label: str, cells: Sequence[str]) -> Column:
    """The column that cells are of; of values only where its head names a year."""
    held = [cell for cell in cells if cell]
    numbers = [number_of(cell) or 0 for cell in held]
    dated = column_of_year(label)
    if not held:
        return Column("other", label)
    if all(map(attribute_of, held)):
        return Column("attribute", label)
    if all(numbers) and numbers == sorted(set(numbers)) and dated is None:
        return Column("number", label)
    if all(is_missing(cell) or is_whole_unit(cell) for cell in held):
        return Column("unit", label)
    values = sum(map(is_number, held))
    if dated is not None and 2 * values > len(held):
        return dated
    distinct = len(set(held)) == len(cells)
    return Column("name" if distinct and not values else "other", label)
