"""Text files of cells: in any encoding of Chinese offices, parted by comma, semicolon, tab or |."""

import csv
import io
from functools import partial

from kg.errors import PlanlinkError
from kg.monitoring.intake.table import EMPTY, Cell, Table, check_size
from kg.source.encodings import decoded

_DELIMITERS = ",\t;|"
_LONGEST = 100_000  # characters of a cell: a quotation mark that is not closed makes longer ones
_PAGE = ("<!doctype", "<html", "<table", "<?xml", "<meta", "<head", "<style")


def read_delimited(content: bytes, where: str) -> tuple[Table, ...]:
    """What a text file may be: a table for each delimiter that is in it; PlanlinkError where it is
    empty, no text, a web page, no CSV by any delimiter, or too large."""
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise PlanlinkError.of("sheet_empty", where)
    text = decoded(content, where)[0].removeprefix("\ufeff")
    if text.lstrip()[:20].lower().startswith(_PAGE):
        raise PlanlinkError.of("sheet_web_page", where)
    tables, error = [], None
    for delimiter in _DELIMITERS:
        if delimiter in text:
            try:
                tables.append(_table(text, delimiter, where))
            except csv.Error as found:
                error = error or found
    if not tables:
        why = error or "nothing parts its cells"
        raise PlanlinkError.of("sheet_no_csv", where, why) from error
    return tuple(tables)


def _table(text: str, delimiter: str, where: str) -> Table:
    rows: list[list[str]] = []
    width = 0
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
        if any(len(cell) > _LONGEST for cell in row):
            raise csv.Error(f"a cell of more than {_LONGEST} characters")
        rows.append(row)
        width = max(width, len(row))
        check_size(len(rows), width, (), where)
    return Table("", len(rows), width, partial(_cell, rows), lengths=[*map(len, rows)])


def _cell(rows: list[list[str]], row: int, column: int) -> Cell:
    cells = rows[row - 1] if row <= len(rows) else []
    return Cell(cells[column - 1]) if column <= len(cells) else EMPTY
