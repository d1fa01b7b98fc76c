"""All tables of a plan as one workbook, made to be read: a sheet for each kind of thing, headers
that stay, links that lead on."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from kg.export.tables import Column, Table, words

_HEADER = PatternFill("solid", fgColor="1F4E79")
_BAND = PatternFill("solid", fgColor="F2F6FA")
_EPOCH = datetime(2000, 1, 1)
_FORMATS = {"integer": "0", "decimal": "#,##0.###"}
_CORE, _DATE = "docProps/core.xml", re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_LONGEST = 32_767  # characters that a cell holds


def workbook(
    tables: tuple[Table, ...],
    title: str,
    author: str,
    imprint: str = "",
    core: Sequence[tuple[str, str]] = (),
) -> bytes:
    """The workbook (ISO/IEC 29500).

    Args:
        core: core metadata, element by element, on a sheet of its own at the end.
    """
    book = Workbook()
    book.properties.creator, book.properties.title = author, title
    book.properties.created = book.properties.modified = _EPOCH
    contents = book.active
    assert contents is not None
    contents.title = words()["contents"]
    contents.append([title])
    contents["A1"].font = Font(bold=True, size=14)
    contents.append([imprint])
    for table in tables:
        row = contents.max_row + 1
        contents.cell(row, 1, table.zh).hyperlink = f"#'{table.zh}'!A1"
        contents.cell(row, 1).style = "Hyperlink"
        contents.cell(row, 2, table.en)
        contents.cell(row, 3, len(table.rows))
        _sheet(book, table)
    if core:
        _core_sheet(book, core)
    contents.column_dimensions["A"].width = 24
    contents.column_dimensions["B"].width = 24
    out = io.BytesIO()
    book.save(out)
    return _undated(out.getvalue())


_PLAIN, _WRAPPED = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)


def _sheet(book: Workbook, table: Table) -> None:
    sheet = book.create_sheet(table.zh)
    shown = [
        (i, c)
        for i, c in enumerate(table.columns, 1)
        if c.kind != "iri" or not _is_spelt_out(c, table)
    ]
    sheet.append([*(c.zh for _, c in shown), "IRI"])
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEADER
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    for at, row in enumerate(table.rows, 2):
        for place, (i, column) in enumerate(shown, 1):
            if row[i]:
                _fill(sheet.cell(at, place), column, row[i])
        link = sheet.cell(at, len(shown) + 1, row[0])
        link.hyperlink, link.style = row[0], "Hyperlink"
        if at % 2:
            for place in range(1, len(shown) + 2):
                sheet.cell(at, place).fill = _BAND
    for place, (_, column) in enumerate(shown, 1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.column_dimensions[get_column_letter(len(shown) + 1)].width = 50
    sheet.freeze_panes = "C2" if shown[0][1].name == "number" else "B2"
    sheet.auto_filter.ref = sheet.dimensions


def _core_sheet(book: Workbook, core: Sequence[tuple[str, str]]) -> None:
    """Core metadata: an element a row, with its value."""
    sheet = book.create_sheet(words()["core"])
    for at, (element, value) in enumerate(core, 1):
        for place, text in enumerate((element, value), 1):
            cell = sheet.cell(at, place)
            cell.value, cell.data_type, cell.alignment = text[:_LONGEST], "s", _WRAPPED
        sheet.cell(at, 1).font = Font(bold=True)
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 90


def _is_spelt_out(column: Column, table: Table) -> bool:
    """Whether another column says in words what this one says by IRI (unit_label beside unit)."""
    return any(
        other is not column and other.name.startswith(column.name) for other in table.columns
    )


def _fill(cell: Cell, column: Column, text: str) -> None:
    cell.alignment = _WRAPPED if column.width > 20 else _PLAIN
    if column.kind in _FORMATS:
        cell.value, cell.number_format = (
            float(text) if column.kind == "decimal" else int(text),
            _FORMATS[column.kind],
        )
    else:
        # never a formula, whatever the plan's words begin with
        cell.value, cell.data_type = text[:_LONGEST], "s"


def _undated(content: bytes) -> bytes:
    """The same archive with one date for every file in it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in sorted(given.namelist()):
            entry = zipfile.ZipInfo(name, _EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(
                entry,
                _DATE.sub(_EPOCH.isoformat().encode() + b"Z", given.read(name))
                if name == _CORE
                else given.read(name),
            )
    return out.getvalue()
