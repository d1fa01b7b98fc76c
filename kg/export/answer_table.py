"""An answer's table as CSV or as a workbook, to be worked on."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from kg.files import csv_bytes

_LONGEST = 32_767  # characters that a cell of a workbook holds
_WIDE, _NARROW = 60, 16  # of columns, in characters
_TITLE = 31  # characters of a sheet's name


@dataclass(frozen=True)
class AnswerTable:
    """A table: its title, the heads of its columns, and its rows of texts and numbers."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | int | float]]


def as_csv(tables: Sequence[AnswerTable]) -> bytes:
    """Tables as one CSV (RFC 4180) in UTF-8 with a mark at its start, by which spreadsheets know
    it. The columns of all are in its first line; where there are several tables, the first column
    names the one that a row is of."""
    heads = list(dict.fromkeys(head for table in tables for head in table.heads))
    several = len(tables) > 1
    rows: list[list[object]] = [[*([""] if several else []), *heads]]
    for table in tables:
        for row in table.rows:
            cells = dict(zip(table.heads, row, strict=True))
            written = [cells.get(head, "") for head in heads]
            rows.append([*([table.title] if several else []), *written])
    return csv_bytes(rows)


def as_workbook(tables: Sequence[AnswerTable], imprint: str, author: str) -> bytes:
    """Tables as a workbook (ISO/IEC 29500), a sheet for each, the imprint below it."""
    from openpyxl import Workbook  # loads for an eighth of a second  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    top = Alignment(vertical="top", wrap_text=True)
    book = Workbook()
    book.properties.creator = author
    book.remove(book.worksheets[0])
    for number, table in enumerate(tables, 1):
        name = "".join(letter for letter in table.title if letter not in r"[]:*?/\'")
        sheet = book.create_sheet(name[:_TITLE] or str(number))
        for at, row in enumerate([table.heads, *table.rows], 1):
            for place, value in enumerate(row, 1):
                cell = sheet.cell(at, place)
                cell.alignment = top
                if isinstance(value, str):
                    cell.value, cell.data_type = value[:_LONGEST], "s"
                else:
                    cell.value = value
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for place in range(1, len(table.heads) + 1):
            longest = max((len(str(row[place - 1])) for row in table.rows), default=0)
            sheet.column_dimensions[get_column_letter(place)].width = (
                _WIDE if longest > _NARROW * 2 else _NARROW
            )
        sheet.freeze_panes, sheet.auto_filter.ref = "A2", sheet.dimensions
        cell = sheet.cell(len(table.rows) + 3, 1)
        cell.value, cell.data_type = imprint, "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
