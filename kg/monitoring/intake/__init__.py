"""Files of values -> tables: XLSX, XLSM, XLS, ODS and delimited text, known by their content."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import PlanlinkError
from kg.files import read_bytes
from kg.monitoring.intake.delimited import read_delimited
from kg.monitoring.intake.excel import read_xls, read_xlsx
from kg.monitoring.intake.ods import read_ods
from kg.monitoring.intake.table import LARGEST, Table, check_package, check_size, too_much

_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"


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
