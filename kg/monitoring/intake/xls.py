"""XLS of Excel 97 to 2003: cells by xlrd, as their number formats show them."""

import os
from collections.abc import Iterator
from functools import partial
from typing import Any

from kg.errors import PlanlinkError
from kg.monitoring.intake.bounds import broken
from kg.monitoring.intake.formats import day_cell, number_cell, shown_text, truth_cell
from kg.monitoring.intake.table import EMPTY, Area, Cell, Table

_LOCKED = "EncryptedPackage".encode("utf-16-le")  # a locked XLSX lies in an envelope like an XLS


def read_xls(content: bytes, where: str) -> Iterator[Table]:
    """The sheets that are shown; PlanlinkError for a locked or broken book."""
    import xlrd  # noqa: PLC0415

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
                partial(_cell, book, sheet),
                tuple(Area(top + 1, left + 1, low, right) for top, low, left, right in areas),
                {row + 1 for row, shape in sheet.rowinfo_map.items() if shape.hidden},
                {column + 1 for column, shape in sheet.colinfo_map.items() if shape.hidden},
            )


def _locked(where: str) -> PlanlinkError:
    return PlanlinkError.of("sheet_locked", where)


def _cell(book: Any, sheet: Any, row: int, column: int) -> Cell:
    import xlrd  # noqa: PLC0415

    if row > sheet.nrows or column > sheet.row_len(row - 1):
        return EMPTY
    cell = sheet.cell(row - 1, column - 1)
    value, (number_format, own) = cell.value, _style(book, cell.xf_index)
    runs = [(0, own), *sheet.rich_text_runlist_map.get((row - 1, column - 1), ())]
    fonts = [book.font_list[min(font, len(book.font_list) - 1)] for _, font in runs]
    match cell.ctype:
        case _ if value != "" and any(font.struck_out for font in fonts):
            return Cell(str(value), "struck")
        case xlrd.XL_CELL_NUMBER:
            return number_cell(value, number_format)
        case xlrd.XL_CELL_DATE:
            return _day(value, number_format, book.datemode)
        case xlrd.XL_CELL_BOOLEAN:
            value = truth_cell(bool(value)).text
        case xlrd.XL_CELL_ERROR:
            return Cell(xlrd.error_text_from_code.get(value, "#"), "error")
    ends = [*(at for at, _ in runs[1:]), None]
    parts = (value[at:end] for (at, _), end in zip(runs, ends, strict=True))
    return Cell(shown_text(zip(parts, (font.escapement == 1 for font in fonts), strict=True)))


def _style(book: Any, number: int) -> tuple[str, int]:
    """The number format and the font of a style; the general ones where the file names none."""
    style = book.xf_list[number] if number < len(book.xf_list) else None
    form = book.format_map.get(style.format_key) if style else None
    return str(form.format_str) if form else "General", style.font_index if style else 0


def _day(value: float, number_format: str, datemode: int) -> Cell:
    import xlrd  # noqa: PLC0415

    try:
        return day_cell(xlrd.xldate.xldate_as_datetime(value, datemode), number_format)
    except (ValueError, OverflowError):  # a number that is no day
        return Cell(f"{value:.15g}", "error")
