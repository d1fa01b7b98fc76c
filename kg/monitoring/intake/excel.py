"""XLSX, XLSM, and XLS of Excel 97 to 2003: cells by openpyxl and xlrd, as their number formats show
them."""

import io
import os
import warnings
from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import partial
from typing import Any

import xlrd

from kg.errors import PlanlinkError
from kg.monitoring.intake.formats import day_cell, number_cell, shown_text, truth_cell
from kg.monitoring.intake.table import EMPTY, MOST_COLUMNS, Area, Cell, Table, broken

_LOCKED = "EncryptedPackage".encode("utf-16-le")  # a locked XLSX lies in an envelope like an XLS


def read_xlsx(content: bytes, formulas: bool, where: str) -> Iterator[Table]:
    """The sheets that are shown of a package that kept within bounds; where it has formulas, those
    without a result are no empty cells. PlanlinkError where it is no book that openpyxl reads."""
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
    import openpyxl  # takes a while to load  # noqa: PLC0415

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


def read_xls(content: bytes, where: str) -> Iterator[Table]:
    """The sheets that are shown; PlanlinkError for a locked or broken book."""
    if _LOCKED in content:
        raise _locked(where)
    try:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
            book = xlrd.open_workbook(
                file_contents=content, formatting_info=True, ragged_rows=True, logfile=nowhere
            )
    except Exception as error:  # whatever its parts make of a file that is built wrongly
        if isinstance(error, xlrd.XLRDError) and "encrypted" in str(error):
            raise _locked(where) from error
        raise broken(error, where) from error
    for sheet in book.sheets():
        if sheet.visibility == 0:
            areas = sheet.merged_cells
            yield Table(
                sheet.name,
                sheet.nrows,
                sheet.ncols,
                partial(_old_cell, book, sheet),
                tuple(Area(top + 1, left + 1, low, right) for top, low, left, right in areas),
                {row + 1 for row, shape in sheet.rowinfo_map.items() if shape.hidden},
                {column + 1 for column, shape in sheet.colinfo_map.items() if shape.hidden},
            )


def _locked(where: str) -> PlanlinkError:
    return PlanlinkError.of("sheet_locked", where)


def _old_cell(book: Any, sheet: Any, row: int, column: int) -> Cell:
    if row > sheet.nrows or column > sheet.row_len(row - 1):
        return EMPTY
    cell = sheet.cell(row - 1, column - 1)
    value, (number_format, own) = cell.value, _old_style(book, cell.xf_index)
    runs = [(0, own), *sheet.rich_text_runlist_map.get((row - 1, column - 1), ())]
    fonts = [book.font_list[min(font, len(book.font_list) - 1)] for _, font in runs]
    match cell.ctype:
        case _ if value != "" and any(font.struck_out for font in fonts):
            return Cell(str(value), "struck")
        case xlrd.XL_CELL_NUMBER:
            return number_cell(value, number_format)
        case xlrd.XL_CELL_DATE:
            return _old_day(value, number_format, book.datemode)
        case xlrd.XL_CELL_BOOLEAN:
            value = truth_cell(bool(value)).text
        case xlrd.XL_CELL_ERROR:
            return Cell(xlrd.error_text_from_code.get(value, "#"), "error")
    ends = [*(at for at, _ in runs[1:]), None]
    parts = (value[at:end] for (at, _), end in zip(runs, ends, strict=True))
    return Cell(shown_text(zip(parts, (font.escapement == 1 for font in fonts), strict=True)))


def _old_style(book: Any, number: int) -> tuple[str, int]:
    """The number format and the font of a style; the general ones where the file names none."""
    style = book.xf_list[number] if number < len(book.xf_list) else None
    form = book.format_map.get(style.format_key) if style else None
    return str(form.format_str) if form else "General", style.font_index if style else 0


def _old_day(value: float, number_format: str, datemode: int) -> Cell:
    try:
        return day_cell(xlrd.xldate.xldate_as_datetime(value, datemode), number_format)
    except (ValueError, OverflowError):  # a number that is no day
        return Cell(f"{value:.15g}", "error")
