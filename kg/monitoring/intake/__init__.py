"""Files of values -> tables: XLSX, XLSM, XLS, ODS and delimited text, known by their content."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kg.errors import PlanlinkError
from kg.files import read_bytes
from kg.monitoring.intake.excel import read_xls, read_xlsx
from kg.monitoring.intake.ods import read_ods
from kg.monitoring.intake.table import (
    EMPTY,
    LARGEST,
    Cell,
    Table,
    check_package,
    check_size,
    too_much,
)
from kg.source.encodings import decoded

_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",\t;|"
_LONGEST = 100_000  # characters of a cell: a quotation mark that is not closed makes longer ones
_PAGE = ("<!doctype", "<html", "<table", "<?xml", "<meta", "<head", "<style")


@dataclass(frozen=True)
class Book:
    """The sheets of a file that are shown; of a text file, one for each way to read it."""

    tables: tuple[Table, ...]
    one_of_them: bool = False


def read_book(path: Path) -> Book:
    """Read a file of values, whose name says nothing of what it is; PlanlinkError where it is
    missing, broken, locked, of a kind that is not read, or holds more than any sheet of values."""
    content, where = read_bytes(path), str(path)
    if content.startswith(_ZIP):
        return _book(_package(content, where), where)
    if len(content) > LARGEST:
        raise too_much(f"it has more than {LARGEST // 2**20} MiB", where)
    if content.startswith(_OLE):
        return _book(read_xls(content, where), where)
    return Book(read_delimited(content, where), one_of_them=True)


def _book(tables: Iterable[Table], where: str) -> Book:
    """The sheets of a book, none of which is too large."""
    found = []
    for table in tables:
        check_size(table.height, table.width, table.merged, f"{where}, sheet {table.name}")
        found.append(table)
    return Book(tuple(found))


def _package(content: bytes, where: str) -> Iterator[Table]:
    checked = check_package(content, where)
    if "xl/workbook.bin" in checked.members:
        raise PlanlinkError.of("sheet_xlsb", where)
    if "xl/workbook.xml" in checked.members:
        return read_xlsx(content, checked.formulas, where)
    if "content.xml" in checked.members:
        return read_ods(content, where)
    raise PlanlinkError.of("sheet_no_book", where)


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
