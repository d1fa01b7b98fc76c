"""XLSX and XLSM: cells by openpyxl, as their number formats show them."""

import io
import warnings
from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import partial
from typing import Any

from kg.monitoring.intake.bounds import broken
from kg.monitoring.intake.formats import day_cell, number_cell, shown_text, truth_cell
from kg.monitoring.intake.table import EMPTY, MOST_COLUMNS, Area, Cell, Table


def read_xlsx(content: bytes, formulas: bool, where: str) -> Iterator[Table]:
    """The sheets that are shown.

    Args:
        content: a package that kept within bounds.
        formulas: whether it has formulas: those without a result are no empty cells.

    Raises:
        PlanlinkError: it is no book that openpyxl reads.
    """
    results = _book(content, True, where)
    written = _book(content, False, where) if formulas else None
    for sheet in results.worksheets:
        if sheet.sheet_state == "visible":
            areas = sheet.merged_cells.ranges
            yield Table(
                sheet.title,
                sheet.max_row,
                sheet.max_column,
                partial(_cell, sheet, written[sheet.title] if written else None),
                tuple(Area(a.min_row, a.min_col, a.max_row, a.max_col) for a in areas),
                {row for row, shape in sheet.row_dimensions.items() if shape.hidden},
                {
                    column
                    for shape in sheet.column_dimensions.values()
                    if shape.hidden
                    for column in range(shape.min, min(shape.max, MOST_COLUMNS) + 1)
                },
            )


def _book(content: bytes, results: bool, where: str) -> Any:
    # openpyxl takes a while to load: only here and for templates.
    import openpyxl  # noqa: PLC0415

    try:
        with warnings.catch_warnings():  # of styles and extensions that it leaves out
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(
                io.BytesIO(content), data_only=results, keep_links=False, rich_text=results
            )
    except Exception as error:  # whatever its parts make of a file that is built wrongly
        raise broken(error, where) from error


def _cell(sheet: Any, written: Any, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    value = cell.value
    parts = value if isinstance(value, list) else [value]  # some with a font of their own
    fonts = [getattr(part, "font", cell.font) for part in parts]
    if value is None:
        formula = written is not None and written.cell(row, column).data_type == "f"
        return Cell("", "uncalculated") if formula else EMPTY
    if cell.data_type == "e" or any(font.strike for font in fonts):
        return Cell("".join(map(str, parts)), "error" if cell.data_type == "e" else "struck")
    if isinstance(value, bool):
        return truth_cell(value)
    if isinstance(value, int | float):
        return number_cell(value, cell.number_format)
    if isinstance(value, date | time | timedelta):
        return day_cell(value, cell.number_format)
    raised = (font.vertAlign == "superscript" for font in fonts)
    return Cell(shown_text(zip(map(str, parts), raised, strict=True)))
