"""The indicator tables of a plan: lines -> rows with exact spans."""

from __future__ import annotations

from kg.document.tables.cells import read_cells
from kg.document.tables.model import Cell, IndicatorTable, Line, Row
from kg.document.tables.rows import read_rows

__all__ = ["Cell", "IndicatorTable", "Line", "Row", "read_table"]


def read_table(lines: list[Line], title: int, text: str, name: str) -> IndicatorTable | None:
    """Read the table whose title stands at a line: one cell on a line, or one row on a line.

    Args:
        lines: all lines of the text that are not blank.
        title: the index of the line that names the table.
        text: the whole normalised text, for line numbers in errors.
        name: what to call the file in an error.

    Returns:
        The table, or None where no table header follows the title.

    Raises:
        PlanlinkError: a row lacks a cell, or a number comes twice.
    """
    return read_cells(lines, title, text, name) or read_rows(lines, title, text, name)
